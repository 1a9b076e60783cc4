"""The numbers of fulfilment: shipping and tracking clocks, and what a breach pays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.orders.facts import BreachKind


@dataclass(frozen=True, slots=True)
class ShippingTerms(Columns):
    """When a promise about shipping, tracking or refunding is broken; hours unless said."""

    TABLE: ClassVar[str] = "shipping"
    KEY: ClassVar[type[BreachKind] | None] = None

    version: Int
    ship_hours: Int  # from payment to the first carrier scan, where the order promises nothing
    label_scan_hours: Int  # from label to the first scan
    is_judged_on_handover: Mask  # late only once handed over late (an order never shipped is not)
    out_of_stock_hours: Int  # after the shipping deadline without a scan
    short_promise_hours: Int  # a promise up to this long is OUT_OF_STOCK, a longer one ..._LONG
    fake_hours: Int  # from label without any movement
    first_update_hours: Int  # from first scan to the next: slow
    no_update_abnormal_hours: Int  # from first scan without any other: abnormal, at any distance
    stall_slow_same_hours: Int
    stall_slow_cross_hours: Int
    stall_slow_remote_hours: Int
    stall_abnormal_same_hours: Int
    stall_abnormal_cross_hours: Int
    stall_abnormal_remote_hours: Int
    stalled_out_of_stock_hours: Int  # beyond the slow limit; 0: a parcel on its way is in stock
    refund_after_return_hours: Int  # from the return's receipt
    refund_unshipped_hours: Int  # from the request, where nothing was shipped
    force_majeure_report_hours: Int  # a report counts if recorded this soon after the event


@dataclass(frozen=True, slots=True)
class CompensationTerms(Columns):
    """What a breach pays: clamp(rate x base, least, most), summed per buyer, seller and day."""

    TABLE: ClassVar[str] = "compensation"
    KEY: ClassVar[type[BreachKind] | None] = BreachKind

    version: Int
    is_promised: Mask  # where false the breach does not exist under these terms
    rate_bps: Int
    least_minor: Int
    most_minor: Int
    platform_bps: Int  # punitive part as a share of what the buyer gets
    pair_day_most_minor: Int  # cap on the sum per buyer, seller and day of order
    rounding: Int  # kernel.money.Rounding
    is_paid_by_itself: Mask
