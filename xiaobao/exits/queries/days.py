"""The calendar of leaving: how much leaves on which day as somebody counts days, and in all."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import TYPE_CHECKING

from xiaobao.exits.facts import DayRow

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from xiaobao.exits.facts import Blocker, StageRow


def days_of(stages: Sequence[StageRow], zone: tzinfo, most: int) -> list[DayRow]:
    """Day by day, if nothing new happens; where they are many, those before the last in one row.

    The amounts of the rows are what may leave in all: none is left out.
    """
    told = [one for one in stages if one.amount_minor] or list(stages[:1])
    by_date = groupby(told, lambda one: one.at.astimezone(zone).date())
    days = [_in_one(list(mine)) for _, mine in by_date]
    if len(days) <= most:
        return days
    return [*days[: most - 2], _in_one(days[most - 2 : -1]), days[-1]]


def _in_one(rows: Sequence[StageRow | DayRow]) -> DayRow:
    """One row for what comes one after the other."""
    ends: Counter[Blocker] = Counter()
    for row in rows:
        ends.update(dict(row.ends))
    are_days = isinstance(rows[0], DayRow) and len(rows) > 1
    return DayRow(
        at=rows[0].at, until=rows[-1].at if are_days else None,
        amount_minor=sum(row.amount_minor for row in rows), total_minor=rows[-1].total_minor,
        ends=tuple(sorted(ends.items())),
    )  # fmt: skip
