"""Forced exit: the enrolment ends at once, promises run on, money is held only with a date."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances import acts as advances
from xiaobao.deposits import acts as deposits
from xiaobao.exits import store
from xiaobao.exits.acts.applying import call_off, checked, drafted
from xiaobao.exits.acts.course import Course
from xiaobao.exits.acts.deciding import RULE
from xiaobao.exits.acts.going import look_again
from xiaobao.exits.acts.keeping import keep_check
from xiaobao.exits.acts.money import lock, send_locked
from xiaobao.exits.facts import CauseKind, ExitEvent, Mark, Reason, Scope
from xiaobao.exits.queries.pages import exit_under_way, known_under
from xiaobao.exits.rules.lifecycle import BEFORE_PAYING
from xiaobao.kernel.clocks import HOUR_US, moment_of, us_of
from xiaobao.kernel.references import cause_of, id_of
from xiaobao.ledger import acts as ledger
from xiaobao.promises.facts import ClockKind
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Event, Standing
from xiaobao.violations import acts as violations_acts
from xiaobao.violations import queries as violations
from xiaobao.violations.facts import PenaltyStep

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.violations.facts import ForcedExits

# Who is not in the guarantee any more, or never was, has nothing to be forced out of.
_INSIDE = (Standing.ACTIVE, Standing.RESTRICTED, Standing.EXITING)


def carry_out_forced_exits(*, until_us: int, limit: int = 1024) -> int:
    """Carry out what violations decided, each at its own moment; return how many there were."""
    due = violations.forced_exits_due(until_us, limit)
    for row in range(len(due)):
        _carry_out(due.take(np.array([row])))
    return len(due)


@transaction.atomic
def _carry_out(one: ForcedExits) -> None:
    seller_id, at = int(one.seller_id[0]), moment_of(int(one.due_us[0]))
    standing = sellers_now.standing(one.seller_id)
    if int(standing.state[0]) in _INSIDE:
        step = PenaltyStep(int(one.step[0])).name.lower()
        force_out(seller_id, ground=f"{step}/{int(one.day[0])}", by=RULE, at=at)
    if violations_acts.finish_forced_exits(one, at=at) == 0:
        # Revoked since it was read: nothing of it is carried out.
        transaction.set_rollback(True)


@transaction.atomic
def force_out(seller_id: int, *, ground: str, by: str, at: datetime) -> int:
    """Carry out a forced exit; return its number. The same ground forces once.

    What nothing holds goes back to the seller at once: a penalty is not the deposit.

    :raises SellerUnknown: for an id nobody has
    :raises StandingForbids: for a seller who is not in the guarantee
    """
    at_us = us_of(at)
    market_id = int(sellers_now.markets_of(np.array([seller_id]))[0])
    if market_id == 0:
        raise sellers.SellerUnknown(seller_id=seller_id)
    store.hold_desk(seller_id)
    hi, lo = cause_of(CauseKind.ACT, 1, seller_id, id_of(ground))
    known = known_under(seller_id, hi, lo)
    if known is not None:
        return known[0]
    # The book before the standing, as whoever charges the seller: no two wait for one another.
    ledger.hold_books(np.array([seller_id]))
    _call_off_other(seller_id, at_us, by=by, words=ground)
    sellers.end_enrolment(seller_id, Event.FORCE_OUT, at=at)
    deposits.check_shortfalls(np.array([seller_id]), at_us=at_us)
    course = drafted(seller_id, market_id, Scope.FORCED, Reason.VIOLATION, 0, at_us)
    course.put(submitted_us=at_us, closing_us=at_us, approved_us=at_us)
    advances.recover_debts(course.one.seller_id, at=at)
    found = checked(course)
    # What is at the gateway may come to be a debt, which is repaid before anything leaves.
    is_open = found.free_minor > 0 and deposits.call_back_takings(seller_id, at=at) > 0
    leaving = 0 if is_open else found.free_minor
    held = found.kept_minor + found.free_minor - leaving
    course.put(
        marks=Mark.ENROLMENT_ENDED, held_minor=held,
        payout_due_us=course.due(ClockKind.EXIT_PAYOUT),
    )  # fmt: skip
    store.add(course.one, hi=hi, lo=lo, digest=0, words=ground)
    course.happens(ExitEvent.FORCED, by=by, amount_minor=leaving, words=ground)
    keep_check(course, found)
    lock(course, leaving)
    send_locked(course, course["payout_due_us"])
    look_again(course, held, found)
    if is_open:
        course.put(next_us=at_us + HOUR_US)
    course.keep()
    return course["number"]


def _call_off_other(seller_id: int, at_us: int, *, by: str, words: str) -> None:
    """An exit of the seller's own that has not come to its money yet goes on no more."""
    other = exit_under_way(seller_id)
    if len(other) and int(other.state[0]) in BEFORE_PAYING:
        before = Course(other, at_us)
        call_off(before, ExitEvent.CANCELLED, by=by, words=words)
        before.keep()
