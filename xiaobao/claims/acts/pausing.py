"""A claim is given up, left to a person, or opened again with new facts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import store
from xiaobao.claims.acts.beginning import begin
from xiaobao.claims.acts.course import row_of
from xiaobao.claims.acts.judging import due_on, exposed
from xiaobao.claims.acts.money import free_exposure, lock_exposure
from xiaobao.claims.acts.problems import (
    ClaimStands,
    NewFactsMissing,
    ReopenTooLate,
)
from xiaobao.claims.acts.showing import known_claim, prepared_of, show
from xiaobao.claims.acts.sweeping import set_reopening
from xiaobao.claims.facts import (
    STATE_WORDS,
    CauseKind,
    ClaimEvent,
    ClaimState,
    Mark,
    Party,
)
from xiaobao.claims.queries.finding import claims_about, name_of
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US, among
from xiaobao.kernel.references import causes_of
from xiaobao.orders import acts as orders
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.acts.course import Course
    from xiaobao.claims.facts import ClaimRow, Handed

_E, _S = ClaimEvent, ClaimState
_ALL = np.array([True])


@promises.one_catalogue()
@transaction.atomic
def withdraw_claim(
    seller_id: int, claim_id: int, *, words: str = "", key: str, at: datetime
) -> ClaimRow:
    """The buyer gives the claim up; what is locked for it is free again.

    :raises ClaimMoveImpossible: where it is decided or over
    """
    begun = begin(seller_id, claim_id, "withdraw", key=key, at=at)
    if begun.is_known:
        return row_of(begun.claims, is_new=False)
    course = begun.course
    if int(course.claims.state[0]) == _S.SUSPENDED:
        store.end_stops(course.claims, course.at_us)
        course.unmark(Mark.STOP_UNPROVEN)
    course.happens(_E.WITHDRAWN, party=Party.BUYER, words=words)
    store.close_offers(course.claims, course.at_us)
    free_exposure(course, _ALL)
    set_reopening(course, _ALL)
    _tell_test(course)
    return row_of(course.record(), is_new=True)


def _tell_test(course: Course) -> None:
    """Who gives up has lost: what a test cost is the buyer's to pay."""
    claims = course.claims
    if int(claims.test_minor[0]):
        high, low = causes_of(CauseKind.TEST_OWED, course.at_us, claims.seller_id, claims.claim_id)
        tell(
            EventKind.CLAIM_OWED_BACK, claims.seller_id, high, low, at_us=course.at_us,
            subject_id=claims.claim_id, party_id=claims.buyer_id, amount_minor=claims.test_minor,
        )  # fmt: skip


@promises.one_catalogue()
@transaction.atomic
def ask_for_person(
    seller_id: int, claim_id: int, *, by: Party, words: str = "", key: str, at: datetime
) -> ClaimRow:
    """A party asks that a person decides: no rule alone rules the claim any more.

    :raises ClaimMoveImpossible: where it is decided or over
    """
    begun = begin(seller_id, claim_id, "person", by, key=key, at=at)
    if begun.is_known:
        return row_of(begun.claims, is_new=False)
    begun.course.happens(_E.PERSON_ASKED, party=by, words=words)
    begun.course.mark(Mark.PERSON_ASKED)
    return row_of(begun.course.record(), is_new=True)


@promises.one_catalogue()
def reopen_claim(
    seller_id: int,
    claim_id: int,
    *,
    words: str = "",
    handed: Sequence[Handed] = (),
    key: str,
    at: datetime,
) -> ClaimRow:
    """The buyer brings new facts to a claim that ended, once: the seller has to answer them.

    :raises NewFactsMissing: without any
    :raises ReopenTooLate: after the time for it, or a second time
    :raises ClaimStands: if another claim of the kind was filed about the order since
    :raises ClaimMoveImpossible: where the claim has not ended
    """
    prepared, limits = prepared_of(known_claim(seller_id, claim_id), Party.BUYER, handed, at)
    with transaction.atomic():
        shown = [f"{one.given.kind}:{one.sha256.hex()}" for one in prepared]
        begun = begin(seller_id, claim_id, "reopen", words, *shown, key=key, at=at)
        if begun.is_known:
            return row_of(begun.claims, is_new=False)
        course = begun.course
        course.check(_E.REOPENED)
        if not words.strip() and not prepared:
            raise NewFactsMissing
        _check_reopening(course)
        due_us = due_on(course, ClockKind.SELLER_ANSWER, _ALL)
        course.happens(_E.REOPENED, party=Party.BUYER, due_us=due_us, words=words)
        _begin_anew(course)
        course.start("seller", due_us)
        show(course, Party.BUYER, prepared, limits, at)
        return row_of(course.record(), is_new=True)


def _check_reopening(course: Course) -> None:
    claims = course.claims
    until_us = int(claims.appeal_until_us[0])
    is_late = until_us < FAR_US and until_us <= int(course.at_us[0])
    if is_late or int(claims.marks[0]) & Mark.REOPENED:
        closed_at = moment_of(until_us) if until_us < FAR_US else moment_of(0)
        raise ReopenTooLate(closed_at=closed_at)
    others = claims_about(int(claims.seller_id[0]), int(claims.order_id[0]))
    others = others.take(
        (others.claim_id != claims.claim_id[0])
        & (others.kind == claims.kind[0])
        & ~among(others.state, (_S.WITHDRAWN, _S.LAPSED))
    )
    if len(others):
        words = STATE_WORDS[ClaimState(int(others.state[0]))]
        named = name_of(int(others.seller_id[0]), int(others.claim_id[0]))
        raise ClaimStands(claim=named, state_zh=words.zh, state_en=words.en)


def _begin_anew(course: Course) -> None:
    """As filed: unanswered, no clock running, and what it could still cost is locked again."""
    course.unmark(
        Mark.ANSWERED | Mark.DENIED | Mark.ACCEPTED | Mark.CURED | Mark.PLATFORM_LATE
        | Mark.BUYER_ASKED_STOP | Mark.SELLER_ASKED_STOP | Mark.GOODS_LATE
    )  # fmt: skip
    course.mark(Mark.REOPENED | Mark.CALLED)
    for clock in ("seller", "buyer", "talks", "platform"):
        course.end(clock)
    claims = course.claims
    course.put(
        appeal_until_us=np.array([FAR_US]),
        counted_refund_minor=claims.refund_minor,
        counted_freight_minor=claims.freight_back_minor,
        counted_compensation_minor=claims.compensation_minor,
        # Who lost then bore it.
        test_minor=np.zeros(1, np.int64),
    )
    held = orders.hold_orders(course.claims.seller_id, course.claims.order_id)
    exposure = exposed(course.claims, course.at_us, held, is_filing=True)
    course.claims = lock_exposure(course.claims, exposure, course.at_us)
