"""Between our books and the gateway: payouts go out, lodgements come in, answers are recorded.

What is asked of the gateway is committed first. Where an answer was lost, the gateway is asked
what became of it; money is sent again only where it says that none has moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances import acts as advances
from xiaobao.advances.facts import AnswersReport, DuePayouts, PayoutAnswer, PayoutAnswers
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits import rules as deposit_rules
from xiaobao.gateways.payments import Answer, Direction, Movement, Query, Result
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.references import uuid_of
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from uuid import UUID

    from xiaobao.deposits.facts import Lodgements
    from xiaobao.gateways.payments import PaymentGateway
    from xiaobao.kernel.columns import Int

BATCH = 8192
_NO_ANSWER, _NEVER_PAID = "NO_ANSWER", "NEVER_PAID"
ANSWERS = {
    Result.CONFIRMED: PayoutAnswer.CONFIRMED,
    Result.FAILED: PayoutAnswer.FAILED,
    Result.UNKNOWN: PayoutAnswer.UNKNOWN,
    # It was asked to move this a moment ago: where it denies that, it has to be asked again.
    Result.NOT_FOUND: PayoutAnswer.UNKNOWN,
}


def send_payouts(until_us: int, gateway: PaymentGateway) -> AnswersReport:
    """Send, retry and ask about whatever is due by then, until nothing is."""
    report = AnswersReport()
    while len(due := advances.claim_due_payouts(until_us=until_us, limit=BATCH)):
        answers = answered(_movements(due), due.is_query.tolist(), Direction.OUT, gateway)
        report += advances.record_payout_answers(_as_columns(due, answers))
    return report


def _movements(due: DuePayouts) -> list[Movement]:
    currency = {market.market_id: market.currency for market in promises.markets()}
    return [
        Movement(
            uuid_of(hi, lo), f"B{buyer}", amount, currency[market], attempt, at_us,
            seller_id=seller,
        )
        for seller, hi, lo, buyer, amount, market, attempt, at_us in zip(
            due.seller_id.tolist(), due.payout_hi.tolist(), due.payout_lo.tolist(),
            due.buyer_id.tolist(), due.amount_minor.tolist(), due.market_id.tolist(),
            due.attempt.tolist(), due.due_us.tolist(), strict=True,
        )
    ]  # fmt: skip


def answered(
    movements: Sequence[Movement],
    is_query: Sequence[bool],
    direction: Direction,
    gateway: PaymentGateway,
) -> list[Answer]:
    """What the gateway says of each: some are asked about first, and sent only if never sent."""
    doubtful = [m for m, q in zip(movements, is_query, strict=True) if q]
    asked = [Query.about(m, direction) for m in doubtful]
    answers = gateway.query(asked) if asked else []
    said = {a.id: a for a in answers}
    sending = [m for m, q in zip(movements, is_query, strict=True) if not q]
    sending += [m for m in doubtful if _was_never_sent(m, said.get(m.id))]
    resent = {m.id for m in sending}
    answers = [a for a in answers if a.id not in resent]
    if sending:
        move = gateway.transfer_out if direction is Direction.OUT else gateway.collect
        answers += move(sending)
    heard = {a.id for a in answers}
    silent = [m for m in movements if m.id not in heard]
    return answers + [Answer(m.id, Result.UNKNOWN, m.attempt, "", _NO_ANSWER) for m in silent]


def _was_never_sent(movement: Movement, answer: Answer | None) -> bool:
    """Whether the gateway knows nothing of this attempt: nothing, or only an earlier failure."""
    if answer is None:
        return False
    is_old = answer.result is Result.FAILED and answer.attempt < movement.attempt
    return is_old or answer.result is Result.NOT_FOUND


def _as_columns(due: DuePayouts, answers: Sequence[Answer]) -> PayoutAnswers:
    names = zip(due.payout_hi.tolist(), due.payout_lo.tolist(), strict=True)
    row_of = {uuid_of(hi, lo): row for row, (hi, lo) in enumerate(names)}
    rows = _rows(row_of, answers)
    asked = due.take(rows)
    return PayoutAnswers(
        seller_id=asked.seller_id,
        payout_hi=asked.payout_hi,
        payout_lo=asked.payout_lo,
        # What was answered to a query is about the attempt that was asked about.
        attempt=asked.attempt,
        answer=np.array([ANSWERS[a.result] for a in answers], np.int64),
        at_us=asked.due_us,
        gateway_ref=np.array([a.gateway_ref for a in answers], object),
        said=np.array([a.said for a in answers], object),
    )


def _rows(row_of: dict[UUID, int], answers: Iterable[Answer]) -> Int:
    return np.array([row_of[a.id] for a in answers], np.int64)


def confirm_deposits(until_us: int, gateway: PaymentGateway) -> int:
    """Ask about every lodgement that is due by then; return how many came in."""
    confirmed = 0
    while True:
        at_us = deposits_now.next_lodgement_query_us()
        if at_us is None or at_us > until_us:
            return confirmed
        due = deposits_now.lodgements_due(at_us, BATCH)
        confirmed += _record(due, _collected(due, at_us, gateway), at_us)


def _collected(due: Lodgements, at_us: int, gateway: PaymentGateway) -> list[Answer]:
    currency = {market.market_id: market.currency for market in promises.markets()}
    movements = [
        Movement(
            uuid_of(hi, lo), f"S{seller}", amount, currency[market], 1, at_us, seller_id=seller
        )
        for hi, lo, seller, amount, market in zip(
            due.lodgement_hi.tolist(), due.lodgement_lo.tolist(), due.seller_id.tolist(),
            due.amount_minor.tolist(), sellers.markets_of(due.seller_id).tolist(), strict=True,
        )
    ]  # fmt: skip
    is_late = due.attempts >= deposit_rules.LAST_ASKED_FOR
    fresh = [m for m, late in zip(movements, is_late.tolist(), strict=True) if not late]
    late = [m for m, late in zip(movements, is_late.tolist(), strict=True) if late]
    answers = answered(fresh, [True] * len(fresh), Direction.IN, gateway) if fresh else []
    return answers + (_never_paid(late, gateway) if late else [])


def _never_paid(movements: Sequence[Movement], gateway: PaymentGateway) -> list[Answer]:
    """Asked about, and not asked for again: what the gateway still does not know was never paid.

    The code that it was last shown under ran out long before.
    """
    answers = gateway.query([Query.about(m, Direction.IN) for m in movements])
    heard = {a.id for a in answers}
    silent = [Answer(m.id, Result.UNKNOWN, m.attempt, "", _NO_ANSWER) for m in movements]
    return [
        a._replace(result=Result.FAILED, said=_NEVER_PAID) if a.result is Result.NOT_FOUND else a
        for a in answers
    ] + [a for a in silent if a.id not in heard]


@transaction.atomic
def _record(due: Lodgements, answers: Sequence[Answer], at_us: int) -> int:
    """Write the answers; each lodgement once, a certain one before an uncertain one."""
    said: dict[UUID, Answer] = {}
    for answer in sorted(answers, key=lambda a: a.result):
        said.setdefault(answer.id, answer)
    names = [
        uuid_of(*k) for k in zip(due.lodgement_hi.tolist(), due.lodgement_lo.tolist(), strict=True)
    ]
    of_each = [said[name] for name in names]
    result = np.array([a.result for a in of_each])
    at = moment_of(at_us)
    confirmed = 0
    for results, record in (
        ((Result.CONFIRMED,), deposits.confirm_lodgements),
        ((Result.FAILED,), deposits.fail_lodgements),
        ((Result.UNKNOWN, Result.NOT_FOUND), deposits.mark_lodgements_unknown),
    ):
        rows = np.flatnonzero(np.isin(result, results)).tolist()
        # Words are one lodgement's own: a code to scan is for nobody else.
        for words in dict.fromkeys(of_each[row].said for row in rows):
            alike = [row for row in rows if of_each[row].said == words]
            refs = [of_each[row].gateway_ref for row in alike]
            done = record(due.take(np.array(alike)), at=at, refs=refs, answer=words)
            confirmed += done if record is deposits.confirm_lodgements else 0
    return confirmed
