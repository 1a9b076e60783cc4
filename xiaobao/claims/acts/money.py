"""What a claim locks, frees and pays: always in the seller's own book, each once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances import acts as advances
from xiaobao.advances.facts import Backing, Owed
from xiaobao.claims.facts import CauseKind, Mark
from xiaobao.claims.queries.facts_of import facts_of
from xiaobao.claims.queries.law import parts_of
from xiaobao.claims.rules.relating import clock_of, hold_of
from xiaobao.kernel.columns import FAR_US, drawn_within, groups_of
from xiaobao.kernel.references import causes_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Op, Postings, Why
from xiaobao.orders import acts as orders

if TYPE_CHECKING:
    from xiaobao.claims.acts.course import Course
    from xiaobao.claims.facts import Claims
    from xiaobao.kernel.columns import Int, Mask


def lock_exposure(claims: Claims, exposure_minor: Int, at_us: Int) -> Claims:
    """Lock what each claim could cost, as far as the deposit is free; the rest is uncovered."""
    books = ledger.hold_books(claims.seller_id)
    missing = np.setdiff1d(claims.seller_id, books.seller_id)
    if len(missing):
        raise advances.BookMissing(seller_id=int(missing[0]))
    free = books.deposit[np.searchsorted(books.seller_id, claims.seller_id)]
    locked = drawn_within(exposure_minor, groups_of(claims.seller_id), free)
    held = claims.put(
        exposure_minor=exposure_minor,
        locked_minor=locked,
        uncovered_minor=exposure_minor - locked,
        locked_us=at_us,
        holds=claims.holds + 1,
    )
    some = held.take(locked > 0)
    high, low = hold_of(some)
    none = np.zeros(len(some), np.int64)
    ledger.post_all(
        Postings(
            seller_id=some.seller_id, cause_hi=high, cause_lo=low, leg=none, op=none + Op.HOLD,
            source=none + Account.DEPOSIT, target=none + Account.LOCKED,
            amount_minor=some.locked_minor, why=none + Why.EXPOSURE_LOCKED, hold_hi=high,
            hold_lo=low, expires_us=none + FAR_US, at_us=at_us[locked > 0],
        )
    )  # fmt: skip
    return held


def free_exposure(course: Course, where: Mask) -> None:
    """Give back what is locked for the claims asked for."""
    locked = where & (course.claims.locked_minor > 0)
    some, at_us = course.claims.take(locked), course.at_us[locked]
    if len(some):
        hold_hi, hold_lo = hold_of(some)
        high, low = causes_of(
            CauseKind.FREED, some.locked_us, some.seller_id, some.claim_id, some.holds
        )
        none = np.zeros(len(some), np.int64)
        ledger.post_all(
            Postings(
                seller_id=some.seller_id, cause_hi=high, cause_lo=low, leg=none,
                op=none + Op.RELEASE, source=none + Account.LOCKED,
                target=none + Account.DEPOSIT, amount_minor=some.locked_minor,
                why=none + Why.EXPOSURE_FREED, hold_hi=hold_hi, hold_lo=hold_lo,
                expires_us=none + FAR_US, at_us=at_us,
            )
        )  # fmt: skip
    course.put(
        locked_minor=np.where(where, 0, course.claims.locked_minor),
        uncovered_minor=np.where(where, 0, course.claims.uncovered_minor),
    )


def settlement_of(claims: Claims) -> tuple[Int, Int]:
    """The cause that pays what the parties agreed on; a claim reopened may settle once more."""
    times = (claims.marks & Mark.REOPENED) // Mark.REOPENED
    return causes_of(
        CauseKind.SETTLEMENT, claims.filed_us, claims.seller_id, claims.claim_id, times
    )


def backing_of(claims: Claims) -> Backing:
    """What is locked for each claim, drawn first when it pays; the fund grants nothing."""
    locked = claims.locked_minor > 0
    hold_hi, hold_lo = hold_of(claims)
    return replace(
        Backing.none(len(claims)),
        hold_hi=np.where(locked, hold_hi, 0),
        hold_lo=np.where(locked, hold_lo, 0),
        locked_minor=claims.locked_minor,
    )


def pay_settlement(
    course: Course, where: Mask, amount_minor: Int, test_minor: Int | None = None
) -> None:
    """Pay the buyer what was agreed, from what is locked first; the rest of that is free.

    Where the seller gave in it bears what a test cost: `test_minor` goes to the platform.

    It counts as the price first where that is asked for, as far as nobody gave it back, then as
    freight; the rest comes on top.
    """
    paid = np.where(where, amount_minor, 0)
    test = np.zeros(len(paid), np.int64) if test_minor is None else test_minor
    free_exposure(course, where & (paid + test == 0))
    claims, pays = course.claims, paid + test > 0
    refund, freight, on_top = parts_of(facts_of(claims, judged_us=course.at_us), paid)
    owed = _owed(claims.take(pays), paid[pays], test[pays], course.at_us[pays])
    borne = np.zeros(len(paid), np.int64)
    if len(owed):
        advances.compensate(owed, backing_of(claims.take(pays)))
        borne[pays] = advances.advanced_under(owed.seller_id, owed.cause_hi, owed.cause_lo)
    count_compensation(claims, on_top)
    course.put(
        locked_minor=np.where(pays, 0, claims.locked_minor),
        uncovered_minor=np.where(pays, 0, claims.uncovered_minor),
        refund_minor=claims.refund_minor + refund,
        freight_back_minor=claims.freight_back_minor + freight,
        compensation_minor=claims.compensation_minor + on_top,
        paid_minor=claims.paid_minor + paid,
        fund_minor=claims.fund_minor + borne,
    )


def hold_clocks(claims: Claims) -> None:
    """Let no breach be found and paid while a claim about the same pays; the orders are held."""
    watched = claims.take(clock_of(claims.kind) > 0)
    if len(watched):
        orders.hold_clocks(watched.seller_id, watched.order_id)


def count_compensation(claims: Claims, compensation_minor: Int) -> None:
    """What a claim pays on top of the price, the breaches of the same group do not pay again."""
    clock = clock_of(claims.kind)
    orders.count_paid(
        claims.seller_id, claims.order_id, clock, np.where(clock > 0, compensation_minor, 0)
    )


def _owed(claims: Claims, amount_minor: Int, test_minor: Int, at_us: Int) -> Owed:
    high, low = settlement_of(claims)
    return Owed(
        seller_id=claims.seller_id, cause_hi=high, cause_lo=low, market_id=claims.market_id,
        subject_id=claims.claim_id, buyer_id=claims.buyer_id, buyer_minor=amount_minor,
        platform_minor=test_minor, at_us=at_us,
    )  # fmt: skip
