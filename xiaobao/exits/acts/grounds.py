"""What each reason for leaving rests on: an objection that stands, a mistake seen in time."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from xiaobao.exits.acts.course import clock_due
from xiaobao.exits.facts import Reason
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.problems import Problem
from xiaobao.promises.facts import ClockKind
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Event

if TYPE_CHECKING:
    from xiaobao.exits.acts.course import Course


class ObjectionMissing(Problem):
    """A change of policy is a ground for who objected to it."""

    code: ClassVar[str] = "exit_objection_missing"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = (
        "reason 字段：因政策调整退保，须先对公示中的版本提出反对（xiaobao policy object）；"
        "也可以用其他原因申请"
    )
    en: ClassVar[str] = (
        "reason: to leave for a change of policy, object to the announced version first "
        "(xiaobao policy object); or apply for another reason"
    )


class MistakeTooLate(Problem):
    """The grace time for joining by mistake is over."""

    code: ClassVar[str] = "exit_mistake_too_late"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = (
        "reason 字段：误加入的撤销期到 {until} 为止；请换其他原因；误标商品用 xiaobao items undo"
    )
    en: ClassVar[str] = (
        "reason: joining by mistake could be undone until {until}; apply for another reason, "
        "and undo marks with xiaobao items undo"
    )
    page_zh: ClassVar[str] = (
        "误加入的撤销期到 {until} 为止；请换其他原因；误标的商品请在“消保商品”里取消标记"
    )
    page_en: ClassVar[str] = (
        "joining by mistake could be undone until {until}; choose another reason, and unmark "
        "items under 'Covered items'"
    )


def terms_us(course: Course) -> int:
    """The moment whose terms govern: now, or the last before the change that was objected to.

    :raises ObjectionMissing: where a change of policy is the reason and no objection stands
    """
    if course["reason"] != Reason.POLICY_CHANGE:
        return course.at_us
    objection = sellers_now.objection_of(course.seller_id)
    if objection is None:
        raise ObjectionMissing
    return min(course.at_us, objection.terms_us)


def check_mistake(course: Course) -> None:
    """:raises MistakeTooLate: once the grace time since joining is over"""
    joined_us = int(sellers_now.last_moved(course.one.seller_id, Event.ACTIVATE)[0])
    until_us = clock_due(
        course["market_id"], ClockKind.ENROLMENT_UNDO, joined_us, course["terms_us"]
    )
    if course["submitted_us"] > until_us:
        raise MistakeTooLate(until=moment_of(until_us).isoformat())
