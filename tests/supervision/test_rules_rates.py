"""Rates, charts, samples and clocks: each rule by its laws, without a database."""

from __future__ import annotations

import math
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaobao.kernel.clocks import zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.spans import Spans
from xiaobao.promises.facts import ClockKind
from xiaobao.supervision import rules
from xiaobao.supervision.facts import Estimates, Signal, Watched
from xiaobao.supervision.queries import terms_in_words, watch_terms
from xiaobao.supervision.rules.charting import chart, limits_of, runs
from xiaobao.supervision.rules.estimating import (
    Counts,
    Prior,
    beta_quantile,
    beta_share,
    log_gamma,
)
from xiaobao.supervision.rules.judging import History

TERMS = watch_terms()
FLAT = Prior(2.0, 98.0)
counts = st.tuples(st.integers(0, 3000), st.integers(0, 3000)).map(lambda p: (max(p), min(p)))
markets = st.lists(counts, min_size=1, max_size=12)


def columns(pairs: list[tuple[int, int]]) -> tuple[np.ndarray, np.ndarray]:
    return tuple(np.array(one, np.int64) for one in zip(*pairs, strict=True))  # type: ignore[return-value]


def estimated(orders: np.ndarray, broken: np.ndarray, prior: Prior) -> Estimates:
    return rules.estimate([Counts(orders, broken, prior)], sure_bps=9500)[0]


# -- the arithmetic, against exact sums ----------------------------------------------------------


@given(st.integers(1, 60), st.integers(1, 60), st.integers(1, 99))
def test_the_beta_function_is_a_sum_of_binomials(a: int, b: int, percent: int) -> None:
    x, n = Fraction(percent, 100), a + b - 1
    exact = sum(math.comb(n, k) * x**k * (1 - x) ** (n - k) for k in range(a, n + 1))
    found = beta_share(np.array([float(a)]), np.array([float(b)]), np.array([percent / 100]))
    assert found[0] == pytest.approx(float(exact), abs=1e-9)


@given(st.floats(0.01, 1e6))
def test_the_gamma_function_is_as_the_library_has_it(x: float) -> None:
    assert log_gamma(np.array([x]))[0] == pytest.approx(math.lgamma(x), rel=1e-9, abs=1e-8)


@given(st.floats(0.05, 5000), st.floats(0.05, 5000), st.floats(0.005, 0.995))
@settings(max_examples=50)
def test_a_quantile_is_where_that_share_lies_below(a: float, b: float, share: float) -> None:
    one, other = np.array([a]), np.array([b])
    low, high = beta_quantile(one, other, share)
    assert 0 < high[0] - low[0] < 1e-4
    assert beta_share(one, other, low)[0] <= share
    assert beta_share(one, other, high)[0] >= share


sides = st.floats(0.05, 3000)
sets = st.lists(
    st.lists(st.tuples(sides, sides, st.floats(0, 1)), max_size=6), min_size=1, max_size=5
)


@given(sets)
@settings(max_examples=50)
def test_sets_reckoned_in_one_call_come_out_to_the_last_bit_as_alone(
    given_sets: list[list[tuple[float, float, float]]],
) -> None:
    """A set that needs few terms takes none of those that another one needs."""
    rows = [row for one in given_sets for row in one]
    a, b, x = np.array(rows).reshape(-1, 3).T
    found = beta_share(a, b, x, np.array([len(one) for one in given_sets]))
    alone = [beta_share(*np.array(one).T) for one in given_sets if one]
    assert found.tolist() == [share for one in alone for share in one.tolist()]


# -- rates ---------------------------------------------------------------------------------------


@given(markets)
@settings(max_examples=40)
def test_a_rate_lies_in_its_interval_between_the_shop_and_its_market(
    pairs: list[tuple[int, int]],
) -> None:
    orders, broken = columns(pairs)
    prior = rules.prior_of(orders, broken)
    found = estimated(orders, broken, prior)
    assert (found.least_bps >= 0).all()
    assert (found.most_bps <= 10_000).all()
    assert (found.least_bps <= found.rate_bps).all()
    assert (found.rate_bps <= found.most_bps).all()
    own = np.where(orders > 0, broken * 10_000 / np.maximum(orders, 1), prior.mean_bps)
    low, high = np.minimum(own, prior.mean_bps), np.maximum(own, prior.mean_bps)
    assert ((found.rate_bps >= low - 1) & (found.rate_bps <= high + 1)).all()


@given(markets, counts)
@settings(max_examples=15)
def test_a_shop_alone_is_judged_as_among_others(
    pairs: list[tuple[int, int]], one: tuple[int, int]
) -> None:
    orders, broken = columns([*pairs, one])
    whole = estimated(orders, broken, FLAT)
    alone = estimated(orders[-1:], broken[-1:], FLAT)
    assert {n: int(c[-1]) for n, c in whole.as_dict().items()} == {
        n: int(c[0]) for n, c in alone.as_dict().items()
    }


priors = st.builds(Prior, st.floats(0.01, 200), st.floats(0.01, 200))


@given(st.lists(st.tuples(markets, priors), min_size=2, max_size=6))
@settings(max_examples=30)
def test_things_counted_are_estimated_together_as_each_alone(
    things: list[tuple[list[tuple[int, int]], Prior]],
) -> None:
    counted = [Counts(*columns(pairs), prior) for pairs, prior in things]
    together = rules.estimate(counted, sure_bps=9500)
    for one, found in zip(counted, together, strict=True):
        alone = estimated(one.orders, one.broken, one.prior).as_dict()
        assert {n: c.tolist() for n, c in found.as_dict().items()} == {
            n: c.tolist() for n, c in alone.items()
        }


def test_few_orders_put_no_shop_on_top() -> None:
    """One of one broken, three of three, 40 of 100, 2 of 200, and 500 of 50,000 in all others."""
    orders = np.array([1, 3, 100, 200, *[1000] * 50])
    broken = np.array([1, 3, 40, 2, *[10] * 50])
    prior = rules.prior_of(orders, broken)
    found = estimated(orders, broken, prior)
    assert np.argsort(-found.least_bps, kind="stable")[0] == 2
    assert found.least_bps[0] < found.least_bps[2]
    assert found.rate_bps[:4].tolist() == [454, 1078, 3158, 101]


@given(st.integers(5, 400), st.integers(1, 30))
@settings(max_examples=30)
def test_more_broken_orders_never_lower_a_rate(orders: int, more: int) -> None:
    broken = np.array([0, min(more, orders)])
    found = estimated(np.full(2, orders), broken, FLAT)
    assert (np.diff(found.rate_bps) >= 0).all()
    assert (np.diff(found.least_bps) >= 0).all()
    assert (np.diff(found.most_bps) >= 0).all()


def test_shops_that_chance_alone_tells_apart_make_a_strong_prior_and_others_a_weak_one() -> None:
    alike = rules.prior_of(np.full(40, 500), np.full(40, 10))
    apart = rules.prior_of(np.full(40, 500), np.array([0, 100] * 20))
    assert alike.broken + alike.kept == pytest.approx(400)
    assert 2 <= apart.broken + apart.kept < 20
    nothing = rules.prior_of(np.zeros(3, np.int64), np.zeros(3, np.int64))
    assert nothing.mean_bps == 5_000


# -- charts --------------------------------------------------------------------------------------


def weeks(*broken: int, orders: int = 100) -> tuple[np.ndarray, np.ndarray]:
    return np.full((1, len(broken)), orders), np.array([broken])


def signals(orders: np.ndarray, broken: np.ndarray) -> int:
    span = orders.sum(axis=1), broken.sum(axis=1)
    return int(chart(orders, broken, *span, FLAT, TERMS).signals[0])


def test_a_week_far_above_its_own_past_is_a_signal_and_one_within_is_none() -> None:
    steady = (2, 1, 3, 2, 2, 1, 3, 2)
    assert not signals(*weeks(*steady, 3)) & Signal.ABOVE_OWN
    assert signals(*weeks(*steady, 15)) & Signal.ABOVE_OWN
    # Too few weeks before, or too few broken, say nothing.
    assert not signals(*weeks(*steady[:5], 15)) & Signal.ABOVE_OWN
    assert not signals(*weeks(0, 0, 0, 0, 0, 0, 2, orders=5)) & Signal.ABOVE_OWN


def test_eight_weeks_above_the_centre_are_a_signal_and_seven_are_none() -> None:
    assert signals(*weeks(*[0] * 8, *[3] * 8)) & Signal.RUN
    assert not signals(*weeks(*[0] * 8, *[3] * 7)) & Signal.RUN


def test_weeks_without_orders_neither_end_nor_lengthen_a_run() -> None:
    orders, broken = np.array([[10, 0, 10, 0, 10]]), np.array([[5, 0, 5, 0, 5]])
    assert runs(orders, broken, np.array([1000])).tolist() == [3]
    assert runs(orders, np.array([[5, 0, 0, 0, 5]]), np.array([1000])).tolist() == [1]


shops = st.lists(
    st.lists(counts, min_size=9, max_size=9), min_size=1, max_size=5
)  # fmt: skip


@given(shops)
@settings(max_examples=30)
def test_a_week_without_orders_is_above_no_limit_and_adds_to_no_run(
    rows: list[list[tuple[int, int]]],
) -> None:
    orders = np.array([[*(n for n, _ in row), 0] for row in rows])
    broken = np.array([[*(x for _, x in row), 0] for row in rows])
    span = orders.sum(axis=1), broken.sum(axis=1)
    found = chart(orders, broken, *span, FLAT, TERMS)
    assert not (found.signals & Signal.ABOVE_OWN).any()
    centre = found.limits.centre_bps
    before = runs(orders[:, :-1], broken[:, :-1], centre)
    assert runs(orders, broken, centre).tolist() == before.tolist()


@given(shops)
@settings(max_examples=60)
def test_limits_of_shops_together_are_those_of_each_alone(
    rows: list[list[tuple[int, int]]],
) -> None:
    orders = np.array([[n for n, _ in row] for row in rows])
    broken = np.array([[x for _, x in row] for row in rows])
    whole = limits_of(orders, broken, FLAT, TERMS)
    for i in range(len(rows)):
        alone = limits_of(orders[i : i + 1], broken[i : i + 1], FLAT, TERMS)
        assert [int(c[0]) for c in alone.as_dict().values()] == [
            int(c[i]) for c in whole.as_dict().values()
        ]
    assert (whole.low_bps >= 0).all()
    assert (whole.low_bps <= whole.centre_bps).all()
    assert (whole.centre_bps <= whole.high_bps).all()
    assert (whole.high_bps <= 10_000).all()


def test_limits_widen_where_weeks_differ_more_than_chance() -> None:
    calm = limits_of(*weeks(5, 5, 6, 5, 4, 5, 5, 5), FLAT, TERMS)
    wild = limits_of(*weeks(0, 10, 0, 10, 0, 10, 0, 5), FLAT, TERMS)
    assert int(wild.high_bps[0]) > int(calm.high_bps[0])


# -- one week of a market ------------------------------------------------------------------------


def history(orders: np.ndarray, broken: np.ndarray, *, sampled: int = 0, bad: int = 0) -> History:
    count, none = len(orders), np.zeros(orders.shape, np.int64)
    zeros = np.zeros(count, np.int64)
    first = np.where(np.arange(count) == 0, 1, 0)
    return History(
        seller_id=np.arange(count) + 1, orders=orders,
        broken={one: broken if one <= Watched.SHIPPING else none for one in Watched},
        sampled={one: first * (sampled if one is Watched.ANY else 0) for one in Watched},
        sample_broken={one: first * (bad if one is Watched.ANY else 0) for one in Watched},
        since_week=dict.fromkeys(Watched, zeros),
    )  # fmt: skip


def test_a_sample_that_finds_more_than_was_known_raises_the_rate_and_a_signal() -> None:
    orders, broken = np.full((30, 13), 100), np.full((30, 13), 1)
    silent = rules.judge(history(orders, broken), market_id=1, week=20_000, terms=TERMS)
    assert silent.signals.sum() == 0
    assert len(silent) == 60  # of what nothing broke there is no row
    found = rules.judge(
        history(orders, broken, sampled=29, bad=20), market_id=1, week=20_000, terms=TERMS
    )
    row = int(np.flatnonzero((found.seller_id == 1) & (found.watched == Watched.ANY))[0])
    assert found.signals[row] == Signal.HIDDEN
    assert found.since_week[row] == 20_000
    assert int(found.rate_bps[row]) > int(silent.rate_bps[0]) * 2
    assert found.signals.sum() == Signal.HIDDEN
    # One that finds less than facts show changes nothing.
    less = rules.judge(
        history(orders, broken, sampled=29, bad=0), market_id=1, week=20_000, terms=TERMS
    )
    assert less.rate_bps.tolist() == silent.rate_bps.tolist()


def test_a_market_without_shops_is_judged_to_nothing() -> None:
    none = np.zeros((0, 26), np.int64)
    assert len(rules.judge(history(none, none), market_id=1, week=4, terms=TERMS)) == 0


# -- samples -------------------------------------------------------------------------------------


@given(st.integers(1, 5000))
def test_a_sample_finds_one_of_the_sought_share_as_surely_as_asked(population: int) -> None:
    size = rules.size_of(population, sought_bps=1000, sure_bps=9500)
    bad = -(-population // 10)
    assert 1 <= size <= population
    missed = Fraction(math.comb(population - bad, size), math.comb(population, size))
    assert missed <= Fraction(55, 1000)


@given(st.sets(st.integers(0, 10**15), min_size=1, max_size=60), st.integers(1, 40), st.randoms())
def test_a_draw_is_the_same_in_whatever_order_and_nobodys_choice(
    ids: set[int], size: int, chance: object
) -> None:
    given_ids = list(ids)
    one = rules.draw(np.array(given_ids), size, seed=5, seller_id=7, week=20_000)
    chance.shuffle(given_ids)  # type: ignore[attr-defined]
    again = rules.draw(np.array(given_ids), size, seed=5, seller_id=7, week=20_000)
    assert one.tolist() == again.tolist()
    assert len(set(one.tolist())) == min(size, len(ids))
    assert set(one.tolist()) <= ids


def test_every_order_is_drawn_about_as_often_as_any_other() -> None:
    drawn = np.concatenate(
        [rules.draw(np.arange(20), 5, seed=seed, seller_id=3, week=4) for seed in range(4000)]
    )
    often = np.bincount(drawn, minlength=20)
    assert (np.abs(often - 1000) < 130).all()


# -- the platform's own clocks -------------------------------------------------------------------

HOUR = 3_600_000_000
JULY = 1_751_299_200_000_000  # 2025-07-01 00:00 in Shanghai


def test_clocks_met_late_and_running_are_told_apart_by_month() -> None:
    spans = Spans.of(
        market_id=[1] * 6,
        since_us=[JULY, JULY, JULY + HOUR, JULY, JULY, JULY - HOUR],
        due_us=[JULY + 2 * HOUR, JULY + HOUR, JULY + 9 * HOUR, JULY + HOUR, FAR_US, JULY],
        ended_us=[JULY + 2 * HOUR, JULY + 3 * HOUR, FAR_US, FAR_US, JULY + HOUR, JULY],
    )
    rows = rules.clock_rows(
        ClockKind.RULING, spans, at_us=JULY + 4 * HOUR, zone=zone_of("Asia/Shanghai")
    )
    told = [
        (r.month, r.ended, r.met, r.late, r.running, r.half_minutes, r.most_minutes) for r in rows
    ]
    assert told == [("2025-07", 3, 2, 2, 1, 120, 180), ("2025-06", 1, 1, 0, 0, 60, 60)]
    assert (
        rules.clock_rows(
            ClockKind.RULING, spans.take(np.zeros(6, bool)), at_us=0, zone=zone_of("UTC")
        )
        == []
    )


def test_every_number_says_what_it_is_and_where_it_comes_from() -> None:
    for one in terms_in_words():
        assert one.zh, one.name
        assert one.en, one.name
        assert one.source, one.name
        assert one.certainty in {"high", "medium", "low"}
