"""What facts make of an order: its folded state, and the facts that are judged one by one."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntFlag

from xiaobao.kernel.columns import Columns, Int
from xiaobao.orders.facts.intake import FactKind


class Contradiction(IntFlag):
    """Facts of one order that cannot all be right; kept, shown, and never dropped."""

    TWO_PLACED = 1
    TWO_PAID = 2
    TWO_DELIVERED = 4
    TWO_SIGNED = 8
    TWO_COMPLETED = 16
    TWO_CANCELLED = 32
    SHIPPED_BEFORE_PAID = 64
    DELIVERED_BEFORE_SHIPPED = 128
    SIGNED_BEFORE_DELIVERED = 256
    CANCELLED_YET_DELIVERED = 512
    SHIPPED_AFTER_CANCELLED = 1024
    SCANNED_AFTER_COMPLETED = 2048
    HAPPENED_BEFORE_PLACED = 4096
    REFUNDED_ABOVE_PRICE = 8192


@dataclass(frozen=True, slots=True)
class OrderStates(Columns):
    """Orders as their facts leave them, by seller and order; unknown times are FAR_US."""

    seller_id: Int
    order_id: Int
    market_id: Int
    buyer_id: Int
    category_id: Int
    goods_minor: Int
    freight_minor: Int
    ordered_us: Int  # FAR_US until the fact `placed` has come
    ship_by_us: Int
    ship_hours: Int  # 0 where the order promises nothing of its own
    route: Int
    paid_us: Int
    labelled_us: Int
    first_scan_us: Int
    last_scan_us: Int
    delivered_us: Int
    signed_us: Int
    completed_us: Int
    cancelled_us: Int
    cancel_reason: Int
    refund_asked_us: Int
    refund_asked_minor: Int  # the sum of all requests
    refund_paid_us: Int  # the last payment
    refund_paid_minor: Int
    return_shipped_us: Int
    return_received_us: Int
    scans: Int
    reports: Int  # of force majeure
    facts: Int
    placed_digest: Int  # of the `placed` fact that counts: the earliest; 0 where none
    flags: Int  # Contradiction


@dataclass(frozen=True, slots=True)
class Details(Columns):
    """Facts that are judged one by one: scans, refunds, reports; `row` is the order's position."""

    row: Int
    kind: Int
    at_us: Int
    recorded_us: Int
    amount_minor: Int
    waybill_id: Int


DETAIL_KINDS = (
    FactKind.SCANNED,
    FactKind.REFUND_ASKED,
    FactKind.REFUND_PAID,
    FactKind.FORCE_MAJEURE,
    FactKind.FORCE_REVIEWED,
    FactKind.FORCE_LAPSED,
)
# Facts about a report of force majeure: from the seller, and from the platform.
REPORT_KINDS = (FactKind.FORCE_MAJEURE, FactKind.FORCE_REVIEWED, FactKind.FORCE_LAPSED)
