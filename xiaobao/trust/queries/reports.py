"""Reports of quarters: as they were published, and one reckoned from what happened."""

from __future__ import annotations

import tomllib
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Any, ClassVar
from zoneinfo import ZoneInfo

from xiaobao.advances import queries as advances
from xiaobao.claims import queries as claims
from xiaobao.database import sets
from xiaobao.evidence import acts as evidence
from xiaobao.hearings import queries as hearings
from xiaobao.kernel.clocks import moment_of, us_of, zone_of
from xiaobao.kernel.problems import Problem
from xiaobao.ledger import queries as ledger
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.supervision import queries as supervision
from xiaobao.supervision.terms import TermWords
from xiaobao.trust import rules
from xiaobao.trust.facts import Happened, Quarter, ReportRow
from xiaobao.trust.terms import ReportTerms
from xiaobao.violations import queries as violations

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Market

# Ten years of them.
MOST = 40


class QuarterUnknown(Problem):
    """A quarter is not written as one."""

    code: ClassVar[str] = "quarter_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "quarter 字段：“{quarter}”不是季度；请写成 2025-Q3 的样子"
    en: ClassVar[str] = "quarter: '{quarter}' is no quarter; write it as 2025-Q3"


class ReportUnknown(Problem):
    """No report of this quarter was published."""

    code: ClassVar[str] = "report_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = (
        "quarter 字段：市场 {market} 没有发布 {quarter} 的报告；季度结束 {days} 天后发布"
    )
    en: ClassVar[str] = (
        "quarter: no report of {quarter} was published in market {market}; it is published "
        "{days} days after the quarter's end"
    )


@cache
def report_terms_in_words() -> tuple[TermWords, ...]:
    text = files("xiaobao.trust.packs").joinpath("report.toml").read_text("utf-8")
    return tuple(TermWords(name=name, **given) for name, given in tomllib.loads(text).items())


@cache
def report_terms() -> ReportTerms:
    return ReportTerms(**{one.name: one.amount for one in report_terms_in_words()})


def quarter_asked(name: str) -> Quarter:
    """:raises QuarterUnknown: if it is written otherwise"""
    found = rules.quarter_named(name)
    if found is None:
        raise QuarterUnknown(quarter=name)
    return found


def next_due_us() -> int | None:
    """When the next report is to be published; None before any order."""
    ((due,),) = sets.fetch_rows("SELECT min(due_at) FROM trust_report_due")
    return None if due is None else us_of(due)


def markets_expected() -> set[int]:
    """Markets of which a quarter is to be reported some time."""
    return {row[0] for row in sets.fetch_rows("SELECT market_id FROM trust_report_due")}


def quarters_of(market_id: int) -> list[tuple[Quarter, datetime, int]]:
    """Quarters that were reported, the latest first: when, and how often each was corrected."""
    rows = sets.fetch_rows(
        "SELECT day, min(published_at), count(*) - 1 FROM trust_report WHERE market_id = %s "
        "GROUP BY day ORDER BY day DESC LIMIT %s",
        [market_id, MOST],
    )
    return [(rules.quarter_from(day), at, corrected) for day, at, corrected in rows]


def quarters_running(market: Market, *, at: datetime) -> list[Quarter]:
    """The quarter of this moment, and the one before it while its report is not published."""
    zone = zone_of(market.zone)
    now = rules.quarter_at(us_of(at), zone)
    before = rules.quarter_at(rules.span_us(now, zone)[0] - 1, zone)
    rows = sets.fetch_rows(
        "SELECT day FROM trust_report_due WHERE market_id = %s", [market.market_id]
    )
    is_due = any(day <= rules.first_day(before) for (day,) in rows)
    return [now, before] if is_due else [now]


def reports_on(market_id: int, quarter: Quarter) -> list[ReportRow]:
    """The report of a quarter and what corrects it, in order; none before it was published."""
    rows = sets.fetch_rows(
        "SELECT market_id, number, published_at, why, by, body FROM trust_report "
        "WHERE market_id = %s AND day = %s ORDER BY number",
        [market_id, rules.first_day(quarter)],
    )
    return [ReportRow(row[0], quarter, *row[1:]) for row in rows]


def published(market: Market, quarter: Quarter) -> list[ReportRow]:
    """As `reports_on`.

    :raises ReportUnknown: if none was published
    """
    found = reports_on(market.market_id, quarter)
    if not found:
        raise ReportUnknown(market=market.name, quarter=quarter, days=report_terms().settle_days)
    return found


def reckoned(market: Market, quarter: Quarter, *, at: datetime) -> dict[str, Any]:
    """What the report of a quarter says at a moment, unsigned; reads all of the quarter.

    Clocks are told as they stand then, and of a quarter that is not over what happened so far.
    """
    market_id = market.market_id
    span = rules.span_us(quarter, zone_of(market.zone))
    of = (market_id, *span)
    happened = Happened(
        clocks=supervision.platform_clocks(
            *span, market_id=market_id, as_of_us=us_of(at), is_by_month=False
        ),
        orders=orders.orders_broken(
            *of, by_us=us_of(at), paid=claims.paid_orders(*of)
        ),
        filed=claims.filed_against(*of), endings=claims.endings(*of),
        hours=claims.hours_to_money(*of), rulings=hearings.rulings_made(*of),
        recorded=violations.recorded(*of), penalties=violations.penalties_begun(*of),
        forced_exits=violations.exits_forced(*of), fund=advances.split_between(*of),
        books=ledger.balances(sellers.sellers_in(market_id)),
        versions=rules.versions_of(
            promises.versions(market_id, at=at), *(moment_of(us) for us in span)
        ),
    )  # fmt: skip
    return rules.told(
        happened, report_terms(), market=market, quarter=quarter, span=span, at=at,
        zone=ZoneInfo(market.zone),
    )  # fmt: skip


def signed(report: dict[str, Any]) -> str:
    """A report as it is published: with the signature of the evidence log's own key."""
    told = rules.with_signature(report, evidence.sign_statement(rules.signed_text(report)))
    return rules.spelling(told)
