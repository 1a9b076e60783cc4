"""Until when a claim may be filed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import CountsFrom
from xiaobao.kernel.clocks import HOUR_US
from xiaobao.kernel.columns import FAR_US, chosen
from xiaobao.promises.facts import ClockUnit
from xiaobao.promises.rules.clocks import due_of
from xiaobao.promises.terms import ClockTerms

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts
    from xiaobao.claims.rules.law import Law
    from xiaobao.claims.terms import ClaimTerms
    from xiaobao.kernel.columns import Int, Mask

_ORDER, _SIGNING, _COMPLETION = (
    int(CountsFrom.ORDER), int(CountsFrom.SIGNING), int(CountsFrom.COMPLETION)
)  # fmt: skip
# No unit is shorter than so many hours, whatever the zone does to a day.
_LEAST_HOURS = np.zeros(max(ClockUnit) + 1, np.int64)
_LEAST_HOURS[[ClockUnit.HOURS, ClockUnit.WINDOW_HOURS]] = 1
_LEAST_HOURS[[ClockUnit.DAYS, ClockUnit.DAYS_FROM_MIDNIGHT]] = 22
_LEAST_HOURS[ClockUnit.MONTHS] = 27 * 24
_LEAST_HOURS[ClockUnit.YEARS] = 364 * 24


def began_us(f: ClaimFacts, t: ClaimTerms) -> Int:
    """From when the time counts; FAR_US where it has not begun, or has no end."""
    began: Int = chosen(
        t.counts_from == _COMPLETION,
        f.completed_us,
        chosen(
            t.counts_from == _SIGNING,
            f.signed_us,
            chosen(t.counts_from == _ORDER, f.ordered_us, FAR_US),
        ),
    )
    return began


def ended_us(f: ClaimFacts, t: ClaimTerms, law: Law) -> Int:
    """When the time to file ends; FAR_US where it does not."""
    began, far = began_us(f, t), np.full(len(f), FAR_US)
    rows = np.flatnonzero(began < FAR_US)
    if len(rows):
        none = np.zeros(len(rows), np.int64)
        # A window to file has no opening hours: its hours run all day.
        clock = ClockTerms(none, t.window_amount[rows], t.window_unit[rows], none, none + 24 * 60)
        far[rows] = due_of(began[rows], clock, zone=law.zone, calendar=law.calendar)
    return far


def is_after_window(f: ClaimFacts, t: ClaimTerms, law: Law) -> Mask:
    """Filed when the time to file had ended.

    Most claims come well inside: calendars are asked only about those that may not.
    """
    least_us = t.window_amount * _LEAST_HOURS[t.window_unit] * HOUR_US
    late: Mask = f.filed_us >= began_us(f, t) + least_us
    if late.any():
        rows = np.flatnonzero(late)
        late[rows] = f.filed_us[rows] >= ended_us(f.take(rows), t.take(rows), law)
    return late
