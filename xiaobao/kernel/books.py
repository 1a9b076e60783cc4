"""Books of versions: terms by key, each in force over a half-open span of time."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

import numpy as np

from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from collections.abc import Sequence

T = TypeVar("T", bound=Columns)


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

    def positions(self, moments_us: Int, key: Int) -> tuple[Int, Mask]:
        """The row in force for each moment and key, and whether there is one."""
        position = np.zeros(len(moments_us), np.int64)
        for one in np.unique(key):
            asked = np.flatnonzero(key == one)
            rows = np.flatnonzero(self.key == one)
            rows = rows[np.argsort(self.begins_us[rows], kind="stable")]
            if len(rows) == 0:
                position[asked] = -1
                continue
            at = np.searchsorted(self.begins_us[rows], moments_us[asked], side="right") - 1
            found = np.where(at >= 0, rows[np.maximum(at, 0)], -1)
            ended = moments_us[asked] >= self.ends_us[np.maximum(found, 0)]
            position[asked] = np.where(ended, -1, found)
        return position, position >= 0

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


def book(
    rows: T, *, key: Sequence[int], begins_us: Sequence[int], ends_us: Sequence[int]
) -> Book[T]:
    """A book from plain lists: for tests and for drafts that no database has seen."""
    return Book(
        rows, np.array(key, np.int64), np.array(begins_us, np.int64), np.array(ends_us, np.int64)
    )
