"""What a breach pays: a clamped share, less what its group paid, within the pair's daily cap.

The punitive part is a share of what the breach's own promise gives, less the punitive part its
group had: what another promise paid the buyer, or its cap, takes nothing from it.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Protocol

import numpy as np

from xiaobao.kernel.money import clamp, share_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.orders.terms import CompensationTerms

# A cap this high is none: no price is above it.
OUT_OF_REACH_MINOR = 10**14


def owed_to_buyer(base_minor: Int, t: CompensationTerms) -> Int:
    """Rounded as the pack says; the cap wins over the floor."""
    return clamp(share_of(base_minor, t.rate_bps, t.rounding), t.least_minor, t.most_minor)


class Sharing(Protocol):
    """The terms by which breaches share out what they owe."""

    @property
    def pair_day_most_minor(self) -> Int: ...
    @property
    def platform_bps(self) -> Int: ...
    @property
    def rounding(self) -> Int: ...


def owed_to_platform(owed_minor: Int, pair_had_minor: Int, t: Sharing) -> Int:
    """The punitive part: a share of what this promise alone would give under its own cap."""
    left = np.maximum(t.pair_day_most_minor - pair_had_minor, 0)
    return share_of(np.minimum(owed_minor, left), t.platform_bps, t.rounding)


def without_punishment(t: CompensationTerms, where: Mask) -> CompensationTerms:
    """The terms with no punitive part in these rows: what the platform missed punishes nobody."""
    return replace(t, platform_bps=np.where(where, 0, t.platform_bps))


def is_capped(t: Sharing) -> Mask:
    """The pair's day has a cap that a sum could reach."""
    capped: Mask = t.pair_day_most_minor < OUT_OF_REACH_MINOR
    return capped


def paid_in_turn(
    owed_minor: Int,
    cap_minor: Int,
    *,
    lane: Int,
    order: Int,
    order_paid: Int,
    pair: Int,
    pair_paid: Int,
) -> tuple[Int, Int, Int]:
    """What each breach pays, one after another in the order given.

    A breach pays what it owes less what its order's group has had, and no more than its cap
    leaves of what the pair has had that day for this kind. `order` and `pair` number those groups
    from 0; `order_paid` and `pair_paid` say, per number, what was paid before. Rows that share an
    order or a pair share a `lane`. Returned: the payments, and what order and pair had had
    before each.
    """
    order_paid, pair_paid = order_paid.copy(), pair_paid.copy()
    paid = np.zeros(len(owed_minor), np.int64)
    order_had, pair_had = paid.copy(), paid.copy()
    turn = _turn_within(lane)
    # Few breaches share a pair and a day, so there are few turns; each is a whole column.
    for now in range(int(turn.max(initial=-1)) + 1):
        rows = np.flatnonzero(turn == now)
        order_had[rows] = order_paid[order[rows]]
        pair_had[rows] = pair_paid[pair[rows]]
        wanted = np.maximum(owed_minor[rows] - order_had[rows], 0)
        left = np.maximum(cap_minor[rows] - pair_had[rows], 0)
        paid[rows] = np.minimum(wanted, left)
        order_paid[order[rows]] += paid[rows]
        pair_paid[pair[rows]] += paid[rows]
    return paid, order_had, pair_had


def punished_in_turn(asked_minor: Int, *, order: Int, order_had: Int) -> tuple[Int, Int]:
    """What each breach pays the platform: what it asks for less what its order's group has had.

    `order` numbers the groups from 0, `order_had` says, per number, what was paid before.
    Returned: the payments, and what the group had had before each.
    """
    none = np.zeros(len(asked_minor), np.int64)
    paid, had, _ = paid_in_turn(
        asked_minor, asked_minor, lane=order, order=order, order_paid=order_had,
        pair=np.arange(len(asked_minor)), pair_paid=none,
    )  # fmt: skip
    return paid, had


def _turn_within(group: Int) -> Int:
    """How many rows of the same group come before each row."""
    rank = np.argsort(group, kind="stable")
    ordered = group[rank]
    starts = np.flatnonzero(np.concatenate([[True], ordered[1:] != ordered[:-1]]))
    lengths = np.diff(np.append(starts, len(ordered)))
    turn = np.empty(len(group), np.int64)
    turn[rank] = np.arange(len(group)) - np.repeat(starts[: len(lengths)], lengths)
    return turn
