"""What a batch claims before it is believed, and what can be wrong with a row of it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import numpy as np

from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.orders.facts.pages import Words

# An empty cell of a whole-number column.
MISSING = np.iinfo(np.int64).min


@dataclass(frozen=True, slots=True)
class Claimed(Columns):
    """Rows of a batch as columns; empty cells are MISSING, empty texts count as empty cells."""

    row: Int  # its number in the batch, from 1
    seller_id: Int
    order_id: Int
    kind: Int
    at_us: Int
    buyer_id: Int
    category_id: Int
    goods_minor: Int
    freight_minor: Int
    ship_by_us: Int
    ship_hours: Int
    route: Int
    reason: Int
    amount_minor: Int
    waybill_id: Int
    item_id: Int
    title_id: Int
    quantity: Int
    price_minor: Int
    is_seller_known: Mask
    is_seller_here: Mask  # in the market of the batch
    is_currency_missing: Mask
    is_currency_right: Mask
    has_clashing_name: Mask  # another name of the batch, or one stored, has the same id
    has_broken_text: Mask  # holds a NUL, which no database text can


class Fault(IntEnum):
    """What is wrong with a row, in the order in which it is asked."""

    SELLER_EMPTY = 1
    SELLER_UNKNOWN = 2
    SELLER_ELSEWHERE = 3
    ORDER_EMPTY = 4
    KIND_UNKNOWN = 5
    TIME_OUT_OF_RANGE = 6
    SHIP_BY_OUT_OF_RANGE = 7
    BUYER_EMPTY = 8
    GOODS_WRONG = 9
    FREIGHT_WRONG = 10
    CURRENCY_WRONG = 11
    SHIP_HOURS_WRONG = 12
    ROUTE_UNKNOWN = 13
    REASON_UNKNOWN = 14
    AMOUNT_WRONG = 15
    ITEM_EMPTY = 16
    QUANTITY_WRONG = 17
    PRICE_WRONG = 18
    NAMES_CLASH = 19
    TEXT_BROKEN = 20


FAULT_FIELDS = {
    Fault.SELLER_EMPTY: "seller",
    Fault.SELLER_UNKNOWN: "seller",
    Fault.SELLER_ELSEWHERE: "seller",
    Fault.ORDER_EMPTY: "order",
    Fault.KIND_UNKNOWN: "fact",
    Fault.TIME_OUT_OF_RANGE: "at",
    Fault.SHIP_BY_OUT_OF_RANGE: "ship_by",
    Fault.BUYER_EMPTY: "buyer",
    Fault.GOODS_WRONG: "goods",
    Fault.FREIGHT_WRONG: "freight",
    Fault.CURRENCY_WRONG: "currency",
    Fault.SHIP_HOURS_WRONG: "ship_hours",
    Fault.ROUTE_UNKNOWN: "route",
    Fault.REASON_UNKNOWN: "reason",
    Fault.AMOUNT_WRONG: "amount",
    Fault.ITEM_EMPTY: "item",
    Fault.QUANTITY_WRONG: "quantity",
    Fault.PRICE_WRONG: "price",
    Fault.NAMES_CLASH: "order",
    Fault.TEXT_BROKEN: "title",
}

FAULT_WORDS = {
    Fault.SELLER_EMPTY: Words("缺少卖家：填写卖家名", "no seller: give the seller's name"),
    Fault.SELLER_UNKNOWN: Words(
        "卖家未加入：先为其办理加入，或改正名称",
        "the seller has not joined: enrol it first, or correct the name",
    ),
    Fault.SELLER_ELSEWHERE: Words(
        "卖家属于另一个市场：导入到它的市场",
        "the seller belongs to another market: import into that one",
    ),
    Fault.ORDER_EMPTY: Words("缺少订单号：填写订单号", "no order: give the order's number"),
    Fault.KIND_UNKNOWN: Words("不认识的事实类型：用 1 至 14", "unknown kind of fact: use 1 to 14"),
    Fault.TIME_OUT_OF_RANGE: Words(
        "时间缺失或不在 1990 至 2200 年之间：改正时间",
        "the time is missing or not between 1990 and 2200: correct it",
    ),
    Fault.SHIP_BY_OUT_OF_RANGE: Words(
        "承诺发货时间不在 1990 至 2200 年之间：改正或留空",
        "the promised shipping time is not between 1990 and 2200: correct it or leave it empty",
    ),
    Fault.BUYER_EMPTY: Words("下单事实缺少买家：填写买家", "no buyer on `placed`: give the buyer"),
    Fault.GOODS_WRONG: Words(
        "货款须为不含运费的实付金额，非负整数（最小货币单位），至多 10^14",
        "goods must be the price paid without freight: a whole number of minor units, 0 to 10^14",
    ),
    Fault.FREIGHT_WRONG: Words(
        "运费须为非负整数（最小货币单位），至多 10^14，或留空",
        "freight must be a whole number of minor units, 0 to 10^14, or empty",
    ),
    Fault.CURRENCY_WRONG: Words(
        "币种须为市场的币种：改正币种或换市场",
        "the currency must be the market's: correct it, or import into another market",
    ),
    Fault.SHIP_HOURS_WRONG: Words(
        "承诺发货小时数须为 1 至 100000，或留空", "ship_hours must be 1 to 100000, or empty"
    ),
    Fault.ROUTE_UNKNOWN: Words(
        "不认识的路线：用 0（同区）、1（跨省）、2（偏远），或留空",
        "unknown route: use 0 (same region), 1 (cross-province), 2 (remote), or leave it empty",
    ),
    Fault.REASON_UNKNOWN: Words(
        "不认识的取消原因：用 0 至 5，或留空", "unknown reason: use 0 to 5, or leave it empty"
    ),
    Fault.AMOUNT_WRONG: Words(
        "退款金额须为正整数（最小货币单位），至多 10^14",
        "a refund's amount must be a whole number of minor units, 1 to 10^14",
    ),
    Fault.ITEM_EMPTY: Words("商品行缺少商品：填写商品", "no item on `line`: give the item"),
    Fault.QUANTITY_WRONG: Words(
        "数量须为 1 至 1000000000 的整数", "quantity must be a whole number, 1 to 1000000000"
    ),
    Fault.PRICE_WRONG: Words(
        "单价须为非负整数（最小货币单位），至多 10^14",
        "price must be a whole number of minor units, 0 to 10^14",
    ),
    Fault.NAMES_CLASH: Words(
        "两个名称的编号相同：更改其中一个名称（卖家、订单、买家或商品）",
        "two names have the same id: change one of them (seller, order, buyer or item)",
    ),
    Fault.TEXT_BROKEN: Words(
        "文本含有空字符 (U+0000)：删除它", "a text holds the character U+0000: remove it"
    ),
}


@dataclass(frozen=True)
class BadRow:
    """One row that cannot be taken, what is wrong with it, and what would mend it."""

    row: int
    field: str
    fault: Fault
    words: Words
