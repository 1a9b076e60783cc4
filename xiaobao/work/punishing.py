"""Violations in a day of a run: looked for, moved by clocks, points counted, penalties ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.violations import acts as violations
from xiaobao.violations import queries as violations_now

if TYPE_CHECKING:
    from xiaobao.work.report import ThisRun

BATCH = 8192


def expect(at_us: int) -> None:
    """Breaches or rulings may be found from now on: they are to be looked at."""
    violations.expect_looks(at_us)


def punish(until_us: int, done: ThisRun) -> None:
    """Fire every clock of violations that is due by then, the penalties' last.

    What a day's end counts goes before what is found at that same midnight: that is of the next
    day, and is counted at its end.
    """
    while (due_us := violations_now.next_due_us()) is not None and due_us <= until_us:
        moved = violations.count_points(due_us, BATCH)
        moved += violations.move_due_violations(due_us, BATCH)
        moved += violations.end_penalties(due_us, BATCH)
        looked = violations.look_for_violations(due_us)
        done.punished += moved
        done.looked += looked
        if moved.looked + looked.looked == 0:
            break
