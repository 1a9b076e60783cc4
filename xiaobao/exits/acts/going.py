"""Exits go on by themselves: quiet times end, reviews are late, money sets out, tails end."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances import acts as advances
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.exits import store
from xiaobao.exits.acts.applying import checked, go_on, go_on_from_submission
from xiaobao.exits.acts.course import Course
from xiaobao.exits.acts.deciding import RULE, approve
from xiaobao.exits.acts.keeping import keep_check
from xiaobao.exits.acts.money import free_locked, lock, owe_interest, send_locked
from xiaobao.exits.acts.problems import ExitAmountTooLarge
from xiaobao.exits.facts import ExitEvent, ExitState, Mark, Moved, Reason, Scope
from xiaobao.exits.queries.checking import check
from xiaobao.exits.queries.pages import due_exits, exit_numbered, open_payments
from xiaobao.exits.rules import blocking
from xiaobao.exits.rules.interest import days_late
from xiaobao.kernel.clocks import DAY_US, HOUR_US
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import queries as ledger
from xiaobao.promises.facts import ClockKind
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Event, Standing

if TYPE_CHECKING:
    from xiaobao.exits.queries.checking import Check

# Back in the guarantee while a tail runs: what is required of the seller stays.
INSIDE = (Standing.ACTIVE, Standing.RESTRICTED)
# In whose steps money sets out.
_PAYING = (ExitState.APPROVED, ExitState.PAYING)


def move_due_exits(*, until_us: int, limit: int = 1024) -> Moved:
    """Fire the clocks of exits that ran out by then, each at its own moment, one step each.

    Each exit is a transaction of its own: call until nothing is looked at.
    """
    moved = Moved()
    for seller_id, number, due_us in due_exits(until_us, limit):
        moved += _move(seller_id, number, due_us, until_us)
    return moved


@transaction.atomic
def _move(seller_id: int, number: int, due_us: int, until_us: int) -> Moved:
    # By its number: a forced exit may be under way beside one whose tail still runs.
    store.hold_desk(seller_id)
    course = Course(exit_numbered(seller_id, number), due_us)
    if course["next_us"] != due_us:
        return Moved()  # somebody else moved it meanwhile
    if course.state in _PAYING and deposits.call_back_takings(seller_id, at=course.at):
        # It may come to be a debt, which is repaid before anything leaves.
        course.put(next_us=until_us + HOUR_US)
        course.keep()
        return Moved(looked=1)
    step = {
        ExitState.SUBMITTED: _be_silent,
        ExitState.QUIET: _end_quiet,
        ExitState.UNDER_REVIEW: _review,
        ExitState.APPROVED: begin_paying,
        ExitState.PAYING: _end_tail,
    }[course.state]
    moved = step(course)
    course.keep()
    return Moved(looked=1) + moved


def _be_silent(course: Course) -> Moved:
    """Relief was offered and nobody answered: the exit goes on."""
    course.happens(ExitEvent.OFFERS_DECLINED)
    go_on_from_submission(course, is_silent=True)
    return Moved(to_review=int(course.state is ExitState.UNDER_REVIEW))


def _end_quiet(course: Course) -> Moved:
    """Something new may be waited for now: then the quiet time goes on, with its new end."""
    go_on(course, checked(course))
    return Moved(to_review=int(course.state is ExitState.UNDER_REVIEW))


def _review(course: Course) -> Moved:
    """A rule decides before the clock runs out; after it the platform is late."""
    if course["next_us"] < course["review_due_us"]:
        try:
            approve(course, by=RULE, words="")
        except ExitAmountTooLarge:
            # What was free is gone since: a person looks, or the seller asks for something else.
            course.put(next_us=course["review_due_us"])
        return Moved()
    return _be_late(course)


def _be_late(course: Course) -> Moved:
    """The platform missed its clock: told, and interest counts from here on."""
    course.happens(ExitEvent.REVIEW_LATE)
    course.put(marks=course["marks"] | Mark.LATE, next_us=FAR_US)
    return Moved(late=1)


def begin_paying(course: Course) -> Moved:
    """From here on nothing is called off: money sets out, and a whole exit ends the enrolment.

    One that had to wait since its approval is looked at once more before.
    """
    found = None
    if course["scope"] == Scope.WHOLE:
        _end_enrolment(course)
        if course.at_us > course["approved_us"]:
            found = _check_again(course)
    amount = course["locked_minor"]
    course.happens(ExitEvent.PAYING_BEGUN, amount_minor=amount)
    if found is not None:
        keep_check(course, found)
    # What a frozen sum that ended since the approval left as a debt is paid to nobody again.
    debt = -int(ledger.balances(course.one.seller_id).fund[0])
    gone = min(debt, deposits_now.lost_since(course.seller_id, course["approved_us"]))
    amount = send_locked(course, course["payout_due_us"], gone_minor=gone)
    days = days_late(course["review_due_us"], course["approved_us"])
    _owe_for_delay(course, amount, days)
    look_again(course, course["held_minor"] if course["scope"] != Scope.PART else 0)
    return Moved(begun=1, ended=int(course.state is ExitState.PAID))


def _check_again(course: Course) -> Check:
    """What was sold meanwhile is promised as ever: it is held for, as what was open before."""
    free_locked(course)
    advances.recover_debts(course.one.seller_id, at=course.at)
    found = checked(course)
    course.put(held_minor=found.kept_minor)
    lock(course, found.free_minor)
    return found


def _owe_for_delay(course: Course, amount_minor: int, days: int) -> None:
    owed = owe_interest(course, amount_minor, days) if days else 0
    if owed:
        course.happens(ExitEvent.INTEREST_OWED, amount_minor=owed, words=str(days))


def _end_enrolment(course: Course) -> None:
    if standing_of(course.seller_id) is Standing.EXITING:
        sellers.end_enrolment(course.seller_id, Event.FINISH, at=course.at)
        course.put(marks=course["marks"] | Mark.ENROLMENT_ENDED)
        # Who has left is short of nothing.
        deposits.check_shortfalls(course.one.seller_id, at_us=course.at_us)


def standing_of(seller_id: int) -> Standing:
    return Standing(int(sellers_now.standing(np.array([seller_id])).state[0]))


def _end_tail(course: Course) -> Moved:
    """Something that was held is free now: it is paid, after what new claims took of it."""
    advances.recover_debts(course.one.seller_id, at=course.at)
    found = _tail(course)
    amount = found.free_minor
    before = course["held_minor"]
    course.put(held_minor=found.kept_minor)
    if amount or before != found.kept_minor:
        course.happens(ExitEvent.TAIL_ENDED, amount_minor=amount)
        keep_check(course, found)
    lock(course, amount)
    send_locked(course, course.due(ClockKind.EXIT_PAYOUT))
    look_again(course, found.kept_minor, found)
    return Moved(released=1, ended=int(course.state is ExitState.PAID))


def _tail(course: Course) -> Check:
    is_back = standing_of(course.seller_id) in INSIDE
    return check(
        course.seller_id, Scope.PART if is_back else Scope.WHOLE, at_us=course.at_us,
        terms_us=course["terms_us"], closing_us=course["closing_us"],
        is_unblockable=course["reason"] == Reason.POLICY_CHANGE,
    )  # fmt: skip


def look_again(course: Course, kept_minor: int, found: Check | None = None) -> None:
    """When to look next; where nothing is left to wait for, the exit ends."""
    locked = int(ledger.balances(course.one.seller_id).locked[0])
    if course["scope"] != Scope.PART and (kept_minor or locked):
        tail = _tail(course) if found is None else found
        next_us = blocking.next_end_us(tail.judged)
        # A claim's own hold outlives its date where the claim does: looked at day by day.
        day_us = course.at_us + DAY_US
        course.put(next_us=day_us if next_us >= FAR_US else next_us)
        return
    course.put(next_us=FAR_US)
    end_if_paid(course)


def end_if_paid(course: Course) -> None:
    """The exit ends once nothing is held and every payment has arrived."""
    is_waiting = course["next_us"] < FAR_US
    if is_waiting or open_payments(course.seller_id, course["number"]):
        return
    course.happens(ExitEvent.PAID, amount_minor=course["paid_minor"])
    course.put(ended_us=course.at_us)
    if course["scope"] == Scope.FORCED and standing_of(course.seller_id) is Standing.FORCED_OUT:
        sellers.move_sellers(course.one.seller_id, Event.FINISH, at=course.at)
