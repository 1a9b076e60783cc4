"""Take a batch of facts in: cut it by seller, read it, record it; all of it or nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import us_of
from xiaobao.orders.acts.reading import (
    FactsRefused,
    bad_rows,
    facts_in,
    ids_in,
    read_claims,
    rows_to_store,
    shaped,
)
from xiaobao.orders.acts.recording import Chunk, record_chunk
from xiaobao.orders.facts import LAST_TOLD, FactKind, IntakeReport
from xiaobao.orders.rules.admission import faults_of
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from datetime import datetime

    import pyarrow as pa

    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts.admission import BadRow
    from xiaobao.promises.facts import Market

# Rows worked on at once; a larger batch is cut by seller, so that each order stays whole.
CHUNK_ROWS = 200_000
NO_REPORT = IntakeReport(0, 0, 0, 0)


@promises.one_catalogue()
@transaction.atomic
def record_facts(batch: pa.Table, *, market_id: int, at: datetime) -> IntakeReport:
    """Take in a batch of facts, of the shape FACT_SCHEMA; all of it or nothing.

    A fact told before changes nothing. Facts of an order whose `placed` has not come are kept,
    and count once it does.

    :raises FactsMisshapen: if the batch has not the right columns
    :raises FactsRefused: if any row cannot be a fact; names every such row
    :raises MarketUnknown: if there is no such market
    """
    market = promises.market_of(market_id)
    table = shaped(batch)
    done = record_rows(table, np.arange(len(table)), market, at)
    if isinstance(done, list):
        raise FactsRefused(done)
    return done


def record_rows(
    table: pa.Table, rows: Int, market: Market, at: datetime, last_kind: FactKind = LAST_TOLD
) -> IntakeReport | list[BadRow]:
    """Record these rows of a shaped batch; or, where any cannot be facts, all that cannot."""
    report = NO_REPORT
    bad: list[BadRow] = []
    for some in _chunks(table, rows):
        part = table.take(some).combine_chunks() if len(some) < len(table) else table
        chunk = _read(part, some + 1, market, us_of(at), last_kind)
        if isinstance(chunk, list):
            bad += chunk
        elif not bad:
            done = record_chunk(chunk, market)
            if isinstance(done, list):
                bad += done
            else:
                report = report_sum(report, done)
    return bad or report


def _chunks(table: pa.Table, rows: Int) -> list[Int]:
    """Rows to work on together: never two parts of one seller's."""
    if len(rows) <= CHUNK_ROWS:
        return [rows] if len(rows) else []
    parts = -(-len(rows) // CHUNK_ROWS)
    # The higher bits: by the lower ones whoever shares the work may have shared it out.
    part = (ids_in(table["seller"].chunk(0))[0][rows] >> 20) % parts
    return [rows[part == number] for number in range(parts)]


def report_sum(one: IntakeReport, other: IntakeReport) -> IntakeReport:
    return IntakeReport(
        one.orders_new + other.orders_new,
        one.facts_new + other.facts_new,
        one.facts_known + other.facts_known,
        one.contradictions + other.contradictions,
    )


def _read(
    table: pa.Table, row: Int, market: Market, at_us: int, last_kind: FactKind
) -> Chunk | list[BadRow]:
    claimed, digest = read_claims(table, row, market)
    bad = bad_rows(*faults_of(claimed, last_kind))
    if bad:
        return bad
    facts = facts_in(claimed, digest, market.market_id, at_us)
    # As the fold wants them; what is told twice has one digest and one moment.
    order = np.lexsort((facts.digest, facts.at_us, facts.kind, facts.order_id, facts.seller_id))
    keys = [k[order] for k in (facts.seller_id, facts.order_id, facts.kind, facts.digest)]
    is_new = np.ones(len(order), np.bool_)
    is_new[1:] = np.logical_or.reduce([k[1:] != k[:-1] for k in keys])
    once = order[is_new]
    stored = rows_to_store(table, claimed, facts).take(once)
    return Chunk(
        facts.take(once), stored, table["order"].chunk(0).take(once), row[once], len(order)
    )
