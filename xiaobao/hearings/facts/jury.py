"""The jury: jurors, panels drawn for a case, sealed votes, and what they come to."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

from xiaobao.kernel.columns import Columns, Int

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from xiaobao.hearings.facts.ruled import Outcome


class JurorKind(IntEnum):
    """A panel has seats for each kind, so that no side is all of it."""

    BUYER = 1
    SELLER = 2
    EXPERT = 3


class Vote(IntEnum):
    UPHOLD = 1
    REJECT = 2


@dataclass(frozen=True, slots=True)
class Candidates(Columns):
    """Jurors who may sit on a panel: known to judge well enough, and without ties to the case."""

    juror_id: Int
    kind: Int  # JurorKind
    weight_bps: Int  # of their vote, by the known cases they judged rightly


@dataclass(frozen=True, slots=True)
class Votes(Columns):
    """Votes that were opened."""

    vote: Int  # Vote
    weight_bps: Int


@dataclass(frozen=True)
class Tally:
    """What opened votes come to; `outcome` None where they decide nothing."""

    outcome: Outcome | None
    votes: int
    uphold_bps: int  # summed weights
    reject_bps: int


@dataclass(frozen=True)
class JurorRow:
    juror_id: int
    name: str
    kind: JurorKind
    cases: int  # known cases judged
    right: int
    joined_at: datetime
    left_at: datetime | None


@dataclass(frozen=True)
class SeatRow:
    juror_id: int
    name: str
    kind: JurorKind
    weight_bps: int
    sealed_at: datetime | None
    opened_at: datetime | None
    vote: Vote | None  # None until it is opened
    words: str


@dataclass(frozen=True)
class PanelRow:
    """A panel as it stands."""

    reference: UUID
    seller_id: int
    claim_id: int
    number: int
    key: int  # of the act that called it
    seed: int
    called_at: datetime
    seal_until: datetime
    open_until: datetime
    quorum: int
    majority_bps: int
    is_binding: bool
    tally: Tally | None  # None until the jury has answered, or its time is over
    answered_at: datetime | None
    seats: list[SeatRow]
    is_new: bool = True


@dataclass(frozen=True)
class HeldSeat:
    """One juror's seat on one panel, with the panel's clocks."""

    seller_id: int
    claim_id: int
    called_at: datetime
    seal_until: datetime
    open_until: datetime
    sealed_at: datetime | None
    opened_at: datetime | None
    answered_at: datetime | None
