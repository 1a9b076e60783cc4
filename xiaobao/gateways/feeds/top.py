"""Bodies of the Taobao Open Platform as order facts: answers to calls, and messages pushed.

A message about a trade carries no time of what happened, so it records nothing: it names the
trade to be asked for. Messages about refunds carry the time, and are facts themselves.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from xiaobao.gateways.feeds.bodies import BodyFeed, Reader, read_bodies
from xiaobao.gateways.feeds.comparing import Said
from xiaobao.gateways.feeds.faults import FileUnusable, ShopUnnamed, Words
from xiaobao.gateways.feeds.json_entries import Placed
from xiaobao.gateways.feeds.telling import Cell
from xiaobao.orders.facts import FactKind

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.promises.facts import Market

# Where in which answer things lie, and what they are.
ANSWERS = {
    "trades_sold_get_response": ("trade", ("trades", "trade")),
    "trades_sold_increment_get_response": ("trade", ("trades", "trade")),
    "trade_fullinfo_get_response": ("trade", ("trade",)),
    "refunds_receive_get_response": ("refund", ("refunds", "refund")),
    "refund_get_response": ("refund", ("refund",)),
    "logistics_trace_search_response": ("trace", ()),
    "tmc_messages_consume_response": ("message", ("messages", "tmc_message")),
}
# What a file of rejected entries holds.
SINGLE = ("trade", "refund", "trace", "message")
SILENT = {
    "refund_messages_get_response": Words(
        "退款留言不是订单事实；证据请用 xiaobao evidence add 提交",
        "messages of a refund are no facts of orders; hand them in as evidence with "
        "xiaobao evidence add",
    ),
}
NO_SELLER = Words(
    "没有卖家昵称，而其他条目有；请补上，或分开导入并加 --seller",
    "this names no seller, and others do; fill it in, or import it apart with --seller",
)
UNKNOWN_ANSWER = Words(
    "不是已知的开放平台回应；支持 " + "、".join(ANSWERS),
    "this is no answer of the Open Platform that is known; known are " + ", ".join(ANSWERS),
)
REFUSED = "error_response"
BROKEN_CONTENT = Words("消息内容不是 JSON", "the content of this message is not JSON")
OTHER_TOPIC = Words("不认识的消息主题", "the topic of this message is not known")
TRADE_TOPICS = ("taobao_trade_", "taobao_refund_", "taobao_tae_BaichuanTradeRefund")
REFUND_TOPICS = {
    "RefundCreated": FactKind.REFUND_ASKED,
    "RefundSuccess": FactKind.REFUND_PAID,
    "RefundBuyerReturnGoods": FactKind.RETURN_SHIPPED,
}
# This one topic writes fen where all others write yuan.
IN_FEN = "taobao_tae_BaichuanTradeRefundCreated"
CLOSED = ("TRADE_CLOSED", "TRADE_CLOSED_BY_TAOBAO")


def read_top(file: Path, market: Market, *, seller: str = "") -> BodyFeed:
    """Read a file of answers and messages.

    :raises FileUnusable: in one of its kinds, where the file as a whole cannot be read
    :raises ShopUnnamed: where neither it nor `seller` says whose it is
    """
    return read_bodies(file, market, seller, found_in=_found, reader_of=_Reader)


def _found(file: Path, body: Placed) -> list[tuple[str, Placed]]:
    for name, value in body.items():
        if name in SINGLE and isinstance(value, Placed):
            return [(name, value)]
        if name in SILENT:
            raise FileUnusable(file, SILENT[name], line=body.line)
        if name == REFUSED and isinstance(value, Placed):
            said = value.cell("sub_msg", "msg").text
            words = Words(f"平台拒绝了请求：{said}", f"the platform refused the call: {said}")
            raise FileUnusable(file, words, line=body.line)
        if name in ANSWERS and isinstance(value, Placed):
            kind, path = ANSWERS[name]
            inner = value
            for step in path[:-1]:
                inner = inner.get(step) or Placed()
            last = inner.get(path[-1]) if path else value
            many = last if isinstance(last, list) else [last]
            return [(kind, one) for one in many if isinstance(one, Placed)]
    if "topic" in body:
        return [("message", body)]
    raise FileUnusable(file, UNKNOWN_ANSWER, line=body.line)


class _Reader(Reader):
    """Of each kind of entry what it tells."""

    is_named = is_unnamed = False

    def check(self, file: Path) -> None:
        if self.is_unnamed and not self.is_named:
            raise ShopUnnamed(file)

    def _who(self, row: int, one: Placed) -> dict[str, Cell]:
        seller, order = one.cell("seller_nick"), one.cell("tid")
        if self.seller:
            seller = Cell(seller.field, self.seller)
        self.telling.must(row, order)
        self.is_named = self.is_named or bool(seller)
        if not seller:
            self.is_unnamed = True
            self.telling.blame(row, seller.field, NO_SELLER)
        self.telling.about(row, seller.text, order.text)
        return {"seller": seller, "order": order}

    def _time(self, row: int, one: Placed, *names: str) -> Cell:
        return self.telling.local(row, one.cell(*names))

    def _money(self, row: int, one: Placed, name: str) -> Cell:
        return self.telling.money(row, one.cell(name))

    def trade(self, row: int, one: Placed) -> None:
        tell, who = self.telling.tell, self._who(row, one)
        created, ship_by = self._time(row, one, "created"), self._time(row, one, "send_time")
        paid, freight = self._money(row, one, "payment"), self._money(row, one, "post_fee")
        self.telling.must(row, created, paid)
        # `payment` is what the buyer pays for everything, the freight among it.
        goods = Cell("payment", str(int(paid.text or 0) - int(freight.text or 0)) if paid else "")
        buyer = one.cell("buyer_nick", "buyer_open_uid")
        tell(
            row, FactKind.PLACED, at=created, goods=goods, freight=freight,
            currency=Cell("", self.telling.currency), ship_by=ship_by,
            buyer=buyer or Cell(buyer.field, f"taobao-order-{who['order'].text}"), **who,
        )  # fmt: skip
        tell(row, FactKind.PAID, at=self._time(row, one, "pay_time"), **who)
        shipped = self._time(row, one, "consign_time")
        waybill = one.cell("invoice_no")
        for part in one.many("orders", "order"):
            item, price = part.cell("num_iid"), self._money(row, part, "price")
            self.telling.must(row, item, price, part.cell("num"))
            tell(row, FactKind.LINE, at=created, item=item, title=part.cell("title"),
                 quantity=part.cell("num"), price=price, **who)  # fmt: skip
            sent = self._time(row, part, "consign_time") or shipped
            tell(row, FactKind.LABELLED, at=sent, waybill=part.cell("invoice_no") or waybill,
                 **who)  # fmt: skip
            shipped = shipped or sent
        tell(row, FactKind.SCANNED, at=self._time(row, one, "collect_time"), waybill=waybill,
             **who)  # fmt: skip
        tell(row, FactKind.SIGNED, at=self._time(row, one, "sign_time"), **who)
        status, ended = one.cell("status").text, self._time(row, one, "end_time")
        if status == "TRADE_FINISHED":
            tell(row, FactKind.COMPLETED, at=ended, **who)
        elif status in CLOSED and not shipped:
            tell(row, FactKind.CANCELLED, at=ended, reason=Cell("status"), **who)
        self.said.append(
            Said(row, who["seller"].text, who["order"].text, buyer.text, created.text, goods.text,
                 freight.text, ship_by.text)
        )  # fmt: skip

    def refund(self, row: int, one: Placed) -> None:
        who, amount = self._who(row, one), self._money(row, one, "refund_fee")
        self.telling.must(row, one.cell("created"), one.cell("refund_fee"))
        tell = self.telling.tell
        tell(row, FactKind.REFUND_ASKED, at=self._time(row, one, "created"), amount=amount, **who)
        tell(row, FactKind.RETURN_SHIPPED, at=self._time(row, one, "good_return_time"), **who)
        if one.cell("status").text == "SUCCESS":
            tell(row, FactKind.REFUND_PAID, at=self._time(row, one, "end_time", "modified"),
                 amount=amount, **who)  # fmt: skip

    def trace(self, row: int, one: Placed) -> None:
        who = self._who(row, one)
        steps = one.many("trace_list", "transit_step_info") or one.many("trace_list")
        for step in steps:
            what = step.cell("action").text + step.cell("status_desc").text
            kind = FactKind.SIGNED if "SIGN" in what or "签收" in what else FactKind.SCANNED
            at = self._time(row, step, "status_time")
            waybill = {"waybill": one.cell("out_sid")} if kind is FactKind.SCANNED else {}
            self.telling.tell(row, kind, at=at, **waybill, **who)

    def message(self, row: int, one: Placed) -> None:
        topic = one.cell("topic").text
        content = self._content(row, one)
        if content is None:
            return
        if not topic.startswith(TRADE_TOPICS):
            self.telling.blame(row, "topic", OTHER_TOPIC)
            return
        who = self._who(row, content)
        kind = REFUND_TOPICS.get(topic.rpartition("_")[2].removeprefix("BaichuanTrade"))
        at = self._time(row, content, "modified")
        if kind is None or not at:
            self.to_fetch.add(who["order"].text)
            return
        fee = content.cell("refund_fee")
        amount = fee if topic == IN_FEN else self.telling.money(row, fee)
        told = {} if kind is FactKind.RETURN_SHIPPED else {"amount": amount}
        self.telling.tell(row, kind, at=at, **told, **who)

    def _content(self, row: int, one: Placed) -> Placed | None:
        content = one.get("content")
        try:
            read = (
                json.loads(content, parse_int=str, parse_float=str)
                if isinstance(content, str)
                else content
            )
        except (ValueError, RecursionError):
            read = None
        if not isinstance(read, dict):
            self.telling.blame(row, "content", BROKEN_CONTENT)
            return None
        return Placed(read)
