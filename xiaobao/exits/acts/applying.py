"""A seller asks its deposit back: drafted, submitted, checked; or calls it off."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.evidence import acts as evidence
from xiaobao.evidence.facts import Party, Submission
from xiaobao.evidence.rules.admission import limits_at
from xiaobao.evidence.terms import EvidenceTerms
from xiaobao.exits import store
from xiaobao.exits.acts import grounds
from xiaobao.exits.acts.course import Course
from xiaobao.exits.acts.keeping import keep_check
from xiaobao.exits.acts.money import free_locked
from xiaobao.exits.acts.problems import (
    BoundAccountMissing,
    ExitAmountMissing,
    ExitAmountTooLarge,
    ExitKeyReused,
    ExitUnderWay,
    NothingToRefund,
)
from xiaobao.exits.facts import (
    STATE_WORDS,
    CauseKind,
    ExitEvent,
    Exits,
    ExitState,
    Mark,
    Reason,
    Scope,
)
from xiaobao.exits.queries.checking import check
from xiaobao.exits.queries.listing import NEEDED
from xiaobao.exits.queries.pages import exit_under_way, known_under, last_number
from xiaobao.exits.queries.relief import reliefs_of
from xiaobao.exits.rules import blocking
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import cause_of, digests_of, id_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Event, Standing

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.facts import Handed
    from xiaobao.exits.queries.checking import Check

INSIDE = (Standing.ACTIVE, Standing.RESTRICTED)


def apply_for_exit(
    seller_id: int,
    *,
    scope: Scope,
    reason: Reason,
    key: str,
    by: str,
    at: datetime,
    amount_minor: int = 0,
    words: str = "",
    handed: Sequence[Handed] = (),
    is_draft: bool = False,
) -> int:
    """Ask a part of the deposit back, or all of it; return the exit's number.

    What is handed in goes into the seller's own file. The same key with the same content is the
    same application, however often it comes.

    :raises SellerUnknown: for an id nobody has
    :raises ExitAmountMissing: for a part of nothing
    :raises ExitAmountTooLarge: for more than may leave now
    :raises BoundAccountMissing: where no account is bound in the real name
    :raises ExitUnderWay: if another exit is
    :raises ExitKeyReused: if the key names another application
    :raises EvidenceRefused: for a file that cannot be taken
    """
    assert scope is not Scope.FORCED, "sellers do not force themselves out"
    if scope is Scope.PART and amount_minor <= 0:
        raise ExitAmountMissing
    asked = amount_minor if scope is Scope.PART else 0
    market_id = int(sellers_now.markets_of(np.array([seller_id]))[0])
    if market_id == 0:
        raise sellers.SellerUnknown(seller_id=seller_id)
    limits = limits_at(promises.book_of(EvidenceTerms, market_id), at)
    given = [
        Submission(
            seller_id, seller_id, one.kind, Party.SELLER, one.body, at,
            party_id=seller_id, words=one.words, name=one.name,
        )
        for one in handed
    ]  # fmt: skip
    prepared = evidence.prepare(given, limits, at=at)
    with transaction.atomic():
        store.hold_desk(seller_id)
        hi, lo = cause_of(CauseKind.ACT, 0, seller_id, id_of(key))
        parts = (scope, reason, asked)
        digest = int(digests_of(*(np.array([int(p)]) for p in parts), np.array([id_of(words)]))[0])
        known = known_under(seller_id, hi, lo)
        if known is not None:
            if known[1] != digest:
                raise ExitKeyReused(key=key)
            return known[0]
        _check_nothing_under_way(seller_id)
        evidence.record_prepared(prepared, limits, at=at)
        course = drafted(seller_id, market_id, scope, reason, asked, us_of(at))
        store.add(course.one, hi=hi, lo=lo, digest=digest, words=words)
        course.happens(ExitEvent.DRAFTED, by=by, amount_minor=asked, words=words)
        if not is_draft:
            _submit(course, by)
        course.keep()
        return course["number"]


@transaction.atomic
def submit_exit(seller_id: int, *, by: str, at: datetime) -> int:
    """Submit what was drafted; return its number. Submitted before, nothing changes.

    :raises NoExitUnderWay: if nothing was drafted
    :raises Problem: as `apply_for_exit`
    """
    course = Course.under_way(seller_id, us_of(at))
    if course.state is ExitState.DRAFT:
        _submit(course, by)
        course.keep()
    return course["number"]


@transaction.atomic
def cancel_exit(seller_id: int, *, by: str, at: datetime, words: str = "") -> int:
    """Call an exit off; everything is as it was before. Return its number.

    :raises NoExitUnderWay: if there is none
    :raises ExitMoveImpossible: once money is on its way
    """
    course = Course.under_way(seller_id, us_of(at))
    call_off(course, ExitEvent.CANCELLED, by=by, words=words)
    course.keep()
    return course["number"]


def call_off(course: Course, event: ExitEvent, *, by: str, words: str) -> None:
    """End an exit of which nothing has left: what was locked is free, the seller stays."""
    course.happens(event, by=by, words=words)
    free_locked(course)
    if int(_standing(course.seller_id)) == Standing.EXITING:
        sellers.move_sellers(course.one.seller_id, Event.STAY, at=course.at)
    course.put(held_minor=0, ended_us=course.at_us, next_us=FAR_US)


def _check_nothing_under_way(seller_id: int) -> None:
    other = exit_under_way(seller_id)
    if len(other):
        words = STATE_WORDS[ExitState(int(other.state[0]))]
        raise ExitUnderWay(number=int(other.number[0]), state_zh=words[0], state_en=words[1])


def drafted(
    seller_id: int, market_id: int, scope: Scope, reason: Reason, asked: int, at_us: int
) -> Course:
    columns = dict.fromkeys(Exits.names(), 0) | {
        name: FAR_US for name in Exits.names() if name.endswith("_us")
    }
    columns |= {
        "seller_id": seller_id, "number": last_number(seller_id) + 1, "market_id": market_id,
        "scope": scope, "reason": reason, "state": ExitState.DRAFT, "asked_minor": asked,
        "terms_us": at_us, "drafted_us": at_us,
    }  # fmt: skip
    return Course(Exits.of(**{name: [value] for name, value in columns.items()}), at_us)


def _submit(course: Course, by: str) -> None:
    profile = sellers_now.profile_of(course.seller_id)
    missing = [part for part in NEEDED if not profile[part].strip()]
    if missing:
        raise BoundAccountMissing(fields=", ".join(missing))
    course.happens(ExitEvent.SUBMITTED, by=by, amount_minor=course["asked_minor"])
    course.put(submitted_us=course.at_us, closing_us=course.at_us)
    course.put(terms_us=grounds.terms_us(course))
    if course["scope"] == Scope.WHOLE:
        _begin_leaving(course)
    if course["reason"] == Reason.MISTAKE:
        grounds.check_mistake(course)
    if course["reason"] == Reason.HARDSHIP:
        _offer_relief(course)
    else:
        go_on_from_submission(course)


def _offer_relief(course: Course) -> None:
    """What could help the seller stay is offered first; silence goes on with the exit."""
    offers = reliefs_of(course.seller_id, at=course.at)
    course.happens(
        ExitEvent.OFFERS_MADE, words=" ".join(offer.kind.name.lower() for offer in offers)
    )
    due_us = course.due(ClockKind.EXIT_OFFER)
    course.put(marks=course["marks"] | Mark.OFFERED, next_us=due_us)


def _standing(seller_id: int) -> Standing:
    return Standing(int(sellers_now.standing(np.array([seller_id])).state[0]))


def _begin_leaving(course: Course) -> None:
    """Who has left already asks only for what is still there."""
    standing = _standing(course.seller_id)
    if standing not in {Standing.EXITED, Standing.FORCED_OUT}:
        sellers.move_sellers(course.one.seller_id, Event.LEAVE, at=course.at)
        return
    found = checked(course)
    if int(found.standings.deposit_minor[0]) == 0:
        raise NothingToRefund(seller_id=course.seller_id)


def checked(course: Course) -> Check:
    """The seller as it stands now, under the terms that govern this exit."""
    return check(
        course.seller_id, Scope(course["scope"]), at_us=course.at_us,
        terms_us=course["terms_us"], closing_us=course["closing_us"],
        is_unblockable=course["reason"] == Reason.POLICY_CHANGE,
    )  # fmt: skip


def go_on_from_submission(course: Course, *, is_silent: bool = False) -> None:
    """Check it; then it waits for what the pack waits for, or for the review.

    Where the seller `is_silent` nobody is there to be told that it asks too much: of a part goes
    what may go.
    """
    found = checked(course)
    is_above = course["scope"] == Scope.PART and course["asked_minor"] > found.free_minor
    if is_above and not is_silent:
        raise ExitAmountTooLarge(asked_minor=course["asked_minor"], free_minor=found.free_minor)
    course.happens(ExitEvent.CHECKED, amount_minor=found.free_minor)
    go_on(course, found)


def go_on(course: Course, found: Check) -> None:
    """Into the quiet time while something is waited for and nothing can go; else into review."""
    course.put(held_minor=found.kept_minor)
    if course["scope"] == Scope.WHOLE and found.is_waiting and found.free_minor == 0:
        until_us = blocking.waits_until_us(found.judged)
        course.happens(ExitEvent.QUIET_BEGUN)
        course.put(quiet_until_us=until_us, next_us=until_us)
    else:
        course.happens(ExitEvent.REVIEW_BEGUN, amount_minor=found.free_minor)
        due_us = course.due(ClockKind.EXIT_REVIEW)
        # Joined by mistake, and nothing is open: a rule decides, at once.
        is_plain = course["reason"] == Reason.MISTAKE and found.kept_minor == 0
        course.put(review_due_us=due_us, next_us=course.at_us if is_plain else due_us)
    keep_check(course, found)
