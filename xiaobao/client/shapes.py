"""Shapes that the client sends and is told, as far as it names them itself."""

from __future__ import annotations

from typing import Any, NotRequired, TypedDict

# What is told beside: every field stands in the OpenAPI description.
Told = dict[str, Any]


class Money(TypedDict):
    """Minor units and an ISO 4217 code."""

    amount: int
    currency: str


class Fact(TypedDict):
    """One fact of one order; which field belongs to which fact: docs/import.md."""

    seller: str
    order: str
    fact: str
    at: str
    buyer: NotRequired[str]
    goods: NotRequired[Money]
    freight: NotRequired[Money]
    category: NotRequired[str]
    ship_by: NotRequired[str]
    ship_hours: NotRequired[int]
    route: NotRequired[str]
    reason: NotRequired[str]
    amount: NotRequired[Money]
    waybill: NotRequired[str]
    item: NotRequired[str]
    title: NotRequired[str]
    quantity: NotRequired[int]
    price: NotRequired[Money]


class FactsTold(TypedDict):
    orders_new: int
    facts_new: int
    facts_known: int
    contradictions: int


class NextAction(TypedDict):
    party: str
    what_zh: str
    what_en: str
    by: str | None
    otherwise_zh: str
    otherwise_en: str


class Claim(TypedDict):
    """One claim whole; `etag` names its state, to be ruled on as it was read."""

    claim: str
    seller: str
    order: str
    buyer: str
    kind: str
    ask: str
    stage: str
    state: str
    filed_at: str
    next_actions: list[NextAction]
    money: dict[str, Money]
    proposed: Told | None
    offers: list[Told]
    timeline: list[Told]
    etag: str


class Ruling(TypedDict):
    decision: str
    round: int
    outcome: str
    ground: str
    paid: Money
    bears: Money
    lines: list[Told]


class Payout(TypedDict):
    payout: str
    amount: Money
    state: str
    gateway_ref: str
