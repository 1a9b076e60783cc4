"""Reports of force majeure as they come in: each in time gets the platform's own clock."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.books import NotInForce
from xiaobao.kernel.clocks import HOUR_US, zone_of
from xiaobao.orders.facts import FactKind
from xiaobao.orders.store import reports as store
from xiaobao.orders.terms import ShippingTerms
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import ClockTerms

if TYPE_CHECKING:
    from xiaobao.orders.facts import Facts
    from xiaobao.promises.facts import Market


def take_in_reports(f: Facts, market: Market) -> None:
    """New reports get the platform's clock, where they came in time and the pack has one."""
    told = f.take(f.kind == FactKind.FORCE_MAJEURE)
    if len(told) == 0:
        return
    kinds = np.full(len(told), ClockKind.FORCE_MAJEURE_REVIEW.value)
    try:
        hours = promises.book_of(ShippingTerms, market.market_id).in_force(told.recorded_us)
        clock = promises.book_of(ClockTerms, market.market_id).in_force(told.recorded_us, kinds)
    except NotInForce:
        return
    waited = told.recorded_us - told.at_us
    in_time = (waited >= 0) & (waited <= hours.force_majeure_report_hours * HOUR_US)
    calendar, zone = calendar_of(market.zone), zone_of(market.zone)
    due = due_of(told.recorded_us, clock, zone=zone, calendar=calendar)
    store.add_reports(told.take(in_time), due[in_time])
