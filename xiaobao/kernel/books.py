"""Books of versions: terms by key, each in force over a half-open span of time."""

from __future__ import annotations

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

    def positions(self, moments_us: Int, key: Int) -> tuple[Int, Mask]:
        """The row in force for each moment and key, and whether there is one."""
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
        keys = np.zeros(len(moments_us), np.int64) if key is None else key
        position, found = self.positions(moments_us, keys)
        if not found.all():
            first = int(np.flatnonzero(~found)[0])
            raise NotInForce(
                f"no {type(self.rows).__name__} in force for key {int(keys[first])} "
                f"at {int(moments_us[first])} µs"
            )
        return self.rows.take(position)


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
