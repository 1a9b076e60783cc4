"""Calendars: which days are business days, as one table of truth values per calendar.

Days are counted from 1970-01-01 (see `clocks.days_of`). China's weekends are swapped by decree
each year: a day is looked up, never computed, and a year not yet decreed is refused.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import TYPE_CHECKING

import numpy as np
from chinese_calendar import constants

from xiaobao.kernel.clocks import Zone, days_of, midnight_of

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable
    from datetime import date

    from xiaobao.kernel.columns import Int, Mask

MONDAY_TO_FRIDAY = frozenset(range(5))
MONDAY_TO_SATURDAY = frozenset(range(6))
# 1970-01-01 was a Thursday; Monday is 0.
_FIRST_WEEKDAY = 3


class OutsideCalendar(LookupError):  # noqa: N818
    """A day lies outside the years a calendar knows; the message names both."""


@dataclass(frozen=True, eq=False)
class Calendar:
    """The business days from `first_day` on, one truth value per day."""

    name: str
    first_day: int
    is_open: Mask

    @property
    def last_day(self) -> int:
        return self.first_day + len(self.is_open) - 1

    @cached_property
    def _open_until(self) -> Int:
        """How many business days there are up to and including each day."""
        return np.cumsum(self.is_open)

    @cached_property
    def _open_days(self) -> Int:
        return np.flatnonzero(self.is_open) + self.first_day

    def is_business_day(self, days: Int) -> Mask:
        """:raises OutsideCalendar: for a day in a year the calendar does not know"""
        return self.is_open[self._rows(days)]

    def add(self, days: Int, count: Int) -> Int:
        """The `count`-th business day after each day; 0 gives the day itself, open or not.

        :raises OutsideCalendar: where it is asked about, or leads to, a year it does not know
        """
        nth = self._open_until[self._rows(days)] + count - 1
        beyond = (count > 0) & (nth >= len(self._open_days))
        if beyond.any():
            first = int(np.flatnonzero(beyond)[0])
            raise self._outside(
                self.last_day + 1, f"{int(count[first])} business days after {_iso(days[first])}"
            )
        return np.where(
            count > 0, self._open_days[np.clip(nth, 0, len(self._open_days) - 1)], days
        )

    def between(self, after: Int, until: Int) -> Int:
        """How many business days there are after one day, up to and including the other.

        :raises OutsideCalendar: for a day in a year the calendar does not know
        """
        return self._open_until[self._rows(until)] - self._open_until[self._rows(after)]

    def end_of(self, moments_us: Int, count: Int, zone: Zone) -> Int:
        """The end (24:00) of the `count`-th business day after the moment's local day."""
        return midnight_of(self.add(days_of(moments_us, zone), count) + 1, zone)

    def _rows(self, days: Int) -> Int:
        rows = np.asarray(days, np.int64) - self.first_day
        outside = (rows < 0) | (rows >= len(self.is_open))
        if outside.any():
            raise self._outside(int(days[np.flatnonzero(outside)[0]]))
        return rows

    def _outside(self, day: int, asked: str = "") -> OutsideCalendar:
        return OutsideCalendar(
            f"{asked or _iso(day)} lies outside the calendar '{self.name}', which knows "
            f"{_iso(self.first_day)} to {_iso(self.last_day)}; install a newer chinesecalendar "
            "once the year's holidays are decreed, or give the calendar a longer table"
        )


def _iso(day: int) -> str:
    return str(np.datetime64(int(day), "D"))


def day_of(day: date) -> int:
    """A date as days since 1970-01-01."""
    return int(np.datetime64(day, "D").astype(np.int64))


def weekly(
    name: str, open_weekdays: Collection[int], closed: Iterable[date], *, first: date, last: date
) -> Calendar:
    """A calendar that repeats by the week (Monday is 0) but for the days it is closed."""
    days = np.arange(day_of(first), day_of(last) + 1)
    is_open = np.isin((days + _FIRST_WEEKDAY) % 7, list(open_weekdays))
    is_open[np.array([day_of(d) for d in closed if first <= d <= last], int) - days[0]] = False
    return Calendar(name, int(days[0]), is_open)


@lru_cache(maxsize=1)
def china() -> Calendar:
    """Mainland China as the State Council decrees it: holidays, and weekends worked instead."""
    years = {d.year for d in constants.holidays}
    first, last = np.datetime64(f"{min(years)}-01-01"), np.datetime64(f"{max(years)}-12-31")
    days = np.arange(first, last + 1).astype(np.int64)
    is_open = np.isin((days + _FIRST_WEEKDAY) % 7, list(MONDAY_TO_FRIDAY))
    is_open[np.array([day_of(d) for d in constants.holidays]) - days[0]] = False
    is_open[np.array([day_of(d) for d in constants.workdays]) - days[0]] = True
    return Calendar("china", int(days[0]), is_open)
