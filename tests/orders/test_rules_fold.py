"""Facts fold to one state, however they arrive."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.orders.making import HOUR, START_US, random_facts
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import digests_of
from xiaobao.orders.facts import Contradiction, FactKind, Facts
from xiaobao.orders.rules.fold import details_among, distinct, fold


def _same(one: object, other: object) -> None:
    for name, column in one.as_dict().items():  # type: ignore[attr-defined]
        np.testing.assert_array_equal(column, getattr(other, name), err_msg=name)


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_the_order_of_arrival_does_not_matter(seed: int, orders: int) -> None:
    random = np.random.default_rng(seed)
    facts = random_facts(random, orders)
    shuffled = facts.take(random.permutation(len(facts)))
    _same(fold(facts), fold(shuffled))
    _same(details_among(distinct(facts)), details_among(distinct(shuffled)))


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_fact_told_again_is_one_fact(seed: int, orders: int) -> None:
    random = np.random.default_rng(seed)
    facts = random_facts(random, orders)
    again = facts.take(random.integers(0, len(facts), len(facts)))
    later = Facts(**{**again.as_dict(), "recorded_us": again.recorded_us + 50 * HOUR})
    _same(fold(facts), fold(Facts.concat([later, facts])))


@given(st.integers(0, 2**32), st.integers(1, 12))
def test_a_batch_is_a_stack_of_singles(seed: int, orders: int) -> None:
    facts = random_facts(np.random.default_rng(seed), orders)
    whole = fold(facts)
    for row in range(len(whole)):
        mine = (facts.seller_id == whole.seller_id[row]) & (facts.order_id == whole.order_id[row])
        _same(whole.take(np.array([row])), fold(facts.take(mine)))


def _facts(*told: tuple[FactKind, int]) -> Facts:
    """One order of 100 goods, its facts at hours."""
    count = len(told)
    zeros = np.zeros(count, np.int64)
    kind = np.array([int(k) for k, _ in told])
    at_us = START_US + np.array([hour for _, hour in told], np.int64) * HOUR
    return Facts(
        seller_id=zeros + 1, order_id=zeros + 2, kind=kind, digest=np.arange(count) + 1,
        at_us=at_us, recorded_us=at_us, market_id=zeros + 1, buyer_id=zeros + 3,
        category_id=zeros, goods_minor=zeros + 100, freight_minor=zeros, ship_by_us=zeros + FAR_US,
        ship_hours=zeros, route=zeros, reason=zeros, amount_minor=zeros + 60, waybill_id=zeros,
    )  # fmt: skip


K, C = FactKind, Contradiction


@pytest.mark.parametrize(
    ("told", "flags"),
    [
        ([(K.PLACED, 0), (K.PAID, 1), (K.SCANNED, 2), (K.DELIVERED, 3), (K.SIGNED, 3)], C(0)),
        ([(K.PLACED, 0), (K.PLACED, 1)], C.TWO_PLACED),
        ([(K.PLACED, 0), (K.PAID, 1), (K.PAID, 2)], C.TWO_PAID),
        ([(K.PLACED, 0), (K.DELIVERED, 1), (K.DELIVERED, 2)], C.TWO_DELIVERED),
        ([(K.PLACED, 0), (K.SIGNED, 1), (K.SIGNED, 2)], C.TWO_SIGNED),
        ([(K.PLACED, 0), (K.COMPLETED, 1), (K.COMPLETED, 2)], C.TWO_COMPLETED),
        ([(K.PLACED, 0), (K.CANCELLED, 1), (K.CANCELLED, 2)], C.TWO_CANCELLED),
        ([(K.PLACED, 0), (K.PAID, 3), (K.SCANNED, 2)], C.SHIPPED_BEFORE_PAID),
        ([(K.PLACED, 0), (K.DELIVERED, 2), (K.SCANNED, 3)], C.DELIVERED_BEFORE_SHIPPED),
        ([(K.PLACED, 0), (K.DELIVERED, 3), (K.SIGNED, 2)], C.SIGNED_BEFORE_DELIVERED),
        ([(K.PLACED, 0), (K.CANCELLED, 3), (K.SIGNED, 2)], C.CANCELLED_YET_DELIVERED),
        ([(K.PLACED, 0), (K.CANCELLED, 1), (K.SCANNED, 2)], C.SHIPPED_AFTER_CANCELLED),
        ([(K.PLACED, 0), (K.COMPLETED, 2), (K.SCANNED, 3)], C.SCANNED_AFTER_COMPLETED),
        ([(K.PLACED, 2), (K.PAID, 1)], C.HAPPENED_BEFORE_PLACED),
        ([(K.PLACED, 0), (K.REFUND_PAID, 1), (K.REFUND_PAID, 2)], C.REFUNDED_ABOVE_PRICE),
        ([(K.PLACED, 0), (K.LABELLED, 1), (K.LABELLED, 2), (K.SCANNED, 3)], C(0)),
        ([(K.PLACED, 0), (K.REFUND_ASKED, 1), (K.REFUND_ASKED, 2)], C(0)),
        ([(K.PAID, 1), (K.SCANNED, 2)], C(0)),
    ],
)
def test_facts_that_cannot_all_be_right_are_flagged(
    told: list[tuple[FactKind, int]], flags: Contradiction
) -> None:
    assert fold(_facts(*told)).flags.tolist() == [flags]


def test_of_contradicting_facts_the_earliest_counts() -> None:
    state = fold(_facts((K.PLACED, 0), (K.PAID, 5), (K.PAID, 3)))
    assert state.paid_us.tolist() == [START_US + 3 * HOUR]
    assert state.facts.tolist() == [3]


def test_an_order_without_its_placing_is_not_yet_an_order() -> None:
    state = fold(_facts((K.PAID, 1)))
    assert state.ordered_us.tolist() == [FAR_US]
    assert state.placed_digest.tolist() == [0]


def test_digests_tell_contents_and_their_places_apart() -> None:
    one, other = np.array([1, 2, 1]), np.array([2, 1, 2])
    digest = digests_of(one, other)
    assert digest[0] == digest[2] != digest[1]
    assert digests_of(one).tolist() != digests_of(one, np.zeros(3, np.int64)).tolist()
