"""Between our books and the gateway: payouts go out, and what it answers is recorded.

What is asked of the gateway is committed first. Where an answer was lost, the gateway is asked
what became of it; money is sent again only where it says that none has moved.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances import acts as advances
from xiaobao.advances.facts import AnswersReport, DuePayouts, PayoutAnswer, PayoutAnswers
from xiaobao.gateways.payments import Answer, Direction, Movement, Query, Result
from xiaobao.kernel.references import uuid_of
from xiaobao.promises import queries as promises

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from uuid import UUID

    from xiaobao.gateways.payments import PaymentGateway
    from xiaobao.kernel.columns import Int, Mask

BATCH = 8192
# Of a gateway that may deny for a while what it was asked: what is claimed is sent at once, so
# that the moment written down is that of the sending.
BATCH_TOLD_LATE = 256
_NO_ANSWER = "NO_ANSWER"
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
    limit = batch_of(gateway, BATCH)
    while len(
        due := advances.claim_due_payouts(until_us=until_us, limit=limit, now_us=gateway.now_us())
    ):

        def sent_again(wanted: Mask, due: DuePayouts = due) -> Mask:
            return advances.mark_sent_again(due.take(wanted))

        answers = answered(_movements(due), due.is_query.tolist(), gateway, sent_again)
        report += advances.record_payout_answers(_as_columns(due, answers))
    return report


def batch_of(gateway: PaymentGateway, most: int) -> int:
    """How many to claim at a time."""
    return min(most, BATCH_TOLD_LATE) if gateway.known_after_us else most


def _movements(due: DuePayouts) -> list[Movement]:
    currency = {market.market_id: market.currency for market in promises.markets()}
    return [
        Movement(
            uuid_of(hi, lo), f"B{buyer}", amount, currency[market], attempt, at_us,
            seller_id=seller, sent_us=sent_us,
        )
        for seller, hi, lo, buyer, amount, market, attempt, at_us, sent_us in zip(
            due.seller_id.tolist(), due.payout_hi.tolist(), due.payout_lo.tolist(),
            due.buyer_id.tolist(), due.amount_minor.tolist(), due.market_id.tolist(),
            due.attempt.tolist(), due.due_us.tolist(), due.sent_us.tolist(), strict=True,
        )
    ]  # fmt: skip


def answered(
    movements: Sequence[Movement],
    is_query: Sequence[bool],
    gateway: PaymentGateway,
    sent_again: Callable[[Mask], Mask],
    direction: Direction = Direction.OUT,
) -> list[Answer]:
    """What the gateway says of each: some are asked about first, and sent only if never sent.

    `sent_again` writes down, before they are sent again, that those of its mask are; it tells
    which of them still may.
    """
    doubtful = [m for m, q in zip(movements, is_query, strict=True) if q]
    asked = [Query.about(m, direction) for m in doubtful]
    answers = gateway.query(asked) if asked else []
    said = {a.id: a for a in answers}
    sending = [m for m, q in zip(movements, is_query, strict=True) if not q]
    wanted = np.array(
        [
            q and _was_never_sent(m, said.get(m.id), gateway)
            for m, q in zip(movements, is_query, strict=True)
        ],
        np.bool_,
    )
    if wanted.any():
        rows = np.flatnonzero(wanted)[sent_again(wanted)]
        sending += [movements[row] for row in rows.tolist()]
    resent = {m.id for m in sending}
    answers = [a for a in answers if a.id not in resent]
    if sending:
        send = gateway.transfer_out if direction is Direction.OUT else gateway.collect
        answers += send(sending)
    return answers + silent(movements, answers)


def silent(movements: Sequence[Movement], answers: Iterable[Answer]) -> list[Answer]:
    """For those of which the gateway said nothing at all."""
    heard = {a.id for a in answers}
    return [
        Answer(m.id, Result.UNKNOWN, m.attempt, "", _NO_ANSWER)
        for m in movements
        if m.id not in heard
    ]


def _was_never_sent(movement: Movement, answer: Answer | None, gateway: PaymentGateway) -> bool:
    """Whether the gateway knows nothing of this attempt: nothing, or only an earlier failure.

    That it never heard of it counts for nothing while what was sent may still be on its way.
    """
    if answer is None:
        return False
    is_old = answer.result is Result.FAILED and answer.attempt < movement.attempt
    is_over = movement.at_us - movement.sent_us >= gateway.known_after_us
    return is_old or (answer.result is Result.NOT_FOUND and is_over)


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
