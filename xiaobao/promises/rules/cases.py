"""Tables that leave a case undecided, or decide it twice: numbers that contradict each other."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING

from xiaobao.promises.facts import ClockUnit, Finding
from xiaobao.promises.rules.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.promises.facts import Pack, Term

# The first may not be above the second: between them nothing could be found.
AT_MOST = (
    ("least_minor", "most_minor"),
    ("retry_first_minutes", "retry_most_minutes"),
    ("query_first_minutes", "query_most_minutes"),
)
# The first must come before the second: else one stall is both at once.
BEFORE = (
    ("stall_slow_same_hours", "stall_abnormal_same_hours"),
    ("stall_slow_cross_hours", "stall_abnormal_cross_hours"),
    ("stall_slow_remote_hours", "stall_abnormal_remote_hours"),
    ("first_update_hours", "no_update_abnormal_hours"),
)
LAST_SAFE_DAY = 28
MINUTES_OF_DAY = 1440


def case_findings(pack: Pack) -> list[Finding]:
    findings = [f for term in pack.terms for f in _of_row(term)]
    return findings + list(_of_ladder(pack))


def _of_row(term: Term) -> Iterator[Finding]:
    for low, high in AT_MOST:
        if _has(term, low, high) and _whole(term, low) > _whole(term, high):
            yield _undecided(
                term, low, f"{low} 大于 {high}，两者之间没有结果：改小 {low}",
                f"{low} is above {high}, and nothing lies between: lower {low}",
            )  # fmt: skip
    for first, second in BEFORE:
        if _has(term, first, second) and _whole(term, first) >= _whole(term, second):
            yield _twice(
                term, first, f"{first} 不早于 {second}，同一情形有两种结果：改小 {first}",
                f"{first} is not before {second}, so one case has two outcomes: lower {first}",
            )  # fmt: skip
    if term.values.get("unit") == ClockUnit.WINDOW_HOURS and not _is_window(term):
        yield _undecided(
            term, "closes_minute",
            "每日窗口没有长度，时限永不走：closes_minute 写得晚于 opens_minute，至多 1440",
            "the daily window has no length and the clock never runs: close later than it opens, "
            "at most 1440",
        )  # fmt: skip
    if _has(term, "resize_day") and not 1 <= _whole(term, "resize_day") <= LAST_SAFE_DAY:
        yield _undecided(
            term, "resize_day", "有的月份没有这一天：写 1 至 28",
            "some months have no such day: write 1 to 28",
        )  # fmt: skip


def _has(term: Term, *columns: str) -> bool:
    return all(column in term.values for column in columns)


def _whole(term: Term, column: str) -> int:
    return int(term.values[column])


def _is_window(term: Term) -> bool:
    return _whole(term, "opens_minute") < _whole(term, "closes_minute") <= MINUTES_OF_DAY


def _of_ladder(pack: Pack) -> Iterator[Finding]:
    """Steps grow with time: at one hour there is one step."""
    order = {key: n for n, key in enumerate(FORMATS["deposit_ladder"].words)}
    steps = [t for t in pack.terms if t.table == "deposit_ladder" and t.key in order]
    steps.sort(key=lambda t: order[t.key])
    for milder, harder in combinations(steps, 2):
        together = max(milder.begins_us, harder.begins_us) < min(milder.ends_us, harder.ends_us)
        is_later = _whole(milder, "after_hours") < _whole(harder, "after_hours")
        if together and milder.key != harder.key and not is_later:
            yield _twice(
                harder, "after_hours",
                f"与“{milder.key}”同时或更早，同一时刻有两级：写得更晚",
                f"not later than '{milder.key}', so two steps hold at once: make it later",
            )  # fmt: skip


def _undecided(term: Term, field: str, zh: str, en: str) -> Finding:
    return Finding("undecided", term.file, term.row, field, zh, en)


def _twice(term: Term, field: str, zh: str, en: str) -> Finding:
    return Finding("decided_twice", term.file, term.row, field, zh, en)
