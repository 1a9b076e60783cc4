"""Shapes of calls about deposits: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import Money


class CoverTold(TypedDict):
    cover: str
    insurer: str
    limit: Money
    drawn: Money
    premium: Money
    begins_at: str
    ends_at: str


class DepositTold(TypedDict):
    """What is asked for, what counts towards it, what is held and owed, and the clocks."""

    seller: str
    required: Money
    available: Money
    deposit: Money
    frozen: Money
    reserve: Money
    cover: Money
    locked: Money
    leaving: Money
    debt: Money
    refunds: Money
    shortfall: Money
    is_zero_start: bool
    step: str
    quoted_at: str
    next_quote_at: str | None
    short_since: str | None
    top_up_due_at: str | None


class LodgementTold(TypedDict):
    """Money on its way in; `unknown` and `requested` are asked about until they are certain."""

    lodgement: str
    amount: Money
    state: str
    asked_at: str
    answered_at: str | None
    gateway_ref: str
    frozen: bool
    pay_at: str


class MixTold(TypedDict):
    """What a seller chose in place of cash, its covers, and what happened on its ladder."""

    seller: str
    reserve_bps: int
    deferred: Money
    instalment: Money
    next_due_at: str | None
    covers: list[CoverTold]
    ladder: list[RungTold]


class PayoutTold(TypedDict):
    payout: str
    amount: Money
    state: str
    attempts: int
    created_at: str
    next_at: str | None
    ended_at: str | None
    gateway_ref: str


class PostingTold(TypedDict):
    seq: int
    at: str
    source: str
    target: str
    amount: Money
    source_after: Money
    target_after: Money
    why: str
    why_zh: str
    why_en: str
    cause: str


class QuoteLineTold(TypedDict):
    line: str
    amount: Money
    clause: str
    zh: str
    en: str
    lower_zh: str
    lower_en: str
    saves: Money


class QuoteTold(TypedDict):
    """A quote explained: its lines sum to what is required."""

    seller: str
    quoted_at: str
    required: Money
    is_zero_start: bool
    lines: list[QuoteLineTold]
    next_quote_at: str | None


class RungTold(TypedDict):
    seq: int
    event: str
    step: str
    shortfall: Money
    happened_at: str
