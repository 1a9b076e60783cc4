"""Rows for pages, commands and other rooms; all frozen."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import PointsClass, ViolationKind
    from xiaobao.violations.facts.kinds import (
        BlockKind,
        Effect,
        Event,
        ForcedExitState,
        PenaltyState,
        Source,
        State,
    )


@dataclass(frozen=True)
class OpenViolation:
    """One thing a violation leaves open: what, why, what is held for it, and when it clears.

    It clears at `clears_us` by itself, with nothing new happening, and not before.
    """

    block: BlockKind
    violation: str  # its name; of a penalty, the violations behind it
    kind: ViolationKind | None  # None for a penalty
    held_minor: int
    unheld_minor: int  # of its money, what the deposit could not cover when it was recorded
    is_reminder: bool  # it counts no points and costs nothing: appealed against, but in no way
    clears_us: int
    clause: str
    zh: str
    en: str


@dataclass(frozen=True)
class ViolationKey:
    """What names a violation inside the house."""

    seller_id: int
    violation_id: int


@dataclass(frozen=True)
class EventRow:
    seq: int
    event: Event
    state: State
    by: str
    words: str
    happened_at: datetime


@dataclass(frozen=True)
class ViolationRow:
    """One violation as it stands."""

    violation: str
    seller: str
    seller_id: int
    violation_id: int
    market_id: int
    kind: ViolationKind
    points_class: PointsClass
    source: Source
    state: State
    effect: Effect
    points: int
    strikes: int
    penalty_minor: int
    held_minor: int
    taken_minor: int
    is_waived: bool
    currency: str
    units: int
    is_corrected: bool
    words: str
    clause: str
    recorded_by: str
    happened_at: datetime
    recorded_at: datetime
    appeal_until: datetime
    decide_by: datetime | None
    terms_version: int
    rules_version: int


@dataclass(frozen=True)
class ViolationDetail:
    """One violation whole."""

    row: ViolationRow
    clause_zh: str
    clause_en: str
    earlier: int
    is_same_incident: bool
    points_in_cap: int
    events: tuple[EventRow, ...]


@dataclass(frozen=True)
class TallyRow:
    """Points of one class: as the last night left them, and what today added."""

    points_class: PointsClass
    points: int
    added_today: int
    strikes: int
    next_at_points: int | None  # the next rung, where there is one


@dataclass(frozen=True)
class PenaltyRow:
    """A penalty: what it restricts, from when to when, and where it stands."""

    seller: str
    seller_id: int
    market_id: int
    day: int
    step: int
    points_class: PointsClass
    points: int
    penalty_minor: int
    currency: str
    state: PenaltyState
    begins_at: datetime
    ends_at: datetime
    published_at: datetime
    publish_by: datetime
    measures_zh: tuple[str, ...]
    measures_en: tuple[str, ...]
    clause: str
    kinds: tuple[ViolationKind, ...]
    corrected_at: datetime | None


@dataclass(frozen=True)
class RegisterRow:
    """One entry of the public register: nothing in it that may not be shown to everybody."""

    market: str
    shop: str  # masked for natural persons
    is_masked: bool
    violations_zh: tuple[str, ...]
    violations_en: tuple[str, ...]
    measures_zh: tuple[str, ...]
    measures_en: tuple[str, ...]
    clause: str
    penalty_minor: int
    currency: str
    begins_at: datetime
    ends_at: datetime
    published_at: datetime
    publish_by: datetime
    is_corrected: bool  # revoked: the entry is a correction now
    corrected_at: datetime | None
    tie: str  # sorts what was published at one moment, and says nothing more


@dataclass(frozen=True)
class ForcedExitRow:
    seller_id: int
    day: int
    step: int
    points: int
    strikes: int
    state: ForcedExitState
    decided_at: datetime
    due_at: datetime
    done_at: datetime | None


@dataclass(frozen=True)
class Totals:
    """How much this room holds, since the beginning."""

    violations: int
    reminded: int
    points: int  # of what was not revoked
    taken_minor: int
    held_minor: int
    penalties: int
    running: int
    ended: int
    revoked: int
    published_in_time: int
    forced_exits: int


@dataclass(frozen=True)
class LookReport:
    """What a look for violations found."""

    looked: int = 0
    recorded: int = 0

    def __add__(self, other: LookReport) -> LookReport:
        return LookReport(self.looked + other.looked, self.recorded + other.recorded)


@dataclass(frozen=True)
class MoveReport:
    """What clocks of violations and penalties did."""

    looked: int = 0
    confirmed: int = 0
    missed: int = 0
    stepped: int = 0
    begun: int = 0
    ended: int = 0
    forced: int = 0

    def __add__(self, other: MoveReport) -> MoveReport:
        return MoveReport(
            self.looked + other.looked,
            self.confirmed + other.confirmed,
            self.missed + other.missed,
            self.stepped + other.stepped,
            self.begun + other.begun,
            self.ended + other.ended,
            self.forced + other.forced,
        )
