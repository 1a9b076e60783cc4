"""Columns: groups, running totals and draws against plain loops."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.columns import (
    Columns,
    Int,
    Mask,
    drawn_within,
    each_once,
    first_match,
    groups_of,
    in_order,
    running_within,
)


@dataclass(frozen=True, slots=True)
class Pairs(Columns):
    number: Int
    is_even: Mask


ROWS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 100)), max_size=30)


def columns(rows: list[tuple[int, int]]) -> tuple[Int, Int]:
    return (
        np.array([r[0] for r in rows], np.int64),
        np.array([r[1] for r in rows], np.int64),
    )


def test_columns_are_equally_long() -> None:
    with pytest.raises(AssertionError, match="unequal"):
        Pairs(number=np.arange(2), is_even=np.array([True]))


def test_an_unknown_column_is_refused() -> None:
    with pytest.raises(TypeError):
        Pairs.of(number=[1], is_odd=[True])


@given(st.lists(st.integers(-9, 9), min_size=1, max_size=9))
def test_taking_and_joining_give_the_whole_again(numbers: list[int]) -> None:
    whole = Pairs.of(number=np.array(numbers, np.int32), is_even=[n % 2 == 0 for n in numbers])
    assert whole.number.dtype == np.int64
    parts = [whole.take(np.array([i])) for i in range(len(whole))]
    again = Pairs.concat(parts)
    assert again.number.tolist() == numbers
    assert again.is_even.tolist() == whole.is_even.tolist()
    assert len(whole.take(whole.is_even)) == sum(n % 2 == 0 for n in numbers)
    assert Pairs.names() == ["number", "is_even"]


@given(st.lists(st.lists(st.booleans(), min_size=3, max_size=3), max_size=12))
def test_the_first_match_is_the_reason(rows: list[list[bool]]) -> None:
    tests = [np.array([r[i] for r in rows], bool) for i in range(3)]
    expected = [next((i + 1 for i in range(3) if r[i]), 0) for r in rows]
    assert first_match(tests, len(rows)).tolist() == expected


@given(ROWS)
def test_equal_keys_have_equal_groups(rows: list[tuple[int, int]]) -> None:
    one, two = columns(rows)
    group = groups_of(one, two)
    pairs = list(zip(one.tolist(), two.tolist(), strict=True))
    for i, left in enumerate(pairs):
        for j, right in enumerate(pairs):
            assert (group[i] == group[j]) == (left == right)


@given(ROWS)
def test_a_running_total_is_that_of_its_group(rows: list[tuple[int, int]]) -> None:
    group, amount = columns(rows)
    seen: dict[int, int] = {}
    expected = []
    for g, a in rows:
        seen[g] = seen.get(g, 0) + a
        expected.append(seen[g])
    assert running_within(amount, group).tolist() == expected


@given(ROWS, st.lists(st.integers(0, 150), min_size=5, max_size=5))
def test_first_come_is_first_served(rows: list[tuple[int, int]], purse: list[int]) -> None:
    group, wanted = columns(rows)
    left = list(purse)
    expected = []
    for g, a in rows:
        got = min(a, left[g])
        left[g] -= got
        expected.append(got)
    available = np.array([purse[g] for g, _ in rows], np.int64)
    assert drawn_within(wanted, group, available).tolist() == expected


@given(st.lists(st.integers(0, 2**32 - 1) | st.integers(0, 5) | st.just(2**16), max_size=40))
def test_keys_are_sorted_as_they_come_and_each_named_once(keys: list[int]) -> None:
    column = np.array(keys, np.int64)
    expected = sorted(range(len(keys)), key=keys.__getitem__)
    assert in_order(column, 2**32).tolist() == expected
    assert in_order(column, max(keys, default=0) + 1).tolist() == expected
    assert each_once(column).tolist() == sorted(set(keys))
