"""The glance is safe: whatever breaks a promise under any of the terms is judged in full."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.orders.making import HOUR, random_facts, shipping_terms
from xiaobao.kernel.columns import FAR_US
from xiaobao.orders.facts import Details, Excuse, FactKind, OrderStates, Verdicts
from xiaobao.orders.rules.fold import details_among, distinct, fold
from xiaobao.orders.rules.refunds import judge_refunds
from xiaobao.orders.rules.screening import Shortest, may_be_broken, shortest_of
from xiaobao.orders.rules.shipping import judge_shipping
from xiaobao.orders.rules.tracking import judge_tracking
from xiaobao.orders.terms import ShippingTerms

if TYPE_CHECKING:
    from collections.abc import Callable

CLOCKS = [name for name in ShippingTerms.names() if name.endswith("_hours")]
# Some clocks do not run, some run for longer than any of the histories.
hours = st.dictionaries(
    st.sampled_from(CLOCKS), st.sampled_from([0, 1, 7, 24, 90, 400]), max_size=len(CLOCKS)
)
versions = st.lists(st.tuples(hours, st.booleans()), min_size=1, max_size=3)


def senseless(random: np.random.Generator) -> tuple[OrderStates, Details]:
    facts = distinct(random_facts(random, int(random.integers(1, 12)), most=7))
    return fold(facts), details_among(facts)


def orderly(random: np.random.Generator, orders: int = 12) -> tuple[OrderStates, Details]:
    """Paid, labelled and scanned within hours; parcels rest as long as a clock, or nearly."""
    facts = random_facts(random, 1)
    states = fold(facts).take(np.zeros(orders, np.int64))
    scans = 4 * orders
    row = np.sort(random.integers(0, orders, scans))
    parcel = random.integers(1, 3, scans)
    at_us = (2 + random.choice([0, 1, 7, 8, 24, 25, 31, 48], scans)) * HOUR
    rank = np.lexsort((at_us, parcel, row))
    row, parcel, at_us = row[rank], parcel[rank], at_us[rank]
    first = np.full(orders, FAR_US)
    np.minimum.at(first, row, at_us)
    never, none = np.full(orders, FAR_US), np.zeros(orders, np.int64)
    moments = {name: never for name in states.names() if name.endswith("_us")}
    moments |= {
        "ordered_us": none, "paid_us": none, "labelled_us": random.integers(0, 3, orders) * HOUR,
        "first_scan_us": first, "completed_us": random.choice([9, 33, 57], orders) * HOUR,
    }  # fmt: skip
    kind = np.full(scans, FactKind.SCANNED, np.int64)
    details = Details(row, kind, at_us, at_us, np.zeros(scans, np.int64), parcel)
    hours = random.choice([0, 0, 1], orders)
    return states.put(**moments, ship_hours=hours, cancel_reason=none), details


@given(st.integers(0, 2**32), st.sampled_from([senseless, orderly]), versions)
@settings(max_examples=400)
def test_nothing_that_is_broken_is_passed_over(
    seed: int,
    history: Callable[[np.random.Generator], tuple[OrderStates, Details]],
    packs: list[tuple[dict[str, int], bool]],
) -> None:
    states, details = history(np.random.default_rng(seed))
    terms = [
        shipping_terms(len(states), is_judged_on_handover=handed, **clocks)
        for clocks, handed in packs
    ]
    may = may_be_broken(states, details, shortest_of(terms))
    for one in terms:
        for judge in (judge_shipping, judge_tracking, judge_refunds):
            v: Verdicts = judge(states, details, one)
            assert may[v.row[v.excuse == Excuse.NONE]].all()


def test_an_order_in_time_is_passed_over_and_a_second_later_it_is_not() -> None:
    facts = random_facts(np.random.default_rng(3), 1)
    states, details = fold(facts).take(np.zeros(5, np.int64)), details_among(facts)
    moments = {name: np.full(5, FAR_US) for name in states.names() if name.endswith("_us")}
    paid = np.zeros(5, np.int64)
    moments |= {
        "ordered_us": paid, "paid_us": paid, "labelled_us": paid + 30 * HOUR,
        # At the deadline; after it; after the label's day; called off at the deadline; after it.
        "first_scan_us": np.array([48 * HOUR, 48 * HOUR + 1, 48 * HOUR, FAR_US, FAR_US]),
        "cancelled_us": np.array([FAR_US, FAR_US, FAR_US, 48 * HOUR, 48 * HOUR + 1]),
    }  # fmt: skip
    moments["labelled_us"][2] = 23 * HOUR
    states = states.put(**moments, ship_hours=paid, cancel_reason=paid)
    terms = [shipping_terms(1, ship_hours=n) for n in (90, 48)]
    none = details.take(np.zeros(0, np.int64))
    may = may_be_broken(states, none, shortest_of(terms))
    assert may.tolist() == [False, True, True, False, True]


def test_terms_of_no_clocks_leave_nothing_to_run_out() -> None:
    never = FAR_US // HOUR * HOUR
    nothing = shipping_terms(2, **dict.fromkeys(CLOCKS, 0))
    assert shortest_of([nothing]) == Shortest(never, never, never, never)
    assert shortest_of([nothing, shipping_terms(1)]) == Shortest(
        48 * HOUR, 24 * HOUR, 24 * HOUR, 48 * HOUR
    )
    stalls = {name: 0 for name in CLOCKS if "stall_" in name}
    only_for_good = shipping_terms(1, **stalls, stalled_out_of_stock_hours=50)
    assert shortest_of([only_for_good]).gap_us == 50 * HOUR
