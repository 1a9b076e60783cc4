"""Reports of force majeure as they come in: each in time gets the platform's own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.books import NotInForce
from xiaobao.kernel.clocks import HOUR_US, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.orders.facts import FactKind
from xiaobao.orders.store import reports as store
from xiaobao.orders.terms import ShippingTerms
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import ClockTerms

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import Facts
    from xiaobao.promises.facts import Market


def take_in_reports(f: Facts, ordered_us: Int, market: Market) -> None:
    """New reports get the platform's clock, where they came in time and the pack has one.

    Whether they did follows from the terms of when their orders were placed, `ordered_us` row for
    row, as it does where the orders are judged; of one that nobody placed yet, from today's.
    """
    is_told = f.kind == FactKind.FORCE_MAJEURE
    if not is_told.any():
        return
    told, ordered_us = f.take(is_told), ordered_us[is_told]
    book = promises.book_of(ShippingTerms, market.market_id)
    since_us = np.where(ordered_us < FAR_US, ordered_us, told.recorded_us)
    place, found = book.positions(since_us, np.zeros(len(told), np.int64))
    told, terms = told.take(found), book.rows.take(place[found])
    waited = told.recorded_us - told.at_us
    told = told.take((waited >= 0) & (waited <= terms.force_majeure_report_hours * HOUR_US))
    kinds = np.full(len(told), ClockKind.FORCE_MAJEURE_REVIEW.value)
    try:
        clock = promises.book_of(ClockTerms, market.market_id).in_force(told.recorded_us, kinds)
    except NotInForce:
        return
    calendar, zone = calendar_of(market.zone), zone_of(market.zone)
    store.add_reports(told, due_of(told.recorded_us, clock, zone=zone, calendar=calendar))
