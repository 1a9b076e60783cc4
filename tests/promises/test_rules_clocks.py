"""Clocks of a pack: each unit, in one batch and row by row."""

from __future__ import annotations

import json
from datetime import date, datetime

import numpy as np
import pytest

from tests.conftest import SHARED
from xiaobao.kernel.calendars import OutsideCalendar, china, weekly
from xiaobao.kernel.clocks import moment_of, us_of, zone_of
from xiaobao.promises.facts import ClockKind, ClockUnit
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.books import draft_book
from xiaobao.promises.rules.clocks import due_of
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.terms import ClockTerms

SHANGHAI = zone_of("Asia/Shanghai")
# What starts, when, and when the China pack says that it is due.
CASES = [
    ("seller_answer", "2025-11-14T18:00:00+08:00", "2025-11-16T18:00:00+08:00"),
    ("seller_evidence", "2025-11-14T14:01:00+08:00", "2025-11-15T09:01:00+08:00"),
    ("seller_evidence", "2025-11-14T10:00:00+08:00", "2025-11-14T14:00:00+08:00"),
    ("penalty_publication", "2025-09-30T10:00:00+08:00", "2025-10-10T00:00:00+08:00"),
    ("suspension_police", "2025-08-31T10:00:00+08:00", "2026-02-28T10:00:00+08:00"),
    ("retention", "2024-02-29T10:00:00+08:00", "2027-02-28T10:00:00+08:00"),
    ("exit_quiet", "2025-11-01T10:00:00+08:00", "2025-12-01T10:00:00+08:00"),
]


def terms_of(kinds: list[ClockKind], started: list[int]) -> ClockTerms:
    pack, _ = lint_pack(read_files("cn"))
    return draft_book(ClockTerms, pack).in_force(np.array(started), np.array(kinds))


def us(text: str) -> int:
    return us_of(datetime.fromisoformat(text))


def test_every_clock_of_the_china_pack_is_due_when_it_says() -> None:
    kinds = [ClockKind[name.upper()] for name, _, _ in CASES]
    started = [us(start) for _, start, _ in CASES]
    terms = terms_of(kinds, started)
    due = due_of(np.array(started), terms, zone=SHANGHAI, calendar=china())
    assert [moment_of(d) for d in due] == [datetime.fromisoformat(e) for _, _, e in CASES]
    for row in range(len(CASES)):
        one = np.array([row])
        single = due_of(np.array(started)[one], terms.take(one), zone=SHANGHAI, calendar=china())
        assert single[0] == due[row]


def test_hours_need_no_calendar_and_working_days_do() -> None:
    far = us("2040-01-01T00:00:00+08:00")
    hours = terms_of([ClockKind.SELLER_ANSWER], [far])
    due = due_of(np.array([far]), hours, zone=SHANGHAI, calendar=china())
    assert moment_of(due[0]) == datetime.fromisoformat("2040-01-03T00:00:00+08:00")
    working = terms_of([ClockKind.RULING], [far])
    with pytest.raises(OutsideCalendar, match="2040-01-01"):
        due_of(np.array([far]), working, zone=SHANGHAI, calendar=china())


def test_working_days_of_a_pack_find_the_late_parcels() -> None:
    """Parcels of the Philippines: Monday to Saturday but for holidays, three days to try again."""
    path = SHARED / "data" / "vectors" / "sla_working_days.json"
    if not path.exists():
        pytest.skip("the working-day vectors are not beside the project")
    told = json.loads(path.read_text("utf-8"))
    closed = [date.fromisoformat(day) for day in told["holidays"]]
    week = weekly("manila", range(6), closed, first=date(2020, 1, 1), last=date(2020, 12, 31))
    rows, again = told["rows"], [row for row in told["rows"] if row["second_attempt"]]

    def noon(name: str, of: list[dict[str, str]]) -> list[int]:
        return [us(f"{row[name]}T12:00:00+08:00") for row in of]

    def due(started: list[int], days: list[int]) -> list[int]:
        none = np.zeros(len(days), np.int64)
        unit = np.full(len(days), ClockUnit.WORKING_DAYS)
        terms = ClockTerms(none, np.array(days), unit, none, none)
        zone = zone_of("Asia/Manila")
        ends: list[int] = due_of(np.array(started), terms, zone=zone, calendar=week).tolist()
        return ends

    first = due(noon("pickup", rows), [row["sla_working_days"] for row in rows])
    second = due(noon("first_attempt", again), [3] * len(again))
    late = {
        row["order_id"]
        for of, at, until in (
            (rows, noon("first_attempt", rows), first),
            (again, noon("second_attempt", again), second),
        )
        for row, moment, end in zip(of, at, until, strict=True)
        if moment >= end
    }
    assert late == {row["order_id"] for row in rows if row["late"]}
    assert 0 < len(late) < len(rows)
