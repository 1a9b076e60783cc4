"""Laws of replay: a batch is a stack of singles, and merging tallies loses and invents nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.lab.making import SHANGHAI, cn, facts_of, harsher, stretch_of
from tests.orders.making import HOUR, START_US
from xiaobao.kernel.clocks import DAY_US
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.history.knowing import as_it_was_known
from xiaobao.lab.history.shapes import JUDGED, states_from
from xiaobao.lab.history.tables import Paid, none_of
from xiaobao.lab.outside import outside
from xiaobao.lab.replay.breaches import Breaches, Numbers, breaches_under, piece_under, shared_out
from xiaobao.lab.reports.figures import deposits_of
from xiaobao.lab.tallies.comparing import tally_of
from xiaobao.lab.tallies.shapes import (
    CUBES,
    MOST_CASES,
    Case,
    Side,
    Tally,
    as_bytes,
    from_bytes,
    merged,
    summed,
)
from xiaobao.lab.tallies.shops import Sales, tally_of_shops
from xiaobao.orders.facts import BreachKind, FactKind
from xiaobao.orders.rules.fold import fold

if TYPE_CHECKING:
    from xiaobao.lab.history.shapes import Stretch

POLICIES = (cn(), harsher())
FLOORS = outside().floors_minor("CNY")[:5]
NONE_PAID = none_of(Paid)
SIZES = outside().sizes_minor("CNY")
seeds = st.integers(0, 2**32 - 1)


def tally(stretch: Stretch) -> Tally:
    old, new = breaches_under([stretch], POLICIES, SHANGHAI, NONE_PAID)
    is_last = (stretch.until_us == FAR_US).astype(np.int64)
    shops = tally_of_shops([Sales.of_stretch(stretch, is_last)], old, new, SIZES)
    return merged(Tally({"shops": shops}), tally_of(old, new, FLOORS))


@given(seeds)
@settings(max_examples=40)
def test_a_history_is_the_stack_of_its_sellers(seed: int) -> None:
    whole = stretch_of(facts_of(seed))
    sellers = np.unique(whole.states.seller_id)
    parts = [tally(whole.take(whole.states.seller_id == one)) for one in sellers]
    together = Tally()
    for part in parts:
        together = merged(together, part)
    assert as_bytes(tally(whole)) == as_bytes(together)


@given(seeds)
@settings(max_examples=40)
def test_a_batch_of_orders_is_a_stack_of_singles(seed: int) -> None:
    whole = stretch_of(facts_of(seed, orders=8))
    numbers = Numbers()
    singles = zip(*(piece_under(one, POLICIES, numbers) for one in whole.pieces(1)), strict=True)
    for found, ones in zip(piece_under(whole, POLICIES, Numbers()), singles, strict=True):
        stacked = Breaches.concat(ones)
        keys = [(b.kind, b.order_id, b.seller_id, b.known_us) for b in (found, stacked)]
        left, right = found.take(np.lexsort(keys[0])), stacked.take(np.lexsort(keys[1]))
        for name in Breaches.names():
            assert getattr(left, name).tolist() == getattr(right, name).tolist(), name


@given(seeds)
@settings(max_examples=60)
def test_history_keeps_of_an_order_all_that_its_promises_are_judged_on(seed: int) -> None:
    whole = stretch_of(facts_of(seed))
    kept = states_from({name: getattr(whole.states, name) for name in JUDGED}, 1)
    sides = (breaches_under([s], POLICIES, SHANGHAI, NONE_PAID)
             for s in (whole, replace(whole, states=kept)))  # fmt: skip
    for full, read in zip(*sides, strict=True):
        for name in Breaches.names():
            assert getattr(full, name).tolist() == getattr(read, name).tolist(), name


@given(seeds)
@settings(max_examples=30)
def test_the_last_row_of_an_order_is_the_order_as_it_stands(seed: int) -> None:
    facts = facts_of(seed)
    known = as_it_was_known(facts, SHANGHAI)
    now = fold(facts)
    now = now.take(now.ordered_us < FAR_US)
    last = known.states.take(known.until_us == FAR_US)
    last = last.take(np.lexsort((last.order_id, last.seller_id)))
    for name in now.names():
        assert getattr(now, name).tolist() == getattr(last, name).tolist(), name
    # Rows of one order answer one after another, without a gap and without an overlap.
    rank = np.lexsort((known.until_us, known.states.order_id))
    order, since, until = known.states.order_id[rank], known.known_us[rank], known.until_us[rank]
    same = order[1:] == order[:-1]
    assert (since[1:][same] == until[:-1][same] + 1).all()


def test_a_scan_told_late_changes_nothing_that_was_found_before_it_came() -> None:
    """Paid at hour 0, handed over at hour 40, told only at hour 90: found late on the night."""
    facts = facts_of(1, orders=1)
    head = facts.take(np.flatnonzero(facts.kind == FactKind.PLACED)[:1])
    kinds = (FactKind.PLACED, FactKind.PAID, FactKind.SCANNED, FactKind.DELIVERED)
    hours, told = np.array([0, 0, 40, 60]), np.array([0, 0, 90, 90])
    rows = head.take(np.zeros(4, np.int64))
    lived = replace(
        rows, kind=np.array(kinds, np.int64), at_us=START_US + hours * HOUR,
        recorded_us=START_US + told * HOUR, ship_by_us=np.full(4, FAR_US),
        ship_hours=np.zeros(4, np.int64), digest=np.arange(4),
    )  # fmt: skip
    stretch = stretch_of(lived)
    assert len(stretch) == 2
    [found] = breaches_under([stretch], POLICIES[:1], SHANGHAI, NONE_PAID)
    assert found.kind.tolist() == [BreachKind.LATE_SHIPMENT]
    assert found.due_us.tolist() == [START_US + 48 * HOUR]
    # Told on its own day, the same scan keeps the promise.
    in_time = stretch_of(replace(lived, recorded_us=lived.at_us))
    assert len(breaches_under([in_time], POLICIES[:1], SHANGHAI, NONE_PAID)[0]) == 0


def test_a_pair_of_buyer_and_seller_gets_no_more_than_its_day_allows() -> None:
    """Two orders of 400 late on one day under a cap of 30: 20 and 10."""
    none = np.zeros(2, np.int64)
    columns: dict[str, Any] = dict.fromkeys(Breaches.names(), none)
    owed = replace(
        Breaches(**columns), order_id=np.array([1, 2]), order_no=np.array([0, 1]),
        kind=none + 1, owed_minor=none + 2_000,
        pair_day_most_minor=none + 3_000, due_us=np.array([2, 1]) * DAY_US, rounding=none + 1,
        platform_bps=none + 10_000,
    )  # fmt: skip
    paid = shared_out(owed, SHANGHAI, NONE_PAID)
    assert paid.buyer_minor.tolist() == [1_000, 2_000]
    assert paid.platform_minor.tolist() == [1_000, 2_000]


@st.composite
def tallies(draw: st.DrawFn) -> Tally:
    """Tallies whose keys meet often; a case of one order and promise is the same everywhere."""
    cubes = {}
    for name in draw(st.sets(st.sampled_from(sorted(CUBES)), max_size=4)):
        keys, sums = CUBES[name]
        rows = st.dictionaries(
            st.tuples(*[st.integers(0, 2)] * len(keys)),
            st.tuples(*[st.integers(0, 2**40)] * len(sums)), max_size=4,
        )  # fmt: skip
        cubes[name] = draw(rows)
    numbers = draw(st.sets(st.integers(0, 150), max_size=90))
    kept = [Case(n % 7, n, 1, 3, 0, 0, n % 5, n * 3 % 11, 1, 1, 0, 0) for n in numbers]
    return Tally(cubes, tuple(sorted(kept, key=lambda c: c.rank)[:MOST_CASES]))


@given(tallies(), tallies(), tallies())
def test_merging_is_associative_and_commutative(a: Tally, b: Tally, c: Tally) -> None:
    assert as_bytes(merged(merged(a, b), c)) == as_bytes(merged(a, merged(b, c)))
    assert as_bytes(merged(a, b)) == as_bytes(merged(b, a))
    assert as_bytes(merged(Tally(), a)) == as_bytes(a)


@given(tallies())
def test_a_tally_comes_back_from_its_bytes(a: Tally) -> None:
    assert from_bytes(as_bytes(a)) == a


def test_a_pack_without_terms_of_deposits_asks_for_nothing() -> None:
    """The other pack's row stands beside zeros, so that every page has both."""
    asked = Tally({"deposits": {(Side.NEW, 668, 0): (3, 900, 800, 1, 100, 5_000)}})
    [row] = deposits_of(asked, "CNY")
    assert row["month"] == "2025-09"
    assert row["new"]["required_minor"] == 900
    assert row["old"] == dict.fromkeys(CUBES["deposits"][1], 0)


@given(
    st.lists(st.tuples(st.integers(-2, 2), st.integers(0, 3), st.integers(0, 2**55)), max_size=30)
)
def test_sums_are_exact(rows: list[tuple[int, int, int]]) -> None:
    expected: dict[tuple[int, ...], tuple[int, ...]] = {}
    for one, other, value in rows:
        expected[one, other] = (expected.get((one, other), (0,))[0] + value,)
    columns = [np.array([row[n] for row in rows], np.int64) for n in range(3)]
    assert summed(columns[:2], columns[2:]) == expected
