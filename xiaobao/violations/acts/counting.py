"""Nights that count points: every tally of a day in one step, and the penalties that begin."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import days_of, midnight_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises import queries as promises
from xiaobao.violations import queries, rules, store
from xiaobao.violations.acts import penalties, reading
from xiaobao.violations.facts import FAR_DAY, MoveReport, Tallies, TalliesHeld

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int
    from xiaobao.violations.facts import Stepped


@transaction.atomic
def count_points(until_us: int, limit: int = 8192) -> MoveReport:
    """Count the days that ended by then, the earliest first; one day of one market each time.

    Call until nothing is looked at.
    """
    due = store.tallies.hold_due(until_us, limit)
    if len(due) == 0:
        return MoveReport()
    first_us, market_id = int(due.due_us[0]), int(due.market_id[0])
    held = due.take((due.due_us == first_us) & (due.market_id == market_id))
    return _count(held, market_id, first_us)


def _count(held: TalliesHeld, market_id: int, at_us: int) -> MoveReport:
    zone = zone_of(promises.market_of(market_id).zone)
    day = int(days_of(np.array([at_us - 1]), zone)[0])
    days = np.full(len(held), day, np.int64)
    counted = queries.counted_on(held.seller_id, held.points_class, days)
    before = Tallies(held.seller_id, held.points_class, held.points, held.strikes)
    today = rules.today_of(counted, rules.places_of(before, counted), len(before), day)

    after, nights, ladder = rules.night(
        before, today, day, zone=zone, classes=reading.class_book(market_id),
        rungs=reading.step_book(market_id),
    )  # fmt: skip

    busy = rules.has_work(today, before)
    now = np.full(len(held), at_us, np.int64)
    store.tallies.add_nights(nights.take(busy), number=0, at_us=now[busy])
    store.tallies.put(
        replace(
            held, points=after.points, strikes=after.strikes, day=days,
            due_us=_next_nights(held, after, day, zone),
        )
    )  # fmt: skip
    begins = busy & after.begins
    begun, forced = penalties.begin(
        nights.take(begins), [rung.take(begins) for rung in ladder], market_id=market_id,
        at_us=at_us,
    )  # fmt: skip
    return MoveReport(looked=len(held), stepped=int(busy.sum()), begun=begun, forced=forced)


def _next_nights(held: TalliesHeld, after: Stepped, day: int, zone: Zone) -> Int:
    """The end of the next day on which something happens to each tally."""
    days = np.full(len(held), day, np.int64)
    nearest = queries.next_days(held.seller_id, held.points_class, days, FAR_DAY)
    year_end = np.where(after.points > 0, rules.next_year_end(days + 1), FAR_DAY)
    nearest = np.minimum(nearest, year_end)
    is_any = nearest < FAR_DAY
    ends = midnight_of(np.where(is_any, nearest, day) + 1, zone)
    return np.where(is_any, ends, FAR_US)
