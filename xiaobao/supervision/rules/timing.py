"""The platform's own clocks: how many were met, by kind and month, and how long things took."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import MINUTE_US, days_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.supervision.facts import ClockRow

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int
    from xiaobao.kernel.spans import Spans
    from xiaobao.promises.facts import ClockKind

HALF, NEARLY_ALL = 50, 95


def clock_rows(
    clock: ClockKind, spans: Spans, *, at_us: int, zone: Zone, is_by_month: bool = True
) -> list[ClockRow]:
    """Clocks of one kind by the month in which they began, the latest first; or all as one row.

    Met is what ended by its end; late is what ended after it, and what is open after it. What
    runs and is not due says nothing yet.
    """
    if len(spans) == 0:
        return []
    month = days_of(spans.since_us, zone).astype("M8[D]").astype("M8[M]")
    if not is_by_month:
        month = np.full(len(spans), month.min())
    rows = []
    for one in np.unique(month)[::-1]:
        part = spans.take(month == one)
        has_ended = part.ended_us < FAR_US
        met = has_ended & (part.ended_us <= part.due_us)
        late = (has_ended & ~met) | (~has_ended & (part.due_us < at_us))
        took = (part.ended_us - part.since_us)[has_ended] // MINUTE_US
        rows.append(
            ClockRow(
                month=str(one), clock=clock, ended=int(has_ended.sum()), met=int(met.sum()),
                late=int(late.sum()), running=int((~has_ended & ~late).sum()),
                half_minutes=percentile(took, HALF), most_minutes=percentile(took, NEARLY_ALL),
            )
        )  # fmt: skip
    return rows


def percentile(values: Int, share: int) -> int | None:
    """The least value that so many of a hundred do not exceed; None where there is none."""
    if len(values) == 0:
        return None
    return int(np.sort(values)[-(-len(values) * share // 100) - 1])
