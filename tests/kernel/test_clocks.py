"""Clocks: zones against Python's own, and the cases a lawyer can read."""

from __future__ import annotations

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.kernel import clocks
from xiaobao.kernel.calendars import china
from xiaobao.kernel.clocks import HOUR_US, MINUTE_US, moment_of, us_of, zone_of
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

CASES = tomllib.loads((Path(__file__).parent / "cases" / "clocks.toml").read_text("utf-8"))
SHANGHAI = zone_of("Asia/Shanghai")
ZONES = ["UTC", "Asia/Shanghai", "America/Sao_Paulo", "Europe/Berlin", "Australia/Lord_Howe",
         "Africa/Casablanca", "Asia/Kathmandu"]  # fmt: skip
MOMENTS = st.datetimes(
    datetime(1970, 1, 2),  # noqa: DTZ001  the zone is the strategy's
    datetime(2099, 12, 30),  # noqa: DTZ001
    timezones=st.just(UTC),
)


def one(value: int) -> Int:
    return np.array([value], np.int64)


def at(text: str) -> int:
    return us_of(datetime.fromisoformat(text))


@given(MOMENTS)
def test_a_moment_goes_to_microseconds_and_back(moment: datetime) -> None:
    assert moment_of(us_of(moment)) == moment


def test_a_moment_without_zone_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="zone"):
        us_of(datetime(2026, 1, 1))  # noqa: DTZ001


@pytest.mark.parametrize("name", ZONES)
@given(MOMENTS)
def test_local_time_is_what_python_says(name: str, moment: datetime) -> None:
    local = clocks.local_of(one(us_of(moment)), zone_of(name))[0]
    there = moment.astimezone(ZoneInfo(name)).replace(tzinfo=UTC)
    assert local == us_of(there)


@pytest.mark.parametrize("name", ZONES)
@given(MOMENTS)
def test_wall_clock_is_read_as_python_reads_it(name: str, local: datetime) -> None:
    """Also where the clock is turned: the first of two, and a skipped time as before the skip."""
    expected = us_of(local.replace(tzinfo=ZoneInfo(name), fold=0).astimezone(UTC))
    assert clocks.utc_of(one(us_of(local)), zone_of(name))[0] == expected


@pytest.mark.parametrize("name", ZONES)
def test_every_change_of_a_zone_is_met_to_the_second(name: str) -> None:
    zone = zone_of(name)
    around = np.concatenate([zone.changes_us[1:] - 1, zone.changes_us[1:]])
    found = zone.offset_at(around)
    for us, offset in zip(around, found, strict=True):
        said = moment_of(us).astimezone(ZoneInfo(name)).utcoffset()
        assert said == timedelta(microseconds=int(offset)), moment_of(us)


def test_shanghai_is_eight_hours_ahead_but_for_its_summers() -> None:
    moments = np.array([at("2026-07-01T00:00:00+00:00"), at("1988-07-01T00:00:00+00:00")])
    assert SHANGHAI.offset_at(moments).tolist() == [8 * HOUR_US, 9 * HOUR_US]


@pytest.mark.parametrize("name", ["", "Mars/Base", "../etc/passwd", "Asia", "/etc/passwd"])
def test_an_unknown_zone_is_refused(name: str) -> None:
    with pytest.raises(clocks.UnknownZone):
        zone_of(name)


@given(MOMENTS)
def test_a_day_begins_at_its_midnight(moment: datetime) -> None:
    us = one(us_of(moment))
    day = clocks.days_of(us, SHANGHAI)
    begins = clocks.midnight_of(day, SHANGHAI)
    assert begins[0] <= us[0] < clocks.next_midnight(us, SHANGHAI)[0]
    assert clocks.days_of(begins, SHANGHAI)[0] == day[0]


def test_the_day_turns_at_local_midnight() -> None:
    day = clocks.days_of(
        np.array([at("2026-03-01T15:59:59+00:00"), at("2026-03-01T16:00:00+00:00")]), SHANGHAI
    )
    assert (day - day[0]).tolist() == [0, 1]


@pytest.mark.parametrize("case", CASES["window"], ids=lambda c: f"{c['starts']}")
def test_a_daily_window_carries_over(case: dict[str, Any]) -> None:
    ends = clocks.add_in_window(
        one(us_of(case["starts"])), one(case["hours"] * HOUR_US),
        one(9 * HOUR_US), one(18 * HOUR_US), SHANGHAI,
    )  # fmt: skip
    assert moment_of(ends[0]) == case["ends"]


@pytest.mark.parametrize("case", CASES["from_midnight"], ids=lambda c: f"{c['starts']}")
def test_days_from_the_next_midnight(case: dict[str, Any]) -> None:
    ends = clocks.days_from_next_midnight(one(us_of(case["starts"])), one(case["days"]), SHANGHAI)
    assert moment_of(ends[0]) == case["ends"]


@pytest.mark.parametrize("case", CASES["notice"], ids=lambda c: f"{c['starts']}")
def test_the_earliest_lawful_day(case: dict[str, Any]) -> None:
    begins = clocks.earliest_effect(one(us_of(case["starts"])), one(case["days"]), SHANGHAI)
    assert moment_of(begins[0]) == case["ends"]


@pytest.mark.parametrize("case", CASES["working_days"], ids=lambda c: f"{c['starts']}")
def test_working_days_end_with_the_last_of_them(case: dict[str, Any]) -> None:
    ends = china().end_of(one(us_of(case["starts"])), one(case["days"]), SHANGHAI)
    assert moment_of(ends[0]) == case["ends"]


@given(
    starts=st.integers(0, 2000),
    lasting=st.integers(0, 200),
    opens=st.integers(0, 1400),
    length=st.integers(20, 1439),
)
def test_a_window_clock_runs_minute_by_minute(
    starts: int, lasting: int, opens: int, length: int
) -> None:
    """Against a clock that is watched every minute."""
    closes = min(opens + length, 1440)
    minute, left = starts, lasting
    while left or not opens <= minute % 1440 < closes:
        left -= int(opens <= minute % 1440 < closes)
        minute += 1
        if left == 0 and lasting:
            break
    ends = clocks.add_in_window(
        one(starts * MINUTE_US), one(lasting * MINUTE_US),
        one(opens * MINUTE_US), one(closes * MINUTE_US), zone_of("UTC"),
    )  # fmt: skip
    assert ends[0] == minute * MINUTE_US


@given(MOMENTS, st.integers(0, 600))
def test_months_keep_the_day_where_there_is_one(moment: datetime, months: int) -> None:
    later = moment_of(clocks.add_months(one(us_of(moment)), one(months), zone_of("UTC"))[0])
    assert (later.year * 12 + later.month) - (moment.year * 12 + moment.month) == months
    assert later.time() == moment.time()
    assert later.day == moment.day or (later.day < moment.day and (later + timedelta(1)).day == 1)


def test_a_month_after_31_january_is_the_last_of_february() -> None:
    ends = clocks.add_months(one(at("2026-01-31T10:00:00+08:00")), one(1), SHANGHAI)
    assert moment_of(ends[0]) == datetime.fromisoformat("2026-02-28T10:00:00+08:00")


def test_days_keep_the_time_of_day_over_a_turned_clock() -> None:
    berlin = zone_of("Europe/Berlin")
    ends = clocks.add_days(one(at("2026-03-28T12:00:00+01:00")), one(1), berlin)
    assert moment_of(ends[0]) == datetime.fromisoformat("2026-03-29T12:00:00+02:00")
    hours = clocks.add_hours(one(at("2026-03-28T12:00:00+01:00")), one(24))
    assert moment_of(hours[0]) == datetime.fromisoformat("2026-03-29T13:00:00+02:00")


# -- stopped clocks ------------------------------------------------------------------------------


def watched(start: int, due: int, stops: list[tuple[int, int]]) -> int:
    """A clock that is looked at every tick."""
    now, left = start, due - start
    while left:
        left -= int(not any(a <= now < b for a, b in stops))
        now += 1
        if now > 10_000:
            return FAR_US
    return now


SPANS = st.lists(
    st.tuples(st.integers(0, 60), st.integers(0, 25)).map(lambda s: (s[0], s[0] + s[1])),
    max_size=5,
)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 30), SPANS), max_size=5))
def test_a_stopped_clock_ends_as_a_watched_one(
    cases: list[tuple[int, int, list[tuple[int, int]]]],
) -> None:
    started = np.array([c[0] for c in cases], np.int64)
    due = started + np.array([c[1] for c in cases], np.int64)
    flat = [(n, a, b) for n, c in enumerate(cases) for a, b in c[2]][::-1]
    case, stop, resume = (np.array([f[i] for f in flat], np.int64) for i in range(3))
    moved = clocks.add_stops(started, due, case=case, stop_us=stop, resume_us=resume)
    assert moved.tolist() == [
        watched(s, s + d, stops) for s, d, stops in cases
    ]  # fmt: skip


def test_a_clock_that_still_stands_has_no_end() -> None:
    moved = clocks.add_stops(
        np.array([0, 0, 0]), np.array([10, 10, 10]),
        case=np.array([0, 1, 1]), stop_us=np.array([5, 10, 3]),
        resume_us=np.array([FAR_US, FAR_US, 4]),
    )  # fmt: skip
    # The second clock: a tick lost at 3, so at 10 it had one left when it was stopped.
    assert moved.tolist() == [FAR_US, FAR_US, 10]
