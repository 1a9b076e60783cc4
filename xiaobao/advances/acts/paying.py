"""Payouts on their way: claimed before the gateway is called, answered, retried, reconciled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances import rules, store
from xiaobao.advances.facts import (
    AnswersReport,
    CauseKind,
    DuePayouts,
    PayoutAnswers,
    Payouts,
    PayoutState,
)
from xiaobao.advances.terms import PayoutTerms
from xiaobao.kernel.columns import FAR_US, groups_of, running_within
from xiaobao.kernel.references import causes_of
from xiaobao.ledger import acts as ledger
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask

_EVENT_OF = np.zeros(len(PayoutState), np.int64)
_EVENT_OF[PayoutState.CONFIRMED] = EventKind.PAYOUT_CONFIRMED
_EVENT_OF[PayoutState.PAID_UNOWED] = EventKind.PAYOUT_CONFIRMED
_EVENT_OF[PayoutState.FAILED] = EventKind.PAYOUT_FAILED
_EVENT_OF[PayoutState.UNKNOWN] = EventKind.PAYOUT_UNKNOWN
# Handed to the gateway, and not answered for good.
_OPEN = (PayoutState.SENT, PayoutState.UNKNOWN)
# The money has moved: nothing is left to do.
_MOVED = (PayoutState.CONFIRMED, PayoutState.PAID_UNOWED)


@transaction.atomic
def claim_due_payouts(*, until_us: int, limit: int = 8192, now_us: int = 0) -> DuePayouts:
    """Take up what is due: mark what is to be sent as sent, return it with what is to be asked.

    What was due before `now_us` is taken up then: a gateway with a clock of its own moves no
    money in the past.

    The caller's transaction must end before the gateway is called: then whatever happens to the
    caller, a payout whose answer was lost is found as sent, and asked about.
    """
    due = store.lock_due(until_us, limit)
    due = replace(due, attempt=due.attempt + ~due.is_query, due_us=np.maximum(due.due_us, now_us))
    if not due.is_query.all():
        store.mark_sent(due.take(~due.is_query))
    return due


@transaction.atomic
def mark_sent_again(due: DuePayouts) -> Mask:
    """Which of these are still to be sent again, each marked as sent at its moment, row for row.

    The caller's transaction must end before the gateway is called, as of `claim_due_payouts`.
    What was answered meanwhile is left alone.
    """
    held = store.lock_payouts(due.seller_id, due.payout_hi, due.payout_lo)
    rows = _rows_of(held, due)
    is_open = np.isin(held.state, _OPEN) & (held.attempts == due.attempt[rows])
    again = np.zeros(len(due), np.bool_)
    again[rows[is_open]] = True
    if again.any():
        store.mark_sent(due.take(again))
    return again


@transaction.atomic
def record_payout_answers(answers: PayoutAnswers) -> AnswersReport:
    """Write what the gateway said; what is confirmed leaves the book, once.

    An answer given twice is one answer; a failure of an attempt that is no longer the last one is
    old news, while a confirmation is believed whenever it comes: the money has moved.
    """
    report = AnswersReport()
    turn = running_within(
        np.ones(len(answers), np.int64),
        groups_of(answers.seller_id, answers.payout_hi, answers.payout_lo),
    )
    for number in range(1, int(turn.max(initial=0)) + 1):
        report += _record_each_once(answers.take(turn == number))
    return report


def _record_each_once(answers: PayoutAnswers) -> AnswersReport:
    """Answers about payouts that are all different."""
    held = store.lock_payouts(answers.seller_id, answers.payout_hi, answers.payout_lo)
    heard = answers.take(_rows_of(held, answers))
    after = rules.states_after(held.state, held.attempts, heard.attempt, heard.answer)
    moving = after != rules.STAYS
    held, heard, after = held.take(moving), heard.take(moving), after[moving]
    if len(held) == 0:
        return AnswersReport()
    is_unknown = after == PayoutState.UNKNOWN
    moved = replace(held, state=after, queries=held.queries + is_unknown)
    store.move_payouts(
        moved, heard.at_us, _next_us(held, after, heard.at_us),
        heard.gateway_ref.tolist(), heard.said.tolist(),
    )  # fmt: skip
    paid = moved.take(after == PayoutState.CONFIRMED)
    paid_us = heard.at_us[after == PayoutState.CONFIRMED]
    ledger.post_all(
        rules.paid_postings(
            paid.seller_id, paid.payout_hi, paid.payout_lo, paid.amount_minor, paid_us
        )
    )
    _tell_of(moved, heard.at_us)
    return AnswersReport(
        confirmed=len(paid),
        failed=int((after == PayoutState.FAILED).sum()),
        unknown=int(is_unknown.sum()),
        paid_minor=int(paid.amount_minor.sum()),
    )


def _rows_of(held: Payouts, answers: PayoutAnswers | DuePayouts) -> Int:
    """For each payout held, its row among these."""
    keys = zip(
        answers.seller_id.tolist(), answers.payout_hi.tolist(), answers.payout_lo.tolist(),
        strict=True,
    )  # fmt: skip
    row_of = {key: row for row, key in enumerate(keys)}
    mine = zip(
        held.seller_id.tolist(), held.payout_hi.tolist(), held.payout_lo.tolist(), strict=True
    )
    return np.array([row_of[key] for key in mine], np.int64)


def _next_us(held: Payouts, after: Int, at_us: Int) -> Int:
    """When each is to be taken up again; never, once confirmed."""
    next_us = np.full(len(held), FAR_US, np.int64)
    for market in np.unique(held.market_id):
        rows = np.flatnonzero((held.market_id == market) & ~np.isin(after, _MOVED))
        terms = promises.book_of(PayoutTerms, int(market)).in_force(at_us[rows])
        wait = rules.wait_us(after[rows], held.attempts[rows], held.queries[rows], terms)
        next_us[rows] = at_us[rows] + wait
    return next_us


def _tell_of(moved: Payouts, at_us: Int) -> None:
    """A confirmation is told once; each failure and each open question is a cause of its own."""
    step_hi, step_lo = causes_of(
        CauseKind.ATTEMPT, rules.moments_in(moved.payout_hi), moved.payout_hi, moved.payout_lo,
        moved.attempts, moved.queries,
    )  # fmt: skip
    is_paid = np.isin(moved.state, _MOVED)
    cause_hi = np.where(is_paid, moved.payout_hi, step_hi)
    cause_lo = np.where(is_paid, moved.payout_lo, step_lo)
    tell(
        _EVENT_OF[moved.state], moved.seller_id, cause_hi, cause_lo,
        at_us=at_us, party_id=moved.buyer_id, amount_minor=moved.amount_minor,
    )  # fmt: skip


@transaction.atomic
def reconcile_payouts(seller_id: Int, payout_hi: Int, payout_lo: Int) -> int:
    """Mark confirmed payouts that the gateway's own book shows too; return how many were new."""
    return store.mark_reconciled(seller_id, payout_hi, payout_lo)
