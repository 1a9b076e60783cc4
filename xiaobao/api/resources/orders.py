"""One order whole: what was told of it, which clocks run, what was found and paid."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Router

from xiaobao.api.asking import NotFound, needs, shop_in
from xiaobao.api.shapes import Code, Moment, Money, Shop, Told, money, name_of
from xiaobao.orders import queries
from xiaobao.orders.facts import BreachKind, CancelReason, Clock, FactKind, Ground

router = Router(tags=["orders"])


class FactTold(Told):
    fact: Annotated[str, Code(FactKind)]
    at: Moment
    recorded_at: Moment
    reason: Annotated[str, Code(CancelReason)] | None
    amount: Money | None
    waybill: str | None


class OrderLineTold(Told):
    item: str
    title: str
    quantity: int
    price: Money
    is_covered: bool


class OrderClockTold(Told):
    clock: Annotated[str, Code(Clock)]
    due_at: Moment
    zh: str
    en: str


class BreachTold(Told):
    """A promise not kept, found on the facts; paid by itself where the promise says so."""

    breach: Annotated[str, Code(BreachKind)]
    ground: Annotated[str, Code(Ground)]
    due_at: Moment
    buyer: Money
    platform: Money
    zh: str
    en: str


class OrderTold(Told):
    """All of one order."""

    seller: str
    order: str
    buyer: str | None
    goods: Money
    freight: Money
    ordered_at: Moment | None
    facts: list[FactTold]
    lines: list[OrderLineTold]
    clocks: list[OrderClockTold]
    breaches: list[BreachTold]
    contradictions_zh: list[str]
    contradictions_en: list[str]


@router.get(
    "/sellers/{name:seller}/orders/{name:order}", **needs("orders:read"), response=OrderTold,
    summary="One order whole",
)  # fmt: skip
def one_order(request: HttpRequest, seller: Shop, order: str) -> OrderTold:
    row = shop_in(request, seller)
    found = queries.order_of(row.name, order)
    if found is None:
        raise NotFound(what_zh="订单", what_en="order")

    def of(minor: int) -> Money:
        return money(minor, row.currency)

    return OrderTold(
        seller=row.name, order=found.order, buyer=found.buyer, goods=of(found.goods_minor),
        freight=of(found.freight_minor), ordered_at=found.ordered_at,
        facts=[
            FactTold(
                fact=name_of(one.kind), at=one.happened_at, recorded_at=one.recorded_at,
                reason=None if one.reason is None else name_of(one.reason),
                amount=None if one.amount_minor is None else of(one.amount_minor),
                waybill=one.waybill,
            )
            for one in found.facts
        ],
        lines=[
            OrderLineTold(
                item=one.item, title=one.title or "", quantity=one.quantity,
                price=of(one.price_minor), is_covered=one.is_covered,
            )
            for one in found.lines
        ],
        clocks=[
            OrderClockTold(clock=name_of(one.clock), due_at=one.due_at, zh=one.words.zh,
                      en=one.words.en)
            for one in found.clocks
        ],
        breaches=[
            BreachTold(
                breach=name_of(one.kind), ground=name_of(one.ground), due_at=one.due_at,
                buyer=of(one.buyer_minor), platform=of(one.platform_minor), zh=one.words.zh,
                en=one.words.en,
            )
            for one in found.breaches
        ],
        contradictions_zh=[one.zh for one in found.contradictions],
        contradictions_en=[one.en for one in found.contradictions],
    )  # fmt: skip
