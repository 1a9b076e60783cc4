"""Supervision in a run: weeks that are over and settled are counted, and quarters reported."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.supervision import acts as supervision
from xiaobao.supervision import queries as supervision_now
from xiaobao.trust import acts as trust
from xiaobao.trust import queries as trust_now

if TYPE_CHECKING:
    from xiaobao.work.report import ThisRun


def count(until_us: int, done: ThisRun) -> None:
    """Count every week that is due by then, the earliest first."""
    supervision.expect_weeks()
    while (due_us := supervision_now.next_due_us()) is not None and due_us <= until_us:
        done.counted += supervision.count_weeks(due_us)


def report(until_us: int, done: ThisRun) -> None:
    """Publish the report of every quarter that is due by then, the earliest first."""
    trust.expect_reports()
    while (due_us := trust_now.next_due_us()) is not None and due_us <= until_us:
        done.reported += trust.publish_reports(until_us)
