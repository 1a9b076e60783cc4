"""Moments: aware datetimes and microseconds since 1970 UTC, midnights and days of the month."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
HOUR_US = 3_600_000_000
DAY_US = 24 * HOUR_US
_ONE = timedelta(microseconds=1)


def us_of(at: datetime) -> int:
    """Microseconds since 1970 UTC, exactly."""
    assert at.tzinfo is not None, "a moment needs its zone"
    return (at - EPOCH) // _ONE


def moment_of(at_us: int) -> datetime:
    return EPOCH + timedelta(microseconds=int(at_us))


def _each(moments_us: Int, reckon: Callable[[datetime], datetime], zone: str) -> Int:
    """`reckon` of the local time of every different moment; calendars are not arithmetic."""
    place = ZoneInfo(zone)
    different, back = np.unique(moments_us, return_inverse=True)
    made = [us_of(reckon(moment_of(m).astimezone(place))) for m in different.tolist()]
    return np.array(made, np.int64)[back]


def midnights_after(moments_us: Int, days: int, zone: str) -> Int:
    """00:00 in `zone`, `days` midnights after each moment; 1 is the next one."""

    def reckon(local: datetime) -> datetime:
        day = local.date() + timedelta(days=days)
        return datetime(day.year, day.month, day.day, tzinfo=local.tzinfo)

    return _each(moments_us, reckon, zone)


def month_days_after(moments_us: Int, day: int, zone: str) -> Int:
    """The first 00:00 in `zone` on this day of a month (1 to 28) that is after each moment."""
    assert 1 <= day <= 28, "a day that every month has"  # noqa: PLR2004

    def reckon(local: datetime) -> datetime:
        here = datetime(local.year, local.month, day, tzinfo=local.tzinfo)
        if here > local:
            return here
        year, month = (local.year + 1, 1) if local.month == 12 else (local.year, local.month + 1)  # noqa: PLR2004
        return datetime(year, month, day, tzinfo=local.tzinfo)

    return _each(moments_us, reckon, zone)
