"""Two policies over one bucket of sellers: what changes, what is paid, what it sanctions."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from xiaobao.kernel.columns import Columns, Int, Mask, groups_of
from xiaobao.lab.history.shapes import month_of
from xiaobao.lab.tallies.shapes import (
    MOST_CASES,
    Case,
    Change,
    Grouped,
    Side,
    Sums,
    Tally,
    summed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.lab.replay.breaches import Breaches


def tally_of(old: Breaches, new: Breaches, floors_minor: Sequence[int]) -> Tally:
    """What one bucket of sellers says of two policies."""
    pairs = _pairs(old, new)
    cubes: dict[str, Sums] = {"outcomes": _outcomes(pairs)}
    for side, b in ((Side.OLD, old), (Side.NEW, new)):
        sanctions, floors = sanctions_of(side, b, sanction_of(b), floors_minor)
        promises = _promises(side, b)
        for name, sums in (("promises", promises), ("sanctions", sanctions), ("floors", floors)):
            cubes[name] = {**cubes.get(name, {}), **sums}
    return Tally(cubes, _cases(pairs))


@dataclass(frozen=True, slots=True)
class Pairs(Columns):
    """Promises of orders broken under either policy; zeros on a side where kept."""

    seller_id: Int
    order_id: Int
    kind: Int
    month: Int
    ordered_us: Int
    base_minor: Int
    is_old: Mask
    is_new: Mask
    old_buyer_minor: Int
    old_platform_minor: Int
    new_buyer_minor: Int
    new_platform_minor: Int
    old_ground: Int
    new_ground: Int
    old_due_us: Int
    new_due_us: Int

    @property
    def change(self) -> Int:
        old = self.old_buyer_minor + self.old_platform_minor
        new = self.new_buyer_minor + self.new_platform_minor
        is_same_sum = (self.old_buyer_minor == self.new_buyer_minor) & (old == new)
        is_moved = (self.old_ground != self.new_ground) | (self.old_due_us != self.new_due_us)
        return np.select(
            [~self.is_old, ~self.is_new, new > old, new < old, ~is_same_sum | is_moved],
            [Change.ADDED, Change.GONE, Change.MORE, Change.LESS, Change.MOVED],
            Change.SAME,
        ).astype(np.int64)


def _pairs(old: Breaches, new: Breaches) -> Pairs:
    """One row for each promise of an order that is broken under either policy."""
    both = type(old).concat([old, new])
    group = groups_of(both.order_no, both.kind)
    _, head = np.unique(group, return_index=True)
    count = len(head)
    columns: dict[str, Any] = {
        name: getattr(both, name)[head]
        for name in ("seller_id", "order_id", "kind", "ordered_us", "base_minor")
    }
    columns["month"] = month_of(both.ordered_day[head])
    for side, b, rows in (
        ("old", old, group[: len(old)]),
        ("new", new, group[len(old) :]),
    ):
        there = np.zeros(count, np.bool_)
        there[rows] = True
        columns[f"is_{side}"] = there
        for name in ("buyer_minor", "platform_minor", "ground", "due_us"):
            column = np.zeros(count, np.int64)
            column[rows] = getattr(b, name)
            columns[f"{side}_{name}"] = column
    return Pairs(**columns)


def _outcomes(p: Pairs) -> Sums:
    return summed(
        [p.month, p.kind, p.change],
        [np.ones(len(p), np.int64), p.old_buyer_minor, p.old_platform_minor, p.new_buyer_minor,
         p.new_platform_minor],
    )  # fmt: skip


def _cases(pairs: Pairs) -> tuple[Case, ...]:
    """The cases that change most: no more are kept of a part than of the whole."""
    p = pairs.take(np.flatnonzero(pairs.change != Change.SAME))
    old = p.old_buyer_minor + p.old_platform_minor
    new = p.new_buyer_minor + p.new_platform_minor
    rank = np.lexsort((p.kind, p.order_id, p.seller_id, -np.abs(new - old)))[:MOST_CASES]
    columns = (
        p.seller_id, p.order_id, p.kind, p.change, p.ordered_us, p.base_minor, old, new,
        p.old_ground, p.new_ground, p.old_due_us, p.new_due_us,
    )  # fmt: skip
    return tuple(Case(*row) for row in zip(*(c[rank].tolist() for c in columns), strict=True))


def _promises(side: int, b: Breaches) -> Sums:
    one = np.ones(len(b), np.int64)
    pays = b.is_paid_by_itself
    return summed(
        [one * side, month_of(b.ordered_day), b.kind],
        [one, b.buyer_minor, b.platform_minor, np.where(pays, b.buyer_minor, 0),
         np.where(pays, b.platform_minor, 0)],
    )  # fmt: skip


class Sanctioned(Protocol):
    """Broken promises and what they pay, replayed or as they happened."""

    @property
    def order_no(self) -> Int: ...
    @property
    def clock(self) -> Int: ...
    @property
    def kind(self) -> Int: ...
    @property
    def category_id(self) -> Int: ...
    @property
    def base_minor(self) -> Int: ...
    @property
    def buyer_minor(self) -> Int: ...
    @property
    def platform_minor(self) -> Int: ...


def sanction_of(b: Sanctioned) -> Int:
    """What a bad sale costs its seller: all that the order's group of promises pays.

    Of breaches of one group the later one pays only what the first left; the seller bears both.
    """
    group = groups_of(b.order_no, b.clock)
    total = np.zeros(int(group.max(initial=-1)) + 1, np.int64)
    np.add.at(total, group, b.buyer_minor + b.platform_minor)
    return total[group]


def sanctions_of(
    side: int, b: Sanctioned, sanction: Int, floors_minor: Sequence[int]
) -> tuple[Sums, Sums]:
    """By promise and category: what bad sales cost, and would if none cost less than a floor."""
    one = np.ones(len(b.kind), np.int64)
    grouped = Grouped([one * side, b.kind, b.category_id])
    swept: Sums = {}
    for floor in floors_minor:
        sums = grouped.sums(np.maximum(sanction, floor))
        swept |= {(*key, floor): values for key, values in sums.items()}
    return grouped.sums(one, b.base_minor, sanction), swept
