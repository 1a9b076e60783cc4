"""Clocks that ran out: every claim that is due goes on, as of the moment its clock ran out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import store
from xiaobao.claims.acts.course import Course
from xiaobao.claims.acts.judging import begin_review, due_on, payable, take_turns
from xiaobao.claims.acts.money import free_exposure, hold_clocks, pay_settlement
from xiaobao.claims.facts import ClaimEvent, Claims, ClaimState, Mark, Moved, Party
from xiaobao.claims.rules import clocks_of
from xiaobao.claims.rules.lifecycle import PLATFORMS
from xiaobao.kernel.clocks import DAY_US
from xiaobao.kernel.columns import FAR_US, among
from xiaobao.ledger import acts as ledger
from xiaobao.ledger import queries as ledger_now
from xiaobao.orders import acts as orders
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int, Mask

_E, _S = ClaimEvent, ClaimState
_ANSWERS = (
    _S.AWAITING_SELLER,
    _S.AWAITING_BUYER_EVIDENCE,
    _S.AWAITING_SELLER_EVIDENCE,
    _S.AWAITING_BOTH_EVIDENCE,
)
# How often the platform looks whether a debt was repaid, and whether goods are on their way back.
RECOVERY_LOOK_US = 7 * DAY_US
RETURN_LOOK_US = DAY_US
# A claim moves through a handful of clocks between two of its parties' acts.
MOST_STEPS = 1024


@promises.one_catalogue()
@transaction.atomic
def move_due_claims(*, until_us: int, limit: int = 4096) -> Moved:
    """Let every claim that is due by then go on, each as of its own clock; at most `limit`.

    The longest overdue come first, and those that others hold are passed over. A claim whose
    next clock has run out as well is due again: call until none is looked at.
    """
    claims = store.hold_due(until_us, limit)
    return _report(claims, advanced(claims))


def brought_up_to(claims: Claims, at_us: int) -> Claims:
    """The claims held, with every clock fired that ran out by then.

    So an act finds a claim as if the clocks had fired at their moments, whenever they did.
    """
    for _ in range(MOST_STEPS):
        due = claims.due_us <= at_us
        if not due.any():
            return claims
        moved = advanced(claims.take(due))
        claims = Claims.concat([claims.take(~due), moved]) if not due.all() else moved
    raise AssertionError("a claim whose clocks run out without end")


def advanced(claims: Claims) -> Claims:
    """One step of claims held that are due; each stands written when it returns."""
    state, parts = claims.state, []
    _hold_what_may_move(claims)
    for is_its, step in _STEPS:
        here = is_its(state)
        if here.any():
            part = claims.take(here)
            course = Course(part, part.due_us)
            step(course)
            parts.append(course.record())
    return Claims.concat(parts) if parts else claims


def _hold_what_may_move(claims: Claims) -> None:
    """Lock orders, then books, each in the order of their ids, before any step: no two wait."""
    returns = claims.take(claims.state == _S.SETTLED)
    if len(returns):
        orders.hold_orders(returns.seller_id, returns.order_id)
        hold_clocks(returns)
    moving = among(claims.state, (*_ANSWERS, _S.SETTLED)) & (claims.locked_minor > 0)
    if moving.any():
        ledger.hold_books(claims.seller_id[moving])


def _report(before: Claims, after: Claims) -> Moved:
    state = after.state
    late = (after.marks & ~_marks_before(before, after) & Mark.PLATFORM_LATE) != 0
    return Moved(
        looked=len(before),
        asked=int(among(state, _ANSWERS).sum()),
        to_review=int(
            (state == _S.UNDER_REVIEW).sum() - (late & (state == _S.UNDER_REVIEW)).sum()
        ),
        lapsed=int((state == _S.LAPSED).sum()),
        resumed=int((before.state == _S.SUSPENDED).sum()),
        closed=int((state == _S.CLOSED).sum()),
        overdue=int(late.sum()),
    )


def _marks_before(before: Claims, after: Claims) -> Int:
    keys = zip(before.seller_id.tolist(), before.claim_id.tolist(), strict=True)
    marks = dict(zip(keys, before.marks.tolist(), strict=True))
    rows = zip(after.seller_id.tolist(), after.claim_id.tolist(), strict=True)
    return np.array([marks[key] for key in rows], np.int64)


# -- the steps -----------------------------------------------------------------------------------


def call_platform(course: Course, where: Mask, *, party: int, words: str = "") -> None:
    """The talks are over: the seller has to answer by its clock."""
    due_us = due_on(course, ClockKind.SELLER_ANSWER, where)
    course.happens(_E.PLATFORM_CALLED, where, party=party, due_us=due_us, words=words)
    course.start("seller", due_us, where)
    course.end("talks", where)
    course.mark(Mark.CALLED, where)


def _talks_ran_out(course: Course) -> None:
    call_platform(course, np.ones(len(course.claims), np.bool_), party=Party.PLATFORM)


def _time_ran_out(course: Course) -> None:
    claims = course.claims
    seller = among(claims.state, clocks_of.SELLERS) & (claims.seller_due_us <= course.at_us)
    course.happens(_E.TIME_RAN_OUT, party=np.where(seller, Party.SELLER, Party.BUYER))
    take_turns(course)
    free_exposure(course, course.claims.state == _S.LAPSED)
    set_reopening(course, course.claims.state == _S.LAPSED)


def set_reopening(course: Course, where: Mask) -> None:
    """How long the claims may be reopened with new facts."""
    if where.any():
        until = due_on(course, ClockKind.APPEAL, where)
        course.put(appeal_until_us=np.where(where, until, course.claims.appeal_until_us))


def _platform_is_late(course: Course) -> None:
    course.happens(_E.PLATFORM_LATE, party=Party.PLATFORM)
    course.mark(Mark.PLATFORM_LATE)
    course.unmark(Mark.FOR_PERSON)


def _jury_is_late(course: Course) -> None:
    """Staff have the claim again, with a clock of their own."""
    give_back(course)


def give_back(course: Course) -> None:
    """From the jury to staff, whether it answered or was too late."""
    everyone = np.ones(len(course.claims), np.bool_)
    due_us = due_on(course, ClockKind.RULING, everyone)
    course.happens(_E.JURY_ANSWERED, party=Party.PLATFORM, due_us=due_us)
    course.start("platform", due_us)
    course.unmark(Mark.FOR_PERSON)


def _suspension_ends(course: Course) -> None:
    resume(course, party=Party.PLATFORM)


def resume(course: Course, *, party: int, words: str = "") -> None:
    """The clocks go on, each later by the time it stood still."""
    store.end_stops(course.claims, course.at_us)
    course.happens(_E.RESUMED, party=party, words=words)
    course.put(stop_until_us=np.full(len(course.claims), FAR_US))
    course.unmark(Mark.STOP_UNPROVEN)
    course.claims = clocks_of.resumed(course.claims, store.stops_of(course.claims))


def _goods_not_done(course: Course) -> None:
    """Neither proved nor confirmed: what is due is the price, and it is ruled at once."""
    everyone = np.ones(len(course.claims), np.bool_)
    course.happens(_E.TIME_RAN_OUT, party=Party.SELLER)
    course.mark(Mark.GOODS_LATE)
    course.end("seller")
    begin_review(course, everyone)


def _time_to_appeal_ended(course: Course) -> None:
    in_debt = _in_debt(course.claims)
    course.happens(_E.RECOVERY_BEGUN, in_debt, party=Party.PLATFORM)
    course.start("platform", course.at_us + RECOVERY_LOOK_US, in_debt)
    course.happens(_E.CLOSED, ~in_debt, party=Party.PLATFORM)


def _recovery_looked_at(course: Course) -> None:
    in_debt = _in_debt(course.claims)
    course.start("platform", course.at_us + RECOVERY_LOOK_US, in_debt)
    course.happens(_E.CLOSED, ~in_debt, party=Party.PLATFORM)
    course.end("platform", ~in_debt)


def _in_debt(claims: Claims) -> Mask:
    """Which claims the fund bore a part of, while their sellers still owe it something."""
    books = ledger_now.balances(np.unique(claims.seller_id))
    owed = books.fund[np.searchsorted(books.seller_id, claims.seller_id)] < 0
    in_debt: Mask = owed & (claims.fund_minor > 0)
    return in_debt


def _return_looked_at(course: Course) -> None:
    """Goods on their way back are paid for; where none came in time, the settlement lapses."""
    claims = course.claims
    held = orders.hold_orders(claims.seller_id, claims.order_id)
    row = rows_of(held.seller_id, held.order_id, claims)
    is_back = held.return_shipped_us[row] <= course.at_us
    # What the shop refunded in the meantime is not paid again.
    _pay_return(
        course, is_back, np.minimum(claims.agreed_minor, payable(claims, course.at_us, held))
    )
    given_up = ~is_back & (claims.buyer_due_us <= course.at_us)
    course.happens(_E.LAPSED, given_up, party=Party.BUYER)
    free_exposure(course, given_up)
    course.put(agreed_minor=np.where(given_up, 0, course.claims.agreed_minor))
    course.unmark(Mark.WITH_RETURN, given_up)
    set_reopening(course, given_up)
    course.start("platform", course.at_us + RETURN_LOOK_US, ~is_back & ~given_up)


def _pay_return(course: Course, where: Mask, amount_minor: Int) -> None:
    course.happens(_E.RETURN_SHIPPED, where, party=Party.BUYER, amount_minor=amount_minor)
    course.put(agreed_minor=np.where(where, 0, course.claims.agreed_minor))
    # Where the seller gave in it bears what a test cost.
    gave_in = where & ((course.claims.marks & Mark.ACCEPTED) != 0) & (amount_minor > 0)
    pay_settlement(course, where, amount_minor, np.where(gave_in, course.claims.test_minor, 0))
    course.unmark(Mark.WITH_RETURN, where)


def rows_of(seller_id: Int, order_id: Int, claims: Claims) -> Int:
    """The position of each claim's order among those held."""
    pairs = zip(seller_id.tolist(), order_id.tolist(), strict=True)
    at = {pair: row for row, pair in enumerate(pairs)}
    asked = zip(claims.seller_id.tolist(), claims.order_id.tolist(), strict=True)
    return np.array([at[pair] for pair in asked], np.int64)


_STEPS: tuple[tuple[Callable[[Int], Mask], Callable[[Course], None]], ...] = (
    (lambda s: s == _S.NEGOTIATING, _talks_ran_out),
    (lambda s: among(s, _ANSWERS), _time_ran_out),
    (lambda s: s == _S.WITH_JURY, _jury_is_late),
    (lambda s: among(s, PLATFORMS) & (s != _S.WITH_JURY), _platform_is_late),
    (lambda s: s == _S.SUSPENDED, _suspension_ends),
    (lambda s: s == _S.GOODS_OWED, _goods_not_done),
    (lambda s: s == _S.PAID, _time_to_appeal_ended),
    (lambda s: s == _S.RECOVERING, _recovery_looked_at),
    (lambda s: s == _S.SETTLED, _return_looked_at),
)
