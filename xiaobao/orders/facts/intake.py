"""Facts as they come in: kinds, the shape of a batch, columns as rules read them."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

import pyarrow as pa

from xiaobao.kernel.columns import Columns, Int


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
    # The platform's own, which nobody else can tell.
    FORCE_REVIEWED = 15  # `at` is until when it excuses; the event itself where it was refused
    FORCE_LAPSED = 16  # nobody reviewed the report by `at`: what breaks since is the platform's


# What feeds and sellers may tell.
LAST_TOLD = FactKind.FORCE_MAJEURE


class CancelReason(IntEnum):
    """Who called the order off, and why; NONE where nobody says."""

    NONE = 0
    BUYER = 1
    OUT_OF_STOCK = 2  # the seller cannot deliver
    PRICE_RISE = 3  # the seller asks for more money
    SELECTIVE = 4  # the seller ships to some and not to others
    OTHER = 5  # the seller, for any other reason: a refusal to ship
    PLATFORM = 6  # the marketplace, for its own reasons; nobody's breach


class Route(IntEnum):
    """How far a parcel goes; stall limits differ."""

    SAME_REGION = 0
    CROSS_PROVINCE = 1
    REMOTE = 2


# A batch of facts, one row per fact. Money is minor units without fraction, times carry a zone.
# `placed` rows carry buyer, goods, freight, currency, category, ship_by, route; `line` rows item,
# title, quantity, price; refunds amount, and item where they are for one alone; `cancelled`
# reason; `labelled` and `scanned` waybill.
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


@dataclass(frozen=True, slots=True)
class Facts(Columns):
    """Facts as rules read them. Absent amounts, hours and ids are 0, absent times FAR_US."""

    seller_id: Int
    order_id: Int
    kind: Int
    digest: Int  # of the whole content: the same fact told twice has one digest
    at_us: Int
    recorded_us: Int
    market_id: Int
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


@dataclass(frozen=True)
class IntakeReport:
    """What a batch of facts brought; `contradictions` counts orders newly flagged."""

    orders_new: int
    facts_new: int
    facts_known: int
    contradictions: int
