"""Violations, penalties and forced exits under both policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import days_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.history.shapes import month_of
from xiaobao.lab.tallies.shapes import Side, Sums, summed

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone
    from xiaobao.lab.replay.violations import Punished


def tally_of_punished(old: Punished, new: Punished, zone: Zone) -> tuple[Sums, Sums]:
    """What is recorded and counted, and what that begins, by month; nothing that was revoked."""
    recorded: Sums = {}
    begun: Sums = {}
    for side, one in zip(Side, (old, new), strict=True):
        stands = one.violations.revoked_us == FAR_US
        v, w = one.violations.take(stands), one.weights.take(stands)
        each = np.ones(len(v), np.int64)
        counts = (w.points > 0) | (w.strikes > 0) | (w.penalty_minor > 0)
        recorded |= summed(
            [each * side, month_of(days_of(v.recorded_us, zone)), v.kind],
            [each, counts.astype(np.int64), w.points, w.penalty_minor],
        )
        n = one.nights
        each = np.ones(len(n), np.int64)
        begun |= summed(
            [each * side, month_of(n.day), n.points_class, n.rung],
            [each, n.is_forced_out.astype(np.int64)],
        )
    return recorded, begun


def tally_of_forced(old: Punished, new: Punished) -> Sums:
    """Whoever has to leave under either policy: few, so by name."""
    sums: Sums = {}
    for side, one in zip(Side, (old, new), strict=True):
        out = one.nights.take(one.nights.is_forced_out)
        for seller_id, points_class in zip(
            out.seller_id.tolist(), out.points_class.tolist(), strict=True
        ):
            key = (seller_id, points_class)
            had = list(sums.get(key, (0, 0)))
            had[side] = 1
            sums[key] = (had[0], had[1])
    return sums
