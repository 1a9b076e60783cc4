"""What a quarter's report tells, and what it keeps to itself because somebody could be seen."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel.clocks import moment_of, zone_of
from xiaobao.orders.facts import OrdersBroken
from xiaobao.trust.facts import Quarter
from xiaobao.trust.rules import (
    big_shops,
    ends_us,
    first_day,
    following,
    grouped,
    hidden,
    quarter_at,
    quarter_from,
    quarter_named,
    span_us,
)

COUNTS = st.lists(st.integers(0, 40), min_size=1, max_size=8)
SMALLEST = st.integers(2, 12)
SHANGHAI = zone_of("Asia/Shanghai")
QUARTERS = st.builds(Quarter, st.integers(2000, 2099), st.integers(1, 4))


@given(COUNTS, SMALLEST)
def test_no_part_of_a_total_is_small_or_reckoned_back(counts: list[int], smallest: int) -> None:
    total = sum(counts)
    shown = hidden(counts, smallest)
    assert all(told is None or told == count for told, count in zip(shown, counts, strict=True))
    assert all(told == 0 or told >= smallest for told in shown if told is not None)
    withheld = [count for told, count in zip(shown, counts, strict=True) if told is None]
    if withheld and total >= smallest:
        # Whoever takes what is told off the total learns a sum of several, and no small one.
        assert len(withheld) >= 2
        assert sum(withheld) >= smallest
    if all(count == 0 or count >= smallest for count in counts):
        assert shown == counts


@given(st.dictionaries(st.integers(0, 9), st.integers(0, 40), max_size=8), SMALLEST)
def test_kinds_are_told_alone_or_in_company(totals: dict[int, int], smallest: int) -> None:
    alone, together = grouped(totals, smallest)
    assert all(count >= smallest for _, count in alone)
    told = {kind for kind, _ in alone} | set(together)
    assert told == {kind for kind, count in totals.items() if count}
    assert len(told) == len(alone) + len(together)
    whole = sum(totals[kind] for kind in together)
    assert not together or whole >= smallest or not alone
    assert sum(count for _, count in alone) + whole == sum(totals.values())


def test_a_lone_small_number_takes_its_neighbour_along() -> None:
    assert hidden([50, 3, 9], 5) == [50, None, None]
    assert hidden([1, 1, 30, 8], 5) == [None, None, 30, None]
    assert hidden([3, 4, 30], 5) == [None, None, 30]
    assert hidden([0, 7, 0], 5) == [0, 7, 0]
    assert grouped({"a": 9, "b": 2, "c": 30}, 5) == ([("c", 30)], ["b", "a"])


@given(QUARTERS)
def test_quarters_follow_one_another_without_a_gap(quarter: Quarter) -> None:
    begins, ends = span_us(quarter, SHANGHAI)
    assert quarter_named(str(quarter)) == quarter
    assert quarter_at(begins, SHANGHAI) == quarter == quarter_at(ends - 1, SHANGHAI)
    assert quarter_from(first_day(quarter)) == quarter
    assert quarter_at(ends, SHANGHAI) == following(quarter)
    assert span_us(following(quarter), SHANGHAI)[0] == ends
    assert ends_us(quarter, SHANGHAI, 0) == ends


@pytest.mark.parametrize(
    "name", ["", "2025-Q0", "2025-Q5", "2025Q3", "1999-Q1", "2025-q3", "٢٠٢٥-Q3", "2025-Q3\n"]
)
def test_nothing_else_is_a_quarter(name: str) -> None:
    assert quarter_named(name) is None


def test_a_quarter_begins_at_midnight_in_the_market() -> None:
    begins, ends = (moment_of(us).isoformat() for us in span_us(Quarter(2025, 3), SHANGHAI))
    assert (begins, ends) == ("2025-06-30T16:00:00+00:00", "2025-09-30T16:00:00+00:00")


@given(st.lists(st.integers(1, 50), max_size=12), st.integers(1, 9_999))
def test_big_shops_are_the_fewest_with_so_much_of_all(orders: list[int], share: int) -> None:
    none = np.zeros(len(orders), np.int64)
    shops = OrdersBroken.of(
        seller_id=np.arange(len(orders)), orders=np.array(orders, np.int64),
        **dict.fromkeys(("broken", "shipping", "tracking", "refund", "claimed"), none),
    )  # fmt: skip
    is_big = big_shops(shops, share)
    big, small = shops.orders[is_big], shops.orders[~is_big]
    if orders:
        assert big.sum() * 10_000 >= sum(orders) * share
        assert (big.sum() - big.min()) * 10_000 < sum(orders) * share
        assert len(small) == 0 or big.min() >= small.max()
