"""Books: the version in force, and what later versions may not change."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.books import Book, NotInForce, book
from xiaobao.kernel.columns import FAR_US, Columns, Int


@dataclass(frozen=True, slots=True)
class Toy(Columns):
    value: Int


def toy(rows: list[tuple[int, int, int]]) -> Book[Toy]:
    """(key, begins, ends) rows, each with its position as value."""
    return book(
        Toy(value=np.arange(len(rows))),
        key=[r[0] for r in rows], begins_us=[r[1] for r in rows], ends_us=[r[2] for r in rows],
    )  # fmt: skip


CUTS = st.lists(st.integers(0, 50), min_size=1, max_size=6, unique=True).map(sorted)


@given(CUTS, CUTS, st.lists(st.tuples(st.integers(0, 1), st.integers(0, 60)), max_size=20))
def test_each_moment_finds_its_span(
    first: list[int], second: list[int], asked: list[tuple[int, int]]
) -> None:
    rows = [
        (key, begins, ends)
        for key, cuts in enumerate((first, second))
        for begins, ends in zip(cuts, [*cuts[1:], FAR_US], strict=True)
    ][::-1]
    made = toy(rows)
    keys, moments = (np.array([a[i] for a in asked], np.int64) for i in range(2))
    positions, found = made.positions(moments, keys)
    for n, (key, moment) in enumerate(asked):
        holding = [i for i, r in enumerate(rows) if r[0] == key and r[1] <= moment < r[2]]
        assert holding == ([positions[n]] if found[n] else [])


def test_the_end_is_not_included() -> None:
    made = toy([(0, 0, 10), (0, 10, 20)])
    assert made.in_force(np.array([0, 9, 10, 19])).value.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("moment", [-1, 20])
def test_a_moment_outside_is_named(moment: int) -> None:
    with pytest.raises(NotInForce, match=rf"Toy.*key 0.*{moment} µs"):
        toy([(0, 0, 10), (0, 10, 20)]).in_force(np.array([5, moment]))


def test_an_unknown_key_is_named() -> None:
    with pytest.raises(NotInForce, match="key 3"):
        toy([(0, 0, 10)]).in_force(np.array([5]), np.array([3]))


def test_what_comes_later_changes_nothing_earlier() -> None:
    moments = np.arange(10)
    before = toy([(0, 0, FAR_US)]).in_force(moments).value
    after = toy([(0, 0, 10), (0, 10, FAR_US)]).in_force(moments).value
    assert before.tolist() == after.tolist()
