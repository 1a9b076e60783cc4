"""Shapes of calls about rulings: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import LineTold, Money


class CaseTold(TypedDict):
    case: str


class DecisionTold(TypedDict):
    decision: str
    round: int
    by: str
    ruler: str
    finding: str
    outcome: str
    ground: str
    is_departure: bool
    is_final: bool
    refund: Money
    freight: Money
    compensation: Money
    punitive: Money
    paid: Money
    bears: Money
    words: str
    departure: str
    sha256: str
    ruled_at: str
    lines: list[LineTold]
    content: str


class JurorTold(TypedDict):
    """A juror, with how many known cases they judged, and how many rightly."""

    juror: str
    juror_id: str
    kind: str
    cases: int
    right: int
    joined_at: str
    left_at: str | None


class PanelTold(TypedDict):
    """A panel: who was drawn, by which seed, until when they seal and open, what they came to."""

    panel: str
    seed: str
    called_at: str
    seal_until: str
    open_until: str
    quorum: int
    is_binding: bool
    is_answered: bool
    outcome: str | None
    uphold_bps: int
    reject_bps: int
    seats: list[SeatTold]


class PanelsTold(TypedDict):
    panels: list[PanelTold]


class QueueEntry(TypedDict):
    seller: str
    claim: str
    kind: str
    state: str
    is_late: bool
    due_at: str | None
    finding: str
    at_stake: Money


class ReplayTold(TypedDict):
    decision: str
    is_same: bool
    kinds: list[ReplayedTold]


class ReplayedTold(TypedDict):
    """One decision made again, beside what was stored: equal digests are equal bytes."""

    kind: str
    is_same: bool
    looked: int
    stored_sha256: str
    made_sha256: str
    differences: list[str]


class RulingTold(TypedDict):
    """One ruling as it stands, for ever; `decision` names it, and it can be replayed."""

    decision: str
    round: int
    by: str
    ruler: str
    finding: str
    outcome: str
    ground: str
    is_departure: bool
    is_final: bool
    refund: Money
    freight: Money
    compensation: Money
    punitive: Money
    paid: Money
    bears: Money
    words: str
    departure: str
    sha256: str
    ruled_at: str
    lines: list[LineTold]


class RulingsTold(TypedDict):
    rulings: list[RulingTold]


class SeatTold(TypedDict):
    """One juror's seat; votes are told once all of them are in, or their time is over."""

    juror: str
    kind: str
    weight_bps: int
    sealed_at: str | None
    opened_at: str | None
    vote: str | None
    words: str


class TestTold(TypedDict):
    juror: str
    case: str
    is_right: bool
