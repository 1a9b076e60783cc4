"""Relief in hardship: offered before a seller leaves, taken or declined; silence declines."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from xiaobao.deposits import acts as deposits
from xiaobao.exits.acts.applying import call_off, go_on_from_submission
from xiaobao.exits.acts.consulting import open_consult
from xiaobao.exits.acts.course import Course
from xiaobao.exits.facts import RELIEF_WORDS, ExitEvent, Relief
from xiaobao.exits.queries.relief import INSTALMENTS, RESERVE_BPS, reliefs_of
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now

if TYPE_CHECKING:
    from datetime import datetime


class ReliefNotOffered(Problem):
    """Only what was offered can be taken."""

    code: ClassVar[str] = "exit_relief_not_offered"
    zh: ClassVar[str] = "take 字段：没有提供“{relief}”；可选：{offered}"
    en: ClassVar[str] = "take: '{relief}' is not offered; there are {offered}"


@transaction.atomic
def decline_relief(seller_id: int, *, by: str, at: datetime) -> int:
    """Go on with the exit; return its number.

    :raises NoExitUnderWay: if there is none
    :raises ExitMoveImpossible: where nothing is offered
    """
    course = Course.under_way(seller_id, us_of(at))
    course.happens(ExitEvent.OFFERS_DECLINED, by=by)
    go_on_from_submission(course)
    course.keep()
    return course["number"]


@transaction.atomic
def take_relief(seller_id: int, relief: Relief, *, by: str, at: datetime) -> int:
    """Stay, with this relief, which begins at once; return the number of the exit called off.

    Cover begins when a policy is registered; nothing leaves before it has begun.

    :raises NoExitUnderWay: if there is none
    :raises ExitMoveImpossible: where nothing is offered
    :raises ReliefNotOffered: for what was not offered
    """
    course = Course.under_way(seller_id, us_of(at))
    offered = [offer.kind for offer in reliefs_of(seller_id, at=at)]
    if relief not in offered:
        names = ", ".join(kind.name.lower() for kind in offered)
        raise ReliefNotOffered(relief=relief.name.lower(), offered=names)
    call_off(course, ExitEvent.OFFER_TAKEN, by=by, words=relief.name.lower())
    course.keep()
    _begin(seller_id, relief, by, at)
    return course["number"]


def _begin(seller_id: int, relief: Relief, by: str, at: datetime) -> None:
    if relief is Relief.INSTALMENTS:
        deposits.pay_in_instalments(seller_id, INSTALMENTS, at=at)
    elif relief is Relief.RESERVE:
        deposits.withhold_share(seller_id, RESERVE_BPS, at=at)
    elif relief is Relief.PAUSE:
        every = sellers_now.items_covered(seller_id)
        items = sellers_now.items_of(seller_id, only_marked=True, limit=every)
        sellers.unmark_items(seller_id, [item.name for item in items], at=at)
    elif relief is Relief.SPECIALIST:
        zh, _ = RELIEF_WORDS[relief]
        open_consult(seller_id, topic=zh, words=zh, by=by, at=at)
