"""Columns: a fact is an array; one live case is an array of length one."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import cache
from operator import attrgetter
from typing import TYPE_CHECKING, Any, Self

import numpy as np
from numpy.typing import NDArray

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

Int = NDArray[np.int64]
Mask = NDArray[np.bool_]

# An unknown moment: later than any clock, so `at >= FAR_US` is never true. A column that may be
# unknown still carries an `is_` column beside it.
FAR_US = np.iinfo(np.int64).max // 4


@dataclass(frozen=True, slots=True)
class Columns:
    """Equally long one-dimensional arrays under names; subclasses declare them as fields."""

    def __post_init__(self) -> None:
        # Without a dict: a lone posting makes a dozen of these.
        lengths = set(map(len, _read(self)))
        assert len(lengths) <= 1, f"unequal columns: {self.names()} {lengths}"

    def __len__(self) -> int:
        names: tuple[str, ...] = self.__match_args__
        return len(getattr(self, names[0]))

    def take(self, rows: Int | Mask | slice) -> Self:
        """The rows at these positions, those a mask marks, or a slice: which is only seen."""
        return type(self)(*[column[rows] for column in _read(self)])

    def put(self, **columns: NDArray[Any]) -> Self:
        """The same with other columns; what `dataclasses.replace` does, in a fifth of its time."""
        return type(self)(**(self.as_dict() | columns))

    def as_dict(self) -> dict[str, NDArray[Any]]:
        return dict(zip(self.names(), _read(self), strict=True))

    @classmethod
    def names(cls) -> list[str]:
        # The fields in order; `dataclasses.fields` costs a single posting a tenth of its time.
        return list(cls.__match_args__)

    @classmethod
    def concat(cls, parts: Sequence[Self]) -> Self:
        """The parts one after another; at least one."""
        return cls(
            **{name: np.concatenate([getattr(p, name) for p in parts]) for name in cls.names()}
        )

    @classmethod
    def of(cls, **columns: Iterable[Any] | NDArray[Any]) -> Self:
        """Build from sequences: whole numbers become int64, truth values bool.

        :raises TypeError: on a missing or unknown column
        """
        made = {name: np.asarray(values) for name, values in columns.items()}
        return cls(
            **{
                n: v.astype(np.int64) if v.dtype.kind in "iu" and v.dtype != np.int64 else v
                for n, v in made.items()
            }
        )


# By kind, what reads every column at once: a third of the time of asking for one after another.
_READERS: dict[type[Columns], attrgetter[Any]] = {}


def _read(columns: Columns) -> tuple[NDArray[Any], ...]:
    kind = type(columns)
    reader = _READERS.get(kind)
    if reader is None:
        # A single name would be read as itself, and not as a tuple of one.
        names = [*kind.names(), kind.names()[0]]
        reader = _READERS[kind] = attrgetter(*names)
    found: tuple[NDArray[Any], ...] = reader(columns)
    return found[:-1]


def chosen(where: Mask, then: Int | int, otherwise: Int | int) -> Int:
    """As `np.where`, which takes longer over one row than its whole arithmetic.

    Of one row it is the very column chosen: nobody may write to it.
    """
    if len(where) == 1:
        column = then if where[0] else otherwise
        return column if isinstance(column, np.ndarray) else _alone(column)
    return np.where(where, then, otherwise)


@cache
def _alone(code: int) -> Int:
    """A code, of which there are few, as the column of one row."""
    column = np.array([code])
    column.setflags(write=False)
    return column


def picked(number: Int, columns: Sequence[Int]) -> Int:
    """Of each row the column of its number, counted from 0; of one row that very column."""
    found: Int = columns[number[0]] if len(number) == 1 else np.choose(number, columns)
    return found


# Codes of states, kinds and the like come from short lists.
_MOST_CODES = 64


@cache
def _marked(codes: tuple[int, ...]) -> Mask:
    marked = np.zeros(_MOST_CODES, np.bool_)
    marked[list(codes)] = True
    return marked


def among(column: Int, codes: tuple[int, ...]) -> Mask:
    """Which rows hold one of these codes, all below 64; asked of few rows, hundreds of times."""
    found: Mask = _marked(codes)[column]
    return found


def first_match(tests: Iterable[Mask], count: int) -> Int:
    """For each row the number of the first test that holds, counted from 1; 0 where none does.

    Of one row nothing is tested after the first that holds.
    """
    if count == 1:
        return np.array([next((n for n, test in enumerate(tests, 1) if test[0]), 0)])
    reason = np.zeros(count, np.int64)
    for number, test in reversed(list(enumerate(tests, 1))):
        reason = np.where(test, number, reason)
    return reason


def groups_of(*keys: Int) -> Int:
    """A group number per row, in the order of the keys: equal keys, equal number."""
    if len(keys[0]) == 0:
        return np.zeros(0, np.int64)
    keys = _narrowed(keys)
    order = np.argsort(keys[0], kind="stable") if len(keys) == 1 else np.lexsort(keys[::-1])
    changed = np.zeros(len(order), bool)
    for key in keys:
        sorted_key = key[order]
        changed[1:] |= sorted_key[1:] != sorted_key[:-1]
    numbers = np.empty(len(order), np.int64)
    numbers[order] = np.cumsum(changed)
    return numbers


def _narrowed(keys: tuple[Int, ...]) -> tuple[Int, ...]:
    """As one key, in the same order, where their values lie so close that one number holds all.

    One sort then does the work of several.
    """
    lows = [int(key.min()) for key in keys]
    spans = [int(key.max()) - low + 1 for key, low in zip(keys, lows, strict=True)]
    if math.prod(spans) > np.iinfo(np.int64).max:
        return keys
    code = keys[0] - lows[0]
    for key, low, span in zip(keys[1:], lows[1:], spans[1:], strict=True):
        code = code * span + (key - low)
    return (code,)


def each_once(values: Int) -> Int:
    """The values in order, each once; numpy's own way, by hashing, takes ten times as long."""
    ordered = np.sort(values)
    is_first = np.ones(len(ordered), np.bool_)
    is_first[1:] = ordered[1:] != ordered[:-1]
    return ordered[is_first]


def in_order(keys: Int, below: int) -> Int:
    """Positions in the order of their keys, those of one key as they come.

    Keys are at least 0, and `below` so much. Sixteen bits at a time are sorted by their digits,
    which takes a tenth of the time of comparing.
    """
    assert below <= 1 << 32, "keys of up to 32 bits"
    order = np.argsort((keys & 0xFFFF).astype(np.uint16), kind="stable")
    if below > 1 << 16:
        order = order[np.argsort((keys[order] >> 16).astype(np.uint16), kind="stable")]
    return order


def running_within(amount: Int, group: Int) -> Int:
    """The running total of `amount` inside each group, in the order given, itself included."""
    order = np.argsort(group, kind="stable")
    total = np.cumsum(amount[order])
    starts = np.flatnonzero(np.concatenate([[True], np.diff(group[order]) != 0]))
    before = np.repeat(
        np.concatenate([[0], total])[starts], np.diff(np.append(starts, len(order)))
    )
    out = np.empty(len(order), np.int64)
    out[order] = total - before
    return out


def drawn_within(wanted: Int, group: Int, available: Int) -> Int:
    """How much each row gets of its group's `available`, first come first served.

    `available` is the same on every row of a group; a row gets what the rows before it left.
    """
    after = np.minimum(running_within(wanted, group), available)
    before = np.minimum(running_within(wanted, group) - wanted, available)
    drawn: Int = after - before
    return drawn
