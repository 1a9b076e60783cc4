"""Tables that leave a case undecided, or decide it twice: numbers that contradict each other."""

from __future__ import annotations

from itertools import combinations, pairwise
from typing import TYPE_CHECKING

from xiaobao.promises.facts import ClockUnit, Finding, ViolationKind
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
HALF_BPS = 5_000
NOBODY = 0
MINUTES_OF_DAY = 1440


def case_findings(pack: Pack) -> list[Finding]:
    findings = [f for term in pack.terms for f in _of_row(term)]
    findings += [f for term in pack.terms if term.table == "burdens" for f in _of_turns(term)]
    return [*findings, *_of_ladder(pack), *_of_rungs(pack), *_of_violations(pack)]


def _of_pairs(term: Term) -> Iterator[Finding]:
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


def _of_row(term: Term) -> Iterator[Finding]:
    yield from _of_pairs(term)
    if term.table == "clocks" and not _runs(term):
        yield _undecided(
            term, "closes_minute",
            "每日窗口没有长度，时限永不走：closes_minute 写得晚于 opens_minute，至多 1440",
            "the daily window has no length and the clock never runs: close later than it opens, "
            "at most 1440",
        )  # fmt: skip
    if term.table == "deposit_rules" and not 1 <= _whole(term, "resize_day") <= LAST_SAFE_DAY:
        yield _undecided(
            term, "resize_day", "有的月份没有这一天：写 1 至 28",
            "some months have no such day: write 1 to 28",
        )  # fmt: skip
    if term.table == "exit_conditions" and _waits_for_ever(term):
        yield _undecided(
            term, "most_days", "须等待而没有最长天数，退保永无结果：写一个天数",
            "it is waited for without an end, and nobody could leave: write a number of days",
        )  # fmt: skip
    if term.table == "hearings":
        yield from _of_jury(term)


def _of_jury(term: Term) -> Iterator[Finding]:
    if _whole(term, "jury_quorum") > _seats(term):
        yield _undecided(
            term, "jury_quorum", "法定人数多于席位，永远表决不成：改小",
            "the quorum is above the seats, and no vote could pass: lower it",
        )  # fmt: skip
    if _whole(term, "jury_majority_bps") < HALF_BPS:
        yield _twice(
            term, "jury_majority_bps", "不到一半即为多数，两种结果可以同时成立：写 5000 以上",
            "less than half is a majority, so both outcomes may pass: write 5000 or more",
        )  # fmt: skip


def _runs(term: Term) -> bool:
    if term.values["unit"] != ClockUnit.WINDOW_HOURS:
        return True
    return _whole(term, "opens_minute") < _whole(term, "closes_minute") <= MINUTES_OF_DAY


def _waits_for_ever(term: Term) -> bool:
    return bool(term.values["is_waited_for"]) and _whole(term, "most_days") == 0


def _seats(term: Term) -> int:
    return sum(_whole(term, f"jury_{who}") for who in ("buyers", "sellers", "experts"))


def _has(term: Term, *columns: str) -> bool:
    return all(column in term.values for column in columns)


def _whole(term: Term, column: str) -> int:
    return int(term.values[column])


def _of_ladder(pack: Pack) -> Iterator[Finding]:
    """Steps grow with time: at one hour there is one step."""
    order = {key: n for n, key in enumerate(FORMATS["deposit_ladder"].words)}
    steps = [t for t in pack.terms if t.table == "deposit_ladder" and t.key in order]
    steps.sort(key=lambda t: order[t.key])
    for milder, harder in combinations(steps, 2):
        is_later = _whole(milder, "after_hours") < _whole(harder, "after_hours")
        if _together(milder, harder) and milder.key != harder.key and not is_later:
            yield _twice(
                harder, "after_hours",
                f"与“{milder.key}”同时或更早，同一时刻有两级：写得更晚",
                f"not later than '{milder.key}', so two steps hold at once: make it later",
            )  # fmt: skip


def _of_turns(term: Term) -> Iterator[Finding]:
    """Who proves: one after the other, each with something to show, and nobody after nobody."""
    turns = [("first", _whole(term, "first")), ("then", _whole(term, "then")),
             ("last", _whole(term, "last"))]  # fmt: skip
    for (name, party), (after, following) in pairwise(turns):
        if party == NOBODY and following != NOBODY:
            yield _undecided(
                term, name, f"{after} 有人举证而 {name} 无人，轮不到：写明 {name}",
                f"it is somebody's turn at {after} and nobody's at {name}, so it never comes: "
                f"say who is {name}",
            )  # fmt: skip
        if party == following != NOBODY:
            yield _twice(
                term, after, f"{after} 与 {name} 是同一方，同一举证判两次：改为另一方或 nobody",
                f"{after} is the same party as {name}, and one proof is judged twice: name the "
                "other, or nobody",
            )  # fmt: skip
    for name, party in turns:
        if party != NOBODY and _whole(term, f"{name}_shows") == 0:
            yield _undecided(
                term, f"{name}_shows", "轮到举证而没有可出示的证据：写上至少一种",
                "it has to prove and nothing can be shown: name one kind of evidence at least",
            )  # fmt: skip


def _of_rungs(pack: Pack) -> Iterator[Finding]:
    """Each rung of penalties is reached by points or strikes, and higher ones later."""
    rungs = sorted((t for t in pack.terms if t.table == "violation_steps"), key=lambda t: t.key)
    for rung in rungs:
        if _whole(rung, "at_points") == 0 and _whole(rung, "at_strikes") == 0:
            yield _undecided(
                rung, "at_points", "没有分数也没有次数，永远到不了这一级：写上其一",
                "neither points nor strikes lead to this rung: write one of them",
            )  # fmt: skip
    for lower, higher in combinations(rungs, 2):
        is_one_class = lower.key.rpartition("_")[0] == higher.key.rpartition("_")[0]
        points = _whole(lower, "at_points"), _whole(higher, "at_points")
        is_later = not all(points) or points[0] < points[1]
        if is_one_class and lower.key != higher.key and _together(lower, higher) and not is_later:
            yield _twice(
                higher, "at_points", f"不高于“{lower.key}”，同一分数有两级：写得更高",
                f"not above '{lower.key}', so one count leads to two rungs: make it higher",
            )  # fmt: skip


def _of_violations(pack: Pack) -> Iterator[Finding]:
    """What breaches and rulings become must be a kind whose points are stated."""
    kinds = {ViolationKind[t.key.upper()] for t in pack.terms if t.table == "violation_kinds"}
    for term in pack.terms:
        if "violation" in term.values and _whole(term, "violation") not in kinds:
            named = ViolationKind(_whole(term, "violation")).name.lower()
            yield _undecided(
                term, "violation", f"“{named}”没有写明扣分：在 violation_kinds 中补上",
                f"no points are stated for '{named}': add it to violation_kinds",
            )  # fmt: skip


def _together(one: Term, other: Term) -> bool:
    return max(one.begins_us, other.begins_us) < min(one.ends_us, other.ends_us)


def _undecided(term: Term, field: str, zh: str, en: str) -> Finding:
    return Finding("undecided", term.file, term.row, field, zh, en)


def _twice(term: Term, field: str, zh: str, en: str) -> Finding:
    return Finding("decided_twice", term.file, term.row, field, zh, en)
