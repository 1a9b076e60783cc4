"""Orders at which a glance is enough: under none of the terms in question is anything broken.

Most orders keep every promise by a wide margin. The shortest clocks of all versions of terms tell
them from the rest, who are judged in full: nothing else is decided here.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import HOUR_US
from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.orders.facts import CancelReason, Details, FactKind, OrderStates
from xiaobao.orders.rules.clocks import of_kind
from xiaobao.orders.rules.tracking import gaps_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from xiaobao.orders.terms import ShippingTerms

# Called off for another reason, no promise is broken by calling off.
_INNOCENT = (CancelReason.NONE, CancelReason.BUYER, CancelReason.PLATFORM)


@dataclass(frozen=True)
class Shortest:
    """The shortest clock of each kind among versions of terms; FAR_US where none has one."""

    shipping_us: int  # from payment, where the order promises nothing of its own
    label_us: int
    first_gap_us: int
    gap_us: int


def shortest_of(versions: Sequence[ShippingTerms]) -> Shortest:
    """What no clock of these versions is shorter than."""
    slow = ("stall_slow_same_hours", "stall_slow_cross_hours", "stall_slow_remote_hours")
    abnormal = (
        "stall_abnormal_same_hours", "stall_abnormal_cross_hours", "stall_abnormal_remote_hours",
    )  # fmt: skip

    def least(*names: str) -> int:
        return _least_us(getattr(t, name) for t in versions for name in names)

    def beyond(*names: str) -> int:
        """Of those versions in which a parcel that stands still so much longer was never sent."""
        return _least_us(
            np.where(t.stalled_out_of_stock_hours > 0,
                     getattr(t, name) + t.stalled_out_of_stock_hours, 0)
            for t in versions for name in names
        )  # fmt: skip

    first = ("first_update_hours", "no_update_abnormal_hours")
    return Shortest(
        shipping_us=least("ship_hours"),
        label_us=least("label_scan_hours", "fake_hours"),
        first_gap_us=min(least(*first), beyond("first_update_hours")),
        gap_us=min(least(*slow, *abnormal), beyond(*slow)),
    )


def _least_us(hours: Iterable[Int]) -> int:
    """The shortest; a clock of 0 hours does not run."""
    running = [int(some[some > 0].min(initial=FAR_US // HOUR_US)) for some in hours]
    return min(running, default=FAR_US // HOUR_US) * HOUR_US


def may_be_broken(f: OrderStates, d: Details, shortest: Shortest) -> Mask:
    """Where an order has to be judged in full; elsewhere no promise of it is broken."""
    may: Mask = _is_off_late(f, shortest) | _is_called_off(f) | (f.return_received_us < FAR_US)
    gaps = gaps_of(f, d)
    least = np.where(gaps.is_first, shortest.first_gap_us, shortest.gap_us)
    may[gaps.row[gaps.until_us - gaps.since_us >= least]] = True
    may[of_kind(d, FactKind.REFUND_ASKED).row] = True
    return may


def _is_off_late(f: OrderStates, shortest: Shortest) -> Mask:
    """Neither scanned nor, unscanned, called off before the first clock could have run out."""
    hours = np.where(f.ship_hours > 0, f.ship_hours * HOUR_US, shortest.shipping_us)
    promised = np.minimum(f.paid_us + hours, f.ship_by_us)
    clock = np.minimum(promised, f.labelled_us + shortest.label_us)
    over = np.where(f.first_scan_us < FAR_US, f.first_scan_us, f.cancelled_us)
    late: Mask = over > clock
    return late


def _is_called_off(f: OrderStates) -> Mask:
    """By its seller, before it was scanned."""
    is_off: Mask = (f.cancelled_us < FAR_US) & (f.first_scan_us > f.cancelled_us)
    for reason in _INNOCENT:
        is_off &= f.cancel_reason != reason
    return is_off
