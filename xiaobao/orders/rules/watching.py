"""When a clock must next be looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import FAR_US, Int, Mask

if TYPE_CHECKING:
    from xiaobao.orders.facts import Verdicts


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
