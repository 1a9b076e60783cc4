"""Payments back to sellers: claimed before the gateway is called, answered, retried."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances.facts import AnswersReport, PayoutState
from xiaobao.advances.rules import STAYS, states_after, wait_us
from xiaobao.advances.terms import PayoutTerms
from xiaobao.deposits import acts as deposits
from xiaobao.exits import store
from xiaobao.exits.acts.course import Course
from xiaobao.exits.acts.going import end_if_paid
from xiaobao.exits.acts.money import owe_interest
from xiaobao.exits.acts.replacing import arrived_late, is_given_up, made_up_for
from xiaobao.exits.acts.reserves import NO_EXIT
from xiaobao.exits.facts import ExitEvent, PaymentKind, Payments
from xiaobao.exits.queries.pages import exit_numbered
from xiaobao.exits.queries.payees import payee_of, waits_until_us
from xiaobao.exits.rules.interest import days_late
from xiaobao.kernel.clocks import DAY_US
from xiaobao.kernel.columns import FAR_US, groups_of, running_within
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Postings, Why
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from xiaobao.advances.facts import PayoutAnswers
    from xiaobao.exits.facts import Payee
    from xiaobao.kernel.columns import Int, Mask

# The leg of a payment's own cause by which the money leaves the book.
_PAID = 0
# What an exit learns of; that one arrived besides the one it waited for is no step of it.
_TOLD = (PayoutState.CONFIRMED, PayoutState.FAILED)


@dataclass(frozen=True)
class DueRefunds:
    """Payments to be sent, or (`is_query`) asked about; row for row with account and holder."""

    rows: Payments
    account: list[str]
    holder: list[str]
    due_us: Int
    is_query: Mask
    sent_us: Int  # when it was last handed to the gateway; 0 where it never was

    def __len__(self) -> int:
        return len(self.rows)

    def take(self, mask: Mask) -> DueRefunds:
        kept = np.flatnonzero(mask)
        return DueRefunds(
            self.rows.take(mask), [self.account[n] for n in kept], [self.holder[n] for n in kept],
            self.due_us[mask], self.is_query[mask], self.sent_us[mask],
        )  # fmt: skip


@transaction.atomic
def claim_due_refunds(*, until_us: int, limit: int = 1024, now_us: int = 0) -> DueRefunds:
    """Take up what is due: what is to be sent is marked as sent before the gateway is called.

    So whatever happens to the caller, a payment whose answer was lost is found as sent, and asked
    about. One without a bound account waits another day: nothing was sent under its name; and
    where the account was changed, until it may be paid to. What was due before `now_us`, the
    gateway's own clock, is taken up then.
    """
    found, accounts, holders = store.hold_due_payments(until_us, limit)
    held = store.hold_payments(found.seller_id, found.payment_hi, found.payment_lo)
    held = held.take(held.next_us <= until_us)  # somebody else may have taken one up meanwhile
    place = {key: n for n, key in enumerate(_keys(found))}
    order = np.array([place[key] for key in _keys(held)], np.int64)
    accounts, holders = [accounts[n] for n in order], [holders[n] for n in order]
    due_us = np.maximum(held.next_us, now_us)
    is_query = np.isin(held.state, (PayoutState.SENT, PayoutState.UNKNOWN))
    # What is let go of stands in its owner's account already: no other is needed.
    is_let_go = held.lodgement_lo != 0
    again_us = due_us + DAY_US
    for row in [row for row in range(len(held)) if not accounts[row] and not is_let_go[row]]:
        payee = payee_of(int(held.seller_id[row]))
        waiting_us = waits_until_us(payee, int(due_us[row]))
        again_us[row] = waiting_us or again_us[row]
        if payee.account and not waiting_us:
            accounts[row], holders[row] = payee.account, payee.holder
            _name_account(held, row, payee)
    ready = is_let_go | np.array([bool(account) for account in accounts], np.bool_)
    sending = ready & ~is_query
    sent = replace(
        held,
        state=np.where(sending, PayoutState.SENT.value, held.state),
        attempts=held.attempts + sending,
        queries=np.where(sending, 0, held.queries),
        next_us=np.where(ready, held.next_us, again_us),
    )
    sent_us = store.sent_us_of(held)
    none = [""] * len(held)
    store.move_payments(sent, at_us=due_us, refs=none, said=none)
    rows = np.flatnonzero(ready)
    return DueRefunds(
        sent.take(rows), [accounts[n] for n in rows], [holders[n] for n in rows], due_us[rows],
        is_query[rows], sent_us[rows],
    )  # fmt: skip


@transaction.atomic
def mark_sent_again(due: DueRefunds) -> Mask:
    """Which of these are still to be sent again, each marked as sent at its moment, row for row.

    Committed before the gateway is called; what was answered meanwhile is left alone.
    """
    asked = due.rows
    held = store.hold_payments(asked.seller_id, asked.payment_hi, asked.payment_lo)
    place = {key: n for n, key in enumerate(_keys(asked))}
    rows = np.array([place[key] for key in _keys(held)], np.int64)
    is_open = np.isin(held.state, (PayoutState.SENT, PayoutState.UNKNOWN))
    is_open &= held.attempts == asked.attempts[rows]
    again = np.zeros(len(asked), np.bool_)
    again[rows[is_open]] = True
    sent = held.take(is_open)
    none = np.zeros(len(sent), np.int64)
    store.move_payments(
        replace(sent, state=none + PayoutState.SENT, queries=none),
        at_us=due.due_us[rows[is_open]], refs=[""] * len(sent), said=[""] * len(sent),
    )  # fmt: skip
    return again


def _name_account(held: Payments, row: int, payee: Payee) -> None:
    store.name_account(
        int(held.seller_id[row]), int(held.payment_hi[row]), int(held.payment_lo[row]), payee,
        at_us=int(held.next_us[row]),
    )  # fmt: skip


def _keys(rows: Payments) -> list[tuple[int, int, int]]:
    return list(
        zip(
            rows.seller_id.tolist(), rows.payment_hi.tolist(), rows.payment_lo.tolist(),
            strict=True,
        )
    )  # fmt: skip


@transaction.atomic
def record_refund_answers(answers: PayoutAnswers) -> AnswersReport:
    """Write what the gateway said; what is confirmed leaves the book, once.

    A failure keeps the money owed: it is sent again under the same name. A confirmation is
    believed whenever it comes, for the money has moved.
    """
    report = AnswersReport()
    turn = running_within(
        np.ones(len(answers), np.int64),
        groups_of(answers.seller_id, answers.payout_hi, answers.payout_lo),
    )
    for seller_id in np.unique(answers.seller_id).tolist():
        store.hold_desk(seller_id)
    # All books at once and in their order: one by one, in whatever order money came, they would
    # be waited for crosswise.
    ledger.hold_books(answers.seller_id)
    for number in range(1, int(turn.max(initial=0)) + 1):
        report += _record_each_once(answers.take(turn == number))
    return report


def _record_each_once(answers: PayoutAnswers) -> AnswersReport:
    held = store.hold_payments(answers.seller_id, answers.payout_hi, answers.payout_lo)
    asked = zip(
        answers.seller_id.tolist(), answers.payout_hi.tolist(), answers.payout_lo.tolist(),
        strict=True,
    )  # fmt: skip
    row_of = {key: row for row, key in enumerate(asked)}
    heard = answers.take(np.array([row_of[key] for key in _keys(held)], np.int64))
    after = states_after(held.state, held.attempts, heard.attempt, heard.answer)
    moving = after != STAYS
    held, heard, after = held.take(moving), heard.take(moving), after[moving]
    is_replaced = is_given_up(held)
    moved = replace(held, state=after, queries=held.queries + (after == PayoutState.UNKNOWN))
    moved = replace(moved, next_us=_next_us(moved, heard.at_us))
    # One after another as they came: an exit ends with the last of its payments. What was given
    # up comes after the others: by then it stands what became of those that replaced them.
    report = AnswersReport()
    for row in np.lexsort((heard.at_us, is_replaced)).tolist():
        one, at_us = moved.take(np.array([row])), heard.at_us[row : row + 1]
        ref, said = str(heard.gateway_ref[row]), str(heard.said[row])
        late = None
        if is_replaced[row]:
            one = arrived_late(one, at_us)
        elif after[row] == PayoutState.FAILED:
            one, late = made_up_for(one)
        report += _write(one, at_us, ref, said)
        if late is not None:
            report += _write(late, at_us, "", said)
    return report


def _write(one: Payments, at_us: Int, ref: str, said: str) -> AnswersReport:
    """Write where one payment stands now; what is confirmed leaves the book."""
    state, amount = int(one.state[0]), int(one.amount_minor[0])
    store.move_payments(one, at_us=at_us, refs=[ref], said=[said])
    is_paid = state == PayoutState.CONFIRMED
    if is_paid:
        if int(one.lodgement_lo[0]):
            frozen = (int(one.lodgement_hi[0]), int(one.lodgement_lo[0]))
            deposits.let_go_of_frozen(int(one.seller_id[0]), frozen, amount)
        _leave(one, at_us)
    _tell_exit(one, int(at_us[0]), said)
    return AnswersReport(
        confirmed=int(is_paid), failed=int(state == PayoutState.FAILED),
        unknown=int(state == PayoutState.UNKNOWN), paid_minor=amount if is_paid else 0,
    )  # fmt: skip


def _next_us(moved: Payments, at_us: Int) -> Int:
    """When each is to be taken up again; never, once its money has moved."""
    next_us = np.full(len(moved), FAR_US, np.int64)
    for market_id in np.unique(moved.market_id).tolist():
        is_open = ~np.isin(moved.state, (PayoutState.CONFIRMED, PayoutState.PAID_UNOWED))
        rows = np.flatnonzero((moved.market_id == market_id) & is_open)
        terms = promises.book_of(PayoutTerms, market_id).in_force(at_us[rows])
        wait = wait_us(moved.state[rows], moved.attempts[rows], moved.queries[rows], terms)
        next_us[rows] = at_us[rows] + wait
    return next_us


def _leave(paid: Payments, at_us: Int) -> None:
    """What has arrived is no longer owed."""
    none = np.zeros(len(paid), np.int64)
    ledger.post_all(
        Postings.moves(
            seller_id=paid.seller_id, cause_hi=paid.payment_hi, cause_lo=paid.payment_lo,
            leg=none + _PAID, source=none + Account.REFUNDS, target=none + Account.OUTSIDE,
            amount_minor=paid.amount_minor, why=none + Why.REFUND_PAID, at_us=at_us,
        )
    )  # fmt: skip


def _tell_exit(one: Payments, at_us: int, said: str) -> None:
    """The exit learns what became of its payment; late money brings interest."""
    state, number = int(one.state[0]), int(one.number[0])
    if number == NO_EXIT or state not in _TOLD:
        return
    course = Course(exit_numbered(int(one.seller_id[0]), number), at_us)
    amount = int(one.amount_minor[0])
    if state == PayoutState.FAILED:
        course.happens(ExitEvent.PAYMENT_FAILED, amount_minor=amount, words=said)
    else:
        course.happens(ExitEvent.PAYMENT_CONFIRMED, amount_minor=amount)
        if int(one.kind[0]) == PaymentKind.DEPOSIT:
            course.put(paid_minor=course["paid_minor"] + amount)
            days = days_late(int(one.due_us[0]), at_us)
            owed = owe_interest(course, amount, days) if days else 0
            if owed:
                course.happens(ExitEvent.INTEREST_OWED, amount_minor=owed, words=str(days))
        end_if_paid(course)
    course.keep()


@transaction.atomic
def reconcile_refunds(seller_id: Int, payment_hi: Int, payment_lo: Int) -> int:
    """Mark confirmed payments that the gateway's own book shows too; return how many were new."""
    return store.mark_reconciled(seller_id, payment_hi, payment_lo)
