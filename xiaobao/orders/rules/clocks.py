"""What every clock shares: when it runs out, what excuses it, which of two ran out first.

A verdict depends on nothing that happened after its own moment `due_us`: "no scan by then" is
`first_scan_us > due_us`, whether the scan came later or never. So a sweep that runs late finds
what one that ran on time would have found.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from xiaobao.kernel.clocks import HOUR_US
from xiaobao.kernel.columns import FAR_US, Int, Mask, first_match
from xiaobao.orders.facts import (
    BreachKind,
    Details,
    Excuse,
    FactKind,
    Ground,
    OrderStates,
    Reports,
    Stood,
    Verdicts,
)

# What comes of a report of force majeure.
DECISIONS = (FactKind.FORCE_REVIEWED, FactKind.FORCE_LAPSED)


def after(since_us: Int, hours: Int) -> Int:
    """When so many hours have passed; FAR_US for an unknown start or a clock of 0 hours."""
    runs = (since_us < FAR_US) & (hours > 0)
    return np.where(runs, since_us + hours * HOUR_US, FAR_US)


def moved_us(f: OrderStates) -> Int:
    """When the parcel first showed movement: a scan, or a delivery whose scans never came."""
    return np.minimum(f.first_scan_us, np.minimum(f.delivered_us, f.signed_us))


def of_kind(d: Details, kind: FactKind) -> Details:
    """The details of one kind; all of them are not copied, and of few only those are looked at."""
    rows = np.flatnonzero(d.kind == kind)
    return d if len(rows) == len(d) else d.take(rows)


def reports_of(count: int, d: Details, report_hours: Int) -> Reports:
    """Each order's first report of force majeure that came in time, and what came of it."""
    far = np.full(count, FAR_US)
    out = Reports(far, far.copy(), far.copy(), far.copy(), np.zeros(count, np.bool_))
    told = of_kind(d, FactKind.FORCE_MAJEURE)
    if len(told) == 0:
        return out
    waited = told.recorded_us - told.at_us
    told = told.take((waited >= 0) & (waited <= report_hours[told.row] * HOUR_US))
    # The first of each order is written last.
    first = told.take(np.lexsort((told.at_us, told.recorded_us, told.row))[::-1])
    out.told_us[first.row], out.event_us[first.row] = first.recorded_us, first.at_us
    out.until_us[:] = out.event_us
    decided = d.take(np.isin(d.kind, DECISIONS) & (d.recorded_us >= out.told_us[d.row]))
    order = np.lexsort((decided.at_us, decided.kind, decided.recorded_us, decided.row))[::-1]
    first = decided.take(order)
    is_lapsed = first.kind == FactKind.FORCE_LAPSED
    out.free_us[first.row], out.is_lapsed[first.row] = first.recorded_us, is_lapsed
    out.until_us[first.row] = np.where(is_lapsed, out.event_us[first.row], first.at_us)
    return out


def as_known(d: Details) -> Details:
    """The details by when they bear on a verdict: a review, by when it was given."""
    is_decided = np.isin(d.kind, DECISIONS)
    return replace(d, at_us=np.where(is_decided, d.recorded_us, d.at_us))


def stood(due_us: Int, since_us: Int, r: Reports) -> Stood:
    """A clock that ran from `since_us` to `due_us`, with the report of its order.

    A report stops it until it is decided. What was approved takes out the time that it lasted;
    refused, or lapsed, the promise had to be kept by the same moment as ever, and that is told
    once it is known.
    """
    counts = (r.told_us <= due_us) & (due_us < FAR_US)
    is_waiting = counts & (r.free_us >= FAR_US)
    is_decided = counts & ~is_waiting
    lasted = np.maximum(r.until_us - np.maximum(r.event_us, since_us), 0)
    deadline = np.where(is_decided, due_us + np.where(is_decided, lasted, 0), due_us)
    return Stood(
        deadline_us=deadline,
        due_us=np.where(is_decided, np.maximum(deadline, r.free_us), due_us),
        is_waiting=is_waiting,
        # What runs out after the lapse stood for nothing, and is the seller's to keep.
        is_lapsed=is_decided & r.is_lapsed & (due_us <= r.free_us),
    )


def excuse_of(
    f: OrderStates, due_us: Int, *, is_called_off: Mask, is_forced: Mask, is_kept: Mask
) -> Int:
    """The first excuse that holds, in the order of `Excuse`; NONE is a breach."""
    # Nothing is promised before it is ordered, whatever else is said to have happened by then.
    is_unplaced = (f.ordered_us >= FAR_US) | (f.ordered_us > due_us)
    return first_match([is_unplaced, due_us >= FAR_US, is_called_off, is_forced, is_kept], len(f))


def verdicts(
    kind: BreachKind, ground: Ground | Int, due_us: Int, since_us: Int, excuse: Int, base: Int,
    is_platforms: Mask | None = None,
) -> Verdicts:  # fmt: skip
    """One verdict per order, in the order of the orders."""
    count = len(due_us)
    no = np.zeros(count, np.bool_)
    return Verdicts(
        row=np.arange(count),
        kind=np.broadcast_to(np.int64(kind), (count,)),
        due_us=due_us,
        since_us=since_us,
        ground=np.broadcast_to(np.asarray(ground, np.int64), (count,)),
        excuse=excuse,
        base_minor=base,
        is_platforms=no if is_platforms is None else is_platforms,
    )


def no_verdicts() -> Verdicts:
    none = np.zeros(0, np.int64)
    columns: dict[str, Any] = dict.fromkeys(Verdicts.names(), none)
    return Verdicts(**columns | {"is_platforms": none > 0})


def earlier(one: Verdicts, other: Verdicts) -> Verdicts:
    """Row for row the breach that came first; where neither is a breach, the first verdict."""
    one_us = np.where(one.excuse == Excuse.NONE, one.due_us, FAR_US)
    other_us = np.where(other.excuse == Excuse.NONE, other.due_us, FAR_US)
    takes_other = other_us < one_us
    # Of one kind and about the same orders: these columns are the same in both.
    same: dict[str, Any] = {"row": one.row, "kind": one.kind}
    return Verdicts(
        **same,
        **{
            name: np.where(takes_other, getattr(other, name), getattr(one, name))
            for name in Verdicts.names()
            if name not in same
        },
    )
