"""Quarters of a market's own calendar: which one a moment is in, and when one begins."""

from __future__ import annotations

import re
from datetime import date, timedelta
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import days_of, midnight_of
from xiaobao.trust.facts import Quarter

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone

_NAMED = re.compile(r"(20[0-9]{2})-Q([1-4])")
_EPOCH = date(1970, 1, 1)
_MONTHS, _QUARTERS = 3, 4


def quarter_named(name: str) -> Quarter | None:
    """2025-Q3 as a quarter; None where it is no name of one."""
    found = _NAMED.fullmatch(name)
    return Quarter(int(found[1]), int(found[2])) if found else None


def quarter_at(us: int, zone: Zone) -> Quarter:
    """The quarter that a moment is in."""
    return quarter_from(int(days_of(np.array([us]), zone)[0]))


def quarter_from(day: int) -> Quarter:
    """The quarter that a local day is in, counted from 1970-01-01."""
    at = _EPOCH + timedelta(days=day)
    return Quarter(at.year, (at.month - 1) // _MONTHS + 1)


def first_day(quarter: Quarter) -> int:
    """Its first day, counted from 1970-01-01."""
    return (date(quarter.year, quarter.number * _MONTHS - 2, 1) - _EPOCH).days


def following(quarter: Quarter) -> Quarter:
    if quarter.number == _QUARTERS:
        return Quarter(quarter.year + 1, 1)
    return Quarter(quarter.year, quarter.number + 1)


def span_us(quarter: Quarter, zone: Zone) -> tuple[int, int]:
    """From its first moment to that of the next."""
    days = np.array([first_day(quarter), first_day(following(quarter))])
    begins, ends = midnight_of(days, zone).tolist()
    return begins, ends


def ends_us(quarter: Quarter, zone: Zone, later_days: int) -> int:
    """The midnight so many days after its end."""
    day = first_day(following(quarter)) + later_days
    return int(midnight_of(np.array([day]), zone)[0])
