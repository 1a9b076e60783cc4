"""What a violation counts and how points step: the cases, and laws for any history."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.violations.shapes import ZONE, books, counted, day, kinds, pack
from xiaobao.kernel.clocks import us_of
from xiaobao.orders.facts import BreachKind, BreachRates
from xiaobao.promises.facts import PointsClass, ViolationKind
from xiaobao.promises.rules.books import draft_book
from xiaobao.violations.facts import (
    FAR_DAY,
    MONEY_RUNG,
    Counted,
    Effect,
    PenaltyStep,
    Tallies,
    ViolationFacts,
)
from xiaobao.violations.rules import (
    Nights,
    fold,
    has_work,
    is_year_end,
    night,
    over_threshold,
    period_of,
    places_of,
    rungs_of,
    span,
    today_of,
    weigh,
)
from xiaobao.violations.rules.showing import masked, next_rung
from xiaobao.violations.terms import BreachTerms

HERE = Path(__file__).parent / "cases"


def cases(name: str) -> list[dict[str, Any]]:
    read: list[dict[str, Any]] = tomllib.loads((HERE / name).read_text(encoding="utf-8"))["cases"]
    return read


@pytest.mark.parametrize("case", cases("weighing.toml"), ids=lambda c: str(c["says"]))
def test_a_violation_counts(case: dict[str, Any]) -> None:
    kind = ViolationKind[case["kind"].upper()]
    facts = ViolationFacts.of(
        kind=[kind], units=[case.get("units", 1)], is_corrected=[case.get("is_corrected", False)],
        earlier=[case.get("earlier", 0)], is_same_incident=[case.get("is_same_incident", False)],
        points_in_cap=[case.get("points_in_cap", 0)],
    )  # fmt: skip
    moment = np.array([day("2026-03-02") * 86_400_000_000])
    weights = weigh(facts, kinds().in_force(moment, facts.kind))
    wanted = case["expect"]
    assert Effect(weights.effect[0]).name.lower() == wanted["effect"]
    assert weights.points.tolist() == [wanted["points"]]
    assert weights.strikes.tolist() == [wanted["strikes"]]
    assert weights.penalty_minor.tolist() == [int(Decimal(wanted["penalty"]) * 100)]
    if "class" in wanted:
        assert PointsClass(weights.points_class[0]).name.lower() == wanted["class"]


@pytest.mark.parametrize("case", cases("histories.toml"), ids=lambda c: str(c["says"]))
def test_a_history_brings(case: dict[str, Any]) -> None:
    history = counted(case["counts"])
    until = day(case.get("until", max(row[0] for row in case["counts"])))
    tallies, nights = fold(history, until, **books())
    begun = nights.take(nights.begins)
    assert [
        [str(np.datetime64(d, "D")), _step(c, r), _days(c, d, r)]
        for c, d, r in zip(
            begun.points_class.tolist(), begun.day.tolist(), begun.rung.tolist(), strict=True
        )
    ] == case["begins"]
    left = zip(tallies.points_class.tolist(), tallies.points.tolist(), strict=True)
    assert {PointsClass(c).name.lower(): points for c, points in left} == case["left"]
    forced = nights.day[nights.is_forced_out].tolist()
    assert [str(np.datetime64(d, "D")) for d in forced] == case.get("forced", [])


def _step(points_class: int, rung: int) -> str:
    return "money" if rung == MONEY_RUNG else PenaltyStep(points_class * 10 + rung).name.lower()


def _days(points_class: int, on: int, rung: int) -> int:
    if rung == MONEY_RUNG:
        return 30
    moment = np.array([on * 86_400_000_000])
    return int(rungs_of(books()["rungs"], np.array([points_class]), moment)[rung - 1].days[0])


def test_a_penalty_runs_from_midnight_to_midnight_by_the_wall_clock() -> None:
    begins, ends = span(np.array([day("2026-03-02")]), np.array([7]), ZONE)
    assert begins.tolist() == [us_of(datetime(2026, 3, 2, 16, tzinfo=UTC))]
    assert ends.tolist() == [us_of(datetime(2026, 3, 9, 16, tzinfo=UTC))]


# -- any history ---------------------------------------------------------------------------------

FIRST, LAST = day("2026-12-01"), day("2027-01-31")


@st.composite
def histories(draw: st.DrawFn) -> Counted:
    """Violations of a few sellers around the turn of a year; some points with a life."""
    rows = draw(
        st.lists(
            st.tuples(
                st.integers(1, 3), st.sampled_from(PointsClass), st.integers(FIRST, LAST),
                st.sampled_from([0, 1, 2, 6, 11, 12, 24, 48]), st.integers(0, 1),
                st.sampled_from([0, 50_000]), st.sampled_from([FAR_DAY, 0, 7, 30]),
            ),
            min_size=1, max_size=8,
        )
    )  # fmt: skip
    columns = list(zip(*rows, strict=True))
    days = np.array(columns[2], np.int64)
    life = np.array(columns[6], np.int64)
    return Counted.of(
        seller_id=columns[0], points_class=[int(c) for c in columns[1]], day=days,
        points=columns[3], strikes=columns[4], penalty_minor=columns[5],
        expires_day=np.where(life == FAR_DAY, FAR_DAY, days + life),
    )  # fmt: skip


@settings(max_examples=25)
@given(histories())
def test_a_live_life_day_by_day_is_the_labs_batch(history: Counted) -> None:
    """Every seller alone, one day after another, every day: the same nights, the same points."""
    tallies, nights = fold(history, LAST + 1, **books())
    for row in range(len(tallies)):
        one = tallies.take(np.array([row]))
        mine = history.take(
            (history.seller_id == one.seller_id) & (history.points_class == one.points_class)
        )
        now = replace(one, points=np.zeros(1, np.int64), strikes=np.zeros(1, np.int64))
        told = [Nights.none()]
        for d in range(FIRST, LAST + 2):
            today = today_of(mine, places_of(now, mine), 1, d)
            before = now
            after, written, _ = night(before, today, d, **books())
            now = replace(now, points=after.points, strikes=after.strikes)
            if has_work(today, before)[0]:
                told.append(written)
            else:
                assert after.points.tolist() == before.points.tolist()
                assert not after.begins[0]
        same = (nights.seller_id == one.seller_id) & (nights.points_class == one.points_class)
        live = Nights.concat(told)
        for name, column in nights.take(same).as_dict().items():
            assert column.tolist() == getattr(live, name).tolist(), name
        assert now.points.tolist() == one.points.tolist()
        assert now.strikes.tolist() == one.strikes.tolist()


@given(histories())
def test_points_are_never_negative_and_classes_never_mix(history: Counted) -> None:
    tallies, nights = fold(history, LAST + 1, **books())
    assert (tallies.points >= 0).all()
    assert (nights.points >= 0).all()
    for points_class in PointsClass:
        alone = history.take(history.points_class == points_class)
        of_class, its_nights = fold(alone, LAST + 1, **books())
        here = tallies.points_class == points_class
        assert of_class.points.tolist() == tallies.points[here].tolist()
        assert len(its_nights) == int((nights.points_class == points_class).sum())


@given(histories(), st.integers(0, 11))
def test_what_is_taken_away_never_makes_it_worse(history: Counted, which: int) -> None:
    """Without one violation nobody has more points, on any night, nor reaches a higher rung."""
    gone = np.arange(len(history)) == which % len(history)
    with_it, nights = fold(history, LAST + 1, **books())
    without, fewer = fold(history.take(~gone), LAST + 1, **books())
    had = dict(zip(_names(with_it), with_it.points.tolist(), strict=True))
    for tally, points in zip(_names(without), without.points.tolist(), strict=True):
        assert points <= had[tally]
    reached = dict(zip(_nights(nights), nights.reached.tolist(), strict=True))
    for night_, points in zip(_nights(fewer), fewer.reached.tolist(), strict=True):
        assert points <= reached[night_]
    assert fewer.is_forced_out.sum() <= nights.is_forced_out.sum()


def _names(tallies: Tallies) -> list[tuple[int, int]]:
    return list(zip(tallies.seller_id.tolist(), tallies.points_class.tolist(), strict=True))


def _nights(nights: Nights) -> list[tuple[int, int, int]]:
    return list(
        zip(nights.seller_id.tolist(), nights.points_class.tolist(), nights.day.tolist(),
            strict=True)
    )  # fmt: skip


@given(st.lists(st.integers(-200_000, 200_000), min_size=1, max_size=20))
def test_the_year_ends_on_31_december(days: list[int]) -> None:
    dates = [np.datetime64(d, "D").item() for d in days]
    assert is_year_end(np.array(days)).tolist() == [(d.month, d.day) == (12, 31) for d in dates]


@st.composite
def weighed(draw: st.DrawFn) -> ViolationFacts:
    rows = draw(
        st.lists(
            st.tuples(
                st.sampled_from(ViolationKind), st.integers(1, 120), st.booleans(),
                st.integers(0, 4), st.booleans(), st.integers(0, 14),
            ),
            min_size=1, max_size=8,
        )
    )  # fmt: skip
    columns = list(zip(*rows, strict=True))
    return ViolationFacts.of(
        kind=[int(k) for k in columns[0]], units=columns[1], is_corrected=columns[2],
        earlier=columns[3], is_same_incident=columns[4], points_in_cap=columns[5],
    )  # fmt: skip


@given(weighed())
def test_a_batch_of_violations_is_a_stack_of_singles(facts: ViolationFacts) -> None:
    moments = np.full(len(facts), day("2026-03-02") * 86_400_000_000)
    terms = kinds().in_force(moments, facts.kind)
    whole = weigh(facts, terms)
    for row in range(len(facts)):
        here = np.array([row])
        one = weigh(facts.take(here), terms.take(here))
        for name, column in one.as_dict().items():
            assert column.tolist() == getattr(whole, name)[here].tolist(), name
    assert (whole.points >= 0).all()
    assert (whole.points <= terms.points).all()
    # Money and strikes follow points: where none are counted, nothing else is either.
    nothing = whole.points == 0
    assert (whole.penalty_minor[nothing] == 0).all()
    assert (whole.strikes[nothing] == 0).all()


# -- what breaches come to, and what is shown ----------------------------------------------------


@pytest.mark.parametrize(
    ("breaches", "orders", "is_over"),
    [(2, 2, False), (3, 3, True), (3, 30, True), (3, 31, False), (4, 40, True), (9, 91, False)],
)
def test_breaches_are_a_violation_only_where_many_and_a_share(
    breaches: int, orders: int, *, is_over: bool
) -> None:
    """Three at least, and a tenth of the orders: at exactly a tenth they are."""
    moment, kind = np.array([day("2026-03-02") * 86_400_000_000]), np.array([1])
    assert kind.tolist() == [int(BreachKind.LATE_SHIPMENT)]
    rates = BreachRates.of(seller_id=[1], kind=kind, breaches=[breaches], orders=[orders])
    terms = draft_book(BreachTerms, pack()).in_force(moment, kind)
    assert over_threshold(rates, terms).tolist() == [is_over]


@given(st.integers(-30_000, 60_000), st.integers(1, 60))
def test_every_day_lies_in_one_period(on: int, length: int) -> None:
    days = np.arange(on, on + 3 * length)
    first = period_of(days, np.full(len(days), length))
    assert (first <= days).all()
    assert (days < first + length).all()
    assert (np.diff(first)[np.diff(first) != 0] == length).all()
    if length % 7 == 0:
        assert {np.datetime64(int(d), "D").item().weekday() for d in first} == {0}


def test_a_masked_name_tells_its_first_letter_alone() -> None:
    assert [masked(name) for name in ("小王的店", "a", "")] == ["小***", "a***", "***"]


def test_the_next_rung_is_the_nearest_above() -> None:
    assert [next_rung(points, [12, 24, 48]) for points in (0, 11, 12, 47, 48)] == [
        12, 12, 24, 48, None,
    ]  # fmt: skip
