"""When a clock set by a pack runs out."""

from __future__ import annotations

from datetime import date
from functools import lru_cache
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel import clocks
from xiaobao.kernel.calendars import MONDAY_TO_FRIDAY, Calendar, china, weekly
from xiaobao.promises.facts import ClockUnit

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int
    from xiaobao.promises.terms import ClockTerms

_FIRST, _LAST = date(1990, 1, 1), date(2099, 12, 31)


@lru_cache(maxsize=8)
def calendar_of(zone_name: str) -> Calendar:
    """The business days of a market in this zone.

    Holidays are decreed a year at a time. In years not yet decreed Monday to Friday count: a
    clock that reaches there may run out a holiday early, and is not left without an end.
    """
    plain = weekly("weekly", MONDAY_TO_FRIDAY, (), first=_FIRST, last=_LAST)
    if zone_name != "Asia/Shanghai":
        return plain
    decreed = china()
    is_open = plain.is_open.copy()
    at = decreed.first_day - plain.first_day
    is_open[at : at + len(decreed.is_open)] = decreed.is_open
    return Calendar("china, then weekly", plain.first_day, is_open)


def due_of(started_us: Int, terms: ClockTerms, *, zone: Zone, calendar: Calendar) -> Int:
    """The deadline of each clock, by its own unit.

    :raises OutsideCalendar: where working days are counted in a year the calendar does not know
    """
    amount = terms.amount
    due = clocks.add_hours(started_us, amount)
    due = np.where(terms.unit == ClockUnit.DAYS, clocks.add_days(started_us, amount, zone), due)
    months = np.where(terms.unit == ClockUnit.YEARS, amount * 12, amount)
    by_month = (terms.unit == ClockUnit.MONTHS) | (terms.unit == ClockUnit.YEARS)
    due = np.where(by_month, clocks.add_months(started_us, months, zone), due)
    whole = clocks.days_from_next_midnight(started_us, amount, zone)
    due = np.where(terms.unit == ClockUnit.DAYS_FROM_MIDNIGHT, whole, due)
    inside = terms.unit == ClockUnit.WINDOW_HOURS
    opens = np.where(inside, terms.opens_minute, 0) * clocks.MINUTE_US
    closes = np.where(inside, terms.closes_minute * clocks.MINUTE_US, clocks.DAY_US)
    window = clocks.add_in_window(started_us, amount * clocks.HOUR_US, opens, closes, zone)
    due = np.where(inside, window, due)
    working = np.flatnonzero(terms.unit == ClockUnit.WORKING_DAYS)
    due[working] = calendar.end_of(started_us[working], amount[working], zone)
    return due
