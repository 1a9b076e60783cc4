"""Verbs of trust: the report of a quarter is published once, and corrected beside."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from xiaobao.kernel.clocks import moment_of, zone_of
from xiaobao.kernel.problems import Problem
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.supervision import queries as supervision
from xiaobao.trust import queries, rules, store

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Market
    from xiaobao.trust.facts import Quarter, ReportRow


class CorrectionEmpty(Problem):
    """A report is corrected without a word about what was wrong."""

    code: ClassVar[str] = "correction_empty"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "why、by 字段：更正要写明原因和更正人"
    en: ClassVar[str] = "why, by: say what was wrong, and who corrects it"


@transaction.atomic
def expect_reports() -> None:
    """Markets with orders and no report awaited: the quarter of their first order is the first.

    Orders of earlier quarters that are told of later are in no report.
    """
    awaited = queries.markets_expected()
    for market_id in supervision.markets_awaited() - awaited:
        market = promises.market_of(market_id)
        first_us = orders.first_order_us(market_id)
        if first_us is not None:
            quarter = rules.quarter_at(first_us, zone_of(market.zone))
            store.expect(market_id, rules.first_day(quarter), _due_us(market, quarter))


@transaction.atomic
def publish_reports(until_us: int) -> int:
    """Publish one report of each market of which one is due by then; call until none was."""
    held = store.hold_due(until_us)
    at = moment_of(until_us)
    for market_id, day in held:
        market, quarter = promises.market_of(market_id), rules.quarter_from(day)
        body = queries.signed(
            queries.reckoned(market, quarter, at=at) | {"number": 1, "is_final": True}
        )
        store.add_report(market_id, day, 1, at=at, why="", by="", body=body)
        following = rules.following(quarter)
        store.put_due(market_id, rules.first_day(following), _due_us(market, following))
    return len(held)


@transaction.atomic
def correct_report(
    market: Market, quarter: Quarter, *, why: str, by: str, at: datetime
) -> ReportRow:
    """Put a correction beside a report, reckoned anew; the report itself stays as it was.

    The same reason given again corrects nothing again.

    :raises CorrectionEmpty: where nobody says what was wrong
    :raises ReportUnknown: if no report of this quarter was published
    """
    if not why.strip() or not by.strip():
        raise CorrectionEmpty
    store.hold_reports(market.market_id)
    known = queries.published(market, quarter)
    same = [one for one in known if one.why == why.strip()]
    if not same:
        number = known[-1].number + 1
        said = {
            "number": number,
            "is_final": True,
            "corrects": known[-1].number,
            "why": why.strip(),
        }
        store.add_report(
            market.market_id, rules.first_day(quarter), number, at=at, why=why.strip(),
            by=by.strip(),
            body=queries.signed(queries.reckoned(market, quarter, at=at) | said),
        )  # fmt: skip
        same = queries.published(market, quarter)[-1:]
    return same[0]


def _due_us(market: Market, quarter: Quarter) -> int:
    """When a quarter is settled."""
    return rules.ends_us(quarter, zone_of(market.zone), queries.report_terms().settle_days)
