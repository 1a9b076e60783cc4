"""Answers to questions about orders: turnover, counts, one order for a page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.kernel.columns import Columns, Int

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.orders.facts.breaches import BreachKind, Clock, Ground
    from xiaobao.orders.facts.intake import CancelReason, FactKind
    from xiaobao.orders.facts.states import Contradiction


@dataclass(frozen=True, slots=True)
class Turnover(Columns):
    """What a seller sold in a period, for the deposit quote."""

    seller_id: Int
    orders: Int
    goods_minor: Int
    open_orders: Int  # paid, not completed, not cancelled, at the end of the period
    open_goods_minor: Int
    breaches: Int
    breach_minor: Int  # paid to buyers for breaches in the period
    first_sale_us: Int  # FAR_US where there is none


@dataclass(frozen=True)
class Counts:
    """How much this room holds."""

    orders: int
    orders_placed: int
    orders_flagged: int
    facts: int
    lines: int
    clocks_open: int
    breaches: int


@dataclass(frozen=True)
class Words:
    """One text in both languages."""

    zh: str
    en: str


@dataclass(frozen=True)
class FactRow:
    kind: FactKind
    happened_at: datetime
    recorded_at: datetime
    reason: CancelReason | None
    amount_minor: int | None
    waybill: str | None


@dataclass(frozen=True)
class LineRow:
    """One ordered line as it was offered at order time."""

    item: str
    title: str
    quantity: int
    price_minor: int
    is_covered: bool
    digest: int


@dataclass(frozen=True)
class ClockRow:
    clock: Clock
    due_at: datetime
    words: Words


@dataclass(frozen=True)
class BreachRow:
    kind: BreachKind
    ground: Ground
    due_at: datetime
    base_minor: int
    owed_minor: int  # before the difference within the group and the cap per pair and day
    buyer_minor: int
    platform_minor: int
    terms_version: int
    words: Words


@dataclass(frozen=True)
class OrderDetail:
    """One order for a page: the state, every fact, the offer, the clocks, the breaches."""

    seller_id: int
    order_id: int
    order: str
    buyer: str | None
    market_id: int
    goods_minor: int
    freight_minor: int
    ordered_at: datetime | None
    flags: Contradiction
    contradictions: list[Words]
    facts: list[FactRow]
    lines: list[LineRow]
    clocks: list[ClockRow]
    breaches: list[BreachRow]
