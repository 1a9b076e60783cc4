"""Promises and how they break: clocks, grounds, excuses, verdicts, breaches found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from xiaobao.kernel.columns import Columns, Int, Mask

# Causes of this room: 1xx.
BREACH_CAUSE = 101


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


class Clock(IntEnum):
    """One clock per order and group of promises; breaches of one group pay once, the most."""

    SHIPPING = 1
    TRACKING = 2
    REFUND = 3


CLOCK_OF = {
    BreachKind.LATE_SHIPMENT: Clock.SHIPPING,
    BreachKind.OUT_OF_STOCK: Clock.SHIPPING,
    BreachKind.OUT_OF_STOCK_LONG: Clock.SHIPPING,
    BreachKind.OUT_OF_STOCK_MALICIOUS: Clock.SHIPPING,
    BreachKind.FAKE_SHIPMENT: Clock.SHIPPING,
    BreachKind.TRACKING_SLOW: Clock.TRACKING,
    BreachKind.TRACKING_ABNORMAL: Clock.TRACKING,
    BreachKind.REFUND_OVERDUE: Clock.REFUND,
}


class Ground(IntEnum):
    """What exactly ran out when a promise was broken."""

    NO_SCAN_BY_DEADLINE = 1
    NO_SCAN_AFTER_LABEL = 2
    NOT_SHIPPED_AT_ALL = 3
    CALLED_OFF_OUT_OF_STOCK = 4
    CALLED_OFF_PRICE_RISE = 5
    CALLED_OFF_SELECTIVE = 6
    LABEL_WITHOUT_MOVEMENT = 7
    NO_UPDATE_AFTER_PICK_UP = 8
    PARCEL_STALLED = 9
    RETURN_NOT_REFUNDED = 10
    UNSHIPPED_NOT_REFUNDED = 11
    CALLED_OFF_REFUSED = 12


class Excuse(IntEnum):
    """Why a promise was not broken, in the order in which it is asked; NONE is a breach."""

    NONE = 0
    NOT_PLACED = 1  # no order is known, only facts about one
    NOT_RUNNING = 2  # nothing has happened that starts the clock
    CALLED_OFF = 3  # cancelled before the clock ran out
    FORCE_MAJEURE = 4  # reported in time, and not reviewed yet; or called off while it lasted
    KEPT = 5


@dataclass(frozen=True, slots=True)
class Verdicts(Columns):
    """What a rule says of each order: when the clock runs out, and whether that is a breach."""

    row: Int  # the order's position among those judged
    kind: Int  # BreachKind
    due_us: Int  # the moment of decision; FAR_US where the clock does not run
    since_us: Int  # when the clock began
    ground: Int  # Ground
    excuse: Int  # Excuse; NONE is a breach
    base_minor: Int  # what the compensation is a share of
    is_platforms: Mask  # the platform missed its own clock: the fund pays, and nobody is blamed


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
    is_platforms: Mask  # borne by the fund, and nobody's fault


@dataclass(frozen=True, slots=True)
class BadSales(Columns):
    """Promises that orders of a time broke, as they were found: what each was worth, and cost."""

    seller_id: Int
    order_id: Int
    kind: Int  # BreachKind
    clock: Int
    category_id: Int
    base_minor: Int
    buyer_minor: Int
    platform_minor: Int
    is_paid_by_itself: Mask


@dataclass(frozen=True)
class BreachTotal:
    """Breaches of one kind in one market."""

    market_id: int
    kind: BreachKind
    count: int
    sellers: int
    buyer_minor: int
    platform_minor: int


@dataclass(frozen=True, slots=True)
class BreachRates(Columns):
    """Breaches of one kind of one seller in a time, beside the orders placed in it."""

    seller_id: Int
    kind: Int  # BreachKind
    breaches: Int
    orders: Int


@dataclass(frozen=True, slots=True)
class OrdersBroken(Columns):
    """Orders of a time of each seller, and how many of them broke anything, and what."""

    seller_id: Int
    orders: Int
    broken: Int  # anything
    shipping: Int
    tracking: Int
    refund: Int
    claimed: Int  # a claim brought its buyer money
