"""Laws of the verdicts: stacks of singles, moments of their own, one promise at its limits."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.orders.making import HOUR, START_US, random_facts, shipping_terms
from xiaobao.orders.facts import (
    REPORT_KINDS,
    Details,
    Excuse,
    FactKind,
    Facts,
    OrderStates,
    Verdicts,
)
from xiaobao.orders.rules.fold import details_among, distinct, fold
from xiaobao.orders.rules.refunds import judge_refunds
from xiaobao.orders.rules.shipping import judge_shipping
from xiaobao.orders.rules.tracking import (
    is_long_under_way,
    judge_tracking,
    least_stall_hours,
)
from xiaobao.orders.store.clocks import UNJUDGED
from xiaobao.orders.terms import ShippingTerms

JUDGES = [judge_shipping, judge_tracking, judge_refunds]


def _judged(facts: Facts, **changes: int | bool) -> tuple[OrderStates, Verdicts]:
    facts = distinct(facts)
    states, details = fold(facts), details_among(facts)
    terms = shipping_terms(len(states), **changes)
    return states, Verdicts.concat([judge(states, details, terms) for judge in JUDGES])


def _breaches(facts: Facts, **changes: int | bool) -> set[tuple[int, ...]]:
    states, v = _judged(facts, **changes)
    v = v.take(v.excuse == Excuse.NONE)
    columns = (
        states.seller_id[v.row], states.order_id[v.row], v.kind, v.due_us, v.since_us, v.ground,
        v.base_minor,
    )  # fmt: skip
    return set(zip(*(column.tolist() for column in columns), strict=True))


@given(st.integers(0, 2**32), st.integers(1, 8), st.booleans())
def test_a_batch_is_a_stack_of_singles(seed: int, orders: int, handed: bool) -> None:
    facts = random_facts(np.random.default_rng(seed), orders)
    whole = _breaches(facts, is_judged_on_handover=handed)
    singles = [
        _breaches(facts.take(facts.order_id == order), is_judged_on_handover=handed)
        for order in range(1, orders + 1)
    ]
    assert whole == set().union(*singles)


@given(st.integers(0, 2**32), st.integers(1, 8), st.booleans())
def test_no_verdict_asks_what_sweeps_leave_unread(seed: int, orders: int, handed: bool) -> None:
    random = np.random.default_rng(seed)
    facts = distinct(random_facts(random, orders))
    states, details = fold(facts), details_among(facts)
    terms = shipping_terms(len(states), is_judged_on_handover=handed)
    other = {name: random.integers(0, 2**62, len(states)) for name in UNJUDGED}
    for judge in JUDGES:
        told = judge(states, details, terms).as_dict()
        again = judge(states.put(**other), details, terms).as_dict()
        assert all((told[name] == again[name]).all() for name in told)


@given(st.integers(0, 2**32), st.integers(1, 8), st.integers(0, 400), st.booleans())
def test_what_comes_later_changes_no_verdict(
    seed: int, orders: int, hour: int, handed: bool
) -> None:
    facts = random_facts(np.random.default_rng(seed), orders)
    now = START_US + hour * HOUR
    known_us = np.where(np.isin(facts.kind, REPORT_KINDS), facts.recorded_us, facts.at_us)
    by_now = facts.take(known_us <= now)
    assert {b for b in _breaches(facts, is_judged_on_handover=handed) if b[3] <= now} == {
        b for b in _breaches(by_now, is_judged_on_handover=handed) if b[3] <= now
    }


@given(st.integers(0, 2**32), st.integers(1, 8))
def test_every_verdict_has_a_place_and_a_reason(seed: int, orders: int) -> None:
    states, v = _judged(random_facts(np.random.default_rng(seed), orders))
    assert len(v) == 8 * len(states)
    assert set(np.unique(v.excuse)) <= {int(e) for e in Excuse}
    broken = v.excuse == Excuse.NONE
    assert (v.base_minor[broken] >= 0).all()
    assert (states.ordered_us[v.row[broken]] <= v.due_us[broken]).all()


@given(st.integers(0, 2**32), st.integers(1, 8))
def test_scans_of_journeys_too_short_to_stall_change_no_shipping_verdict(
    seed: int, orders: int
) -> None:
    facts = distinct(random_facts(np.random.default_rng(seed), orders))
    states, details = fold(facts), details_among(facts)
    terms = shipping_terms(len(states))
    assert least_stall_hours(terms) == 24 + 120
    assert least_stall_hours(shipping_terms(1, stalled_out_of_stock_hours=0)) == 0
    is_long = is_long_under_way(states, least_stall_hours(terms))
    fewer = details.take((details.kind != FactKind.SCANNED) | is_long[details.row])
    whole, part = judge_shipping(states, details, terms), judge_shipping(states, fewer, terms)
    broken = whole.excuse == Excuse.NONE
    assert (broken == (part.excuse == Excuse.NONE)).all()
    for name in Verdicts.names():
        assert (getattr(whole, name)[broken] == getattr(part, name)[broken]).all()


def test_an_empty_batch_has_no_verdicts() -> None:
    nothing = np.zeros(0, np.int64)
    states = OrderStates(**dict.fromkeys(OrderStates.names(), nothing))
    details = Details(**dict.fromkeys(Details.names(), nothing))
    for judge in JUDGES:
        assert len(judge(states, details, shipping_terms(0))) == 0


@pytest.mark.parametrize("judge", JUDGES)
def test_one_order_alone_can_be_judged(judge: object) -> None:
    facts = random_facts(np.random.default_rng(5), 1)
    states, details = fold(facts), details_among(distinct(facts))
    verdicts = judge(states, details, shipping_terms(1))  # type: ignore[operator]
    assert set(verdicts.row.tolist()) == {0}


def test_clocks_of_no_hours_do_not_run() -> None:
    nothing = {name: 0 for name in ShippingTerms.names() if name.endswith("_hours")}
    for seed in range(20):
        found = _breaches(random_facts(np.random.default_rng(seed), 5), **nothing)
        # What is left needs no hours: a promised moment, and calling off a paid order.
        assert {kind for _, _, kind, *_ in found} <= {1, 2, 3, 4}
