"""A claim as it is told: money, the proposal with its reasons, the timeline, whose turn it is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from pydantic import Field

from xiaobao.api.shapes import Code, Moment, Money, Page, Told, money, name_of
from xiaobao.claims.facts import (
    Ask,
    Basis,
    ClaimEvent,
    ClaimKind,
    ClaimState,
    Finding,
    OfferState,
    Party,
    Stage,
)

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xiaobao.claims.facts import (
        ClaimDetail,
        ClaimMoney,
        Line,
        ListRow,
        NextAction,
        ProposedRow,
    )

State = Annotated[str, Code(ClaimState)]
PartyCode = Annotated[str, Code(Party)]
KindCode = Annotated[str, Code(ClaimKind)]


class NextTold(Told):
    """Who can or must do what, by when, and what happens otherwise."""

    party: PartyCode
    what_zh: str
    what_en: str
    by: Moment | None = Field(description="none: no clock runs")
    otherwise_zh: str
    otherwise_en: str


class SumsTold(Told):
    """What a claim could cost, what is locked for it, what was decided and paid."""

    asked: Money
    exposure: Money
    locked: Money
    uncovered: Money
    refund: Money
    freight: Money
    compensation: Money
    punitive: Money
    paid: Money
    fund: Money = Field(description="of what was paid, advanced by the guarantee fund")


class LineTold(Told):
    clause: str
    zh: str
    en: str
    amount: Money


class ProposedTold(Told):
    """The ruling that the rules propose as the claim stands, with clauses and arithmetic."""

    finding: Annotated[str, Code(Finding)]
    reason: str
    refund: Money
    freight: Money
    compensation: Money
    punitive: Money
    missing: list[str]
    missing_party: PartyCode | None
    lines: list[LineTold]
    changes: list[LineTold] = Field(description="what would change it, and what it would come to")


class OfferTold(Told):
    number: int
    party: PartyCode
    amount: Money
    with_return: bool
    state: Annotated[str, Code(OfferState)]
    words: str
    made_at: Moment
    answered_at: Moment | None


class EntryTold(Told):
    seq: int
    event: Annotated[str, Code(ClaimEvent)]
    state: State
    party: PartyCode | None
    amount: Money
    happened_at: Moment
    due_at: Moment | None
    words: str


class MayAskTold(Told):
    """What the buyer may ask for instead, until the ruling, and what it would bring, upheld."""

    ask: Annotated[str, Code(Ask)]
    amount: Money
    on_top: Money = Field(description="of it: beside the price and the freight")
    basis: Annotated[str, Code(Basis)]
    clause: str


class ClaimTold(Told):
    """The whole of one claim."""

    claim: str
    seller: str
    order: str
    buyer: str
    kind: KindCode
    ask: Annotated[str, Code(Ask)]
    stage: Annotated[str, Code(Stage)]
    state: State
    words: str
    filed_at: Moment
    appeal_until: Moment | None
    next_actions: list[NextTold]
    money: SumsTold
    proposed: ProposedTold | None
    evidence_buyer: list[str]
    evidence_seller: list[str]
    may_ask: list[MayAskTold]
    offers: list[OfferTold]
    timeline: list[EntryTold]


class ClaimListed(Told):
    claim: str
    order: str
    kind: KindCode
    ask: Annotated[str, Code(Ask)]
    state: State
    exposure: Money
    paid: Money
    filed_at: Moment
    due_at: Moment | None


class ClaimsTold(Page):
    claims: list[ClaimListed]


def claim_told(found: ClaimDetail) -> ClaimTold:
    currency = found.money.currency
    return ClaimTold(
        claim=found.claim, seller=found.seller, order=found.order, buyer=found.buyer,
        kind=name_of(found.kind), ask=name_of(found.ask), stage=name_of(found.stage),
        state=name_of(found.state), words=found.words, filed_at=found.filed_at,
        appeal_until=found.appeal_until, next_actions=actions_told(found.next_actions),
        money=_sums(found.money),
        proposed=None if found.proposed is None else _proposed(found.proposed, currency),
        evidence_buyer=found.evidence_buyer, evidence_seller=found.evidence_seller,
        may_ask=[
            MayAskTold(
                ask=name_of(one.ask), amount=money(one.amount_minor, currency),
                on_top=money(one.on_top_minor, currency), basis=name_of(one.basis),
                clause=one.clause,
            )
            for one in found.wider
        ],
        offers=[
            OfferTold(
                number=one.number, party=name_of(one.party),
                amount=money(one.amount_minor, currency), with_return=one.with_return,
                state=name_of(one.state), words=one.words, made_at=one.made_at,
                answered_at=one.answered_at,
            )
            for one in found.offers
        ],
        timeline=[
            EntryTold(
                seq=one.seq, event=name_of(one.event), state=name_of(one.state),
                party=None if one.party is None else name_of(one.party),
                amount=money(one.amount_minor, currency), happened_at=one.happened_at,
                due_at=one.due_at, words=one.words,
            )
            for one in found.timeline
        ],
    )  # fmt: skip


def actions_told(actions: Iterable[NextAction]) -> list[NextTold]:
    return [
        NextTold(
            party=name_of(one.party), what_zh=one.what_zh, what_en=one.what_en, by=one.by_at,
            otherwise_zh=one.otherwise_zh, otherwise_en=one.otherwise_en,
        )
        for one in actions
    ]  # fmt: skip


def claim_listed(row: ListRow, currency: str) -> ClaimListed:
    return ClaimListed(
        claim=row.claim, order=row.order, kind=name_of(row.kind), ask=name_of(row.ask),
        state=name_of(row.state), exposure=money(row.exposure_minor, currency),
        paid=money(row.paid_minor, currency), filed_at=row.filed_at, due_at=row.due_at,
    )  # fmt: skip


def _sums(sums: ClaimMoney) -> SumsTold:
    def of(minor: int) -> Money:
        return money(minor, sums.currency)

    return SumsTold(
        asked=of(sums.asked_minor), exposure=of(sums.exposure_minor), locked=of(sums.locked_minor),
        uncovered=of(sums.uncovered_minor), refund=of(sums.refund_minor),
        freight=of(sums.freight_back_minor), compensation=of(sums.compensation_minor),
        punitive=of(sums.punitive_minor), paid=of(sums.paid_minor), fund=of(sums.fund_minor),
    )  # fmt: skip


def _proposed(row: ProposedRow, currency: str) -> ProposedTold:
    return ProposedTold(
        finding=name_of(row.finding), reason=name_of(row.reason),
        refund=money(row.refund_minor, currency), freight=money(row.freight_minor, currency),
        compensation=money(row.compensation_minor, currency),
        punitive=money(row.punitive_minor, currency), missing=row.missing,
        missing_party=None if row.missing_party is None else name_of(row.missing_party),
        lines=lines_told(row.lines, currency), changes=lines_told(row.changes, currency),
    )  # fmt: skip


def lines_told(lines: Iterable[Line], currency: str) -> list[LineTold]:
    return [
        LineTold(clause=one.clause, zh=one.zh, en=one.en, amount=money(one.amount_minor, currency))
        for one in lines
    ]
