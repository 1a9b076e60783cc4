"""Checks of exits made anew by the live rules under any policy pack.

What stood in the way is a fact; what each thing holds, whether it is waited for and until when
are the pack's, and so is the quiet time after a trade.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.exits.facts import Blocker, Standings, Things
from xiaobao.exits.rules import blocking
from xiaobao.kernel.clocks import zone_of
from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask
from xiaobao.promises.facts import ClockKind
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import QuietFrom

if TYPE_CHECKING:
    from xiaobao.exits.facts import Judged, Plan
    from xiaobao.exits.terms import ConditionTerms
    from xiaobao.kernel.clocks import Zone
    from xiaobao.lab.history.tables import Checks, Stood
    from xiaobao.lab.replay.policies import Leaving


@dataclass(frozen=True, slots=True)
class Left(Columns):
    """What comes of each check: how much may leave at once, and when the last of it may."""

    set_off_minor: Int
    kept_minor: Int
    free_minor: Int
    is_waiting: Mask
    over_us: Int  # from when nothing is held; FAR_US where only an act ends it


def left_under(
    checks: Checks, stood: Stood, leaving: Leaving, zone_name: str
) -> tuple[Left, Judged]:
    """Each check under the terms of its own time; what stood stands row for row beside it."""
    zone = zone_of(zone_name)
    things = _things(checks, stood, leaving, zone_name, zone)
    terms = _terms(checks, stood, leaving)
    left = {name: np.zeros(len(checks), np.int64) for name in Left.names()}
    left["over_us"] += checks.checked_us
    judged = blocking.judge(things, terms, zone, checks.checked_us[stood.check])
    for row in range(len(checks)):
        _one(checks.take(np.array([row])), row, stood, things, judged, left)
    is_waiting = left.pop("is_waiting") > 0
    return Left(**left, is_waiting=is_waiting), judged


def _one(
    check: Checks, row: int, stood: Stood, things: Things, judged: Judged, left: dict[str, Int]
) -> None:
    """A seller may have left more than once: checks are planned one by one."""
    mine = np.flatnonzero(stood.check == row)
    standings = Standings(
        seller_id=check.seller_id, deposit_minor=check.deposit_minor,
        required_minor=check.required_minor,
        counted_elsewhere_minor=check.counted_elsewhere_minor, debt_minor=check.debt_minor,
    )  # fmt: skip
    here = judged.take(mine)
    plan: Plan = blocking.plan(int(check.scope[0]), standings, things.take(mine), here)
    for name in ("set_off_minor", "kept_minor", "free_minor", "is_waiting"):
        left[name][row] = getattr(plan, name)[0]
    holds = here.is_standing & ((here.held_minor > 0) | here.is_waited_for)
    left["over_us"][row] = np.where(holds, here.ends_us, check.checked_us[0]).max(
        initial=int(check.checked_us[0])
    )


def _things(checks: Checks, stood: Stood, leaving: Leaving, zone_name: str, zone: Zone) -> Things:
    """What stood, with the quiet time that the pack gives."""
    columns = {n: c for n, c in stood.as_dict().items() if n != "check"}
    things = Things(seller_id=checks.seller_id[stood.check], **columns)
    quiet = np.flatnonzero((things.kind == Blocker.QUIET) & (things.since_us < FAR_US))
    if len(quiet) == 0:
        return things
    check = stood.check[quiet]
    governs = checks.terms_us[check]
    is_closing = leaving.rules.in_force(governs).quiet_from == QuietFrom.CLOSING
    since = things.since_us[quiet]
    clock = leaving.clocks.in_force(governs, np.full(len(quiet), ClockKind.EXIT_QUIET.value))
    counted = np.where(is_closing, checks.closing_us[check], since)
    until = things.until_us.copy()
    ends = due_of(counted, clock, zone=zone, calendar=calendar_of(zone_name))
    until[quiet] = np.maximum(ends, since)
    return replace(things, until_us=until)


def _terms(checks: Checks, stood: Stood, leaving: Leaving) -> ConditionTerms:
    terms = leaving.conditions.in_force(checks.terms_us[stood.check], stood.kind)
    waits = terms.is_waited_for & ~checks.is_unblockable[stood.check]
    return replace(terms, is_waited_for=waits)
