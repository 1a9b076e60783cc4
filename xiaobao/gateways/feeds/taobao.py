"""Exports of Taobao's seller centre as order facts, and what they say beside that.

Only what an export says with its moment becomes a fact. `发货时间` is when the seller declared the
parcel sent, so it is a label; it is a carrier's scan only where the importer says that it is.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from xiaobao.gateways.feeds.comparing import Compensation, Said
from xiaobao.gateways.feeds.faults import ShopUnnamed, Words
from xiaobao.gateways.feeds.taobao_sheets import Export, Kind, Row, read_export
from xiaobao.gateways.feeds.telling import Cell, Telling
from xiaobao.orders.facts import CancelReason, FactKind

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from xiaobao.gateways.feeds.orders import OrderFeed
    from xiaobao.promises.facts import Market

NO_SELLER = Words(
    "这一行没有写明店铺，其他行写明了；请补上店铺名称，或分开导入并加 --seller",
    "this line names no shop, and others do; fill the shop in, or import it apart with --seller",
)
OTHER_SELLER = Words(
    "文件中的店铺与 --seller 不同；请去掉 --seller 或分开导入",
    "the file names another shop than --seller; leave --seller out, or import them apart",
)
NO_TIME = Words(
    "此导出没有时间，而这里还没有这笔订单；请先导入订单导出（ExportOrderList）",
    "this export carries no times, and the order is not known here; import the export of orders "
    "(ExportOrderList) first",
)
TWICE = Words(
    "同一编号出现两次且内容不同；请重新导出",
    "the same number is given twice, differently; export it again",
)
# What names a row; a row may be given again word for word.
NAMED_BY = {Kind.ORDERS: "订单编号", Kind.PARTS: "子订单编号", Kind.REFUNDS: "退款编号"}
# How close reasons begin or what they hold, and whose doing that is.
CLOSED_BY = {
    "缺货": CancelReason.OUT_OF_STOCK, "无货": CancelReason.OUT_OF_STOCK,
    "未付款": CancelReason.BUYER, "买家": CancelReason.BUYER, "不想": CancelReason.BUYER,
    "拍错": CancelReason.BUYER, "重复": CancelReason.BUYER, "信息填写错误": CancelReason.BUYER,
}  # fmt: skip
CLOSED = ("交易关闭", "已关闭")
NOTHING = ("无退款申请", "订单未关闭", "null", "-", "--")
REFUNDED = "退款成功"
YES = "是"


@dataclass(frozen=True)
class Exported:
    """What an export tells, and what it says of its orders that is compared with our own."""

    kind: Kind
    feed: OrderFeed
    said: list[Said]


@dataclass
class _Order:
    """One order of an export while its rows are read."""

    seller: str
    rows: list[Row] = field(default_factory=list)


def read_taobao(
    file: Path,
    market: Market,
    *,
    seller: str = "",
    is_scan: bool = False,
    placed_at: Callable[[str, list[str]], Mapping[str, datetime]],
) -> Exported:
    """Read an export of any known kind; `placed_at` knows the times of orders of a seller.

    :raises FileUnusable: in one of its kinds, where the file as a whole cannot be read
    :raises ShopUnnamed: where neither it nor `seller` says whose it is
    """
    export = read_export(file)
    shops = [row("店铺名称").text for row in export.rows()]
    if shops and not (seller or any(shops)):
        raise ShopUnnamed(file)
    telling = Telling(export.sheet, currency=market.currency, zone=market.zone)
    for order in export.spoilt():
        telling.spoil(order)
    orders = _orders(export, telling, seller)
    said: list[Said] = []
    if export.kind is Kind.LINES:
        _tell_lines(telling, orders, placed_at)
    elif export.kind is Kind.REFUNDS:
        _tell_refunds(telling, orders)
    else:
        said = [_tell_order(telling, name, one, export.kind, is_scan=is_scan)
                for name, one in orders.items()]  # fmt: skip
    return Exported(export.kind, telling.feed(), said)


def _orders(export: Export, telling: Telling, seller: str) -> dict[str, _Order]:
    """The rows of each order, under its number; rows without one are blamed and left out."""
    orders: dict[str, _Order] = {}
    seen: dict[str, Row] = {}
    for row in export.rows():
        number, shop = row(export.key), row("店铺名称")
        name = row(NAMED_BY.get(export.kind, export.key))
        if not telling.must(row.number, number, name):
            continue
        if export.kind in NAMED_BY and name.text in seen:
            telling.about(row.number, seller or shop.text, number.text)
            if seen[name.text].values != row.values:
                telling.blame(row.number, name.field, TWICE)
            continue
        seen[name.text] = row
        if not (shop or seller):
            telling.blame(row.number, shop.field, NO_SELLER)
        if shop and seller and shop.text != seller:
            telling.blame(row.number, shop.field, OTHER_SELLER)
        telling.about(row.number, seller or shop.text, number.text)
        orders.setdefault(number.text, _Order(seller or shop.text)).rows.append(row)
    return orders


def _money(telling: Telling, row: Row, *names: str) -> Cell:
    """An amount; `199.00元` and words for nothing are how some versions write it."""
    cell = row(*names)
    text = cell.text.removesuffix("元").strip().lstrip("¥￥")
    return telling.money(row.number, Cell(cell.field, "" if text in NOTHING else text))


def _time(telling: Telling, row: Row, *names: str) -> Cell:
    cell = row(*names)
    return telling.local(row.number, Cell(cell.field) if cell.text in NOTHING else cell)


def _sum(cells: list[Cell]) -> Cell:
    return Cell(cells[0].field, str(sum(int(cell.text) for cell in cells)) if all(cells) else "")


def _waybill(row: Row) -> Cell:
    cell = row("物流单号")
    return Cell(cell.field, cell.text.removeprefix("No:").strip())


def _tell_order(
    telling: Telling, number: str, order: _Order, kind: Kind, *, is_scan: bool
) -> Said:
    first = order.rows[0]
    key = "主订单编号" if kind is Kind.PARTS else "订单编号"
    who = {"seller": Cell("店铺名称", order.seller), "order": Cell(key, number)}
    created = _time(telling, first, "订单创建时间")
    goods = [_money(telling, row, "买家应付货款") for row in order.rows]
    for row, amount in zip(order.rows, goods, strict=True):
        telling.must(row.number, created, amount)
    freight = _money(telling, first, "买家应付邮费")
    due = [_time(telling, row, "应发货时间") for row in order.rows]
    ship_by = max((cell for cell in due if cell), key=_moment, default=due[0])
    buyer = first("买家会员名", "买家会员名称")
    telling.tell(
        first.number, FactKind.PLACED, at=created, goods=_sum(goods), freight=freight,
        currency=Cell("", telling.currency), ship_by=ship_by,
        buyer=buyer or Cell(buyer.field, nameless(number)), **who,
    )  # fmt: skip
    paid = _time(telling, first, "订单付款时间")
    telling.tell(first.number, FactKind.PAID, at=paid, **who)
    telling.tell(first.number, FactKind.COMPLETED,
                 at=_time(telling, first, "确认收货时间"), **who)  # fmt: skip
    shipped = [_time(telling, row, "发货时间") for row in order.rows]
    sent = FactKind.SCANNED if is_scan else FactKind.LABELLED
    for row, at in zip(order.rows, shipped, strict=True):
        telling.tell(row.number, sent, at=at, waybill=_waybill(row), **who)
        if kind is Kind.PARTS:
            _tell_line(telling, row, created, who)
    is_closed = all(row("订单状态").text.startswith(CLOSED) for row in order.rows)
    if is_closed and not any(shipped) and not any(_waybill(row) for row in order.rows):
        # The export does not say when it was closed: the last moment known of it.
        telling.tell(first.number, FactKind.CANCELLED, at=paid or created,
                     reason=_reason(first), **who)  # fmt: skip
    return Said(
        row=first.number, seller=order.seller, order=number, buyer=buyer.text,
        at=created.text, goods=_sum(goods).text, freight=freight.text, ship_by=ship_by.text,
        total=_money(telling, first, "总金额").text if kind is Kind.ORDERS else "",
        is_late=any(at and by and _moment(at) > _moment(by)
                    for at, by in zip(shipped, due, strict=True)),
        compensation=_compensation(telling, order.rows),
    )  # fmt: skip


def _moment(cell: Cell) -> datetime:
    return datetime.fromisoformat(cell.text)


def nameless(number: str) -> str:
    """Who bought, where the export does not name the buyer: whoever placed this order."""
    return f"taobao-order-{number}"


def _reason(row: Row) -> Cell:
    cell = row("订单关闭原因")
    found = [reason for words, reason in CLOSED_BY.items() if words in cell.text]
    return Cell(cell.field, found[0].name.lower() if found else "")


def _compensation(telling: Telling, rows: list[Row]) -> Compensation | None:
    """What the platform paid the buyer by itself; None where the export does not say."""
    if not any(row("是否主动赔付") for row in rows):
        return None
    paid = [row for row in rows if row("是否主动赔付").text == YES]
    amounts = [_money(telling, row, "主动赔付金额") for row in paid]
    return Compensation(bool(paid), sum(int(cell.text or 0) for cell in amounts))


def _tell_line(telling: Telling, row: Row, at: Cell, who: dict[str, Cell]) -> None:
    title, price, count = row("商品标题", "标题"), row("商品价格", "价格"), row("购买数量")
    item = row("商品ID", "商家编码", "外部系统编号")
    telling.must(row.number, title, price, count)
    if not item:
        item = Cell(item.field, "title-" + hashlib.sha256(title.text.encode()).hexdigest()[:16])
    telling.tell(
        row.number, FactKind.LINE, at=at, item=item, title=title, quantity=count,
        price=_money(telling, row, price.field), **who,
    )  # fmt: skip


def _tell_lines(
    telling: Telling,
    orders: dict[str, _Order],
    placed_at: Callable[[str, list[str]], Mapping[str, datetime]],
) -> None:
    """Lines alone: they take the time of the order they belong to, which must be known."""
    known: dict[str, Mapping[str, datetime]] = {}
    for seller in {one.seller for one in orders.values()}:
        known[seller] = placed_at(
            seller, [number for number, one in orders.items() if one.seller == seller]
        )
    for number, order in orders.items():
        at = known[order.seller].get(number)
        for row in order.rows:
            if at is None:
                telling.blame(row.number, "订单编号", NO_TIME)
            else:
                who = {"seller": Cell("店铺名称", order.seller), "order": row("订单编号")}
                _tell_line(telling, row, Cell("", at.isoformat()), who)


def _tell_refunds(telling: Telling, orders: dict[str, _Order]) -> None:
    for number, order in orders.items():
        for row in order.rows:
            who = {"seller": Cell("店铺名称", order.seller), "order": Cell("订单编号", number)}
            asked, amount = row("退款的申请时间"), _money(telling, row, "买家退款金额")
            telling.must(row.number, asked, amount)
            telling.tell(row.number, FactKind.REFUND_ASKED, amount=amount,
                         at=_time(telling, row, "退款的申请时间"), **who)  # fmt: skip
            telling.tell(row.number, FactKind.RETURN_SHIPPED,
                         at=_time(telling, row, "买家退货时间"), **who)  # fmt: skip
            if row("退款状态").text.startswith(REFUNDED):
                done = row("退款完结时间", "完结时间")
                telling.must(row.number, done)
                telling.tell(row.number, FactKind.REFUND_PAID, amount=amount,
                             at=_time(telling, row, done.field), **who)  # fmt: skip
