"""Clocks of different units compared: how many hours an amount of each is."""

from __future__ import annotations

from xiaobao.promises.facts import ClockUnit

# Only to compare: a month is a twelfth of a year of 365 days.
_HOURS = {
    ClockUnit.HOURS: 1,
    ClockUnit.DAYS: 24,
    ClockUnit.WORKING_DAYS: 24,
    ClockUnit.MONTHS: 730,
    ClockUnit.YEARS: 8760,
    ClockUnit.WINDOW_HOURS: 1,
    ClockUnit.DAYS_FROM_MIDNIGHT: 24,
}


def hours_in(amount: int, unit: int) -> int:
    return amount * _HOURS[ClockUnit(unit)]
