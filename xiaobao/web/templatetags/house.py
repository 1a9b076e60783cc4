"""How pages speak: two languages, money, moments, the time that is left."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django import template
from django.urls import reverse
from django.utils.html import conditional_escape, format_html
from django.utils.safestring import SafeString, mark_safe

from xiaobao.kernel.money import MINOR_DIGITS, in_words
from xiaobao.web.tones import TONES
from xiaobao.web.zones import MARKET, NAMES

if TYPE_CHECKING:
    from enum import Enum

    from django.template import Context

register = template.Library()
MINUTE, HOUR, DAY = 60, 3600, 86_400
# How a change that is told ends: the title of its clause before the reference, or, once, after it.
CLAUSE_SAID = re.compile(
    r"(?:（条款 ?| \(clause )(?:《.*》，|'.*', )?([A-Za-z0-9_.-]+)(?: [^（）]*|, .*)?[）)]$"
)


@register.simple_tag(takes_context=True)
def say(context: Context, zh: str, en: str, **values: Any) -> SafeString:
    """The words in the page's language; `{name}` stands for a value, which is escaped."""
    words = zh if context.get("lang", "zh") == "zh" else en
    return format_html(words, **values) if values else mark_safe(conditional_escape(words))  # noqa: S308


@register.simple_tag(takes_context=True)
def pair(context: Context, words: tuple[str, str]) -> str:
    """One of a pair of words: zh, en."""
    return words[0] if context.get("lang", "zh") == "zh" else words[1]


@register.simple_tag(takes_context=True)
def opening(context: Context, words: tuple[str, str]) -> str:
    """As `pair`, where a line begins: English begins it with a capital, but for a bare name."""
    shown = pair(context, words)
    return shown if words[0] == words[1] else shown[:1].upper() + shown[1:]


@register.filter
def money(minor: int, currency: str) -> str:
    """¥1,234.50."""
    return in_words(int(minor), currency)


@register.filter("plain_money")
def plain(minor: int, currency: str) -> str:
    """1234.50, as a form or a spreadsheet takes it."""
    digits = MINOR_DIGITS[currency]
    whole, part = divmod(abs(int(minor)), 10**digits)
    sign = "-" if minor < 0 else ""
    return sign + (f"{whole}.{part:0{digits}d}" if digits else str(whole))


@register.simple_tag(takes_context=True)
def moment(
    context: Context, at: datetime | None, *, is_day: bool = False, is_whole: bool = False
) -> SafeString:
    """A moment in the reader's zone, which the foot of the page names; exact for machines.

    The year is said where it is another than this one, or the whole is asked for.
    """
    if at is None:
        return mark_safe("—")
    return _shown(context, at.astimezone(context["zone"]), is_day=is_day, is_whole=is_whole)


def _shown(context: Context, local: datetime, *, is_day: bool, is_whole: bool) -> SafeString:
    is_known = local.year == context["now"].astimezone(local.tzinfo).year and not is_whole
    if context.get("lang", "zh") == "zh":
        year = "" if is_known else f"{local.year}年"
        day = f"{year}{local.month}月{local.day}日"
    else:
        day = f"{local.day} {local:%b}" + ("" if is_known else f" {local.year}")
    shown = day if is_day else f"{day} {local:%H:%M}"
    return format_html('<time datetime="{}">{}</time>', local.isoformat(timespec="seconds"), shown)


@register.simple_tag(takes_context=True)
def day_of(context: Context, day: int, later: int = 0) -> SafeString:
    """A day of the marketplace counted from 1970-01-01, or one so many days later."""
    at = datetime(1970, 1, 1, tzinfo=MARKET) + timedelta(days=day + later)
    return _shown(context, at, is_day=True, is_whole=False)


@register.simple_tag(takes_context=True)
def zone_name(context: Context, name: str = "") -> str:
    """A time zone in words; the reader's own where none is named."""
    return pair(context, NAMES[name or context["zone"].key])


@register.filter
def svg(value: float) -> str:
    """A number as drawings take it, in whatever language the page is."""
    return f"{value:g}"


@register.simple_tag(takes_context=True)
def clause(context: Context, ref: str) -> SafeString:
    """A clause by its title, as a way to its words."""
    if not ref:
        return mark_safe("")
    title = context["clauses"].get(ref, ref)
    shown = f"《{title}》" if context.get("lang", "zh") == "zh" else title
    return format_html('<a href="{}#{}" title="{}">{}</a>', reverse("policy"), ref, ref, shown)


@register.simple_tag(takes_context=True)
def change(context: Context, zh: str, en: str) -> str:
    """What a version changes, its clause by title; whenever it was written down."""
    words = pair(context, (zh, en))
    found = CLAUSE_SAID.search(words)
    if found is None or found[1] not in context["clauses"]:
        return words
    named = clause(context, found[1])
    return format_html("{}&nbsp;· <small>{}</small>", words[: found.start()], named)


@register.filter
def tone(state: Enum) -> str:
    """How a state sounds: `good`, `warn`, `bad`, or nothing."""
    return TONES.get((type(state), state), "")


@register.simple_tag(takes_context=True)
def left(context: Context, due: datetime | None) -> SafeString:
    """How long a clock still runs, or for how long it has run out."""
    if due is None:
        return mark_safe("—")
    seconds = int((due - context["now"]).total_seconds())
    is_zh = context.get("lang", "zh") == "zh"
    words = span_words(abs(seconds), is_zh=is_zh)
    if seconds >= 0:
        kind = "soon" if seconds < DAY else "calm"
        shown = f"剩 {words}" if is_zh else f"{words} left"
    else:
        kind = "over"
        shown = f"已过 {words}" if is_zh else f"{words} over"
    return format_html(
        '<time class="clock {}" datetime="{}">{}</time>', kind, due.isoformat(), shown
    )


def span_words(seconds: int, *, is_zh: bool) -> str:
    """The two largest parts of a span: 3 小时 12 分."""
    days, rest = divmod(seconds, DAY)
    hours, rest = divmod(rest, HOUR)
    minutes = rest // MINUTE
    if days:
        parts = [(days, "天", "d"), (hours, "小时", "h")]
    elif hours:
        parts = [(hours, "小时", "h"), (minutes, "分", "min")]
    else:
        parts = [(minutes, "分", "min")]
    kept = [one for one in parts if one[0]] or parts[-1:]
    return " ".join(f"{count} {zh if is_zh else en}" for count, zh, en in kept)


@register.filter
def share(part: int, whole: int) -> str:
    """`part` of `whole` in per cent with one digit, rounded down."""
    if not whole:
        return "—"
    permille = int(part) * 1000 // int(whole)
    return f"{permille // 10}.{permille % 10}%"


@register.filter
def grouped(count: int) -> str:
    """2,889, as amounts are grouped."""
    return f"{int(count):,}"


@register.filter
def percent(bps: int) -> str:
    """9,950 basis points as 99.5%, rounded down."""
    return share(bps, 10_000)
