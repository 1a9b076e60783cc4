"""Reports of force majeure: reviewed, or lapsed where nobody looked in time.

What comes of a report is told as a fact of its order, so that everybody who judges the order, now
or in ten years, sees what was decided and when.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np
import pyarrow as pa
from django.db import transaction

from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.problems import Problem
from xiaobao.orders.acts.holding import hold_orders
from xiaobao.orders.acts.intake import record_rows
from xiaobao.orders.facts import FACT_SCHEMA, REPORT_WORDS, FactKind, ReportState
from xiaobao.orders.queries.leaving import names_of
from xiaobao.orders.queries.reports import lapsed_reports
from xiaobao.orders.store import reports as store
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Market

# Nothing is excused for longer than this: a deadline moved beyond it is no promise any more.
MOST = timedelta(days=60)


class ReportMissing(Problem):
    code = "report_missing"
    status: ClassVar[int] = 404
    zh = "订单“{order}”没有按时提出的不可抗力报备"
    en = "order '{order}' has no report of force majeure that came in time"


class ReportDecided(Problem):
    """What was decided, or lapsed, is not decided again."""

    code = "report_decided"
    zh = "订单“{order}”的报备已有结果：{state_zh}"
    en = "the report of order '{order}' was decided: {state_en}"


class ReportUntilWrong(Problem):
    """What is approved excuses a time with an end."""

    code = "report_until_wrong"
    status: ClassVar[int] = 422
    zh = "until：填写不可抗力结束的时间，晚于 {since}，且不晚于 {most}"
    en = "until: say when it was over, after {since} and no later than {most}"


class ReportWordsMissing(Problem):
    code = "report_words_missing"
    status: ClassVar[int] = 422
    zh = "words：写明认可或不认可的理由，卖家和买家都会看到"
    en = "words: say why, both the seller and the buyer will read it"


@promises.one_catalogue()
@transaction.atomic
def review_report(
    seller_id: int, order_id: int, *, until: datetime | None, words: str, by: str, at: datetime
) -> None:
    """Approve a report until a moment, which takes the time it lasted out of the clocks; or not.

    :raises ReportMissing: if the order has none that came in time
    :raises ReportDecided: if it was decided, or the platform was late
    :raises ReportWordsMissing: if no reason is given
    :raises ReportUntilWrong: if it is approved to a moment before it began, or for ever
    """
    order = names_of(seller_id, np.array([order_id], np.int64)).get(order_id, "")
    held = _held(seller_id, order_id)
    if held is None:
        raise ReportMissing(order=order)
    state, event, _, due, market_id = held
    if state != ReportState.WAITING or at >= due:
        raise _decided(order, ReportState.LAPSED if state == ReportState.WAITING else state)
    if not words.strip():
        raise ReportWordsMissing
    most = event + MOST
    if until is not None and not event < until <= most:
        raise ReportUntilWrong(since=event.isoformat(), most=most.isoformat())
    result = ReportState.REFUSED if until is None else ReportState.APPROVED
    store.decide_report(seller_id, order_id, result, until=until, at=at, by=by, words=words)
    _tell(
        promises.market_of(market_id), seller_id, order, FactKind.FORCE_REVIEWED,
        happened=event if until is None else until, at=at,
    )  # fmt: skip


def _held(seller_id: int, order_id: int) -> tuple[Any, ...] | None:
    """The report, and its order before it, as whoever tells facts holds them."""
    hold_orders(np.array([seller_id]), np.array([order_id]))
    return store.hold_report(seller_id, order_id)


def _decided(order: str, state: int) -> ReportDecided:
    words = REPORT_WORDS[ReportState(state)]
    return ReportDecided(order=order, state_zh=words.zh, state_en=words.en)


@promises.one_catalogue()
def lapse_reports(*, until_us: int, limit: int = 256) -> int:
    """Those that nobody reviewed in time: the platform is late, and bears what breaks."""
    due = lapsed_reports(moment_of(until_us), limit)
    for seller_id, order_id, due_at in due:
        _lapse(seller_id, order_id, due_at)
    return len(due)


@transaction.atomic
def _lapse(seller_id: int, order_id: int, due_at: datetime) -> None:
    held = _held(seller_id, order_id)
    assert held is not None, "a report is never taken away"
    if held[0] != ReportState.WAITING:
        return  # somebody decided it meanwhile
    order = names_of(seller_id, np.array([order_id], np.int64))[order_id]
    store.decide_report(
        seller_id, order_id, ReportState.LAPSED, until=None, at=due_at, by="", words=""
    )
    market = promises.market_of(held[-1])
    _tell(market, seller_id, order, FactKind.FORCE_LAPSED, happened=due_at, at=due_at)


def _tell(
    market: Market, seller_id: int, order: str, kind: FactKind, *, happened: datetime, at: datetime
) -> None:
    shop = sellers.names_of(np.array([seller_id], np.int64))[seller_id]
    row = {"seller": [shop], "order": [order], "fact": [int(kind)], "at": [happened]}
    columns = [
        pa.array(row[field.name], field.type) if field.name in row else pa.nulls(1, field.type)
        for field in FACT_SCHEMA
    ]
    table = pa.table(columns, schema=FACT_SCHEMA)
    done = record_rows(table, np.zeros(1, np.int64), market, at, last_kind=kind)
    assert not isinstance(done, list), "the platform's own fact is one"
