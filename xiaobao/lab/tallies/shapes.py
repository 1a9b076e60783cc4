"""A tally: cubes of sums, and the few cases that changed most; a monoid under `merged`."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from enum import IntEnum
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int

Key = tuple[int, ...]
Sums = dict[Key, tuple[int, ...]]
# How many of the cases that changed are kept to be looked at.
MOST_CASES = 50


class Change(IntEnum):
    """What becomes of one promise of one order when the pack changes."""

    SAME = 0  # broken under both, and pays the same
    ADDED = 1  # broken only under the new pack
    GONE = 2  # broken only under the old one
    MORE = 3  # pays more
    LESS = 4
    MOVED = 5  # pays the same, for another reason or at another moment


class Side(IntEnum):
    """Under which pack."""

    OLD = 0
    NEW = 1


# What each cube is keyed by, and what it sums; both in this order.
CUBES: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "sales": (("month", "category"), ("orders", "goods_minor", "evaluations")),
    "outcomes": (
        ("month", "kind", "change"),
        ("cases", "old_buyer_minor", "old_platform_minor", "new_buyer_minor",
         "new_platform_minor"),
    ),
    "promises": (
        ("side", "month", "kind"),
        ("breaches", "buyer_minor", "platform_minor", "paying_buyer_minor",
         "paying_platform_minor"),
    ),
    "sanctions": (
        ("side", "kind", "category"),
        ("breaches", "base_minor", "sanction_minor"),
    ),
    "floors": (("side", "kind", "category", "floor_minor"), ("sanction_minor",)),
    "shops": (
        ("size",),
        ("sellers", "orders", "goods_minor", "pay_more", "pay_less", "old_minor", "new_minor"),
    ),
    "kept": (("by", "kind"), ("cases", "paid_minor", "platform_minor")),
    "deposits": (
        ("side", "month", "size"),
        ("sellers", "required_minor", "there_minor", "short_sellers", "shortfall_minor",
         "goods_minor"),
    ),
    "fund": (("side", "month"), ("drawn_minor", "owed_minor")),
    "claims": (
        ("kind", "old", "new"),
        ("cases", "old_buyer_minor", "old_punitive_minor", "old_fund_minor", "new_buyer_minor",
         "new_punitive_minor", "new_fund_minor"),
    ),
    "violations": (
        ("side", "month", "kind"),
        ("violations", "counted", "points", "penalty_minor"),
    ),
    "penalties": (
        ("side", "month", "points_class", "rung"),
        ("penalties", "forced_exits"),
    ),
    "forced_out": (("seller_id", "points_class"), ("old", "new")),
    "exits": (
        ("month", "scope", "change"),
        ("exits", "old_free_minor", "new_free_minor", "old_kept_minor", "new_kept_minor",
         "old_hours", "new_hours", "old_open", "new_open"),
    ),
}  # fmt: skip


@dataclass(frozen=True)
class Case:
    """One promise of one order that comes out differently."""

    seller_id: int
    order_id: int
    kind: int
    change: int
    ordered_us: int
    base_minor: int
    old_minor: int  # to buyer and platform together
    new_minor: int
    old_ground: int
    new_ground: int
    old_due_us: int
    new_due_us: int

    @property
    def rank(self) -> tuple[int, int, int, int]:
        """The largest difference first; then by name, so that no two are equal."""
        return (-abs(self.new_minor - self.old_minor), self.seller_id, self.order_id, self.kind)


@dataclass(frozen=True)
class Tally:
    """Sums by cube and key, and the cases to look at; the empty one changes nothing."""

    cubes: dict[str, Sums] = field(default_factory=dict)
    cases: tuple[Case, ...] = ()


def merged(one: Tally, other: Tally) -> Tally:
    """Both together. Associative and commutative: parts may be merged in any order."""
    cubes = {name: dict(sums) for name, sums in one.cubes.items()}
    for name, sums in other.cubes.items():
        into = cubes.setdefault(name, {})
        for key, values in sums.items():
            have = into.get(key)
            into[key] = values if have is None else tuple(map(sum, zip(have, values, strict=True)))
    cases = sorted({*one.cases, *other.cases}, key=lambda c: c.rank)[:MOST_CASES]
    return Tally(cubes, tuple(cases))


def merged_all(tallies: Iterable[Tally]) -> Tally:
    whole = Tally()
    for tally in tallies:
        whole = merged(whole, tally)
    return whole


class Grouped:
    """Rows brought together by key once, to be summed as often as needed."""

    def __init__(self, keys: Sequence[Int]) -> None:
        stacked = np.stack([np.asarray(k, np.int64) for k in keys], axis=1)
        self._is_empty = len(stacked) == 0
        if self._is_empty:
            return
        code = _coded(stacked)
        self._order = np.argsort(code, kind="stable")
        self._heads = np.flatnonzero(np.append(True, np.diff(code[self._order]) != 0))
        self.keys = [tuple(key) for key in stacked[self._order[self._heads]].tolist()]

    def sums(self, *values: Int) -> Sums:
        """The sums of each distinct key."""
        if self._is_empty:
            return {}
        totals = [self._total(np.asarray(v, np.int64)) for v in values]
        return dict(zip(self.keys, zip(*totals, strict=True), strict=True))

    def _total(self, values: Int) -> list[int]:
        # `reduceat` sums whole numbers; `bincount` would sum doubles, which are not exact.
        found: list[int] = np.add.reduceat(values[self._order], self._heads).tolist()
        return found


def summed(keys: Sequence[Int], values: Sequence[Int]) -> Sums:
    """The sums of each distinct key, of columns."""
    return Grouped(keys).sums(*values)


def _coded(stacked: NDArray[np.int64]) -> Int:
    """A number for each distinct key."""
    code = np.zeros(len(stacked), np.int64)
    for column in stacked.T:
        low = int(column.min())
        code = code * (int(column.max()) - low + 1) + (column - low)
    return code


def as_bytes(tally: Tally) -> bytes:
    """For the way between processes; equal tallies are equal bytes."""
    cubes = {
        name: [[*key, *values] for key, values in sorted(sums.items())]
        for name, sums in sorted(tally.cubes.items())
    }
    cases = [list(vars(case).values()) for case in tally.cases]
    return json.dumps({"cubes": cubes, "cases": cases}, separators=(",", ":")).encode()


def from_bytes(body: bytes) -> Tally:
    told = json.loads(body)
    cubes = {}
    for name, rows in told["cubes"].items():
        width = len(CUBES[name][0])
        cubes[name] = {tuple(row[:width]): tuple(row[width:]) for row in rows}
    return Tally(cubes, tuple(Case(*case) for case in told["cases"]))
