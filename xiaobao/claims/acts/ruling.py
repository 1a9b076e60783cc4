"""For the hearings above: claims held, put to a jury, ruled, paid, closed, appealed.

Each of these is one step inside the transaction of whoever decides; `key` names the decision.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims import store
from xiaobao.claims.acts.course import Course, impossible_move
from xiaobao.claims.acts.goods import owe_goods
from xiaobao.claims.acts.judging import due_on, exposed
from xiaobao.claims.acts.money import count_compensation, free_exposure, lock_exposure
from xiaobao.claims.acts.showing import prepared_of, show
from xiaobao.claims.acts.sweeping import brought_up_to, give_back
from xiaobao.claims.facts import ClaimEvent, Claims, Mark, Party
from xiaobao.claims.rules import lifecycle
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.facts import Handed
    from xiaobao.evidence.acts import Prepared
    from xiaobao.kernel.columns import Int, Mask

_E = ClaimEvent


def hold_claims(seller_id: Int, claim_id: Int, *, at_us: int) -> Claims:
    """Lock these claims, their clocks fired up to then, until the caller's transaction ends.

    By seller and claim; those that are not there are left out.
    """
    return brought_up_to(store.hold(seller_id, claim_id).answer, at_us)


def _course(claims: Claims, key: Int, at_us: Int) -> Course:
    return Course(claims, at_us, key=key)


def check_ruling(claims: Claims) -> None:
    """:raises ClaimMoveImpossible: where a claim cannot be ruled now, naming what can happen"""
    _check(claims, _E.RULED)


def check_appeal(claims: Claims) -> None:
    """:raises ClaimMoveImpossible: where no ruling stands, naming what can happen"""
    _check(claims, _E.APPEALED)
    # Where the seller gave in, and owes goods or did them, nobody ruled.
    agreed = lifecycle.is_agreed(claims.marks)
    for row in np.flatnonzero(agreed).tolist():
        raise impossible_move(int(claims.claim_id[row]), int(claims.state[row]), _E.APPEALED)


def check_jury(claims: Claims) -> None:
    """:raises ClaimMoveImpossible: where a claim cannot be put to a jury now"""
    _check(claims, _E.JURY_CALLED)


def _check(claims: Claims, event: ClaimEvent) -> None:
    Course(claims, np.zeros(len(claims), np.int64)).check(event)


def call_jury(claims: Claims, *, key: Int, at_us: Int, due_us: Int | None = None) -> Claims:
    """Put claims under review to the jury, whose clock is the platform's own."""
    course = _course(claims, key, at_us)
    course.happens(
        _E.JURY_CALLED, party=Party.PLATFORM, due_us=FAR_US if due_us is None else due_us
    )
    if due_us is not None:
        course.start("platform", due_us)
    return course.record()


def take_jury_answer(claims: Claims, *, key: Int, at_us: Int) -> Claims:
    """The jury answered, or was too late: staff have the claims again, with a clock of theirs."""
    course = _course(claims, key, at_us)
    give_back(course)
    return course.record()


def mark_ruled(
    claims: Claims,
    *,
    amount_minor: Int,
    key: Int,
    at_us: Int,
    is_final: Mask | None = None,
    stopped_minor: Int | None = None,
    words: str = "",
) -> Claims:
    """Claims held are ruled: `amount_minor` goes to the buyer, 0 where the claim is rejected.

    The clock for carrying it out begins, and the time to appeal, except where it `is_final`. What
    was `stopped_minor` on its way to the buyer counts as paid no more.

    :raises ClaimMoveImpossible: where one is not under review, with the jury, or appealed
    """
    course = _course(claims, key, at_us)
    everyone = np.ones(len(claims), np.bool_)
    due_us = due_on(course, ClockKind.RULING_EXECUTION, everyone)
    appeal_us = due_on(course, ClockKind.APPEAL, everyone)
    if is_final is not None:
        appeal_us = np.where(is_final, at_us, appeal_us)
    course.happens(
        _E.RULED, party=Party.PLATFORM, amount_minor=amount_minor, due_us=due_us, words=words
    )
    for clock in ("seller", "buyer", "talks"):
        course.end(clock)
    course.start("platform", due_us)
    course.put(appeal_until_us=appeal_us)
    if stopped_minor is not None and stopped_minor.any():
        _count_unpaid(course, stopped_minor)
    store.close_offers(claims, at_us)
    return course.record()


def _count_unpaid(course: Course, stopped_minor: Int) -> None:
    """The last parts first, as they were filled last."""
    claims = course.claims
    on_top = np.minimum(stopped_minor, claims.compensation_minor)
    freight = np.minimum(stopped_minor - on_top, claims.freight_back_minor)
    count_compensation(claims, -on_top)
    course.put(
        compensation_minor=claims.compensation_minor - on_top,
        freight_back_minor=claims.freight_back_minor - freight,
        refund_minor=claims.refund_minor - (stopped_minor - on_top - freight),
        paid_minor=claims.paid_minor - stopped_minor,
    )


def mark_paid(
    claims: Claims,
    *,
    refund_minor: Int,
    freight_minor: Int,
    compensation_minor: Int,
    punitive_minor: Int,
    fund_minor: Int,
    key: Int,
    at_us: Int,
    is_captured: Mask | None = None,
) -> Claims:
    """Rulings were carried out: the buyer is owed these sums in the books, once and for all.

    The hold was captured by the caller where `is_captured` (everywhere, if not said), and what it
    did not take went back; elsewhere it is free now. Of what was paid the guarantee fund advanced
    `fund_minor`. Sums add to what the claim paid before; the last two may be less than nothing,
    where a ruling was reversed.

    :raises ClaimMoveImpossible: where one is not ruled
    """
    course = _course(claims, key, at_us)
    if is_captured is not None:
        free_exposure(course, ~is_captured)
    count_compensation(claims, compensation_minor)
    paid = refund_minor + freight_minor + compensation_minor
    course.happens(_E.PAID, party=Party.PLATFORM, amount_minor=paid)
    none = np.zeros(len(claims), np.int64)
    course.put(
        locked_minor=none,
        uncovered_minor=none,
        refund_minor=claims.refund_minor + refund_minor,
        freight_back_minor=claims.freight_back_minor + freight_minor,
        compensation_minor=claims.compensation_minor + compensation_minor,
        punitive_minor=claims.punitive_minor + punitive_minor,
        paid_minor=claims.paid_minor + paid,
        fund_minor=claims.fund_minor + fund_minor,
    )
    course.end("platform")
    return course.record()


def mark_owed_in_goods(
    claims: Claims, *, key: Int, at_us: Int, is_charged: Mask, fund_minor: Int
) -> Claims:
    """Claims ruled for their buyers, in goods: the seller's clock runs, the price stays locked.

    Where a test `is_charged` the caller captured the hold for it, and the guarantee fund advanced
    `fund_minor` of it; the price is locked anew.

    :raises ClaimMoveImpossible: where one is not ruled
    """
    course = _course(claims, key, at_us)
    owe_goods(course, is_charged=is_charged, party=Party.PLATFORM)
    course.put(fund_minor=claims.fund_minor + fund_minor)
    return course.record()


def mark_closed(
    claims: Claims, *, key: Int, at_us: Int, is_reversed: Mask | None = None
) -> Claims:
    """Claims held are closed without anything to pay; what is locked for them is free again.

    Where what was paid before `is_reversed`, nothing of it is the seller's any more.

    :raises ClaimMoveImpossible: where one is not ruled, paid or recovering
    """
    course = _course(claims, key, at_us)
    course.happens(_E.CLOSED, party=Party.PLATFORM)
    free_exposure(course, np.ones(len(claims), np.bool_))
    if is_reversed is not None:
        course.put(
            punitive_minor=np.where(is_reversed, 0, claims.punitive_minor),
            fund_minor=np.where(is_reversed, 0, claims.fund_minor),
        )
    course.end("platform")
    return course.record()


def mark_appealed(
    claims: Claims, *, party: Party, key: Int, at_us: Int, words: str = "",
    shown: tuple[Sequence[Prepared], Any] = ((), None),
) -> Claims:  # fmt: skip
    """Rulings are appealed: the platform's clock begins again; `shown` is what is handed in.

    Where nothing was paid, and nothing is locked any more, the exposure is locked again.

    :raises ClaimMoveImpossible: where one is not decided
    """
    course = _course(claims, key, at_us)
    everyone = np.ones(len(claims), np.bool_)
    due_us = due_on(course, ClockKind.RULING, everyone)
    course.happens(_E.APPEALED, party=party, due_us=due_us, words=words)
    course.start("platform", due_us)
    bare: Mask = (claims.paid_minor == 0) & (claims.locked_minor == 0)
    if bare.any():
        _lock_again(course, bare)
    course.unmark(Mark.PLATFORM_LATE | Mark.FOR_PERSON)
    show(course, party, *shown, moment_of(int(at_us[0])))
    return course.record()


def leave_to_person(claims: Claims) -> None:
    """The claims were looked at, and no rule decides them: a person has to, until they change."""
    marked = replace(claims, marks=claims.marks | Mark.FOR_PERSON)
    store.change(marked)


def prepare_shown(
    claims: Claims, party: Party, handed: Sequence[Handed], at: datetime
) -> tuple[Sequence[Prepared], Any]:
    """What a party hands in with an appeal, examined and safe on the disk: before the transaction.

    :raises EvidenceRefused: for the first that cannot be taken
    """
    prepared, limits = prepared_of(claims, party, handed, at)
    return prepared, limits


def _lock_again(course: Course, where: Mask) -> None:
    held, at_us = course.claims.take(where), course.at_us[where]
    locked = lock_exposure(held, exposed(held, at_us), at_us)
    for name in ("exposure_minor", "locked_minor", "uncovered_minor", "locked_us", "holds"):
        column = getattr(course.claims, name).copy()
        column[where] = getattr(locked, name)
        course.put(**{name: column})
