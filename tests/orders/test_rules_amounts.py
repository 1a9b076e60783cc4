"""What breaches pay: clamped, only the difference within a group, never above a cap."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.money import Rounding
from xiaobao.orders.rules.amounts import (
    owed_to_buyer,
    owed_to_platform,
    paid_in_turn,
    punished_in_turn,
)
from xiaobao.orders.terms import CompensationTerms


def _terms(count: int, **changes: int) -> CompensationTerms:
    numbers = {
        "version": 1, "rate_bps": 500, "least_minor": 500, "most_minor": 3_000,
        "platform_bps": 10_000, "pair_day_most_minor": 3_000, "rounding": Rounding.HALF_UP,
    } | changes  # fmt: skip
    yes = np.ones(count, np.bool_)
    columns = {name: np.full(count, number, np.int64) for name, number in numbers.items()}
    return CompensationTerms(is_promised=yes, is_paid_by_itself=yes, **columns)


def test_a_share_is_rounded_then_clamped() -> None:
    base = np.array([990, 10_000, 20_010, 150_000])
    assert owed_to_buyer(base, _terms(4)).tolist() == [500, 500, 1_001, 3_000]
    assert owed_to_buyer(base, _terms(4, rounding=Rounding.DOWN))[2] == 1_000


def test_a_punitive_part_is_of_what_the_promise_gives_under_its_own_cap() -> None:
    terms = _terms(3, platform_bps=5_000)
    had = np.array([0, 2_970, 3_000])
    assert owed_to_platform(np.array([60, 60, 60]), had, terms).tolist() == [30, 15, 0]


def test_a_group_pays_the_platform_the_most_that_one_of_its_breaches_asks() -> None:
    paid, had = punished_in_turn(
        np.array([0, 3_000, 10_000, 2_000]), order=np.array([0, 0, 0, 1]),
        order_had=np.array([0, 500]),
    )  # fmt: skip
    assert paid.tolist() == [0, 3_000, 7_000, 1_500]
    assert had.tolist() == [0, 0, 3_000, 500]


def test_two_late_orders_of_one_pair_and_day_share_the_cap() -> None:
    paid, _, had = paid_in_turn(
        np.array([2_000, 2_000]), np.array([3_000, 3_000]), lane=np.array([0, 0]),
        order=np.array([0, 1]), order_paid=np.zeros(2, np.int64),
        pair=np.array([0, 0]), pair_paid=np.array([0]),
    )  # fmt: skip
    assert paid.tolist() == [2_000, 1_000]
    assert had.tolist() == [0, 2_000]


def test_a_higher_breach_pays_the_difference() -> None:
    paid, had, _ = paid_in_turn(
        np.array([3_000, 10_000, 2_000]), np.full(3, 10**15), lane=np.zeros(3, np.int64),
        order=np.zeros(3, np.int64), order_paid=np.array([0]),
        pair=np.array([0, 1, 2]), pair_paid=np.zeros(3, np.int64),
    )  # fmt: skip
    assert paid.tolist() == [3_000, 7_000, 0]
    assert had.tolist() == [0, 3_000, 10_000]


@st.composite
def queues(draw: st.DrawFn) -> tuple[list[int], list[int], list[int], list[int]]:
    """Breaches in turn: what is owed, order, kind; and the caps of the kinds."""
    count = draw(st.integers(1, 30))
    owed = draw(st.lists(st.integers(0, 10_000), min_size=count, max_size=count))
    order = draw(st.lists(st.integers(0, 5), min_size=count, max_size=count))
    kind = draw(st.lists(st.integers(0, 2), min_size=count, max_size=count))
    caps = draw(st.lists(st.integers(0, 15_000), min_size=3, max_size=3))
    return owed, order, kind, caps


@given(queues())
def test_nothing_is_paid_above_a_cap_and_the_sums_are_those_of_a_clerk(
    queue: tuple[list[int], list[int], list[int], list[int]],
) -> None:
    owed, order, kind, caps = queue
    # Orders 0-2 are of one buyer, 3-5 of another: two lanes, six pairs of lane and kind.
    lane = np.array([number // 3 for number in order])
    pair = lane * 3 + np.array(kind)
    paid, _, _ = paid_in_turn(
        np.array(owed), np.array([caps[k] for k in kind]), lane=lane, order=np.array(order),
        order_paid=np.zeros(6, np.int64), pair=pair, pair_paid=np.zeros(6, np.int64),
    )  # fmt: skip
    by_order, by_pair = [0] * 6, [0] * 6
    for row, want in enumerate(owed):
        expected = max(0, min(want - by_order[order[row]], caps[kind[row]] - by_pair[pair[row]]))
        assert paid[row] == expected
        by_order[order[row]] += expected
        by_pair[pair[row]] += expected
    for number, total in enumerate(by_pair):
        assert total <= caps[number % 3]
    for number, total in enumerate(by_order):
        assert total <= max(
            (w for w, o in zip(owed, order, strict=True) if o == number), default=0
        )


@given(queues())
def test_paying_in_two_sittings_is_paying_in_one(
    queue: tuple[list[int], list[int], list[int], list[int]],
) -> None:
    owed, order, kind, caps = map(np.array, queue)
    lane = order // 3
    pair = lane * 3 + kind

    def sitting(rows: slice, order_paid: np.ndarray, pair_paid: np.ndarray) -> np.ndarray:
        paid, _, _ = paid_in_turn(
            owed[rows], caps[kind[rows]], lane=lane[rows], order=order[rows],
            order_paid=order_paid, pair=pair[rows], pair_paid=pair_paid,
        )  # fmt: skip
        np.add.at(order_paid, order[rows], paid)
        np.add.at(pair_paid, pair[rows], paid)
        return paid

    half = len(owed) // 2
    order_paid, pair_paid = np.zeros(6, np.int64), np.zeros(6, np.int64)
    first = sitting(slice(None, half), order_paid, pair_paid)
    second = sitting(slice(half, None), order_paid, pair_paid)
    whole = sitting(slice(None), np.zeros(6, np.int64), np.zeros(6, np.int64))
    assert np.concatenate([first, second]).tolist() == whole.tolist()
