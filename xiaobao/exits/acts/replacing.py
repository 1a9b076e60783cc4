"""A payment that failed is given up for one to another account, and may arrive all the same."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances.facts import PayoutState
from xiaobao.exits import store
from xiaobao.exits.acts.course import Course
from xiaobao.exits.acts.money import add_payment
from xiaobao.exits.acts.reserves import NO_EXIT, send_reserve
from xiaobao.exits.facts import PaymentKind
from xiaobao.exits.queries.pages import GIVEN_UP, exit_numbered, failed_payments, sent_to
from xiaobao.exits.queries.payees import payee_of
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.exits.facts import Payments
    from xiaobao.kernel.columns import Int, Mask

# Nothing of these is at the gateway: it can be kept from being sent.
_UNSENT = (PayoutState.CREATED, PayoutState.FAILED)


@transaction.atomic
def pay_to_bound_account(seller_id: int, *, at: datetime) -> int:
    """Send what failed to the account bound now; return how many payments set out anew.

    Only where the gateway said that no money moved: that payment is given up for good, and
    another name carries the same money, which is still owed in the book.
    """
    store.hold_desk(seller_id)
    payee = payee_of(seller_id)
    failed = failed_payments(seller_id)
    held = store.hold_payments(failed.seller_id, failed.payment_hi, failed.payment_lo)
    if not payee.account:
        return 0
    changed = np.array(
        [
            sent_to(seller_id, hi, lo) != (payee.account, payee.holder)
            for hi, lo in zip(held.payment_hi.tolist(), held.payment_lo.tolist(), strict=True)
        ],
        np.bool_,
    )
    # A frozen sum is let go of where it stands, whatever account is bound.
    changed &= held.lodgement_lo == 0
    given_up = held.take(changed & (held.state == PayoutState.FAILED))
    at_us = np.full(len(given_up), us_of(at), np.int64)
    store.move_payments(
        replace(given_up, next_us=np.full(len(given_up), FAR_US, np.int64)), at_us=at_us,
        refs=[""] * len(given_up), said=[GIVEN_UP] * len(given_up),
    )  # fmt: skip
    for row in range(len(given_up)):
        one = given_up.take(np.array([row]))
        if int(one.number[0]) == NO_EXIT:
            before = int(one.payment_lo[0])
            new = send_reserve(seller_id, int(one.amount_minor[0]), us_of(at), cause=before)
            store.replace_payment(seller_id, _name(one), new)
            continue
        course = Course(exit_numbered(seller_id, int(one.number[0])), us_of(at))
        kind = PaymentKind(int(one.kind[0]))
        # The account was the seller's to mend: the platform's clock begins anew.
        due_us = course.due(ClockKind.EXIT_PAYOUT)
        new = add_payment(course, kind, int(one.amount_minor[0]), due_us)
        store.replace_payment(seller_id, _name(one), new)
        course.keep()
    return len(given_up)


def _name(one: Payments) -> tuple[int, int]:
    return int(one.payment_hi[0]), int(one.payment_lo[0])


def is_given_up(held: Payments) -> Mask:
    """Which were given up: they failed, and are never sent again."""
    mask: Mask = (held.state == PayoutState.FAILED) & (held.next_us >= FAR_US)
    return mask


def arrived_late(one: Payments, at_us: Int) -> Payments:
    """A payment that was given up, and is confirmed now: it counts in the place of the other.

    The other is stopped where nothing of it is at the gateway. Where it may arrive too, or has,
    nothing more leaves the book, and this one is to be asked back.
    """
    other = store.hold_carrier(int(one.seller_id[0]), *_name(one))
    if len(other) == 0 or int(other.state[0]) not in _UNSENT:
        return replace(one, state=one.state * 0 + PayoutState.PAID_UNOWED)
    store.move_payments(_stopped(other), at_us=at_us, refs=[""], said=[GIVEN_UP])
    # The account was the seller's to mend: what counts is the clock that began anew then.
    return replace(one, due_us=np.maximum(one.due_us, other.due_us))


def made_up_for(one: Payments) -> tuple[Payments, Payments | None]:
    """A payment that failed, and what it replaced: where that has arrived, it counts instead."""
    late = store.hold_unowed(int(one.seller_id[0]), *_name(one))
    if len(late) == 0:
        return one, None
    confirmed = replace(
        late,
        state=late.state * 0 + PayoutState.CONFIRMED,
        due_us=np.maximum(late.due_us, one.due_us),
    )
    return _stopped(one), confirmed


def _stopped(one: Payments) -> Payments:
    return replace(
        one, state=one.state * 0 + PayoutState.STOPPED, next_us=one.next_us * 0 + FAR_US
    )
