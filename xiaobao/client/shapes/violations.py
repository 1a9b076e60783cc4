"""Shapes of calls about violations: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import Money


class PenaltyTold(TypedDict):
    points_class: str
    points: int
    penalty: Money
    state: str
    begins_at: str
    ends_at: str
    measures_zh: list[str]
    measures_en: list[str]
    clause: str


class PromiseGiven(TypedDict):
    promise: str
    clause: str
    trigger_zh: str
    trigger_en: str
    remedy_zh: str
    remedy_en: str


class QuarterTold(TypedDict):
    quarter: str
    published_at: str
    corrections: int


class QuarterlyReportTold(TypedDict):
    """A statement and those that correct it; each is checked by `xiaobao verify` as it stands."""

    report: dict[str, Any]
    corrections: list[dict[str, Any]]


class QuartersTold(TypedDict):
    market: str
    quarters: list[QuarterTold]


class RegisterEntry(TypedDict):
    market: str
    shop: str
    violations_zh: list[str]
    violations_en: list[str]
    measures_zh: list[str]
    measures_en: list[str]
    clause: str
    begins_at: str
    ends_at: str
    published_at: str
    is_corrected: bool


class RegisterTold(TypedDict):
    entries: list[RegisterEntry]


class StandingTold(TypedDict):
    """Points of each class, and every penalty, the newest first."""

    points: list[TallyTold]
    penalties: list[PenaltyTold]


class TallyTold(TypedDict):
    points_class: str
    points: int
    added_today: int
    strikes: int
    next_at_points: int | None


class TrustTold(TypedDict):
    """Amounts of the deposit are the shop's own matter; whether it meets what is asked is not."""

    shop: str
    standing: str
    restricted_by: list[str]
    is_quoted: bool
    is_deposit_met: bool
    headroom_percent: int
    orders: int
    broken: int
    kept_bps: int
    least_bps: int
    claims_paid: int
    median_hours: int | None
    items_covered: int
    promises: list[PromiseGiven]


class ViolationEventTold(TypedDict):
    seq: int
    event: str
    state: str
    by: str
    words: str
    happened_at: str


class ViolationTold(TypedDict):
    violation: str
    seller: str
    kind: str
    points_class: str
    source: str
    state: str
    effect: str
    points: int
    strikes: int
    penalty: Money
    held: Money
    taken: Money
    units: int
    is_corrected: bool
    words: str
    clause: str
    happened_at: str
    recorded_at: str
    appeal_until: str
    decide_by: str | None


class ViolationWhole(TypedDict):
    violation: str
    seller: str
    kind: str
    points_class: str
    source: str
    state: str
    effect: str
    points: int
    strikes: int
    penalty: Money
    held: Money
    taken: Money
    units: int
    is_corrected: bool
    words: str
    clause: str
    happened_at: str
    recorded_at: str
    appeal_until: str
    decide_by: str | None
    clause_zh: str
    clause_en: str
    events: list[ViolationEventTold]
