"""The platform decides on an exit: approves what may leave, or refuses and says why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from xiaobao.advances import acts as advances
from xiaobao.deposits import acts as deposits
from xiaobao.exits import store
from xiaobao.exits.acts.applying import call_off, checked
from xiaobao.exits.acts.course import Course
from xiaobao.exits.acts.keeping import keep_check
from xiaobao.exits.acts.money import lock
from xiaobao.exits.acts.problems import ExitAmountTooLarge, RefusalNeedsBlocker, WordsMissing
from xiaobao.exits.facts import ExitEvent, ExitState, Reason, Scope
from xiaobao.kernel.clocks import us_of
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from datetime import datetime

# Who decides where a rule does.
RULE = "rule"
_DECIDED = (ExitState.APPROVED, ExitState.PAYING)


def hold_exit(seller_id: int) -> None:
    """Hold this seller's exits until the transaction ends: what was looked at is decided on."""
    store.hold_desk(seller_id)


@transaction.atomic
def approve_exit(seller_id: int, *, by: str, at: datetime, words: str = "") -> int:
    """Approve: lock what may leave; what stays is held thing by thing. Return how much leaves.

    The debt is repaid first. Approved before, nothing changes.

    :raises NoExitUnderWay: if there is none
    :raises ExitMoveImpossible: if it is not under review
    :raises ExitAmountTooLarge: if a part is asked of which nothing may leave any more
    """
    course = Course.under_way(seller_id, us_of(at))
    if course.state in _DECIDED:
        return course["locked_minor"] + course["sent_minor"]
    amount = approve(course, by=by, words=words)
    course.keep()
    return amount


def approve(course: Course, *, by: str, words: str) -> int:
    """See `approve_exit`; `course` is kept by the caller."""
    advances.recover_debts(course.one.seller_id, at=course.at)
    found = checked(course)
    is_part = course["scope"] == Scope.PART
    amount = min(course["asked_minor"], found.free_minor) if is_part else found.free_minor
    if is_part and amount == 0:
        raise ExitAmountTooLarge(asked_minor=course["asked_minor"], free_minor=0)
    course.happens(ExitEvent.APPROVED, by=by, amount_minor=amount, words=words)
    lock(course, amount)
    due_us = course.due(ClockKind.EXIT_PAYOUT)
    course.put(
        approved_us=course.at_us, payout_due_us=due_us, next_us=course.at_us,
        held_minor=0 if is_part else found.kept_minor,
    )  # fmt: skip
    keep_check(course, found)
    deposits.check_shortfalls(course.one.seller_id, at_us=course.at_us)
    return amount


@transaction.atomic
def refuse_exit(seller_id: int, *, by: str, words: str, at: datetime) -> int:
    """Refuse, for a blocker that the pack waits for, or a part of which nothing is free.

    The seller may apply again.

    :raises NoExitUnderWay: if there is none
    :raises WordsMissing: without reasons
    :raises RefusalNeedsBlocker: where nothing stands that is waited for and something may leave,
        or a change of policy is the ground
    :raises ExitMoveImpossible: if it is not under review
    """
    if not words.strip():
        raise WordsMissing
    course = Course.under_way(seller_id, us_of(at))
    found = checked(course)
    is_blocked = found.is_waiting and course["reason"] != Reason.POLICY_CHANGE
    is_nothing = course["scope"] == Scope.PART and found.free_minor == 0
    if not is_blocked and not is_nothing:
        raise RefusalNeedsBlocker
    call_off(course, ExitEvent.REFUSED, by=by, words=words)
    keep_check(course, found)
    course.keep()
    return course["number"]
