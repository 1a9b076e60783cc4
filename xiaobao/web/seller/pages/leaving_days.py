"""The blockers' calendar as the page shows it: rows of days, and the same as a drawing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.exits.facts import BLOCKER_WORDS
from xiaobao.exits.queries import days_of

if TYPE_CHECKING:
    from zoneinfo import ZoneInfo

    from xiaobao.exits.facts import CheckRow, DayRow

# The next days are shown, those after them in one row, and the last.
MOST_DAYS = 12
# The drawing's own units.
WIDE, HIGH, EDGE = 640, 120, 8

Words = tuple[str, str]


def told_days(check: CheckRow, zone: ZoneInfo) -> list[tuple[DayRow, list[tuple[Words, int]]]]:
    """Each row of the calendar with what ends then, in words; none where nothing can leave."""
    if not check.stages[-1].total_minor:
        return []
    return [
        (day, [(BLOCKER_WORDS[kind], count) for kind, count in day.ends])
        for day in days_of(check.stages, zone, MOST_DAYS)
    ]


def steps_of(check: CheckRow) -> dict[str, object] | None:
    """The same as a drawing: how much can have left by when, in steps; None for a single one."""
    stages = [one for one in check.stages if one.total_minor]
    if len(stages) < 2:  # noqa: PLR2004  one step is no drawing
        return None
    first, last = min(check.checked_at, stages[0].at), stages[-1].at
    span, most = max((last - first).total_seconds(), 1), stages[-1].total_minor
    points = [(EDGE, HIGH - EDGE)]
    for one in stages:
        x = EDGE + int((one.at - first).total_seconds() * (WIDE - 2 * EDGE) / span)
        y = HIGH - EDGE - (HIGH - 2 * EDGE) * one.total_minor // most
        points += [(x, points[-1][1]), (x, y)]
    points += [(WIDE - EDGE, points[-1][1])]
    return {
        "points": " ".join(f"{x},{y}" for x, y in points),
        "wide": WIDE, "high": HIGH, "floor": HIGH - EDGE, "first": first, "last": last,
    }  # fmt: skip
