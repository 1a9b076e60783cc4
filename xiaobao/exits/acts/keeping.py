"""What a check found is written down: thing by thing for people, and whole to be made again."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.exits import store

if TYPE_CHECKING:
    from xiaobao.exits.acts.course import Course
    from xiaobao.exits.queries.checking import Check


def keep_check(course: Course, found: Check) -> None:
    """Beside the event that happened last."""
    shares = found.shares()
    store.add_kept(course.one, found.things, found.judged, shares)
    store.add_check(
        course.one, found.standings, found.plan, found.things, found.judged, shares,
        scope=found.scope, is_unblockable=found.terms.is_unblockable, at_us=found.at_us,
    )  # fmt: skip
