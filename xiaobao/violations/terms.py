"""The numbers of violations: what each kind counts, how points expire, what follows from them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xiaobao.claims.facts import ClaimKind
from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.orders.facts import BreachKind
from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.violations.facts import PenaltyStep


@dataclass(frozen=True, slots=True)
class KindTerms(Columns):
    """What a violation of a kind counts."""

    TABLE: ClassVar[str] = "violation_kinds"
    KEY: ClassVar[type[ViolationKind] | None] = ViolationKind

    version: Int
    points_class: Int  # PointsClass
    points: Int
    strikes: Int
    penalty_minor: Int
    lenient_times: Int  # so many of the first are reminded of, without points
    lenient_units: Int  # where they are about no more orders or items than this
    is_correction_asked: Mask  # and only where the seller corrected what was wrong
    bundle_days: Int  # the same incident within so many days counts once; 0: always anew
    cap_days: Int  # within so many days
    cap_points: Int  # the kind counts no more than this; 0: no cap


@dataclass(frozen=True, slots=True)
class ClassTerms(Columns):
    """How the points of a class expire."""

    TABLE: ClassVar[str] = "violation_classes"
    KEY: ClassVar[type[PointsClass] | None] = PointsClass

    version: Int
    is_cleared_yearly: Mask  # on 31 December at 24:00 in the market's zone
    kept_from_points: Int  # who has as many keeps `kept_points` of them; 0: nobody does
    kept_points: Int
    never_cleared_points: Int  # who has as many keeps all of them; 0: nobody does
    life_days: Int  # points count so many days after their own; 0: until they are cleared


@dataclass(frozen=True, slots=True)
class StepTerms(Columns):
    """One rung of the penalties of a class."""

    TABLE: ClassVar[str] = "violation_steps"
    KEY: ClassVar[type[PenaltyStep] | None] = PenaltyStep

    version: Int
    at_points: Int
    again_points: Int  # and again at every so many points more; 0: once
    at_strikes: Int  # or at so many strikes; 0: strikes do not lead here
    days: Int
    is_warned: Mask
    is_listing_stopped: Mask
    is_campaign_barred: Mask
    is_hidden: Mask
    is_closed: Mask
    is_restricting: Mask  # the seller's standing becomes restricted
    is_forced_out: Mask


@dataclass(frozen=True, slots=True)
class BreachTerms(Columns):
    """How often a promise may break in a period before that is a violation."""

    TABLE: ClassVar[str] = "violation_breaches"
    KEY: ClassVar[type[BreachKind] | None] = BreachKind

    version: Int
    violation: Int  # ViolationKind
    least_breaches: Int
    share_bps: Int  # of the orders placed in the period


@dataclass(frozen=True, slots=True)
class RulingTerms(Columns):
    """Which claims, once ruled for the buyer and final, are a violation of what kind."""

    TABLE: ClassVar[str] = "violation_claims"
    KEY: ClassVar[type[ClaimKind] | None] = ClaimKind

    version: Int
    violation: Int  # ViolationKind


@dataclass(frozen=True, slots=True)
class RuleTerms(Columns):
    """How violations are found, shown and enforced; one row at a time."""

    TABLE: ClassVar[str] = "violation_rules"
    KEY: ClassVar[type[PenaltyStep] | None] = None

    version: Int
    breach_period_days: Int  # periods follow one another, counted from Monday 1970-01-05
    forced_exit_wait_days: Int  # from the decision until it is carried out
    money_published_days: Int  # how long penalty money alone stays published
    is_natural_person_masked: Mask
