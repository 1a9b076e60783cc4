"""Facts taken in by several connections side by side, each with sellers of its own."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from threading import Barrier, BrokenBarrierError
from typing import TYPE_CHECKING

import numpy as np
from django.db import connections, transaction

from xiaobao.database import sets
from xiaobao.orders.acts.intake import NO_REPORT, record_rows, report_sum
from xiaobao.orders.acts.reading import FactsRefused, ids_in, shaped
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import IntakeReport
    from xiaobao.orders.facts.admission import BadRow
    from xiaobao.promises.facts import Market

# Nobody waits longer than this for those who have more to do.
_MOST_SECONDS = 3600


def record_facts_apart(
    batch: pa.Table, *, market_id: int, at: datetime, workers: int
) -> IntakeReport:
    """As `record_facts`, by so many connections at once; the facts of a seller go by one of them.

    Nobody commits before all are done, so that all of it is recorded or nothing; should the
    machine stop while they commit, the same batch told again brings the rest.

    :raises FactsMisshapen: if the batch has not the right columns
    :raises FactsRefused: if any row cannot be a fact; names every such row
    :raises MarketUnknown: if there is no such market
    """
    assert not sets.in_transaction(), "the others would not see what this one wrote"
    market = promises.market_of(market_id)
    table = shaped(batch)
    part = ids_in(table["seller"].chunk(0))[0] % workers if len(table) else np.zeros(0, np.int64)
    parts = [np.flatnonzero(part == number) for number in range(workers)]
    meeting = Barrier(workers)
    bad: list[BadRow] = []

    def record(rows: Int) -> IntakeReport:
        try:
            return _record(table, rows, market, at, meeting, bad)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(workers) as pool:
        done = [pool.submit(record, rows) for rows in parts]
    if bad:
        raise FactsRefused(bad)
    failed = [one.exception() for one in done if one.exception() is not None]
    for trouble in sorted(failed, key=lambda one: isinstance(one, BrokenBarrierError)):
        # Whoever broke off comes before those who waited for it in vain.
        assert trouble is not None
        raise trouble
    report = NO_REPORT
    for one in done:
        report = report_sum(report, one.result())
    return report


def _record(
    table: pa.Table, rows: Int, market: Market, at: datetime, meeting: Barrier, bad: list[BadRow]
) -> IntakeReport:
    """Record one part; committed once every part is found good."""
    try:
        with promises.one_catalogue(), transaction.atomic():
            found = record_rows(table, rows, market, at)
            bad.extend(found if isinstance(found, list) else ())
            meeting.wait(_MOST_SECONDS)
            transaction.set_rollback(bool(bad))
    except BaseException:
        meeting.abort()
        raise
    return NO_REPORT if isinstance(found, list) else found
