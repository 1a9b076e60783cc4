"""The numbers of this room: basic promises, the clocks a pack sets, what makes a change major."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import ClassVar

from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.promises.facts import ClockKind, Promise


class QuietFrom(IntEnum):
    """From when the quiet time of an exit counts; sources disagree, so the pack says."""

    COMPLETED = 1  # of the last trade
    CLOSING = 2  # the application


@dataclass(frozen=True, slots=True)
class PromiseTerms(Columns):
    """Which promises the market knows; basic ones come with the agreement."""

    TABLE: ClassVar[str] = "promises"
    KEY: ClassVar[type[Promise] | None] = Promise

    version: Int
    is_basic: Mask


@dataclass(frozen=True, slots=True)
class ClockTerms(Columns):
    """How long something may take; see `rules.clocks.due_of`."""

    TABLE: ClassVar[str] = "clocks"
    KEY: ClassVar[type[ClockKind] | None] = ClockKind

    version: Int
    amount: Int
    unit: Int  # ClockUnit
    opens_minute: Int  # of the day, for WINDOW_HOURS; 0 elsewhere
    closes_minute: Int


@dataclass(frozen=True, slots=True)
class MajorityTerms(Columns):
    """When a change of rules is major; see `rules.majority`."""

    TABLE: ClassVar[str] = "majority"
    KEY: ClassVar[type[Promise] | None] = None

    version: Int
    change_bps: Int
    touch_bps: Int
    sellers_bps: Int
