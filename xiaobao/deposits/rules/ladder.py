"""What counts towards the deposit, and the ladder of a shortfall; pure columns."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits.facts import Ladder, LadderEvent, LadderStep
from xiaobao.kernel.clocks import DAY_US, HOUR_US, MINUTE_US
from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask
from xiaobao.kernel.money import share_of

if TYPE_CHECKING:
    from xiaobao.deposits.terms import DepositRules

NO_EVENT = 0
NEVER = -1


@dataclass(frozen=True, slots=True)
class LadderMove(Columns):
    """Where each seller stands after a look, and what happened (NO_EVENT: nothing)."""

    event: Int
    short_since_us: Int
    top_up_due_us: Int
    step: Int
    next_due_us: Int


def counted(
    required: Int, deposit: Int, reserve: Int, cover: Int, sizing: DepositRules
) -> tuple[Int, Int]:
    """What counts towards the requirement, and how much of it is insurance cover.

    Cover rounds down: the guarantee is not short by the odd unit because of a share.
    """
    most = share_of(required, sizing.cover_most_bps, np.zeros_like(required))
    insured = np.where(sizing.is_cover_counted, np.minimum(cover, most), 0)
    withheld = np.where(sizing.is_reserve_counted, reserve, 0)
    return deposit + withheld + insured, insured


def step_to_time(before: Ladder) -> Int:
    """The step whose hours the next clock is set by, should this look start or climb."""
    return np.where(before.short_since_us < FAR_US, before.step + 2, LadderStep.LONGER_SETTLEMENT)


def ladder_step(
    before: Ladder,
    shortfall: Int,
    is_inside: Mask,
    at_us: Int,
    top_up_hours: Int,
    after_hours: Int,
) -> LadderMove:
    """One look at each seller: a shortfall starts its clocks, climbs one step when due, or ends.

    `after_hours` belongs to the step named by `step_to_time`, counted from the end of the
    top-up time; NEVER where the ladder has no such step. Whoever is not inside the guarantee has
    no clocks.
    """
    is_short = (shortfall > 0) & is_inside
    was_short = before.short_since_us < FAR_US
    starts = is_short & ~was_short
    ends = ~is_short & was_short
    climbs = is_short & was_short & (before.next_due_us <= at_us)
    since = np.where(starts, at_us, before.short_since_us)
    top_up = np.where(starts, at_us + top_up_hours * HOUR_US, before.top_up_due_us)
    next_due = np.where(after_hours == NEVER, FAR_US, top_up + after_hours * HOUR_US)
    next_due = np.where(starts | climbs, next_due, before.next_due_us)
    event = np.where(starts, LadderEvent.FELL_SHORT, NO_EVENT)
    event = np.where(climbs, LadderEvent.CLIMBED, event)
    event = np.where(ends, np.where(is_inside, LadderEvent.CLEARED, LadderEvent.ENDED), event)
    return LadderMove(
        event=event,
        short_since_us=np.where(is_short, since, FAR_US),
        top_up_due_us=np.where(is_short, top_up, FAR_US),
        step=np.where(climbs, before.step + 1, np.where(is_short, before.step, LadderStep.NONE)),
        next_due_us=np.where(is_short, next_due, FAR_US),
    )


def releasable(reserve: Int, fresh: Int, spare: Int, debt: Int) -> Int:
    """What of each reserve may go back: neither fresh nor needed; nothing while a debt stands.

    What went out of the reserve since was the oldest of it.
    """
    free = np.maximum(0, np.minimum(reserve - fresh, spare))
    return np.where(debt > 0, 0, free)


def instalment(missing: Int, count: int) -> Int:
    """Each instalment of what is missing: rounds up, so the last is never the larger one."""
    return -(-missing // count)


# Asked about so often, a lodgement waits most of a day between two questions: a code that its
# seller was shown at the last one ran out hours ago (Alipay's: after two). It is called off at the
# gateway all the same before it is given up.
LAST_ASKED_FOR = 9


def next_query_us(asked_us: Int, attempts: Int) -> Int:
    """When to ask the gateway again: after 5 minutes, then twice as long each time, up to a day.

    The waits are this project's own choice: quick while a person waits, bounded for ever.
    """
    waits = np.minimum(5 * MINUTE_US * 2 ** np.minimum(attempts, 9), DAY_US)
    later: Int = asked_us + waits
    return later
