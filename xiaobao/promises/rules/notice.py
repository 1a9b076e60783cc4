"""Notice: a change of rules is announced long enough before it takes effect."""

from __future__ import annotations

import tomllib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np

from xiaobao.kernel.clocks import earliest_effect, moment_of, us_of, utc_of, zone_of
from xiaobao.promises.facts import ClockUnit, Finding, Notice
from xiaobao.promises.rules.majority import reasons_major
from xiaobao.promises.rules.statutes import law_named

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xiaobao.promises.facts import Pack
    from xiaobao.promises.rules.majority import MarketSellers
    from xiaobao.promises.rules.statutes import Law


def notice_findings(head: Mapping[str, Any], pack: Pack, law: Law) -> list[Finding]:
    """What is wrong with `[notice]` of pack.toml: announced, effective, is_major."""
    notice = head.get("notice")
    if not isinstance(notice, dict):
        return [
            Finding("missing_field", "pack.toml", 0, "notice",
                    "缺少 [notice]：写 announced、effective、is_major",
                    "missing [notice]: write announced, effective, is_major")
        ]  # fmt: skip
    announced, effective = (_day(notice.get(f)) for f in ("announced", "effective"))
    is_major = notice.get("is_major")
    findings = [
        Finding("bad_moment", "pack.toml", 0, f"notice.{field}", "写日期，如 2025-08-29",
                "write a date such as 2025-08-29")
        for field, day in (("announced", announced), ("effective", effective)) if day is None
    ]  # fmt: skip
    if not isinstance(is_major, bool):
        findings.append(
            Finding("bad_value", "pack.toml", 0, "notice.is_major",
                    "写 true 或 false", "write true or false")
        )  # fmt: skip
    if findings or announced is None or effective is None:
        return findings
    days = notice_days(pack, law, effective_us_of(head, pack.zone), is_major=bool(is_major))
    earliest = earliest_lawful(announced, days, pack.zone)
    if effective >= earliest:
        return []
    ref = law.major_notice_law if is_major else law.notice_law
    zh, en = law.cited(ref)
    if days > (law.major_notice_days if is_major else law.notice_days):
        zh, en = "规则包自定的公示期", "the pack's own clock of notice"
    return [
        Finding("short_notice", "pack.toml", 0, "notice.effective",
                f"公示不足 {days} 天（{zh}）：最早 {earliest} 生效",
                f"less than {days} days' notice ({en}): {earliest} at the earliest", ref)
    ]  # fmt: skip


def understated_findings(
    pack: Pack, head: Mapping[str, Any], law: Law, sellers: MarketSellers | None
) -> list[Finding]:
    """A change that is major by the stated terms, and declared as if it were not."""
    if head["notice"]["is_major"]:
        return []
    effective_us = effective_us_of(head, pack.zone)
    reasons = reasons_major(pack, effective_us, sellers)
    if not reasons:
        return []
    announced = _day(head["notice"]["announced"])
    assert announced is not None, "asked of packs whose notice is in order"
    days = notice_days(pack, law, effective_us, is_major=True)
    earliest = earliest_lawful(announced, days, pack.zone)
    zh, en = law.cited(law.major_notice_law)
    why_zh, why_en = "；".join(r for r, _ in reasons), "; ".join(r for _, r in reasons)
    return [
        Finding("understated_major", "pack.toml", 0, "notice.is_major",
                f"按规则包写明的标准属于重大变更（{zh}）：{why_zh}。写 is_major = true，"
                f"最早 {earliest} 生效",
                f"by the pack's own terms this is a major change ({en}): {why_en}. Write is_major "
                f"= true; {earliest} at the earliest", law.major_notice_law)
    ]  # fmt: skip


def notice_days(pack: Pack, law: Law, effective_us: int, *, is_major: bool) -> int:
    """The days the law asks, or more where the pack's own clock gives more."""
    least = law.major_notice_days if is_major else law.notice_days
    key = "policy_notice_major" if is_major else "policy_notice"
    own = [
        int(term.values["amount"])
        for term in pack.terms
        if term.table == "clocks" and term.key == key and "unit" in term.values
        and term.values["unit"] == ClockUnit.DAYS
        and term.begins_us < effective_us <= term.ends_us
    ]  # fmt: skip
    return max([least, *own])


def effective_us_of(head: Mapping[str, Any], zone: str) -> int:
    """The moment of effect; 0 where the file does not say."""
    notice = head.get("notice")
    effective = _day(notice.get("effective")) if isinstance(notice, dict) else None
    if effective is None:
        return 0
    return us_of(datetime.combine(effective, time(), ZoneInfo(zone)))


def earliest_lawful(announced: date, days: int, zone: str) -> date:
    """The first local day on which a rule announced on that day may be in force."""
    where = zone_of(zone)
    start = np.array([np.datetime64(announced, "us").astype(np.int64)])
    begins = earliest_effect(utc_of(start, where), np.array([days]), where)
    return moment_of(int(begins[0] + where.offset_at(begins)[0])).date()


def local_day(at: datetime, zone: str) -> date:
    return at.astimezone(ZoneInfo(zone)).date()


def _day(raw: object) -> date | None:
    if isinstance(raw, datetime):
        return raw.date()
    return raw if isinstance(raw, date) else None


# -- announcing ----------------------------------------------------------------------------------


def announcement_findings(pack: Pack, at: datetime) -> list[Finding]:
    """What is wrong with announcing this pack, whose notice is in order by itself, at `at`."""
    today = local_day(at, pack.zone)
    if _day(_notice(pack)["announced"]) == today:
        return []
    return [
        Finding("announced_day", "pack.toml", 0, "notice.announced",
                f"公示日须是今天：写 {today}", f"it is announced today: write {today}")
    ]  # fmt: skip


def notice_of(pack: Pack, at: datetime, sellers: MarketSellers | None) -> Notice:
    """The notice that a pack without findings gives when it is announced at `at`."""
    said = _notice(pack)
    effective_us = effective_us_of({"notice": said}, pack.zone)
    is_major = bool(said["is_major"])
    return Notice(
        announced_at=at,
        effective_at=moment_of(effective_us),
        is_major=is_major,
        days=notice_days(pack, law_named(pack.law), effective_us, is_major=is_major),
        why_major=reasons_major(pack, effective_us, sellers),
    )


def _notice(pack: Pack) -> dict[str, Any]:
    said: dict[str, Any] = tomllib.loads(pack.files["pack.toml"])["notice"]
    return said
