"""Judge orders under the terms published for their time: intake foresees, sweeps record."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.orders.rules.judging import Broken, broken_among, promised, together
from xiaobao.orders.rules.tracking import is_long_under_way, least_stall_hours
from xiaobao.orders.terms import CompensationTerms, ShippingTerms
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.orders.facts import Details, OrderStates


def broken_promises(f: OrderStates, d: Details, clock: Int | None = None) -> Broken:
    """Every breach of these orders that their terms know; `row` is the order's position.

    `clock` says, order by order, which clock alone to judge. An order of a shop that had left the
    guarantee when it was placed is promised nothing.
    """
    parts = []
    for market_id in np.unique(f.market_id).tolist():
        rows = np.flatnonzero(f.market_id == market_id)
        found = broken_among(f, d, rows, clock, promises.book_of(ShippingTerms, market_id))
        book = promises.book_of(CompensationTerms, market_id)
        parts.append(promised(f.ordered_us, found, book))
    broken = together(parts)
    row = broken.verdicts.row
    gone = sellers.outside(f.seller_id[row], f.ordered_us[row])
    return broken.take(np.flatnonzero(~gone)) if gone.any() else broken


def may_be_stalled(f: OrderStates) -> Mask:
    """Orders with parcels that may count as out of stock under some terms of their market."""
    may = np.zeros(len(f), np.bool_)
    for market_id in np.unique(f.market_id).tolist():
        least = least_stall_hours(promises.book_of(ShippingTerms, market_id).rows)
        may |= (f.market_id == market_id) & is_long_under_way(f, least)
    return may
