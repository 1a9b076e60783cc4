"""Answers to questions about claims: rows for lists, one claim whole, what is to be done next."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.claims.facts.cases import ClaimEvent

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts.cases import Mark, OfferState, StopReason
    from xiaobao.claims.facts.explaining import Line
    from xiaobao.claims.facts.judged import Ask, ClaimKind, ClaimState, Finding, Party, Stage
    from xiaobao.claims.facts.reasons import Basis, Reason

_ASKED = (ClaimEvent.BUYER_ASKED, ClaimEvent.SELLER_ASKED, ClaimEvent.BOTH_ASKED)


@dataclass(frozen=True)
class ClaimKey:
    """What names a claim inside the house."""

    seller_id: int
    claim_id: int


@dataclass(frozen=True)
class ClaimRow:
    """A claim as an act leaves it."""

    seller_id: int
    claim_id: int
    state: ClaimState
    marks: Mark
    exposure_minor: int
    locked_minor: int
    uncovered_minor: int
    paid_minor: int
    due_us: int  # FAR_US where nothing is due
    is_new: bool  # False where the same act stood already under the same key


@dataclass(frozen=True)
class NextAction:
    """Who can or must do what, by when, and what happens otherwise; `by_at` None: no clock."""

    party: Party
    what_zh: str
    what_en: str
    by_at: datetime | None
    otherwise_zh: str
    otherwise_en: str
    commands: tuple[str, ...] = ()  # of `xiaobao`, that do it


@dataclass(frozen=True)
class EntryRow:
    """One entry of a timeline."""

    seq: int
    event: ClaimEvent
    state: ClaimState
    party: Party | None
    amount_minor: int
    evidence: list[str]  # words of typed evidence added, or missing
    happened_at: datetime
    due_at: datetime | None
    words: str

    @property
    def names_party(self) -> bool:
        """The event's own words say whom it is about: the platform asks a party for something."""
        return self.event in _ASKED


@dataclass(frozen=True)
class OfferRow:
    number: int
    party: Party
    amount_minor: int
    with_return: bool
    state: OfferState
    words: str
    made_at: datetime
    answered_at: datetime | None


@dataclass(frozen=True)
class StopRow:
    reason: StopReason
    party: Party
    words: str
    stop_at: datetime
    until_at: datetime
    resume_at: datetime | None
    is_accepted: bool


@dataclass(frozen=True)
class StopToAccept:
    """A party's stop on an authority's document that nobody has accepted yet."""

    seller_id: int
    claim: str
    reason: StopReason
    until_at: datetime


@dataclass(frozen=True)
class BurdenStep:
    """What a party has to show: any one of these; and how the claim ends where it does not."""

    party: Party
    shows: list[str]
    is_met: bool
    due_at: datetime | None  # None where it is met, or no clock of the party runs
    silent: Finding
    other: Finding


@dataclass(frozen=True)
class BurdenTable:
    """The burden of proof of one claim: steps in order, and how it ends beyond them."""

    clause: str
    steps: tuple[BurdenStep, ...]
    bare_denial: Finding  # OPEN where the seller has nothing to show
    all_shown: Finding
    has_cure: bool  # what is missing may be shown in one more period


@dataclass(frozen=True)
class ListRow:
    """A claim in a list."""

    claim: str
    order: str
    seller_id: int
    claim_id: int
    kind: ClaimKind
    ask: Ask
    state: ClaimState
    market_id: int
    exposure_minor: int
    paid_minor: int
    filed_at: datetime
    due_at: datetime | None
    marks: Mark


@dataclass(frozen=True)
class ClaimMoney:
    """What a claim could cost, what is locked for it, what was decided and paid."""

    currency: str
    asked_minor: int
    goods_minor: int
    freight_minor: int
    exposure_minor: int
    locked_minor: int
    uncovered_minor: int
    refund_minor: int
    freight_back_minor: int
    compensation_minor: int
    punitive_minor: int
    paid_minor: int
    fund_minor: int
    test_minor: int  # of a test that the platform ordered: borne by whoever loses


@dataclass(frozen=True)
class ProposedRow:
    """The ruling that the rules propose as the claim stands, for a page."""

    finding: Finding
    refund_minor: int
    compensation_minor: int
    freight_minor: int
    punitive_minor: int
    fund_minor: int
    missing_bits: int
    missing: list[str]
    missing_party: Party | None
    reason: Reason
    basis: Basis
    is_clear: bool  # a rule may decide it
    lines: tuple[Line, ...]  # with clause and arithmetic
    changes: tuple[Line, ...]  # what would change it


@dataclass(frozen=True)
class MayAsk:
    """What a buyer may ask for: what it brings where the claim is upheld, and what it rests on."""

    ask: Ask
    amount_minor: int  # in all
    on_top_minor: int  # of it: beside the price and the freight
    basis: Basis  # of what comes on top
    clause: str


@dataclass(frozen=True)
class KindOffered:
    """A kind of claim that is heard for an order, with what may be asked, the most first."""

    kind: ClaimKind
    asks: tuple[MayAsk, ...]


@dataclass(frozen=True)
class ClaimDetail:
    """The whole of one claim."""

    seller_id: int
    claim_id: int
    claim: str
    order: str
    buyer: str
    seller: str
    market_id: int
    kind: ClaimKind
    ask: Ask
    stage: Stage
    state: ClaimState
    marks: Mark
    words: str
    filed_at: datetime
    appeal_until: datetime | None
    next_actions: list[NextAction]
    money: ClaimMoney
    proposed: ProposedRow | None
    abuse: list[str]
    evidence_buyer: list[str]
    evidence_seller: list[str]
    offers: list[OfferRow]
    stops: list[StopRow]
    wider: list[MayAsk]  # what the buyer may still ask for instead, the most first
    timeline: list[EntryRow]
