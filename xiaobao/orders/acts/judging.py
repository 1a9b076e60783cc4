"""Judge orders under the terms frozen at their time: what intake foresees and sweeps record."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.orders.facts import Clock, Details, Excuse, OrderStates, Verdicts
from xiaobao.orders.rules.refunds import judge_refunds
from xiaobao.orders.rules.shipping import judge_shipping
from xiaobao.orders.rules.tracking import judge_tracking
from xiaobao.orders.terms import CompensationTerms, ShippingTerms
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int, Mask

    Judge = Callable[[OrderStates, Details, ShippingTerms], Verdicts]

_JUDGES: dict[Clock, Judge] = {
    Clock.SHIPPING: judge_shipping,
    Clock.TRACKING: judge_tracking,
    Clock.REFUND: judge_refunds,
}


@dataclass(frozen=True)
class Broken:
    """Promises broken, given all that is known, each under the terms of its order's time."""

    verdicts: Verdicts
    compensation: CompensationTerms
    shipping_version: Int
    clock: Int


def broken_promises(f: OrderStates, d: Details, clock: Int | None = None) -> Broken:
    """Every breach of these orders that their terms know; `row` is the order's position.

    `clock` says, order by order, which clock alone to judge. Orders without a `placed` fact, and
    orders of a time for which nothing was published, are promised nothing.
    """
    parts = [
        _of_market(f, d, clock, int(market_id), rows)
        for market_id in np.unique(f.market_id)
        if len(rows := np.flatnonzero(f.market_id == market_id))
    ]
    found = [part for market in parts for part in market]
    return Broken(
        Verdicts.concat([_no_verdicts(), *(p.verdicts for p in found)]),
        CompensationTerms.concat([_no_terms(), *(p.compensation for p in found)]),
        np.concatenate([np.zeros(0, np.int64), *(p.shipping_version for p in found)]),
        np.concatenate([np.zeros(0, np.int64), *(p.clock for p in found)]),
    )


def may_be_stalled(f: OrderStates) -> Mask:
    """Whether any terms of each order's market know parcels that count as out of stock."""
    may = np.zeros(len(f), np.bool_)
    for market_id in np.unique(f.market_id):
        rows = promises.book_of(ShippingTerms, int(market_id)).rows
        if (rows.stalled_out_of_stock_hours > 0).any():
            may |= f.market_id == market_id
    return may


def _no_verdicts() -> Verdicts:
    return Verdicts(**dict.fromkeys(Verdicts.names(), np.zeros(0, np.int64)))


def _no_terms() -> CompensationTerms:
    return CompensationTerms(
        **{
            name: np.zeros(0, np.bool_ if name.startswith("is_") else np.int64)
            for name in CompensationTerms.names()
        }
    )


def _of_market(
    f: OrderStates, d: Details, clock: Int | None, market_id: int, rows: Int
) -> list[Broken]:
    book = promises.book_of(ShippingTerms, market_id)
    position, found = book.positions(f.ordered_us[rows], np.zeros(len(rows), np.int64))
    rows, terms = rows[found], book.rows.take(position[found])
    out = []
    for one, judge in _JUDGES.items():
        mine = np.arange(len(rows)) if clock is None else np.flatnonzero(clock[rows] == one)
        if len(mine):
            asked = rows[mine]
            v = judge(f.take(asked), details_for(d, asked, len(f)), terms.take(mine))
            v = v.take(v.excuse == Excuse.NONE)
            out.append(_promised(f.take(asked), v, asked, terms.version[mine], market_id, one))
    return out


def details_for(d: Details, rows: Int, count: int) -> Details:
    """The details of these orders, renumbered."""
    place = np.full(count, -1)
    place[rows] = np.arange(len(rows))
    mine = d.take(place[d.row] >= 0)
    return Details(**{**mine.as_dict(), "row": place[mine.row]})


def _promised(
    f: OrderStates, v: Verdicts, rows: Int, version: Int, market_id: int, clock: Clock
) -> Broken:
    """Of these breaches those that the terms of the order's time promise to make good."""
    book = promises.book_of(CompensationTerms, market_id)
    position, found = book.positions(f.ordered_us[v.row], v.kind)
    v, position = v.take(found), position[found]
    terms = book.rows.take(position)
    v, terms = v.take(terms.is_promised), terms.take(terms.is_promised)
    return Broken(
        Verdicts(**{**v.as_dict(), "row": rows[v.row]}),
        terms,
        version[v.row],
        np.full(len(v), clock, np.int64),
    )
