"""What truly became of each order: shipped, late, faked, called off; on its way; sent back.

A moment that never comes is FAR_US.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask
from xiaobao.lab.generate.days import PEAK_REACH, hours_us, peak_day
from xiaobao.lab.generate.figures import number, numbers
from xiaobao.lab.generate.plans import DAY_US, HOUR_US, Fate, Plan, ShopKind, Shops
from xiaobao.lab.generate.refunds import make_refunds

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xiaobao.lab.generate.sales import Sales

    Floats = NDArray[np.float64]

SCANS = 10
STORM_DAYS = 5
STOPS_SHIPPING_DAYS = 6  # before leaving: until then buyers believe a parcel is on its way
STORM_REGION = 0
MINUTE_US = HOUR_US // 60
# Parcels that leave later than this may get their waybill more than a day before.
EARLY_LABEL_HOURS = 30


@dataclass(frozen=True, slots=True)
class Journeys(Columns):
    """Moments of each order, one row each; `scanned_us` has a column per scan."""

    fate: Int
    paid_us: Int
    labelled_us: Int
    scanned_us: NDArray[np.int64]  # shape (orders, SCANS)
    delivered_us: Int
    signed_us: Int
    completed_us: Int
    cancelled_us: Int
    storm_us: Int  # when what the shop reports happened
    storm_told_us: Int
    refund_asked_us: Int
    refund_asked_minor: Int
    return_shipped_us: Int
    return_received_us: Int
    refund_paid_us: Int
    is_refund_overdue: Mask
    is_stalled: Mask
    is_label_early: Mask


def make_journeys(plan: Plan, shops: Shops, sales: Sales) -> Journeys:
    rng = np.random.default_rng([plan.seed, 4])
    kind = shops.kind[sales.shop]
    fate = _fates(rng, plan, shops, sales)
    paid = np.where(
        fate == Fate.UNPAID, FAR_US, sales.placed_us + hours_us(rng, len(sales), 0.01, 0.3)
    )
    shipping = _shipping(rng, plan, shops, sales, fate, paid)
    fate, shipping = _without_the_gone(plan, shops, sales, fate, shipping)
    transit = _transit(rng, sales, shipping.first_scan_us)
    cancelled = _cancelled(rng, sales, fate, paid)
    back = make_refunds(
        rng, plan, shops, sales,
        fate=fate, signed_us=transit.signed_us, lost_us=transit.lost_us, cancelled_us=cancelled,
    )  # fmt: skip
    completed = np.where(
        transit.signed_us < FAR_US, transit.signed_us + hours_us(rng, len(sales), 168, 240), FAR_US
    )
    # A trade with a refund closes when the refund is paid, and stays open until then.
    closes = np.where(back.paid_us < FAR_US, back.paid_us + HOUR_US, FAR_US)
    completed = np.where(back.asked_us < FAR_US, closes, completed)
    completed = np.where(cancelled < FAR_US, FAR_US, completed)
    storm, told = _storm_reports(rng, kind, shipping)
    return Journeys(
        fate=fate, paid_us=paid, labelled_us=shipping.labelled_us,
        scanned_us=transit.scanned_us, delivered_us=transit.delivered_us,
        signed_us=transit.signed_us, completed_us=completed, cancelled_us=cancelled,
        storm_us=storm, storm_told_us=told, refund_asked_us=back.asked_us,
        refund_asked_minor=back.asked_minor, return_shipped_us=back.shipped_us,
        return_received_us=back.received_us, refund_paid_us=back.paid_us,
        is_refund_overdue=back.is_overdue, is_stalled=transit.is_stalled,
        is_label_early=shipping.is_label_early,
    )  # fmt: skip


def _us(hours: Floats) -> Int:
    return (hours * HOUR_US).astype(np.int64)


def _fates(rng: np.random.Generator, plan: Plan, shops: Shops, sales: Sales) -> Int:
    """A fate by the shop's kind and its own habit of lateness; temptation grows at the peak."""
    beta = numbers("late_ship_beta")
    habit = rng.beta(beta[0], beta[1], len(shops)) * numbers("late_ship_factor")[shops.kind]
    late = np.minimum(habit, numbers("late_ship_most")[shops.kind])[sales.shop]
    kind = shops.kind[sales.shop]
    near_peak = np.abs(sales.day - peak_day(plan)) <= PEAK_REACH
    bait = np.where(near_peak, number("bait_factor_in_peak"), 1.0)
    chances = {
        Fate.UNPAID: numbers("unpaid")[kind],
        Fate.BUYER_CANCELLED: numbers("buyer_cancels")[kind],
        Fate.OUT_OF_STOCK: numbers("out_of_stock")[kind],
        Fate.PRICE_RISE: numbers("price_rise")[kind] * bait,
        Fate.SELECTIVE: numbers("selective")[kind] * bait,
        Fate.DISGUISED: numbers("disguised")[kind] * bait,
        Fate.FAKE: numbers("fake")[kind] * bait,
        Fate.SHIPPED_LATE: late,
    }
    steps = np.cumsum(np.stack(list(chances.values()), axis=1), axis=1)
    picked = (rng.random(len(sales))[:, None] >= steps).sum(axis=1)
    names = np.array([*chances, Fate.SHIPPED], np.int64)
    return np.asarray(names[picked], np.int64)


@dataclass(frozen=True)
class _Shipping:
    labelled_us: Int
    first_scan_us: Int
    is_label_early: Mask
    in_storm: Mask
    storm_us: Int


def _shipping(
    rng: np.random.Generator, plan: Plan, shops: Shops, sales: Sales, fate: Int, paid: Int
) -> _Shipping:
    n = len(sales)
    kind = shops.kind[sales.shop]
    promise = sales.ship_hours.astype(np.float64)
    early = rng.beta(1.6, 2.6, n) * promise * 0.95
    excess = np.exp(rng.normal(0.0, number("late_excess_sigma"), n))
    late = promise + number("late_excess_median_hours") * excess
    is_late = fate == Fate.SHIPPED_LATE
    delay = np.where(is_late, late, np.maximum(early, 1.0))
    is_shipped = (fate == Fate.SHIPPED) | is_late
    # A fake parcel may turn real days later, once the buyer has waited long enough.
    turns_real = (fate == Fate.FAKE) & (rng.random(n) < number("fake_turns_real"))
    labelled_fake = paid + _us(early)
    scan = np.where(is_shipped, paid + _us(delay), FAR_US)
    scan = np.where(turns_real, labelled_fake + hours_us(rng, n, 110, 300), scan)
    scan, in_storm, storm = _storm(rng, plan, shops, sales, is_shipped, paid, scan)
    lead = np.minimum(rng.uniform(1, 10, n), delay * 0.5)
    has_early_label = is_shipped & (rng.random(n) < numbers("early_label")[kind])
    has_early_label &= delay > EARLY_LABEL_HOURS
    lead = np.where(
        has_early_label, rng.uniform(25, 29, n) + 0.3 * (delay - EARLY_LABEL_HOURS), lead
    )
    label = np.where(is_shipped, np.maximum(scan - _us(lead), paid + MINUTE_US), FAR_US)
    label = np.where(fate == Fate.FAKE, labelled_fake, label)
    # Clocks that disagree: the carrier's says the parcel moved before the till was paid.
    odd = is_shipped & ~in_storm & (rng.random(n) < number("shipped_before_paid"))
    scan = np.where(odd, paid - MINUTE_US * 7, scan)
    label = np.where(odd, paid - MINUTE_US * 9, label)
    return _Shipping(label, scan, has_early_label & ~odd, in_storm, storm)


def _storm(
    rng: np.random.Generator, plan: Plan, shops: Shops, sales: Sales,
    is_shipped: Mask, paid: Int, scan: Int,
) -> tuple[Int, Mask, Int]:  # fmt: skip
    """Parcels due to leave a region while it lies under a storm leave after it."""
    first = int(plan.days * number("storm_begins_at"))
    begins = plan.start_us + first * DAY_US + 6 * HOUR_US
    ends = begins + STORM_DAYS * DAY_US
    here = is_shipped & (shops.region[sales.shop] == STORM_REGION)
    held = here & (scan >= begins) & (scan < ends)
    after = ends + hours_us(rng, len(sales), 1, 40)
    # Somebody who bought under the storm is told of the morning after the payment.
    mornings = begins + -(-np.maximum(paid - begins, 0) // DAY_US) * DAY_US
    return np.where(held, after, scan), held, np.where(held, np.minimum(mornings, ends), FAR_US)


def _without_the_gone(
    plan: Plan, shops: Shops, sales: Sales, fate: Int, shipping: _Shipping
) -> tuple[Int, _Shipping]:
    """What a shop had not shipped when it left never moves; labels may stand without a parcel."""
    left = plan.start_us + (shops.leaves_day[sales.shop] - STOPS_SHIPPING_DAYS) * DAY_US
    stuck = (shipping.first_scan_us >= left) & (shipping.first_scan_us < FAR_US)
    label = np.where(shipping.labelled_us >= left, FAR_US, shipping.labelled_us)
    scan = np.where(stuck, FAR_US, shipping.first_scan_us)
    kept = replace(
        shipping, labelled_us=np.where(stuck, label, shipping.labelled_us), first_scan_us=scan,
        in_storm=shipping.in_storm & ~stuck,
    )  # fmt: skip
    return np.where(stuck, Fate.VANISHED, fate), kept


def _storm_reports(rng: np.random.Generator, kind: Int, shipping: _Shipping) -> tuple[Int, Int]:
    """The report and when it was told: the same day, or too late, or not at all."""
    n = len(kind)
    in_time = rng.random(n) < numbers("storm_reported")[kind]
    too_late = ~in_time & (rng.random(n) < number("storm_told_late"))
    told = shipping.in_storm & (in_time | too_late)
    storm = np.where(told, shipping.storm_us, FAR_US)
    wait = np.where(in_time, hours_us(rng, n, 1, 14), hours_us(rng, n, 44, 80))
    return storm, np.where(told, storm + wait, FAR_US)


@dataclass(frozen=True)
class _Transit:
    scanned_us: NDArray[np.int64]
    delivered_us: Int
    signed_us: Int
    lost_us: Int
    is_stalled: Mask


def _transit(rng: np.random.Generator, sales: Sales, first_scan: Int) -> _Transit:
    n = len(sales)
    moving = first_scan < FAR_US
    start = np.where(moving, first_scan, 0)
    total = numbers("transit_median_hours")[sales.route] * np.exp(rng.normal(0.0, 0.3, n))
    gaps = np.concatenate([rng.uniform(3, 16, (n, 1)), rng.uniform(9, 20, (n, SCANS - 2))], axis=1)
    slow = rng.random(n) < number("slow_start")
    extra_first = np.where(slow, rng.uniform(14, 50, n), 0.0)
    reach = np.cumsum(gaps, axis=1)
    steps = 1 + (reach < total[:, None]).sum(axis=1)  # scans, the first included
    stalls = rng.random(n) < numbers("stall")[sales.route]
    stalls &= steps > 1
    wait = numbers("stall_hours")[sales.route] * np.exp(rng.normal(0.0, 0.4, n))
    place = (rng.random(n) * (steps - 1)).astype(np.int64)
    gaps[:, 0] += extra_first
    gaps[np.arange(n), place] += np.where(stalls, wait, 0.0)
    lost = moving & (rng.random(n) < number("lost"))
    steps = np.where(lost, np.minimum(steps, 2), steps)
    hours = np.concatenate([np.zeros((n, 1)), np.cumsum(gaps, axis=1)], axis=1)
    seen = (np.arange(SCANS) < steps[:, None]) & moving[:, None]
    scanned = np.where(seen, start[:, None] + (hours * HOUR_US).astype(np.int64), FAR_US)
    last = hours[np.arange(n), steps - 1]
    arrives = moving & ~lost
    delivered = np.where(
        arrives, start + _us(np.maximum(total, last) + rng.uniform(1, 6, n)), FAR_US
    )
    # The last leg is watched too: a parcel is never further from its last scan than a day.
    delivered = np.where(arrives, np.minimum(delivered, start + _us(last + 20.0)), FAR_US)
    at_home = rng.random(n) < number("at_home")
    at_door = np.where(at_home, hours_us(rng, n, 0.01, 3), hours_us(rng, n, 3, 40))
    signed = np.where(arrives, delivered + at_door, FAR_US)
    missed = np.where(lost, start + hours_us(rng, n, 190, 300), FAR_US)
    return _Transit(scanned, delivered, signed, missed, moving & (stalls | slow | lost))


def _cancelled(rng: np.random.Generator, sales: Sales, fate: Int, paid: Int) -> Int:
    n = len(sales)
    by_shop = np.isin(fate, [Fate.OUT_OF_STOCK, Fate.PRICE_RISE, Fate.SELECTIVE, Fate.DISGUISED])
    at = np.full(n, FAR_US, np.int64)
    at = np.where(fate == Fate.UNPAID, sales.placed_us + DAY_US, at)
    at = np.where(fate == Fate.BUYER_CANCELLED, paid + hours_us(rng, n, 0.2, 12), at)
    return np.where(by_shop, paid + hours_us(rng, n, 2, 44), at)


def is_meant(journeys: Journeys, kind: Int) -> Mask:
    """Orders in which a shop cheated and meant it."""
    bait = np.isin(
        journeys.fate, [Fate.PRICE_RISE, Fate.SELECTIVE, Fate.DISGUISED, Fate.FAKE, Fate.VANISHED]
    )
    keeps_money = (kind == ShopKind.CHEATING) & journeys.is_refund_overdue
    return np.asarray(bait | keeps_money, np.bool_)
