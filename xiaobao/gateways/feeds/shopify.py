"""Bodies of Shopify as order facts: orders, fulfilments and their events, refunds, disputes.

Shopify's decimals are exact text and its times carry a zone. What the buyer paid without freight
is the goods, taxes and discounts among it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.gateways.feeds.bodies import BodyFeed, Reader, read_bodies
from xiaobao.gateways.feeds.comparing import Said
from xiaobao.gateways.feeds.faults import FileUnusable, Words
from xiaobao.gateways.feeds.json_entries import Placed
from xiaobao.gateways.feeds.telling import Cell
from xiaobao.orders.facts import CancelReason, FactKind

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.promises.facts import Market

KINDS = ("order", "fulfillment", "fulfillment_event", "refund", "dispute")
UNKNOWN = Words(
    "不是已知的 Shopify 内容；支持 order、fulfillment、fulfillment_event、refund、dispute "
    "及其复数",
    "this is nothing of Shopify that is known: order, fulfillment, fulfillment_event, refund, "
    "dispute, and lists of them",
)
NO_ORDER = Words(
    "没有订单号，无从归属；请在 Shopify 中查出订单并填写 order_id",
    "this belongs to no order; find the order in Shopify and fill in order_id",
)
FREIGHT_ABOVE = Words("运费大于总价", "the freight is more than the total")
PAID = ("paid", "partially_refunded", "refunded")
CANCELLED_BY = {
    "customer": CancelReason.BUYER, "declined": CancelReason.BUYER,
    "inventory": CancelReason.OUT_OF_STOCK, "fraud": CancelReason.OTHER,
    "staff": CancelReason.OTHER, "other": CancelReason.OTHER,
}  # fmt: skip
# A fulfilment that failed or was called off moved nothing.
SHIPPED = ("pending", "open", "success")
EVENTS = {
    "label_purchased": FactKind.LABELLED, "label_printed": FactKind.LABELLED,
    "carrier_picked_up": FactKind.SCANNED, "in_transit": FactKind.SCANNED,
    "out_for_delivery": FactKind.SCANNED, "attempted_delivery": FactKind.SCANNED,
    "ready_for_pickup": FactKind.SCANNED, "delivered": FactKind.DELIVERED,
}  # fmt: skip
LOST = ("lost", "accepted", "charge_refunded")


def read_shopify(file: Path, market: Market, *, seller: str) -> BodyFeed:
    """Read a file of bodies of one shop.

    :raises FileUnusable: in one of its kinds, where the file as a whole cannot be read
    """
    return read_bodies(file, market, seller, found_in=_found, reader_of=_Reader)


def _found(file: Path, body: Placed) -> list[tuple[str, Placed]]:
    # What Shopify pushes is the thing itself, without a name around it.
    for kind, marks in (("dispute", {"evidence_due_by"}), ("refund", {"refund_line_items"}),
                        ("fulfillment", {"tracking_number", "order_id"}),
                        ("order", {"line_items", "financial_status"})):  # fmt: skip
        if marks <= body.keys():
            return [(kind, body)]
    for kind in KINDS:
        if isinstance(body.get(kind), Placed):
            return [(kind, body[kind])]
        if isinstance(body.get(f"{kind}s"), list):
            return [(kind, one) for one in body.many(f"{kind}s")]
    raise FileUnusable(file, UNKNOWN, line=body.line)


class _Reader(Reader):
    """Of each kind of entry what it tells."""

    def _who(self, row: int, order: Cell) -> dict[str, Cell]:
        self.telling.about(row, self.seller, order.text)
        if not order:
            self.telling.blame(row, order.field, NO_ORDER)
        return {"seller": Cell("", self.seller), "order": order}

    def order(self, row: int, one: Placed) -> None:
        tell, money, who = self.telling.tell, self.telling.money, self._who(row, one.cell("id"))
        created, total = one.cell("created_at"), money(row, one.cell("total_price"))
        self.telling.must(row, created, total)
        freight = self._freight(row, one)
        goods = int(total.text or 0) - int(freight.text or 0)
        if goods < 0:
            self.telling.blame(row, freight.field, FREIGHT_ABOVE)
        customer = one.get("customer")
        named = customer.cell("id") if isinstance(customer, Placed) else Cell("customer")
        buyer = named or one.cell("email", "contact_email")
        tell(
            row, FactKind.PLACED, at=created, goods=Cell("total_price", str(max(goods, 0))),
            freight=freight, currency=one.cell("currency"),
            buyer=buyer or Cell("customer", f"shopify-order-{who['order'].text}"), **who,
        )  # fmt: skip
        for line in one.many("line_items"):
            item, count = line.cell("product_id", "id"), line.cell("quantity")
            price = money(row, line.cell("price"))
            self.telling.must(row, item, count, price)
            tell(row, FactKind.LINE, at=created, item=item, title=line.cell("title"),
                 quantity=count, price=price, **who)  # fmt: skip
        if one.cell("financial_status").text in PAID:
            tell(row, FactKind.PAID, at=one.cell("processed_at", "created_at"), **who)
        reason = CANCELLED_BY.get(one.cell("cancel_reason").text)
        tell(row, FactKind.CANCELLED, at=one.cell("cancelled_at"),
             reason=Cell("cancel_reason", reason.name.lower() if reason else ""),
             **who)  # fmt: skip
        for part in one.many("fulfillments"):
            self._fulfilled(row, part, who)
        for part in one.many("refunds"):
            self._refunded(row, part, who)
        self.said.append(
            Said(row, self.seller, who["order"].text, buyer.text, created.text, str(goods),
                 freight.text)
        )  # fmt: skip

    def _freight(self, row: int, one: Placed) -> Cell:
        whole: Any = one.get("total_shipping_price_set")
        if isinstance(whole, Placed) and isinstance(whole.get("shop_money"), Placed):
            return self.telling.money(row, whole["shop_money"].cell("amount"))
        prices = [
            self.telling.money(row, part.cell("price")) for part in one.many("shipping_lines")
        ]
        return Cell("shipping_lines", str(sum(int(cell.text or 0) for cell in prices)))

    def fulfillment(self, row: int, one: Placed) -> None:
        self._fulfilled(row, one, self._who(row, one.cell("order_id")))

    def _fulfilled(self, row: int, one: Placed, who: dict[str, Cell]) -> None:
        if one.cell("status").text in SHIPPED:
            self.telling.tell(row, FactKind.LABELLED, at=one.cell("created_at"),
                              waybill=one.cell("tracking_number"), **who)  # fmt: skip

    def fulfillment_event(self, row: int, one: Placed) -> None:
        who, kind = self._who(row, one.cell("order_id")), EVENTS.get(one.cell("status").text)
        if kind is not None:
            self.telling.tell(row, kind, at=one.cell("happened_at"), **who)

    def refund(self, row: int, one: Placed) -> None:
        self._refunded(row, one, self._who(row, one.cell("order_id")))

    def _refunded(self, row: int, one: Placed, who: dict[str, Cell]) -> None:
        paid = [
            self.telling.money(row, part.cell("amount"))
            for part in one.many("transactions")
            if (part.get("kind"), part.get("status")) == ("refund", "success")
        ]
        total = sum(int(cell.text or 0) for cell in paid)
        if total:
            self.telling.tell(row, FactKind.REFUND_PAID, amount=Cell("amount", str(total)),
                              at=one.cell("processed_at", "created_at"), **who)  # fmt: skip

    def dispute(self, row: int, one: Placed) -> None:
        """The buyer's bank asks for the money: it is asked for, and paid where the shop lost."""
        who = self._who(row, one.cell("order_id"))
        amount, asked = self.telling.money(row, one.cell("amount")), one.cell("initiated_at")
        self.telling.must(row, one.cell("amount"), asked)
        if one.cell("currency").text != self.telling.currency:
            self.telling.blame(row, "currency", _currency(self.telling.currency))
        self.telling.tell(row, FactKind.REFUND_ASKED, at=asked, amount=amount, **who)
        if one.cell("status").text in LOST:
            self.telling.tell(row, FactKind.REFUND_PAID, at=one.cell("finalized_on"),
                              amount=amount, **who)  # fmt: skip


def _currency(code: str) -> Words:
    return Words(
        f"市场的货币是 {code}；请导入另一个市场（--market）",
        f"the market keeps {code}; import into another market (--market)",
    )
