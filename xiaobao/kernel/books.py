"""Books of versions: terms by key, each in force over a half-open span of time."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T", bound=Columns)
K = TypeVar("K", int, Int)


_FIRSTS = 64


def paired(first: K, second: K) -> K:
    """One key of two; `first` is a code of a short list, below 64."""
    return second * _FIRSTS + first


def parted(keys: Int) -> tuple[Int, Int]:
    """The two that each key was made of."""
    return keys % _FIRSTS, keys // _FIRSTS


class NotInForce(LookupError):  # noqa: N818
    """No version was in force at a moment asked for; names the first such key and moment."""


@dataclass(frozen=True)
class Book(Generic[T]):
    """All versions of one table of terms.

    `rows` holds the versions; `key`, `begins_us` and `ends_us` say, row for row, what they are
    about and when they are in force (`ends_us` is not included; FAR_US where open).
    """

    rows: T
    key: Int
    begins_us: Int
    ends_us: Int

    @cached_property
    def _index(self) -> tuple[Int, Int, Int, Int, Int]:
        """Rows by key and beginning, and their beginnings; keys, their first row, how many."""
        order = np.lexsort((self.begins_us, self.key))
        known, starts, counts = np.unique(self.key[order], return_index=True, return_counts=True)
        return order, np.append(self.begins_us[order], FAR_US), known, starts, counts

    @cached_property
    def _by_key(self) -> dict[int, tuple[list[int], list[int], list[int]]]:
        """By key: beginnings in order, the ends that belong to them, their rows."""
        order, _, known, starts, counts = self._index
        return {
            key: (self.begins_us[rows].tolist(), self.ends_us[rows].tolist(), rows.tolist())
            for key, first, count in zip(
                known.tolist(), starts.tolist(), counts.tolist(), strict=True
            )
            for rows in [order[first : first + count]]
        }

    @cached_property
    def _taken(self) -> dict[int, T]:
        """Single rows that were asked for: the live way asks for the same few again and again."""
        return {}

    def _position(self, moment_us: int, key: int) -> int:
        """As `positions`, for one: -1 where there is none."""
        begins, ends, rows = self._by_key.get(key, ([], [], []))
        last = bisect_right(begins, moment_us) - 1
        return rows[last] if last >= 0 and moment_us < ends[last] else -1

    def positions(self, moments_us: Int, key: Int) -> tuple[Int, Mask]:
        """The row in force for each moment and key, and whether there is one."""
        if len(key) == 1 and len(self.key):
            at = self._position(int(moments_us[0]), int(key[0]))
            return np.array([at]), np.array([at >= 0])
        if len(self.key) == 0:
            return np.full(len(moments_us), -1), np.zeros(len(moments_us), np.bool_)
        order, begins, known, starts, counts = self._index
        if len(known) == 1 and len(key) and key.min() == key.max() == known[0]:
            # Most tables have one key: then one search among its beginnings is enough.
            last = np.searchsorted(begins[:-1], moments_us, side="right") - 1
            position = order[np.maximum(last, 0)]
            found = (last >= 0) & (moments_us < self.ends_us[position])
            return np.where(found, position, -1), found
        place = np.minimum(np.searchsorted(known, key), len(known) - 1)
        first = starts[place]
        low, high = first, first + np.where(known[place] == key, counts[place], 0)
        # All rows at once halve the span in which their version must lie.
        for _ in range(int(counts.max()).bit_length()):
            middle = (low + high) // 2
            has_begun = (low < high) & (begins[middle] <= moments_us)
            low, high = np.where(has_begun, middle + 1, low), np.where(has_begun, high, middle)
        position = order[np.maximum(low - 1, 0)]
        found = (low > first) & (moments_us < self.ends_us[position])
        return np.where(found, position, -1), found

    def in_force(self, moments_us: Int, key: Int | None = None) -> T:
        """The terms in force at each moment, under each key (0 where the table has but one).

        :raises NotInForce: where a moment falls in no version's span
        """
        if len(moments_us) == 1:
            found_one = self._one_in_force(int(moments_us[0]), 0 if key is None else int(key[0]))
            if found_one is not None:
                return found_one
        keys = np.zeros(len(moments_us), np.int64) if key is None else key
        position, found = self.positions(moments_us, keys)
        if not found.all():
            first = int(np.flatnonzero(~found)[0])
            raise NotInForce(
                f"no {type(self.rows).__name__} in force for key {int(keys[first])} "
                f"at {int(moments_us[first])} µs"
            )
        return self.rows.take(position)

    def _one_in_force(self, moment_us: int, key: int) -> T | None:
        at = self._position(moment_us, key) if len(self.key) else -1
        if at < 0:
            return None
        return one_of(self.rows, at, self._taken)


def one_of(rows: T, at: int, taken: dict[int, T]) -> T:
    """One row as columns of length one, taken once: nobody may write to it."""
    found = taken.get(at)
    if found is None:
        found = taken[at] = rows.take(np.array([at]))
        for column in found.as_dict().values():
            column.setflags(write=False)
    return found


def of_versions(rows: T, version: Int) -> T:
    """The rows of terms of these versions: as they were published, whenever they were in force."""
    known: Int = rows.version  # type: ignore[attr-defined]
    order = np.argsort(known, kind="stable")
    place = np.minimum(np.searchsorted(known[order], version), len(order) - 1)
    found = order[place]
    assert (known[found] == version).all(), "terms are never taken back"
    return rows.take(found)


def book(
    rows: T, *, key: Sequence[int], begins_us: Sequence[int], ends_us: Sequence[int]
) -> Book[T]:
    """A book from plain lists: for tests and for drafts that no database has seen."""
    return Book(
        rows, np.array(key, np.int64), np.array(begins_us, np.int64), np.array(ends_us, np.int64)
    )
