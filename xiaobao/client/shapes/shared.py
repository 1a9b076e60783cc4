"""Shapes that several calls share: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TypedDict


class ClaimTold(TypedDict):
    """The whole of one claim."""

    claim: str
    seller: str
    order: str
    buyer: str
    kind: str
    ask: str
    stage: str
    state: str
    words: str
    filed_at: str
    appeal_until: str | None
    next_actions: list[NextTold]
    money: SumsTold
    proposed: ProposedTold | None
    evidence_buyer: list[str]
    evidence_seller: list[str]
    may_ask: list[MayAskTold]
    offers: list[OfferTold]
    timeline: list[EntryTold]
    etag: str


class EntryTold(TypedDict):
    seq: int
    event: str
    state: str
    party: str | None
    amount: Money
    happened_at: str
    due_at: str | None
    words: str


class LineTold(TypedDict):
    clause: str
    zh: str
    en: str
    amount: Money


class MayAskTold(TypedDict):
    """What the buyer may ask for instead, until the ruling, and what it would bring, upheld."""

    ask: str
    amount: Money
    on_top: Money
    basis: str
    clause: str


class Money(TypedDict):
    """An amount in minor units (fen, cents) and its ISO 4217 currency."""

    amount: int
    currency: str


class NextTold(TypedDict):
    """Who can or must do what, by when, and what happens otherwise."""

    party: str
    what_zh: str
    what_en: str
    by: str | None
    otherwise_zh: str
    otherwise_en: str


class OfferTold(TypedDict):
    number: int
    party: str
    amount: Money
    with_return: bool
    state: str
    words: str
    made_at: str
    answered_at: str | None


class ProposedTold(TypedDict):
    """The ruling that the rules propose as the claim stands, with clauses and arithmetic."""

    finding: str
    reason: str
    refund: Money
    freight: Money
    compensation: Money
    punitive: Money
    missing: list[str]
    missing_party: str | None
    lines: list[LineTold]
    changes: list[LineTold]


class SumsTold(TypedDict):
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
    fund: Money
