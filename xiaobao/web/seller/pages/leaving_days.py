"""The blockers' calendar: what ends on which day, how much may leave then, and in all."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from xiaobao.exits.facts import BLOCKER_WORDS

if TYPE_CHECKING:
    from datetime import date, datetime
    from zoneinfo import ZoneInfo

    from xiaobao.exits.facts import Blocker, CheckRow

# The next days are shown, and the last.
MOST_DAYS = 12
# The drawing's own units.
WIDE, HIGH, EDGE = 640, 120, 8


@dataclass
class Day:
    """One day on which something ends or money may leave."""

    at: datetime
    amount_minor: int = 0
    total_minor: int = 0
    ends: dict[Blocker, int] = field(default_factory=dict)

    def words(self) -> list[tuple[tuple[str, str], int]]:
        return [(BLOCKER_WORDS[kind], count) for kind, count in self.ends.items()]


def days_of(check: CheckRow, zone: ZoneInfo) -> list[Day]:
    """Each day on which money may leave, as the reader counts days, if nothing new happens."""
    days: dict[date, Day] = {}
    for stage in check.stages:
        day = days.setdefault(stage.at.astimezone(zone).date(), Day(stage.at))
        day.amount_minor += stage.amount_minor
        day.total_minor = stage.total_minor
    for one in check.blockers:
        if one.ends_at is not None:
            day = days.setdefault(one.ends_at.astimezone(zone).date(), Day(one.ends_at))
            day.ends[one.kind] = day.ends.get(one.kind, 0) + 1
    # What ends and lets nothing go stands in the list of what holds, with its day.
    told = [days[key] for key in sorted(days) if days[key].amount_minor]
    return told if len(told) <= MOST_DAYS else [*told[: MOST_DAYS - 1], told[-1]]


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
