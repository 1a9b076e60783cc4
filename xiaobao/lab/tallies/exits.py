"""Exits that sellers asked for, and how they would have begun under either policy."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import HOUR_US, days_of
from xiaobao.kernel.columns import FAR_US, Int
from xiaobao.lab.history.shapes import month_of
from xiaobao.lab.tallies.shapes import Sums, summed

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone
    from xiaobao.lab.history.tables import Checks
    from xiaobao.lab.replay.exits import Left


class Easing(IntEnum):
    """What becomes of an exit when the pack changes; when comes before how much."""

    SAME = 0
    DELAYED = 1  # the last of the deposit leaves later
    EASED = 2  # or sooner
    LESS = 3  # as soon, and less leaves at once
    MORE = 4


def tally_of_exits(checks: Checks, old: Left, new: Left, zone: Zone) -> Sums:
    """The first check of each exit: what it says there and then."""
    first = np.flatnonzero(checks.is_first)
    c, was, now = checks.take(first), old.take(first), new.take(first)
    change: Int = np.select(
        [now.over_us > was.over_us, now.over_us < was.over_us, now.free_minor < was.free_minor,
         now.free_minor > was.free_minor],
        [Easing.DELAYED, Easing.EASED, Easing.LESS, Easing.MORE],
        Easing.SAME,
    ).astype(np.int64)  # fmt: skip
    hours, is_open = zip(*(_waits(c.checked_us, left) for left in (was, now)), strict=True)
    return summed(
        [month_of(days_of(c.checked_us, zone)), c.scope, change],
        [np.ones(len(c), np.int64), was.free_minor, now.free_minor, was.kept_minor,
         now.kept_minor, *hours, *is_open],
    )  # fmt: skip


def _waits(checked_us: Int, left: Left) -> tuple[Int, Int]:
    """Hours until the last thing ends, rounded up; and where nothing but an act ends it."""
    is_open = left.over_us >= FAR_US
    hours = -(-(np.where(is_open, checked_us, left.over_us) - checked_us) // HOUR_US)
    return hours, is_open.astype(np.int64)
