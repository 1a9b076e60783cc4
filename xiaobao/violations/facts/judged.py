"""What is judged and counted, as columns: violations, points per class, a day of them."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao.kernel.columns import Columns, Int, Mask

RULES_VERSION = 2


@dataclass(frozen=True, slots=True)
class ViolationFacts(Columns):
    """What a violation's weight is judged on, one row each.

    What went before counts only as far as it was not revoked.
    """

    kind: Int  # ViolationKind
    units: Int  # how many orders or items it is about
    is_corrected: Mask  # the seller mended it by itself
    earlier: Int  # violations of the kind before this one
    is_same_incident: Mask  # the same incident was recorded within the pack's days
    points_in_cap: Int  # counted for the kind within the pack's days for its cap


@dataclass(frozen=True, slots=True)
class Weights(Columns):
    """What each violation counts: its effect, points in its class, strikes and penalty money."""

    effect: Int  # Effect
    points_class: Int  # PointsClass
    points: Int
    strikes: Int
    penalty_minor: Int


@dataclass(frozen=True, slots=True)
class NewViolations(Columns):
    """Violations to be recorded, one row each; their names, words and author stand beside."""

    seller_id: Int
    violation_id: Int  # of its name
    kind: Int
    source: Int  # Source
    incident_id: Int  # 0: an incident of its own
    subject_id: Int  # the claim, or the first day of the period; 0 where none
    units: Int
    is_corrected: Mask
    happened_us: Int


@dataclass(frozen=True, slots=True)
class Cases(Columns):
    """Violations as they stand, as far as acts move them; unknown moments are FAR_US."""

    seller_id: Int
    violation_id: Int
    points: Int
    penalty_minor: Int
    held_minor: Int
    taken_hold_minor: Int
    taken_deposit_minor: Int
    taken_fund_minor: Int
    recorded_us: Int
    appeal_until_us: Int
    decide_by_us: Int
    due_us: Int
    counted_day: Int
    expires_day: Int
    seq: Int
    market_id: Int
    kind: Int
    points_class: Int
    state: Int
    strikes: Int
    is_waived: Mask


@dataclass(frozen=True, slots=True)
class Tallies(Columns):
    """Points and strikes of one class of one seller, one row each, as a day leaves them."""

    seller_id: Int
    points_class: Int
    points: Int
    strikes: Int


@dataclass(frozen=True, slots=True)
class TalliesHeld(Columns):
    """Tallies as they stand in the house: how far they were counted, and when next."""

    seller_id: Int
    points_class: Int
    points: Int
    strikes: Int
    market_id: Int
    day: Int  # the last day counted; 0 before the first
    due_us: Int  # the end of the day to be counted next; FAR_US where none is


@dataclass(frozen=True, slots=True)
class Looks(Columns):
    """How far markets were looked at for violations; a due moment is FAR_US where none is."""

    market_id: Int
    rulings_until_us: Int
    rulings_due_us: Int
    breaches_until_us: Int
    breaches_due_us: Int


@dataclass(frozen=True, slots=True)
class Today(Columns):
    """What one day brings each tally."""

    points: Int  # of violations decided today
    strikes: Int
    penalty_minor: Int
    expiring: Int  # points whose life ends today
    is_year_end: Mask  # 31 December in the market's zone


@dataclass(frozen=True, slots=True)
class Stepped(Columns):
    """What a day leaves: the tally, and the penalty that begins at the midnight after it."""

    reached: Int  # points before what expires and is cleared tonight: what the rungs ask
    points: Int
    strikes: Int
    rung: Int  # the highest rung that is newly reached; MONEY_RUNG with `begins` for money alone
    begins: Mask
    is_forced_out: Mask


@dataclass(frozen=True, slots=True)
class Counted(Columns):
    """Violations as far as points go; revoked ones are left out by whoever asks."""

    seller_id: Int
    points_class: Int
    day: Int  # local, since 1970-01-01
    points: Int
    strikes: Int
    penalty_minor: Int
    expires_day: Int  # the last day on which the points count; FAR_DAY without end


@dataclass(frozen=True, slots=True)
class ForcedExits(Columns):
    """Decisions that sellers have to leave, to be carried out."""

    seller_id: Int
    market_id: Int
    day: Int
    step: Int  # PenaltyStep
    points: Int
    strikes: Int
    decided_us: Int
    due_us: Int


FAR_DAY = 2**31 - 1
