"""When a clock must next be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.orders.facts import OrderStates

if TYPE_CHECKING:
    from xiaobao.orders.facts import Verdicts


def as_of(f: OrderStates, moment_us: Int) -> OrderStates:
    """The facts a verdict of that moment rests on: what came later is unknown.

    So what is recorded of a breach is the same however late it was found.
    """
    columns = f.as_dict()
    for name, column in columns.items():
        if name.endswith("_us"):
            columns[name] = np.where(column > moment_us, FAR_US, column)
    columns["ship_by_us"] = f.ship_by_us
    columns["cancel_reason"] = np.where(f.cancelled_us > moment_us, 0, f.cancel_reason)
    return OrderStates(**columns)


def is_judged(judged: Int, kind: Int) -> Mask:
    """The breach kind is among those found already; one bit each."""
    found: Mask = (judged >> kind) & 1 == 1
    return found


def with_kinds(judged: Int, row: Int, kind: Int) -> Int:
    """The kinds found, with those of these breaches."""
    out = judged.copy()
    np.bitwise_or.at(out, row, np.int64(1) << kind)
    return out


def next_due(broken: Verdicts, clock: Int, judged: Int) -> Int:
    """When each clock of each order first runs out on a promise not yet found broken.

    `judged` has a row per order and a column per clock, and so has the result; FAR_US where
    nothing will run out unless more happens.
    """
    due = np.full(judged.shape, FAR_US)
    waits = ~is_judged(judged[broken.row, clock], broken.kind)
    np.minimum.at(due, (broken.row[waits], clock[waits]), broken.due_us[waits])
    return due
