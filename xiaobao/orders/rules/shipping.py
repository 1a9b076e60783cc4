"""Shipping on time, having the goods, and shipping for real: judged on payment, label and scan."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import HOUR_US
from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.orders.facts import (
    BreachKind,
    CancelReason,
    Details,
    Excuse,
    Ground,
    OrderStates,
    Reports,
    Verdicts,
)
from xiaobao.orders.rules.clocks import (
    after,
    earlier,
    excuse_of,
    moved_us,
    reports_of,
    stood,
    verdicts,
)
from xiaobao.orders.rules.tracking import long_stalled

if TYPE_CHECKING:
    from xiaobao.orders.terms import ShippingTerms

_BAD_FAITH = {
    CancelReason.PRICE_RISE: Ground.CALLED_OFF_PRICE_RISE,
    CancelReason.SELECTIVE: Ground.CALLED_OFF_SELECTIVE,
}


def judge_shipping(f: OrderStates, d: Details, t: ShippingTerms) -> Verdicts:
    """Every shipping promise of every order."""
    return Verdicts.concat(shipping_promises(f, d, t))


def shipping_promises(f: OrderStates, d: Details, t: ShippingTerms) -> list[Verdicts]:
    """The same, promise by promise."""
    r = reports_of(len(f), d, t.force_majeure_report_hours)
    out_of_stock = not_in_stock(f, t, r)
    if (t.stalled_out_of_stock_hours > 0).any():
        out_of_stock = earlier(out_of_stock, _stalled_for_good(f, d, t, r))
    is_long = is_long_promise(f, t)
    return [
        late_shipment(f, t, r),
        _only(out_of_stock, BreachKind.OUT_OF_STOCK, ~is_long),
        _only(out_of_stock, BreachKind.OUT_OF_STOCK_LONG, is_long),
        bad_faith(f),
        fake_shipment(f, t, r),
    ]


def deadline_us(f: OrderStates, t: ShippingTerms) -> Int:
    """When the parcel must be with the carrier.

    What the order promises (a moment, or hours from payment) goes before the terms' hours. A
    promised moment stands alone where hand-over is judged; elsewhere it says nothing to an order
    paid after it.
    """
    hours = np.where(f.ship_hours > 0, f.ship_hours, t.ship_hours)
    return np.where(_has_promised_moment(f, t), f.ship_by_us, after(f.paid_us, hours))


def _has_promised_moment(f: OrderStates, t: ShippingTerms) -> Mask:
    holds: Mask = t.is_judged_on_handover | (f.paid_us <= f.ship_by_us)
    return (f.ship_by_us < FAR_US) & holds


def is_long_promise(f: OrderStates, t: ShippingTerms) -> Mask:
    """The promised span from payment is longer than the short promise."""
    return deadline_us(f, t) - f.paid_us > t.short_promise_hours * HOUR_US


def late_shipment(f: OrderStates, t: ShippingTerms, r: Reports) -> Verdicts:
    """Late by the deadline, or late to be scanned after the label, whichever ran out first."""
    by_deadline = _late_by_deadline(f, t, r)
    return earlier(by_deadline, _late_after_label(f, t, r))


def _late_by_deadline(f: OrderStates, t: ShippingTerms, r: Reports) -> Verdicts:
    """The first scan counts, not the label; a scan at the very deadline is in time.

    Where lateness is judged on hand-over, the verdict waits for the scan: an order never handed
    over is never late, and one handed over is judged even if cancelled or never paid.
    """
    # A promised moment was promised with the order, and needs no payment to run.
    since = np.where(_has_promised_moment(f, t), f.ordered_us, f.paid_us)
    clock = stood(deadline_us(f, t), since, r)
    limit, handed = clock.deadline_us, t.is_judged_on_handover
    scanned = np.where(f.first_scan_us < FAR_US, np.maximum(clock.due_us, f.first_scan_us), FAR_US)
    due = np.where(handed, scanned, clock.due_us)
    excuse = excuse_of(
        f, due,
        is_called_off=~handed & (f.cancelled_us <= limit),
        is_forced=clock.is_waiting,
        is_kept=np.where(handed, f.first_scan_us, moved_us(f)) <= limit,
    )  # fmt: skip
    return verdicts(
        BreachKind.LATE_SHIPMENT, Ground.NO_SCAN_BY_DEADLINE, due, since, excuse, f.goods_minor,
        clock.is_lapsed,
    )  # fmt: skip


def _late_after_label(f: OrderStates, t: ShippingTerms, r: Reports) -> Verdicts:
    hours = np.where(t.is_judged_on_handover, 0, t.label_scan_hours)
    due = _if_paid(f, after(f.labelled_us, hours))
    ground = Ground.NO_SCAN_AFTER_LABEL
    return _unshipped(BreachKind.LATE_SHIPMENT, ground, f, due, f.labelled_us, r)


def _unshipped(
    kind: BreachKind, ground: Ground, f: OrderStates, due_us: Int, since_us: Int, r: Reports
) -> Verdicts:
    """Nothing moved between these moments."""
    clock = stood(due_us, since_us, r)
    excuse = excuse_of(
        f, clock.due_us,
        is_called_off=f.cancelled_us <= clock.deadline_us,
        is_forced=clock.is_waiting,
        is_kept=moved_us(f) <= clock.deadline_us,
    )  # fmt: skip
    return verdicts(kind, ground, clock.due_us, since_us, excuse, f.goods_minor, clock.is_lapsed)


def _if_paid(f: OrderStates, due_us: Int) -> Int:
    """A clock that runs out before the order is paid does not run: nothing is owed yet."""
    return np.where(f.paid_us <= due_us, due_us, FAR_US)


def not_in_stock(f: OrderStates, t: ShippingTerms, r: Reports) -> Verdicts:
    """Long past the deadline without movement, or at once when the seller will not ship."""
    due = _if_paid(f, after(deadline_us(f, t), t.out_of_stock_hours))
    ground = Ground.NOT_SHIPPED_AT_ALL
    never = _unshipped(BreachKind.OUT_OF_STOCK, ground, f, due, f.paid_us, r)
    return earlier(never, _called_off(f, r))


def _called_off(f: OrderStates, r: Reports) -> Verdicts:
    """The seller will not ship: at once, but for what it called off while force majeure lasted."""
    # A seller who gives no better reason refuses to ship, and the clause asks for no motive.
    is_refused = f.cancel_reason == CancelReason.OTHER
    is_off = (f.cancel_reason == CancelReason.OUT_OF_STOCK) | is_refused
    off = _if_paid(f, np.where(is_off, f.cancelled_us, FAR_US))
    # It has no time to take out: reported before, it is judged once that is decided.
    clock = stood(off, off, r)
    due = np.where(clock.is_waiting | (off >= FAR_US), off, np.maximum(off, clock.due_us))
    excuse = excuse_of(
        f, due,
        # Whoever was asked for the money back first only did what the buyer wished.
        is_called_off=is_refused & (f.refund_asked_us <= off),
        is_forced=clock.is_waiting | ((r.told_us <= off) & (off < r.until_us)),
        is_kept=moved_us(f) <= off,
    )  # fmt: skip
    ground = np.where(
        is_refused, int(Ground.CALLED_OFF_REFUSED), int(Ground.CALLED_OFF_OUT_OF_STOCK)
    )
    return verdicts(
        BreachKind.OUT_OF_STOCK, ground, due, f.paid_us, excuse, f.goods_minor, clock.is_lapsed
    )


def _stalled_for_good(f: OrderStates, d: Details, t: ShippingTerms, r: Reports) -> Verdicts:
    """A parcel that stood still long beyond what is slow never really left."""
    v = long_stalled(f, d, t, r)
    due = _if_paid(f, v.due_us)
    never_paid = (due >= FAR_US) & (v.excuse == Excuse.NONE)
    excuse = np.where(never_paid, int(Excuse.NOT_RUNNING), v.excuse)
    return verdicts(
        BreachKind.OUT_OF_STOCK, v.ground, due, v.since_us, excuse, v.base_minor, v.is_platforms
    )


def _only(v: Verdicts, kind: BreachKind, where: Mask) -> Verdicts:
    """The verdicts under this kind; elsewhere the clock does not run."""
    excuse = np.where(~where & (v.excuse == Excuse.NONE), int(Excuse.NOT_RUNNING), v.excuse)
    return verdicts(
        kind, v.ground, np.where(where, v.due_us, FAR_US), v.since_us, excuse, v.base_minor,
        v.is_platforms,
    )  # fmt: skip


def bad_faith(f: OrderStates) -> Verdicts:
    """Called off to raise the price or to pick among buyers: at once, and nothing excuses it."""
    grounds = np.zeros(len(f), np.int64)
    for reason, ground in _BAD_FAITH.items():
        grounds = np.where(f.cancel_reason == reason, int(ground), grounds)
    due = _if_paid(f, np.where(grounds > 0, f.cancelled_us, FAR_US))
    no = np.zeros(len(f), np.bool_)
    excuse = excuse_of(f, due, is_called_off=no, is_forced=no, is_kept=moved_us(f) <= due)
    return verdicts(
        BreachKind.OUT_OF_STOCK_MALICIOUS, grounds, due, f.paid_us, excuse, f.goods_minor
    )


def fake_shipment(f: OrderStates, t: ShippingTerms, r: Reports) -> Verdicts:
    """A label, and nothing moves."""
    due = _if_paid(f, after(f.labelled_us, t.fake_hours))
    ground = Ground.LABEL_WITHOUT_MOVEMENT
    return _unshipped(BreachKind.FAKE_SHIPMENT, ground, f, due, f.labelled_us, r)
