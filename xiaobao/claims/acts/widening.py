"""The buyer asks for more than it filed for, until the ruling; what that could cost is locked."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims.acts.beginning import begin
from xiaobao.claims.acts.course import row_of
from xiaobao.claims.acts.judging import exposed, take_turns
from xiaobao.claims.acts.money import free_exposure, lock_exposure
from xiaobao.claims.acts.problems import AskNotWider
from xiaobao.claims.facts import ASK_WORDS, Ask, ClaimEvent, Mark, Party
from xiaobao.claims.queries.facts_of import facts_of
from xiaobao.claims.queries.law import wider_asks_of
from xiaobao.orders import acts as orders
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.acts.course import Course
    from xiaobao.claims.facts import ClaimRow, MayAsk
    from xiaobao.kernel.columns import Int

_ALL = np.array([True])


@promises.one_catalogue()
@transaction.atomic
def widen_claim(
    seller_id: int, claim_id: int, *, ask: Ask, words: str = "", key: str, at: datetime
) -> ClaimRow:
    """Ask for more than before: all that is due for this ask, where that is more.

    What the claim could cost the seller beyond what it could before is locked too.

    :raises AskNotWider: where it would bring no more, naming what would
    :raises ClaimMoveImpossible: where the claim is with the jury, suspended, decided or over
    """
    begun = begin(seller_id, claim_id, "widen", ask, words, key=key, at=at)
    if begun.is_known:
        return row_of(begun.claims, is_new=False)
    course = begun.course
    course.check(ClaimEvent.ASK_WIDENED)
    held = orders.hold_orders(course.claims.seller_id, course.claims.order_id)
    facts = facts_of(course.claims, judged_us=course.at_us, states=held)
    more = wider_asks_of(facts)
    found = next((one for one in more if one.ask is ask), None)
    if found is None:
        raise AskNotWider(**_named(more))
    # What other open claims about the order lock of its price stays theirs: only what comes
    # beyond is added, and neither locked twice.
    before = exposed(course.claims, course.at_us, held, is_filing=True)
    course.put(ask=np.array([int(ask)]), asked_minor=np.zeros(1, np.int64))
    beyond = np.maximum(exposed(course.claims, course.at_us, held, is_filing=True) - before, 0)
    _lock_beyond(course, beyond)
    course.happens(
        ClaimEvent.ASK_WIDENED, party=Party.BUYER, amount_minor=found.amount_minor, words=words
    )
    course.unmark(Mark.FOR_PERSON)
    take_turns(course)
    return row_of(course.record(), is_new=True)


def _lock_beyond(course: Course, beyond_minor: Int) -> None:
    """What was locked and what comes beyond it, under one new hold."""
    if not beyond_minor.any():
        return
    exposure = course.claims.exposure_minor + beyond_minor
    free_exposure(course, _ALL)
    course.claims = lock_exposure(course.claims, exposure, course.at_us)


def _named(more: list[MayAsk]) -> dict[str, str]:
    words = [ASK_WORDS[one.ask] for one in more]
    return {
        "more_zh": "、".join(one.zh for one in words) or "无",
        "more_en": ", ".join(one.en for one in words) or "nothing",
    }
