"""Inspections: listed, one whole with its sample, and what was done under a key."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any, ClassVar

import numpy as np

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, straight
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.problems import Problem
from xiaobao.orders import queries as orders
from xiaobao.supervision.facts import (
    Finding,
    InspectionEvent,
    InspectionEventRow,
    InspectionRow,
    InspectionState,
    Outcome,
    SampledRow,
    SampleTotals,
    Watched,
)

if TYPE_CHECKING:
    from xiaobao.database.lists import Place
    from xiaobao.kernel.columns import Int

_ROW = (
    "seller_id, number, market_id, watched, state, outcome, population, sampled, found, broken, "
    "since_at, until_at, opened_at, nullif(closed_at, 'infinity'), opened_by, words, violation"
)


class InspectionUnknown(Problem):
    code: ClassVar[str] = "inspection_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = (
        "number 字段：该店铺没有第 {number} 号抽查；用 xiaobao supervision inspections 查看"
    )
    en: ClassVar[str] = (
        "number: this shop has no inspection {number}; see xiaobao supervision inspections"
    )


BY_OPENING: Order[InspectionRow] = Order(
    (Part("opened_at", "ts", is_descending=True), Part("seller_id"), Part("number")),
    lambda row: (row.opened_at, row.seller_id, row.number),
)


def inspections(
    *, seller_id: int | None = None, place: Place | None = None, limit: int = 50
) -> list[InspectionRow]:
    """The latest first, of one shop where one is named."""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} FROM supervision_inspection "
        "WHERE (%(seller)s::bigint IS NULL OR seller_id = %(seller)s)"
        f"{BY_OPENING.after(place)}{BY_OPENING.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "limit": limit, **BY_OPENING.params(place)},
    )
    return straight([_row(row) for row in rows], place)


def inspection(seller_id: int, number: int) -> InspectionRow:
    """:raises InspectionUnknown: if the shop has none of this number"""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} FROM supervision_inspection WHERE seller_id = %s AND number = %s",
        [seller_id, number],
    )
    if not rows:
        raise InspectionUnknown(number=number)
    return _row(rows[0])


def last_inspection(seller_id: int) -> int:
    ((number,),) = sets.fetch_rows(
        "SELECT coalesce(max(number), 0) FROM supervision_inspection WHERE seller_id = %s",
        [seller_id],
    )
    return int(number)


def events_of(seller_id: int, number: int) -> list[InspectionEventRow]:
    rows = sets.fetch_rows(
        "SELECT seq, event, by, words, happened_at FROM supervision_event "
        "WHERE seller_id = %s AND number = %s ORDER BY seq",
        [seller_id, number],
    )
    return [InspectionEventRow(seq, InspectionEvent(event), *rest) for seq, event, *rest in rows]


def sample_of(seller_id: int, number: int) -> list[SampledRow]:
    """The orders drawn, as they were drawn, with what was found so far."""
    rows = sets.fetch_rows(
        "SELECT s.order_id, s.is_known, f.finding, coalesce(f.words, '') "
        "FROM supervision_sampled s LEFT JOIN supervision_finding f "
        "USING (seller_id, number, order_id) WHERE s.seller_id = %s AND s.number = %s",
        [seller_id, number],
    )
    named = orders.placed(seller_id, np.array([row[0] for row in rows], np.int64))
    found = [
        SampledRow(
            order_id, *named[order_id], is_known,
            None if finding is None else Finding(finding), words,
        )
        for order_id, is_known, finding, words in rows
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.ordered_at, one.order))


def orders_in_breaches(seller_id: int) -> Int:
    """Orders found broken by inspections that ended in a breach: each had its consequence."""
    columns = sets.fetch_arrays(
        "SELECT DISTINCT f.order_id FROM supervision_finding f JOIN supervision_inspection i "
        "USING (seller_id, number) WHERE f.seller_id = %s AND f.finding = %s AND i.outcome = %s "
        "ORDER BY 1",
        [seller_id, Finding.BROKEN.value, Outcome.BREACH.value],
        {"order_id": "i8"},
    )
    return columns["order_id"]


def sample_totals(
    market_id: int, since_us: int, until_us: int, *, seller_id: int | None = None
) -> SampleTotals:
    """Of samples looked at whole, drawn from orders of a time; an order drawn twice counts once.

    Known is what was so when the order was drawn first: by the second time it is known anyway.
    """
    ((broken, known),) = sets.fetch_rows(
        "SELECT count(*), count(*) FILTER (WHERE is_known) FROM ("
        "SELECT DISTINCT ON (f.seller_id, f.order_id) s.is_known FROM supervision_inspection i "
        "JOIN supervision_finding f USING (seller_id, number) "
        "JOIN supervision_sampled s USING (seller_id, number, order_id) "
        "WHERE i.market_id = %(market)s AND i.state = %(closed)s AND i.outcome <> %(off)s "
        "AND i.since_at < %(until)s AND i.until_at > %(since)s AND f.finding = %(broken)s "
        "AND (%(seller)s::bigint IS NULL OR i.seller_id = %(seller)s) "
        "ORDER BY f.seller_id, f.order_id, i.number) AS each",
        {
            "market": market_id, "closed": InspectionState.CLOSED.value,
            "off": Outcome.CALLED_OFF.value, "broken": Finding.BROKEN.value,
            "since": moment_of(since_us), "until": moment_of(until_us), "seller": seller_id,
        },
    )  # fmt: skip
    return SampleTotals(broken, known)


def done_under(seller_id: int, key: str) -> tuple[int, int] | None:
    """Number and digest of what was done under this key; None where nothing was."""
    rows = sets.fetch_rows(
        "SELECT number, digest FROM supervision_event WHERE seller_id = %s AND key = %s",
        [seller_id, key],
    )
    return rows[0] if rows else None


def last_seq(seller_id: int, number: int) -> int:
    ((seq,),) = sets.fetch_rows(
        "SELECT seq FROM supervision_inspection WHERE seller_id = %s AND number = %s",
        [seller_id, number],
    )
    return int(seq)


def _row(row: tuple[Any, ...]) -> InspectionRow:
    plain = InspectionRow(*row)
    return replace(
        plain, watched=Watched(plain.watched), state=InspectionState(plain.state),
        outcome=Outcome(plain.outcome),
    )  # fmt: skip
