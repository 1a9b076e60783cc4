"""Calendars: China's swapped weekends against the package, and working-day deadlines."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import chinese_calendar
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.conftest import SHARED
from xiaobao.kernel.calendars import (
    MONDAY_TO_FRIDAY,
    MONDAY_TO_SATURDAY,
    OutsideCalendar,
    china,
    day_of,
    weekly,
)

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

DATES = st.dates(date(2004, 1, 1), date(2026, 12, 31))


def one(value: int) -> Int:
    return np.array([value], np.int64)


@given(DATES)
def test_china_is_as_the_package_says(day: date) -> None:
    assert china().is_business_day(one(day_of(day)))[0] == chinese_calendar.is_workday(day)


@given(st.dates(date(2004, 1, 1), date(2026, 9, 1)), st.integers(0, 40))
def test_the_nth_business_day_is_found_by_walking(day: date, count: int) -> None:
    walked, left = day, count
    while left:
        walked += timedelta(days=1)
        left -= int(chinese_calendar.is_workday(walked))
    assert china().add(one(day_of(day)), one(count))[0] == day_of(walked)
    between = china().between(one(day_of(day)), one(day_of(walked)))[0]
    assert between == count


def test_a_batch_is_a_stack_of_singles() -> None:
    days = np.arange(day_of(date(2024, 1, 1)), day_of(date(2025, 1, 1)))
    counts = np.arange(len(days)) % 12
    whole = china().add(days, counts)
    assert whole.tolist() == [
        china().add(days[i : i + 1], counts[i : i + 1])[0] for i in range(len(days))
    ]


def test_a_worked_sunday_and_a_free_monday() -> None:
    # Spring Festival 2025: Sunday 26 January worked, Tuesday 28 January to 4 February off.
    days = [date(2025, 1, 26), date(2025, 1, 27), date(2025, 1, 28), date(2025, 2, 4)]
    found = china().is_business_day(np.array([day_of(d) for d in days]))
    assert found.tolist() == [True, True, False, False]


@pytest.mark.parametrize("day", [date(2003, 12, 31), date(2099, 1, 1)])
def test_a_year_not_decreed_is_refused(day: date) -> None:
    with pytest.raises(OutsideCalendar, match=rf"{day}.*2004-01-01.*chinesecalendar"):
        china().is_business_day(one(day_of(day)))


def test_a_deadline_that_leads_out_of_the_calendar_is_refused() -> None:
    last = china().last_day
    with pytest.raises(OutsideCalendar, match="20 business days after"):
        china().add(one(last - 3), one(20))


def test_a_weekly_calendar_leaves_out_its_holidays() -> None:
    week = weekly(
        "office", MONDAY_TO_FRIDAY, [date(2026, 3, 4)],
        first=date(2026, 3, 1), last=date(2026, 3, 31),
    )  # fmt: skip
    # Monday 2 March, then Tuesday, Thursday, Friday, Monday 9.
    assert week.add(one(day_of(date(2026, 3, 2))), one(4))[0] == day_of(date(2026, 3, 9))


def test_working_day_deadlines_of_real_parcels() -> None:
    path = SHARED / "data" / "vectors" / "sla_working_days.json"
    if not path.exists():
        pytest.skip("the working-day vectors are not beside the project")
    told = json.loads(path.read_text("utf-8"))
    closed = [date.fromisoformat(d) for d in told["holidays"]]
    week = weekly(
        "manila", MONDAY_TO_SATURDAY, closed, first=date(2020, 1, 1), last=date(2020, 12, 31)
    )

    def days(name: str, rows: list[dict[str, Any]]) -> Int:
        return np.array([day_of(date.fromisoformat(r[name])) for r in rows])

    rows = told["rows"]
    first = week.between(days("pickup", rows), days("first_attempt", rows))
    assert first.tolist() == [r["working_days_first"] for r in rows]
    again = [r for r in rows if r["second_attempt"]]
    second = week.between(days("first_attempt", again), days("second_attempt", again))
    assert second.tolist() == [r["working_days_second"] for r in again]
    late = {
        r["order_id"]: int(n > r["sla_working_days"]) for r, n in zip(rows, first, strict=True)
    }
    for row, count in zip(again, second, strict=True):
        late[row["order_id"]] |= int(count > 3)
    assert late == {r["order_id"]: r["late"] for r in rows}
    assert len(rows) > 20
