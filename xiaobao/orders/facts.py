"""Shapes of orders: facts as they come in, fulfilment as it is judged, breaches as found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import pyarrow as pa

from xiaobao.kernel.columns import Columns, Int, Mask


class FactKind(IntEnum):
    """What a fact says happened. Files write the name in lower case."""

    PLACED = 1
    LINE = 2  # one ordered line: item, title, quantity, price
    PAID = 3
    LABELLED = 4  # a waybill number exists; nothing has moved yet
    SCANNED = 5  # a carrier scan; the first one is the shipment
    DELIVERED = 6
    SIGNED = 7
    COMPLETED = 8
    CANCELLED = 9  # `reason` says by whom and why
    REFUND_ASKED = 10  # `amount` asked for
    REFUND_PAID = 11  # `amount` paid back by the shop
    RETURN_SHIPPED = 12
    RETURN_RECEIVED = 13
    FORCE_MAJEURE = 14  # the seller's report; `at` is when the event happened


class CancelReason(IntEnum):
    """Who called the order off, and why."""

    NONE = 0
    BUYER = 1
    OUT_OF_STOCK = 2  # the seller cannot deliver
    PRICE_RISE = 3  # the seller asks for more money
    SELECTIVE = 4  # the seller ships to some and not to others
    OTHER = 5


class Route(IntEnum):
    """How far a parcel goes; stall limits differ."""

    SAME_REGION = 0
    CROSS_PROVINCE = 1
    REMOTE = 2


# A batch of facts, one row per fact. Money is minor units without fraction, times carry a zone.
# `placed` rows carry buyer, goods, freight, currency, category, ship_by, route; `line` rows item,
# title, quantity, price; refunds amount; `cancelled` reason; `labelled` and `scanned` waybill.
FACT_SCHEMA = pa.schema(
    [
        pa.field("seller", pa.large_string(), nullable=False),
        pa.field("order", pa.large_string(), nullable=False),
        pa.field("fact", pa.int16(), nullable=False),  # FactKind
        pa.field("at", pa.timestamp("us", "UTC"), nullable=False),
        pa.field("buyer", pa.large_string()),
        pa.field("goods", pa.int64()),
        pa.field("freight", pa.int64()),
        pa.field("currency", pa.large_string()),
        pa.field("category", pa.large_string()),
        pa.field("ship_by", pa.timestamp("us", "UTC")),
        pa.field("ship_hours", pa.int64()),
        pa.field("route", pa.int16()),  # Route
        pa.field("reason", pa.int16()),  # CancelReason
        pa.field("amount", pa.int64()),
        pa.field("waybill", pa.large_string()),
        pa.field("item", pa.large_string()),
        pa.field("title", pa.large_string()),
        pa.field("quantity", pa.int64()),
        pa.field("price", pa.int64()),
    ]
)


class BreachKind(IntEnum):
    """Promises broken on the facts themselves; also the key of the compensation table."""

    LATE_SHIPMENT = 1  # 延迟发货
    OUT_OF_STOCK = 2  # 缺货, promised to ship within 48 h
    OUT_OF_STOCK_LONG = 3  # 缺货, a longer shipping promise
    OUT_OF_STOCK_MALICIOUS = 4  # 恶意缺货: price rise, selective shipping
    TRACKING_SLOW = 5  # 轨迹超时
    TRACKING_ABNORMAL = 6  # 轨迹异常
    FAKE_SHIPMENT = 7  # 虚假发货
    REFUND_OVERDUE = 8  # 退款逾期


@dataclass(frozen=True, slots=True)
class Breaches(Columns):
    """Breaches found, one row each, in the order in which their clocks ran out."""

    seller_id: Int
    order_id: Int
    kind: Int
    market_id: Int
    buyer_id: Int
    cause_hi: Int  # names the breach; postings and payout hang on it
    cause_lo: Int
    due_us: Int  # when the clock ran out: the moment of decision
    buyer_minor: Int  # owed to the buyer, caps applied, less what the same promise paid before
    platform_minor: Int  # the punitive part, owed to the platform
    is_paid_by_itself: Mask


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
