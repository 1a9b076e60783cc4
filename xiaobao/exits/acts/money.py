"""What an exit locks, frees, owes and sends: always in the seller's own book, each once."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from xiaobao.advances.facts import PayoutState
from xiaobao.deposits import acts as deposits
from xiaobao.exits import store
from xiaobao.exits.facts import CauseKind, PaymentKind, Payments
from xiaobao.exits.queries.payees import payee_of, waits_until_us
from xiaobao.exits.rules.interest import interest_minor
from xiaobao.exits.terms import ExitRules
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import cause_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Op, Postings, Why
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from xiaobao.exits.acts.course import Course

# Legs of a tranche's cause.
_LOCKED, _OWED = 0, 1
# Of no frozen sum.
NOT_FROZEN = (0, 0)


class _Move(NamedTuple):
    """What one posting of an exit does."""

    op: Op
    source: Account
    target: Account
    why: Why


_LOCK = _Move(Op.HOLD, Account.DEPOSIT, Account.LOCKED, Why.EXIT_LOCKED)
_FREE = _Move(Op.RELEASE, Account.LOCKED, Account.DEPOSIT, Why.EXPOSURE_FREED)
_OWE = _Move(Op.CAPTURE, Account.LOCKED, Account.REFUNDS, Why.REFUND_OWED)
_OWE_AGAIN = _Move(Op.MOVE, Account.OUTSIDE, Account.REFUNDS, Why.REFUND_OWED)
_OWE_INTEREST = _Move(Op.MOVE, Account.OUTSIDE, Account.REFUNDS, Why.INTEREST_OWED)


def _tranche(course: Course) -> tuple[int, int]:
    """Names the tranche that stands last; and the hold it is locked under."""
    return cause_of(
        CauseKind.TRANCHE, course["drafted_us"], course.seller_id, course["number"],
        course["tranches"],
    )  # fmt: skip


def _posting(
    course: Course, cause: tuple[int, int], leg: int, move: _Move, amount_minor: int,
    hold: tuple[int, int] = (0, 0),
) -> Postings:  # fmt: skip
    one = {
        "seller_id": course.seller_id, "cause_hi": cause[0], "cause_lo": cause[1], "leg": leg,
        "op": move.op, "source": move.source, "target": move.target,
        "amount_minor": amount_minor, "why": move.why,
        "hold_hi": hold[0], "hold_lo": hold[1], "expires_us": FAR_US, "at_us": course.at_us,
    }  # fmt: skip
    return Postings.of(**{name: [value] for name, value in one.items()})


def lock(course: Course, amount_minor: int) -> None:
    """Lock what is approved: no claim and no other exit can take it now."""
    if amount_minor == 0:
        return
    course.put(tranches=course["tranches"] + 1, locked_minor=amount_minor)
    cause = _tranche(course)
    ledger.post_all(_posting(course, cause, _LOCKED, _LOCK, amount_minor, cause))


def free_locked(course: Course) -> None:
    """Give back what is locked and has not set out."""
    amount = course["locked_minor"]
    if amount == 0:
        return
    freed = cause_of(
        CauseKind.FREED, course["drafted_us"], course.seller_id, course["number"],
        course["tranches"],
    )  # fmt: skip
    ledger.post_all(_posting(course, freed, _LOCKED, _FREE, amount, _tranche(course)))
    course.put(locked_minor=0)


def send_locked(course: Course, due_us: int, *, gone_minor: int = 0) -> int:
    """What is locked is owed to the seller, and payments set out with it; return how much.

    What stands frozen in the seller's own account is let go of first: that costs no transfer.
    `gone_minor` of it the seller has back already, a frozen sum having ended: it stays deposit.
    """
    locked = course["locked_minor"]
    amount = max(locked - gone_minor, 0)
    if locked and not amount:
        free_locked(course)
    elif locked:
        cause = _tranche(course)
        parts = deposits.reserve_frozen(course.seller_id, amount)
        ledger.post_all(_posting(course, cause, _OWED, _OWE, amount, cause))
        course.put(locked_minor=0, sent_minor=course["sent_minor"] + amount)
        for hi, lo, part in parts:
            add_payment(course, PaymentKind.DEPOSIT, part, due_us, of=(hi, lo))
        rest = amount - sum(part for _, _, part in parts)
        if rest:
            add_payment(course, PaymentKind.DEPOSIT, rest, due_us)
    return amount


def owe_interest(course: Course, amount_minor: int, days: int) -> int:
    """The platform owes interest, out of its own money; return how much.

    It comes from outside, not from the guarantee fund: sellers' money does not pay for the
    platform's delay.
    """
    rules = promises.book_of(ExitRules, course["market_id"]).in_force(
        np.array([course["terms_us"]])
    )
    owed = interest_minor(amount_minor, int(rules.late_interest_bps[0]), days)
    if owed:
        course.put(interest_minor=course["interest_minor"] + owed)
        payment = add_payment(course, PaymentKind.INTEREST, owed, course.at_us)
        ledger.post_all(_posting(course, payment, _OWED, _OWE_INTEREST, owed))
    return owed


def owe_again(course: Course, amount_minor: int) -> None:
    """What the seller had back came here once more: it is owed, and set out by a transfer."""
    course.put(sent_minor=course["sent_minor"] + amount_minor, ended_us=FAR_US)
    due_us = course.due(ClockKind.EXIT_PAYOUT)
    payment = add_payment(course, PaymentKind.DEPOSIT, amount_minor, due_us)
    ledger.post_all(_posting(course, payment, _OWED, _OWE_AGAIN, amount_minor))


def add_payment(
    course: Course, kind: PaymentKind, amount_minor: int, due_us: int, *,
    of: tuple[int, int] = NOT_FROZEN,
) -> tuple[int, int]:  # fmt: skip
    """A payment to the account bound now; without one it waits until there is.

    One of a frozen sum is let go of where it is, in the account in which it stands.
    """
    course.put(payments=course["payments"] + 1)
    hi, lo = cause_of(
        CauseKind.PAYMENT, course["drafted_us"], course.seller_id, course["number"],
        course["payments"],
    )  # fmt: skip
    begin_payment(
        course.seller_id, (hi, lo), market_id=course["market_id"], number=course["number"],
        kind=kind, amount_minor=amount_minor, at_us=course.at_us, due_us=due_us, of=of,
    )  # fmt: skip
    return hi, lo


def begin_payment(
    seller_id: int, name: tuple[int, int], *, market_id: int, number: int, kind: PaymentKind,
    amount_minor: int, at_us: int, due_us: int, of: tuple[int, int] = NOT_FROZEN,
) -> None:  # fmt: skip
    """A payment of what is owed in the book sets out; without an account it waits for one.

    So it does while the account is too newly changed: what is bound once the wait is over counts.
    """
    payee = payee_of(seller_id)
    waiting_us = waits_until_us(payee, at_us)
    is_paid_to = payee.account and not waiting_us
    one = {
        "seller_id": seller_id, "payment_hi": name[0], "payment_lo": name[1],
        "market_id": market_id, "number": number, "kind": kind, "amount_minor": amount_minor,
        "state": PayoutState.CREATED, "attempts": 0, "queries": 0, "due_us": due_us,
        "next_us": at_us if of != NOT_FROZEN else waiting_us or at_us,
        "lodgement_hi": of[0], "lodgement_lo": of[1],
    }  # fmt: skip
    rows = Payments.of(**{field: [value] for field, value in one.items()})
    store.add_payment(rows, payee if is_paid_to else None, at_us=at_us)
