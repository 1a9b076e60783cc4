"""In a generated marketplace the desk reviews reports of force majeure, each the morning after.

The storm is known to have been; what it excuses ends when it was over. A few are looked at too
late, so that the platform's own clock is seen to bind it.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from xiaobao.kernel.clocks import DAY_US, moment_of, us_of
from xiaobao.lab.generate.journeys import STORM_DAYS
from xiaobao.orders import acts, queries
from xiaobao.orders.facts import ReportState

if TYPE_CHECKING:
    from datetime import datetime

DESK = "duty desk"
# One in so many is never looked at.
_MISSED_EVERY = 40


def review_reports(at: datetime) -> None:
    """What the desk does on one morning."""
    for row in queries.reports_listed(state=ReportState.WAITING, limit=100_000):
        if row.order_id % _MISSED_EVERY == 0 or row.due_at <= at:
            continue
        until = moment_of(us_of(row.happened_at) + STORM_DAYS * DAY_US)
        acts.review_report(
            row.seller_id, row.order_id, until=until + timedelta(hours=40),
            words="当地风暴属实", by=DESK, at=at,
        )  # fmt: skip
