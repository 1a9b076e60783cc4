"""The platform's own report of each quarter: what everybody may hold it to."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.claims.facts import KIND_WORDS as CLAIM_WORDS
from xiaobao.claims.facts import ClaimKind
from xiaobao.kernel.clocks import moment_of, us_of, zone_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind, ViolationKind
from xiaobao.supervision.facts import CLOCK_WORDS
from xiaobao.trust import queries as trust
from xiaobao.trust import rules
from xiaobao.trust.facts import ENDING_WORDS
from xiaobao.violations.facts import KIND_WORDS as VIOLATION_WORDS
from xiaobao.web.telling import spoken_in
from xiaobao.web.templatetags.house import span_words
from xiaobao.work import figures
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime
    from enum import Enum

    from django.http import HttpRequest

    from xiaobao.promises.facts import Market
    from xiaobao.trust.facts import Quarter, ReportRow

OTHER = ("其他", "other kinds")
# What was published stays as it is.
KEEP = "public, max-age=3600"


@dataclass(frozen=True)
class Shown:
    """One report as a page shows it: published, or of a quarter that is not yet."""

    told: dict[str, Any] | None  # nobody has reckoned it yet
    as_of: datetime | None
    rows: list[ReportRow]
    number: int


def _market(request: HttpRequest) -> Market:
    """The market asked for; the first where none is."""
    markets = promises.markets()
    asked = request.GET.get("market", "")
    found = next((one for one in markets if one.name == asked or not asked), None)
    if found is None:
        raise Http404
    return found


def _quarter(market: Market, name: str, at: datetime) -> Quarter:
    """A quarter that has begun."""
    found = rules.quarter_named(name)
    if found is None or found > rules.quarter_at(us_of(at), zone_of(market.zone)):
        raise Http404
    return found


@require_safe
def reports(request: HttpRequest) -> HttpResponse:
    """Every quarter that was reported, the latest first, and the one that runs."""
    at = now()
    markets = promises.markets()
    market = _market(request) if markets else None
    return render(request, "public/reports.html", {
        "markets": [one.name for one in markets], "market": market,
        "quarters": trust.quarters_of(market.market_id) if market else [],
        "running": [
            (quarter, _due(market, quarter)) for quarter in trust.quarters_running(market, at=at)
        ] if market else [],
    })  # fmt: skip


def _due(market: Market, quarter: Quarter) -> datetime:
    """When its report is published."""
    days = trust.report_terms().settle_days
    return moment_of(rules.ends_us(quarter, zone_of(market.zone), days))


def _shown(request: HttpRequest, market: Market, quarter: Quarter, at: datetime) -> Shown:
    """What was published under the number asked for; the report itself where none is."""
    rows = trust.reports_on(market.market_id, quarter)
    asked = request.GET.get("number", "1")
    if rows:
        found = next((one for one in rows if str(one.number) == asked), None)
        if found is None:
            raise Http404
        return Shown(json.loads(found.body), found.published_at, rows, found.number)
    if quarter not in trust.quarters_running(market, at=at):
        raise Http404
    kept = figures.running_report(market, quarter)
    return Shown(kept.told if kept else None, kept.as_of if kept else None, [], 0)


@require_safe
def report(request: HttpRequest, quarter: str) -> HttpResponse:
    """One quarter: the platform's own clocks, claims, shops by size, penalties, fund, rules."""
    at, market = now(), _market(request)
    of = _quarter(market, quarter, at)
    shown = _shown(request, market, of, at)
    is_zh = spoken_in(request) == "zh"
    return render(request, "public/report.html", {
        "market": market, "is_many": len(promises.markets()) > 1, "quarter": str(of),
        "shown": shown, "due": _due(market, of), "terms": trust.report_terms_in_words(),
        "corrections": [one for one in shown.rows if one.number > 1],
        "endings": list(ENDING_WORDS.values()),
        **(_read(shown.told, is_zh=is_zh) if shown.told else {}),
    })  # fmt: skip


def _read(told: dict[str, Any], *, is_zh: bool) -> dict[str, Any]:
    """A report with the words of its codes beside them."""
    in_time, late = (sum(one[name] for one in told["clocks"]) for name in ("in_time", "late"))
    return {
        "report": told, "in_time": in_time, "known": in_time + late, "late": late,
        "clocks": [
            (one, _words(ClockKind, CLOCK_WORDS, one["clock"]), one["in_time"] + one["late"],
             *(_span(one[name], is_zh=is_zh) for name in ("half_minutes", "most_minutes")))
            for one in told["clocks"]
        ],
        "kinds": [
            (_words(ClaimKind, CLAIM_WORDS, one["kind"]), one["decided"],
             [(words, one["endings"][ending.name.lower()])
              for ending, words in ENDING_WORDS.items()])
            for one in told["claims"]["kinds"]
        ],
        "violations": [
            (_words(ViolationKind, VIOLATION_WORDS, one["kind"]), one["recorded"])
            for one in told["violations"]["kinds"]
        ],
        "half": _span(_minutes(told["payout"]["half_hours"]), is_zh=is_zh),
        "most": _span(_minutes(told["payout"]["most_hours"]), is_zh=is_zh),
    }  # fmt: skip


def _words(codes: type[Enum], words: Mapping[Any, Any], name: str) -> tuple[str, str]:
    """Of a code as a report spells it; one that is not known here stands as it is."""
    if name == "other":
        return OTHER
    code = codes.__members__.get(name.upper())
    return (words[code].zh, words[code].en) if code in words else (name, name)


def _minutes(hours: int | None) -> int | None:
    return None if hours is None else hours * 60


def _span(minutes: int | None, *, is_zh: bool) -> str:
    return "—" if minutes is None else span_words(minutes * 60, is_zh=is_zh)


@require_safe
def report_json(request: HttpRequest, quarter: str) -> HttpResponse:
    """The same for programs: signed where it was published, and plainly not final before."""
    at, market = now(), _market(request)
    of = _quarter(market, quarter, at)
    shown = _shown(request, market, of, at)
    if shown.told is None:
        raise Http404
    body = next(
        (one.body for one in shown.rows if one.number == shown.number),
        rules.spelling(shown.told | {"is_final": False}),
    )
    response = HttpResponse(body, content_type="application/json; charset=utf-8")
    if shown.rows:
        response.headers["Cache-Control"] = KEEP
    response.headers["Access-Control-Allow-Origin"] = "*"
    return response
