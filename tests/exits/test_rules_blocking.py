"""What is in the way: its dates are true, what is kept is named, nothing is promised twice."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.exits.shapes import START_US, cases, standings, terms, things
from xiaobao.exits.facts import Blocker, Scope, StageRow
from xiaobao.exits.queries.days import days_of
from xiaobao.exits.rules import blocking
from xiaobao.exits.rules.interest import days_late, interest_minor
from xiaobao.exits.rules.lifecycle import BEFORE_PAYING, ENDED, LIFECYCLE, events_in
from xiaobao.kernel.clocks import DAY_US, HOUR_US, moment_of, us_of, zone_of
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from xiaobao.exits.facts import Standings, Things
    from xiaobao.exits.terms import ConditionTerms

    Case = tuple[Standings, Things, ConditionTerms]

SHANGHAI = zone_of("Asia/Shanghai")
NOW = us_of(datetime(2025, 10, 15, 2, tzinfo=UTC))


@given(cases())
def test_every_date_is_true(case: Case) -> None:
    """Living on to the date with nothing new ends the blocker that day, and not the day before."""
    _, made, its = case
    ends = blocking.ends_of(made, its, SHANGHAI)
    for row in np.flatnonzero(its.is_asked & (ends < FAR_US)).tolist():
        end = int(ends[row])
        for moment, stands in ((end - DAY_US, True), (end - 1, True), (end, False)):
            judged = blocking.judge(made, its, SHANGHAI, moment)
            assert bool(judged.is_standing[row]) is stands
            assert int(judged.ends_us[row]) == end
            assert stands or int(judged.held_minor[row]) == 0


@given(cases(), st.sampled_from(list(Scope)), st.integers(0, 300))
def test_what_leaves_what_stays_and_what_repays_are_the_deposit(
    case: Case, scope: Scope, day: int
) -> None:
    seller, made, its = case
    judged = blocking.judge(made, its, SHANGHAI, START_US + day * DAY_US)
    plan = blocking.plan(scope, seller, made, judged)
    parts = (plan.set_off_minor, plan.kept_minor, plan.free_minor)
    assert min(int(part[0]) for part in parts) >= 0
    assert sum(int(part[0]) for part in parts) == int(seller.deposit_minor[0])
    if scope is Scope.PART:
        return
    # Every unit that stays is named: it stands for a thing that still stands.
    shares = blocking.shares_held(scope, seller, made, judged)
    assert int(shares.sum()) == int(plan.kept_minor[0])
    assert (shares >= 0).all()
    assert not shares[~judged.is_standing].any()
    beyond = shares > judged.held_minor
    assert not (beyond & ~judged.is_waited_for).any()


@given(cases(), st.integers(0, 300), st.integers(1, 100))
def test_time_alone_only_frees(case: Case, day: int, more: int) -> None:
    seller, made, its = case
    free = [
        int(blocking.plan(Scope.WHOLE, seller, made,
                          blocking.judge(made, its, SHANGHAI, START_US + at * DAY_US)
                          ).free_minor[0])
        for at in (day, day + more)
    ]  # fmt: skip
    assert free[0] <= free[1]


@given(cases(), st.sampled_from(list(Scope)), st.integers(0, 300))
def test_what_each_moment_frees_is_the_share_of_what_ends_then(
    case: Case, scope: Scope, day: int
) -> None:
    """Moment by moment the shares are what may leave; the last day is the last of them."""
    seller, made, its = case
    at_us = START_US + day * DAY_US
    judged = blocking.judge(made, its, SHANGHAI, at_us)
    shares = blocking.shares_held(scope, seller, made, judged)

    def free_at(moment_us: int) -> int:
        then = blocking.judge(made, its, SHANGHAI, moment_us)
        return int(blocking.plan(scope, seller, made, then).free_minor[0])

    free, last = free_at(at_us), 0
    for moment_us in blocking.moments_of(judged).tolist():
        more = int(shares[judged.is_standing & (judged.ends_us == moment_us)].sum())
        assert free_at(moment_us) == free + more
        free, last = free + more, moment_us if more else last
    if not shares[judged.ends_us >= FAR_US].any():
        assert blocking.last_end_us(shares, judged) == last
    else:
        assert blocking.last_end_us(shares, judged) == FAR_US


@given(
    st.lists(
        st.tuples(st.integers(1, 40), st.integers(0, 10**6)),
        max_size=30,
        unique_by=lambda one: one[0],
    ),
    st.integers(0, 10**6),
    st.integers(3, 12),
)
def test_the_rows_of_the_calendar_add_up_to_its_last_column(
    later: list[tuple[int, int]], now: int, most: int
) -> None:
    stages, total = [StageRow(moment_of(NOW), now, now, ())], now
    for hours, amount in sorted(later):
        total += amount
        at = moment_of(NOW + hours * 7 * HOUR_US)
        stages.append(StageRow(at, amount, total, ((Blocker.QUIET, 1),)))
    days = days_of(stages, UTC, most)
    so_far = 0
    for one in days:
        so_far += one.amount_minor
        assert one.total_minor == so_far
    assert so_far == total
    assert len(days) <= most
    assert len({one.at.date() for one in days}) == len(days)
    told = sum(count for one in days for _, count in one.ends)
    assert told == sum(1 for one in stages[1:] if one.amount_minor)
    last = [one.at.date() for one in stages if one.amount_minor]
    assert not last or days[-1].at.date() == last[-1]


def test_less_than_all_of_them_hold_stays_with_what_ends_last() -> None:
    made = things(
        [
            {"kind": Blocker.CLAIM, "basis_minor": 8_000, "until_us": NOW + day * DAY_US,
             "since_us": NOW, "subject_id": day}
            for day in (3, 9)
        ]
    )  # fmt: skip
    judged = blocking.judge(made, terms([{}, {}]), SHANGHAI, NOW)
    shares = blocking.shares_held(Scope.WHOLE, standings(10_000), made, judged)
    assert shares.tolist() == [2_000, 8_000]
    assert blocking.last_end_us(shares, judged) == NOW + 9 * DAY_US


def test_vector_10_of_the_facts() -> None:
    """1,000 deposited, 120 exposed: 880 may leave; who stays leaves the requirement there too."""
    claim = things([{"kind": Blocker.CLAIM, "basis_minor": 12_000, "since_us": NOW}])
    judged = blocking.judge(claim, terms([{}]), SHANGHAI, NOW)
    whole = blocking.plan(Scope.WHOLE, standings(100_000, required=50_000), claim, judged)
    stays = blocking.plan(Scope.PART, standings(100_000, required=50_000), claim, judged)
    assert int(whole.free_minor[0]) == 88_000
    assert int(stays.free_minor[0]) == 38_000
    # What reserve and cover make up of the requirement need not be cash.
    mixed = standings(100_000, required=50_000, elsewhere=20_000)
    assert int(blocking.plan(Scope.PART, mixed, claim, judged).free_minor[0]) == 58_000


def test_the_requirement_was_sized_for_running_trades_already() -> None:
    made = things(
        [
            {"kind": Blocker.OPEN_TRADE, "basis_minor": 30_000, "since_us": NOW},
            {"kind": Blocker.CLAIM, "basis_minor": 5_000, "since_us": NOW, "subject_id": 1},
        ]
    )
    judged = blocking.judge(made, terms([{}, {}]), SHANGHAI, NOW)
    for required, free in ((50_000, 45_000), (10_000, 65_000)):
        plan = blocking.plan(Scope.PART, standings(100_000, required), made, judged)
        assert int(plan.free_minor[0]) == free


def test_while_something_is_waited_for_all_that_is_required_stays() -> None:
    made = things(
        [
            {"kind": Blocker.QUIET, "basis_minor": 2_000, "until_us": NOW + 3 * DAY_US},
            {"kind": Blocker.FRAUD, "basis_minor": 0, "since_us": NOW, "subject_id": 1},
        ]
    )
    its = terms([{"most_days": 400}, {"is_waited_for": True, "most_days": 10}])
    judged = blocking.judge(made, its, SHANGHAI, NOW)
    plan = blocking.plan(Scope.WHOLE, standings(100_000, required=60_000), made, judged)
    assert (int(plan.kept_minor[0]), int(plan.free_minor[0])) == (60_000, 40_000)
    # Nothing is free when the quiet time ends: all of it stands for what is waited for.
    shares = blocking.shares_held(Scope.WHOLE, standings(100_000, 60_000), made, judged)
    assert shares.tolist() == [0, 60_000]
    later = blocking.judge(made, its, SHANGHAI, NOW + 10 * DAY_US)
    assert int(
        blocking.plan(Scope.WHOLE, standings(100_000, 60_000), made, later).free_minor[0]
    ) == 100_000  # fmt: skip


def test_the_debt_is_repaid_first_and_blocks_nothing() -> None:
    none = things([])
    judged = blocking.judge(none, terms([]), SHANGHAI, NOW)
    for debt, parts in ((30_000, (30_000, 0, 70_000)), (170_000, (100_000, 0, 0))):
        plan = blocking.plan(Scope.WHOLE, standings(100_000, debt=debt), none, judged)
        assert (
            int(plan.set_off_minor[0]), int(plan.kept_minor[0]), int(plan.free_minor[0]),
        ) == parts  # fmt: skip


@pytest.mark.parametrize(
    ("row", "most_days", "end"),
    [
        ({"since_us": NOW}, 15, NOW + 15 * DAY_US),
        ({"since_us": NOW, "until_us": NOW + DAY_US}, 15, NOW + DAY_US),
        ({"since_us": NOW, "until_us": NOW + 400 * DAY_US}, 365, NOW + 365 * DAY_US),
        ({"since_us": NOW, "least_us": NOW + 20 * DAY_US}, 15, NOW + 20 * DAY_US),
        ({}, 15, FAR_US),
    ],
    ids=["by the pack", "by its own facts", "never longer", "suspended", "by an act alone"],
)
def test_when_a_thing_ends(row: dict[str, int], most_days: int, end: int) -> None:
    made = things([{"kind": Blocker.CLAIM, **row}])
    assert blocking.ends_of(made, terms([{"most_days": most_days}]), SHANGHAI).tolist() == [end]


def test_interest_is_simple_by_the_day_begun_and_rounds_up() -> None:
    due = NOW
    assert [days_late(due, due + more) for more in (-1, 0, 1, DAY_US, DAY_US + 1)] == [
        0, 0, 1, 1, 2,
    ]  # fmt: skip
    assert interest_minor(100_000, 1_095, 10) == 300
    assert interest_minor(1, 1_095, 1) == 1
    assert interest_minor(100_000, 0, 10) == 0


def test_none_is_called_off_once_paying_and_ended_it_goes_on_only_where_money_came_back() -> None:
    from xiaobao.exits.facts import ExitEvent, ExitState

    calls_off = {state for state, event in LIFECYCLE if event == ExitEvent.CANCELLED}
    assert calls_off == set(BEFORE_PAYING)
    ended = {state: events_in(state) for state in ENDED}
    assert ended == {
        ExitState.PAID: (ExitEvent.CAME_BACK,), ExitState.REFUSED: (), ExitState.CANCELLED: (),
    }  # fmt: skip
    assert {after for _, after in LIFECYCLE.items()} == set(ExitState)
    assert moment_of(NOW).year == 2025
