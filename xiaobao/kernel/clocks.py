"""Clocks: moments are microseconds since 1970 UTC in columns; hours, local days, windows, stops.

The zone belongs to the pack and is always an argument. Nothing here knows what time it is now.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import numpy as np

from xiaobao.kernel.columns import FAR_US, Int, groups_of, running_within

SECOND_US = 1_000_000
MINUTE_US = 60 * SECOND_US
HOUR_US = 60 * MINUTE_US
DAY_US = 24 * HOUR_US
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
# A zone's changes are looked up between these years; the last offset holds after them.
FIRST_YEAR, LAST_YEAR = 1970, 2100


class UnknownZone(LookupError):  # noqa: N818
    """No time zone of this name is known to this machine."""


def us_of(moment: datetime) -> int:
    """Microseconds since 1970 UTC, exactly."""
    assert moment.tzinfo is not None, "a moment carries its zone"
    return (moment - _EPOCH) // timedelta(microseconds=1)


def moment_of(us: int) -> datetime:
    """The moment as an aware datetime, in UTC."""
    return _EPOCH + timedelta(microseconds=int(us))


@dataclass(frozen=True, eq=False)
class Zone:
    """A time zone as columns: from `changes_us[i]` (UTC) on, local is UTC plus `offset_us[i]`."""

    name: str
    changes_us: Int
    offset_us: Int

    def offset_at(self, moments_us: Int) -> Int:
        if len(self.offset_us) == 1:
            return np.full(len(moments_us), self.offset_us[0])
        at = np.searchsorted(self.changes_us, moments_us, side="right") - 1
        return self.offset_us[np.maximum(at, 0)]

    def offset_at_local(self, local_us: Int) -> Int:
        """The offset of wall-clock times; the earlier of two where the clock is turned back.

        A time the clock skips is read with the offset before the skip, as Python's fold=0.
        """
        if len(self.offset_us) == 1:
            return np.full(len(local_us), self.offset_us[0])
        begins = self.changes_us[1:] + np.maximum(self.offset_us[1:], self.offset_us[:-1])
        return self.offset_us[np.searchsorted(begins, local_us, side="right")]


@lru_cache(maxsize=64)
def zone_of(name: str) -> Zone:
    """The zone under its IANA name, its changes found by weekly steps through the machine's table.

    :raises UnknownZone: if there is none of that name
    """
    try:
        zone = ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as problem:
        raise UnknownZone(name) from problem
    changes, offsets = [FIRST_YEAR_US], [_offset(zone, FIRST_YEAR_US)]
    if name == "UTC":
        return Zone(name, np.array(changes), np.array(offsets))
    before = FIRST_YEAR_US
    for day in range(FIRST_YEAR_US, LAST_YEAR_US, 7 * DAY_US):
        here = _offset(zone, day)
        if here != offsets[-1]:
            changes.append(_change_between(zone, before, day))
            offsets.append(here)
        before = day
    return Zone(name, np.array(changes, np.int64), np.array(offsets, np.int64))


def _offset(zone: ZoneInfo, us: int) -> int:
    found = moment_of(us).astimezone(zone).utcoffset()
    assert found is not None
    return found // timedelta(microseconds=1)


def _change_between(zone: ZoneInfo, low: int, high: int) -> int:
    """The first second at which the offset of `high` holds."""
    wanted = _offset(zone, high)
    while high - low > SECOND_US:
        middle = low + (high - low) // 2 // SECOND_US * SECOND_US
        if _offset(zone, middle) == wanted:
            high = middle
        else:
            low = middle
    return high


FIRST_YEAR_US = us_of(datetime(FIRST_YEAR, 1, 1, tzinfo=UTC))
LAST_YEAR_US = us_of(datetime(LAST_YEAR, 1, 1, tzinfo=UTC))


# -- wall clocks ---------------------------------------------------------------------------------


def local_of(moments_us: Int, zone: Zone) -> Int:
    """What the wall clock shows, as microseconds since 1970-01-01 00:00 of the wall clock."""
    return moments_us + zone.offset_at(moments_us)


def utc_of(local_us: Int, zone: Zone) -> Int:
    """The moment at which the wall clock shows this (the first of two)."""
    return local_us - zone.offset_at_local(local_us)


def days_of(moments_us: Int, zone: Zone) -> Int:
    """The local day of each moment, counted from 1970-01-01."""
    return local_of(moments_us, zone) // DAY_US


def midnight_of(days: Int, zone: Zone) -> Int:
    """The moment at which each local day begins."""
    return utc_of(days * DAY_US, zone)


def next_midnight(moments_us: Int, zone: Zone) -> Int:
    """The first 00:00 after each moment; at 00:00 itself, the next day's."""
    return midnight_of(days_of(moments_us, zone) + 1, zone)


# -- periods -------------------------------------------------------------------------------------


def add_hours(moments_us: Int, hours: Int) -> Int:
    """Calendar hours: nights and holidays count."""
    return moments_us + hours * HOUR_US


def add_days(moments_us: Int, days: Int, zone: Zone) -> Int:
    """The same time of day, so many days later by the wall clock."""
    return utc_of(local_of(moments_us, zone) + days * DAY_US, zone)


def add_months(moments_us: Int, months: Int, zone: Zone) -> Int:
    """The same day and time so many months later, or that month's last day where it is shorter."""
    local = local_of(moments_us, zone)
    day = (local // DAY_US).astype("M8[D]")
    first = day.astype("M8[M]")
    target = first + months.astype("m8[M]")
    length = ((target + 1).astype("M8[D]") - target.astype("M8[D]")).astype(np.int64)
    of_month = (day - first.astype("M8[D]")).astype(np.int64)
    days = target.astype("M8[D]").astype(np.int64) + np.minimum(of_month, length - 1)
    return utc_of(days * DAY_US + local % DAY_US, zone)


def days_from_next_midnight(moments_us: Int, days: Int, zone: Zone) -> Int:
    """The end of so many whole days counted from the next 00:00.

    Goods signed for on 1 March at 15:00 with seven days: 8 March 24:00
    (七日无理由退货暂行办法, article 10).
    """
    return midnight_of(days_of(moments_us, zone) + 1 + days, zone)


def earliest_effect(announced_us: Int, notice_days: Int, zone: Zone) -> Int:
    """The first moment at which a rule announced then may take effect.

    Announced on 1 May with seven days' notice: 8 May 00:00 (E-Commerce Law, article 34).
    """
    return midnight_of(days_of(announced_us, zone) + notice_days, zone)


def add_in_window(
    moments_us: Int, lasting_us: Int, opens_us: Int, closes_us: Int, zone: Zone
) -> Int:
    """When a clock that runs only in a daily window has run for so long; the rest carries over.

    `opens_us` and `closes_us` are times of day (microseconds from 00:00, closing later than
    opening). Every day has its window. A clock that is full at closing time ends at closing time;
    a clock of no length ends where it could have begun to run.
    """
    length = closes_us - opens_us
    local = local_of(moments_us, zone)
    today = np.clip(local % DAY_US - opens_us, 0, length)
    full = (local // DAY_US) * length + today + lasting_us
    day = np.where(lasting_us > 0, full - 1, full) // length
    return utc_of(day * DAY_US + opens_us + full - day * length, zone)


def add_stops(started_us: Int, due_us: Int, *, case: Int, stop_us: Int, resume_us: Int) -> Int:
    """The deadlines, each later by the time its clock stood still before it ran out.

    `started_us` and `due_us` have a row per case; `case`, `stop_us` and `resume_us` a row per
    stop, naming the case by its position (`resume_us` FAR_US while it stands). Stops of a case may
    overlap and come in any order: time stands still once. A stop that begins at or after the
    deadline it finds changes nothing.
    """
    if len(case) == 0:
        return due_us
    order = np.lexsort((stop_us, case))
    case, stop, resume = case[order], stop_us[order], resume_us[order]
    begins = np.maximum(stop, started_us[case])
    begins = np.maximum(begins, _ended_before(case, resume))
    stood = np.maximum(resume - begins, 0)
    ran_before = begins - started_us[case] - (running_within(stood, groups_of(case)) - stood)
    counts = ran_before < (due_us - started_us)[case]
    later = np.zeros(len(due_us), np.int64)
    np.maximum.at(later, case, np.where(counts, running_within(stood, groups_of(case)), 0))
    moved: Int = np.minimum(due_us + later, FAR_US)
    return moved


def _ended_before(case: Int, resume: Int) -> Int:
    """For each stop the latest end among the stops of its case before it; rows in order."""
    rank = np.empty(len(resume), np.int64)
    by_end = np.argsort(resume, kind="stable")
    rank[by_end] = np.arange(len(resume))
    group = groups_of(case)
    latest = np.maximum.accumulate(group * len(resume) + rank) - group * len(resume)
    ends = resume[by_end][latest]
    is_first = np.concatenate([[True], case[1:] != case[:-1]])
    before: Int = np.where(is_first, -FAR_US, np.concatenate([[0], ends[:-1]]))
    return before
