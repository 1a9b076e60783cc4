"""What counts, the steps of the ladder, and cover drawn; no database."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.deposits.shapes import SIZING, one
from xiaobao.deposits.facts import CoverAsked, Ladder, LadderEvent, LadderStep
from xiaobao.deposits.rules import (
    NEVER,
    NO_EVENT,
    counted,
    cover_drawn,
    ladder_step,
    next_query_us,
    step_to_time,
)
from xiaobao.deposits.terms import DepositRules
from xiaobao.kernel.clocks import DAY_US, HOUR_US, MINUTE_US
from xiaobao.kernel.columns import FAR_US, Int

T0 = 1_770_000_000_000_000
NONE = Ladder(*(np.array([v], np.int64) for v in (FAR_US, FAR_US, 0, FAR_US)))
# When each step follows the top-up time, as the ladder of the pack cn.
HOURS = {1: 0, 2: 72, 3: 168, 4: 336, 5: 720}


def col(*values: int) -> Int:
    return np.array(values, np.int64)


def looked(
    before: Ladder, shortfall: int, at_us: int, *, inside: bool = True
) -> tuple[int, Ladder]:
    after_hours = col(HOURS.get(int(step_to_time(before)[0]), NEVER))
    move = ladder_step(
        before, col(shortfall), np.array([inside]), col(at_us), col(72), after_hours
    )
    after = Ladder(move.short_since_us, move.top_up_due_us, move.step, move.next_due_us)
    return int(move.event[0]), after


def test_a_shortfall_climbs_to_the_top_and_ends_when_the_money_is_there() -> None:
    event, now = looked(NONE, 5, T0)
    assert event == LadderEvent.FELL_SHORT
    assert now.top_up_due_us[0] == T0 + 72 * HOUR_US
    climbed = []
    while now.next_due_us[0] < FAR_US:
        at_us = int(now.next_due_us[0])
        assert looked(now, 5, at_us - 1)[0] == NO_EVENT
        event, now = looked(now, 5, at_us)
        assert event == LadderEvent.CLIMBED
        climbed.append((int(now.step[0]), (at_us - T0) // HOUR_US))
    assert climbed == [(1, 72), (2, 144), (3, 240), (4, 408), (5, 792)]
    assert now.step[0] == LadderStep.PAYMENT_CONTROLLED
    event, now = looked(now, 5, T0 + 10_000 * HOUR_US)
    assert event == NO_EVENT
    event, now = looked(now, 0, T0 + 10_001 * HOUR_US)
    assert event == LadderEvent.CLEARED
    assert now.as_dict() == NONE.as_dict()


def test_nothing_happens_while_nothing_is_missing() -> None:
    event, now = looked(NONE, 0, T0)
    assert (event, now.as_dict()) == (NO_EVENT, NONE.as_dict())
    event, now = looked(NONE, -5, T0)
    assert event == NO_EVENT


def test_who_leaves_the_guarantee_has_no_clocks() -> None:
    _, short = looked(NONE, 5, T0)
    event, now = looked(short, 5, T0 + HOUR_US, inside=False)
    assert (event, now.as_dict()) == (LadderEvent.ENDED, NONE.as_dict())
    assert looked(NONE, 5, T0, inside=False)[0] == NO_EVENT


@given(
    st.lists(
        st.tuples(st.integers(-5, 5), st.booleans(), st.integers(0, 5), st.booleans()),
        min_size=1, max_size=8,
    )
)  # fmt: skip
def test_a_batch_is_a_stack_of_singles_and_a_repeat_changes_nothing(
    given_rows: list[tuple[int, bool, int, bool]],
) -> None:
    was = np.array([r[1] for r in given_rows])
    step = np.where(was, col(*(r[2] for r in given_rows)), 0)
    due = np.where(was & (step < 5), T0 - 1, FAR_US)
    before = Ladder(np.where(was, T0 - DAY_US, FAR_US), np.where(was, T0, FAR_US), step, due)
    shortfall = col(*(r[0] for r in given_rows))
    inside = np.array([r[3] for r in given_rows])
    count = len(step)
    at, top_up = np.full(count, T0), np.full(count, 72)
    hours = col(*(HOURS.get(s, NEVER) for s in step_to_time(before).tolist()))
    whole = ladder_step(before, shortfall, inside, at, top_up, hours)
    for i in range(count):
        row = np.array([i])
        single = ladder_step(
            before.take(row), shortfall[row], inside[row], at[row], top_up[row], hours[row]
        )
        assert single.as_dict() == whole.take(row).as_dict()
    # With the next clock in the future, a second look at the same moment sees nothing new.
    after = Ladder(whole.short_since_us, whole.top_up_due_us, whole.step, whole.next_due_us)
    settled = after.next_due_us > T0
    hours = col(*(HOURS.get(s, NEVER) for s in step_to_time(after).tolist()))
    again = ladder_step(after, shortfall, inside, at, top_up, hours)
    assert (again.event[settled] == NO_EVENT).all()


@pytest.mark.parametrize(
    ("sizing", "available", "insured"),
    [
        ({}, 300 + 200 + 1000, 1000),
        ({"cover_most_bps": 3_333}, 300 + 200 + 333, 333),
        ({"is_cover_counted": False}, 500, 0),
        ({"is_reserve_counted": False}, 300 + 1000, 1000),
    ],
)
def test_what_counts_is_what_the_pack_says(
    sizing: dict[str, int], available: int, insured: int
) -> None:
    rules = one(DepositRules, SIZING | sizing)
    got = counted(col(1000), col(300), col(200), col(5000), rules)
    assert (int(got[0][0]), int(got[1][0])) == (available, insured)


def test_cover_is_drawn_first_come_first_served() -> None:
    seller = col(1, 2, 1, 1, 3)
    asked = CoverAsked(
        cover_id=col(10, 20, 10, 10, 0), left_minor=col(100, 100, 100, 100, 0),
        is_drawn=np.array([False, False, True, False, False]), drawn_minor=col(0, 0, 40, 0, 0),
    )  # fmt: skip
    assert cover_drawn(seller, col(70, 50, 99, 70, 9), asked).tolist() == [70, 50, 40, 30, 0]
    empty = CoverAsked(col(), col(), np.zeros(0, bool), col())
    assert cover_drawn(col(), col(), empty).tolist() == []


def test_the_gateway_is_asked_less_and_less_often_and_at_least_daily() -> None:
    waits = next_query_us(np.zeros(5, np.int64), col(0, 1, 2, 8, 60))
    assert waits.tolist() == [
        5 * MINUTE_US, 10 * MINUTE_US, 20 * MINUTE_US, 1280 * MINUTE_US, DAY_US,
    ]  # fmt: skip
