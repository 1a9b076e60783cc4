"""What every clock shares: when it runs out, what excuses it, which of two ran out first.

A verdict depends on nothing that happened after its own moment `due_us`: "no scan by then" is
`first_scan_us > due_us`, whether the scan came later or never. So a sweep that runs late finds
what one that ran on time would have found.
"""

from __future__ import annotations

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
    Verdicts,
)


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


def excused_us(count: int, d: Details, report_hours: Int) -> Int:
    """When each order's first report of force majeure that came in time was recorded."""
    reports = of_kind(d, FactKind.FORCE_MAJEURE)
    if len(reports) == 0:
        return np.full(count, FAR_US)
    waited = reports.recorded_us - reports.at_us
    valid = (waited >= 0) & (waited <= report_hours[reports.row] * HOUR_US)
    out = np.full(count, FAR_US)
    np.minimum.at(out, reports.row[valid], reports.recorded_us[valid])
    return out


def excuse_of(
    f: OrderStates, due_us: Int, *, is_called_off: Mask, is_forced: Mask, is_kept: Mask
) -> Int:
    """The first excuse that holds, in the order of `Excuse`; NONE is a breach."""
    # Nothing is promised before it is ordered, whatever else is said to have happened by then.
    is_unplaced = (f.ordered_us >= FAR_US) | (f.ordered_us > due_us)
    return first_match([is_unplaced, due_us >= FAR_US, is_called_off, is_forced, is_kept], len(f))


def verdicts(
    kind: BreachKind, ground: Ground | Int, due_us: Int, since_us: Int, excuse: Int, base: Int
) -> Verdicts:
    """One verdict per order, in the order of the orders."""
    count = len(due_us)
    return Verdicts(
        row=np.arange(count),
        kind=np.broadcast_to(np.int64(kind), (count,)),
        due_us=due_us,
        since_us=since_us,
        ground=np.broadcast_to(np.asarray(ground, np.int64), (count,)),
        excuse=excuse,
        base_minor=base,
    )


def earlier(one: Verdicts, other: Verdicts) -> Verdicts:
    """Row for row the breach that came first; where neither is a breach, the first verdict."""
    one_us = np.where(one.excuse == Excuse.NONE, one.due_us, FAR_US)
    other_us = np.where(other.excuse == Excuse.NONE, other.due_us, FAR_US)
    takes_other = other_us < one_us
    # Of one kind and about the same orders: these columns are the same in both.
    same = {"row": one.row, "kind": one.kind}
    return Verdicts(
        **same,
        **{
            name: np.where(takes_other, getattr(other, name), getattr(one, name))
            for name in Verdicts.names()
            if name not in same
        },
    )
