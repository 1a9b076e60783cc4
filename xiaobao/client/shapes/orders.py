"""Shapes of calls about orders: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, NotRequired, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import Money


class AccountTold(TypedDict):
    buyer: str
    is_bound: bool


class BreachTold(TypedDict):
    """A promise not kept, found on the facts; paid by itself where the promise says so."""

    breach: str
    ground: str
    due_at: str
    buyer: Money
    platform: Money
    zh: str
    en: str


class FactAsked(TypedDict):
    """One fact about one order; which field belongs to which fact: docs/import.md."""

    seller: str
    order: str
    fact: str
    at: str
    buyer: NotRequired[str | None]
    goods: NotRequired[Money | None]
    freight: NotRequired[Money | None]
    category: NotRequired[str | None]
    ship_by: NotRequired[str | None]
    ship_hours: NotRequired[int | None]
    route: NotRequired[str | None]
    reason: NotRequired[str | None]
    amount: NotRequired[Money | None]
    waybill: NotRequired[str | None]
    item: NotRequired[str | None]
    title: NotRequired[str | None]
    quantity: NotRequired[int | None]
    price: NotRequired[Money | None]


class FactTold(TypedDict):
    fact: str
    at: str
    recorded_at: str
    reason: str | None
    amount: Money | None
    waybill: str | None


class FactsTold(TypedDict):
    """What a batch of facts brought; `contradictions` counts orders newly flagged."""

    orders_new: int
    facts_new: int
    facts_known: int
    contradictions: int


class LinkTold(TypedDict):
    """Where the buyer of one order gets in, once; put it behind the consoles' own address."""

    seller: str
    order: str
    path: str
    until: str


class OrderClockTold(TypedDict):
    clock: str
    due_at: str
    zh: str
    en: str


class OrderLineTold(TypedDict):
    item: str
    title: str
    quantity: int
    price: Money
    is_covered: bool


class OrderTold(TypedDict):
    """All of one order."""

    seller: str
    order: str
    buyer: str | None
    goods: Money
    freight: Money
    ordered_at: str | None
    facts: list[FactTold]
    lines: list[OrderLineTold]
    clocks: list[OrderClockTold]
    breaches: list[BreachTold]
    contradictions_zh: list[str]
    contradictions_en: list[str]


class ReportTold(TypedDict):
    """One report; while it waits the clocks of its order stand."""

    seller: str
    order: str
    happened_at: str
    reported_at: str
    due_at: str
    state: str
    until: str | None
    decided_at: str | None
    words: str
