"""Money back to sellers: payments of exits go out through the gateway, as payouts do.

What is asked of the gateway is committed first; a lost answer is asked about, never paid again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances.facts import AnswersReport, PayoutAnswers
from xiaobao.deposits import queries as deposits
from xiaobao.exits import acts as exits
from xiaobao.gateways.payments import Movement, Way
from xiaobao.kernel.references import uuid_of
from xiaobao.promises import queries as promises
from xiaobao.work.paying import ANSWERS, answered, batch_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID

    from xiaobao.exits.acts import DueRefunds
    from xiaobao.gateways.payments import Answer, PaymentGateway
    from xiaobao.kernel.columns import Mask

BATCH = 1024


def send_refunds(until_us: int, gateway: PaymentGateway) -> AnswersReport:
    """Send, retry and ask about whatever is due by then, until nothing is."""
    report = AnswersReport()
    limit = batch_of(gateway, BATCH)
    while len(
        due := exits.claim_due_refunds(until_us=until_us, limit=limit, now_us=gateway.now_us())
    ):

        def sent_again(wanted: Mask, due: DueRefunds = due) -> Mask:
            return exits.mark_sent_again(due.take(wanted))

        answers = answered(_movements(due), due.is_query.tolist(), gateway, sent_again)
        report += exits.record_refund_answers(_as_columns(due, answers))
    return report


def _movements(due: DueRefunds) -> list[Movement]:
    currency = {market.market_id: market.currency for market in promises.markets()}
    rows = due.rows
    refs = deposits.refs_of_frozen(rows.seller_id, rows.lodgement_hi, rows.lodgement_lo)
    movements = [
        Movement(
            uuid_of(hi, lo), account, amount, currency[market], attempt, at_us, holder, seller,
            sent_us,
        )
        for seller, hi, lo, account, holder, amount, market, attempt, at_us, sent_us in zip(
            rows.seller_id.tolist(), rows.payment_hi.tolist(), rows.payment_lo.tolist(),
            due.account, due.holder, rows.amount_minor.tolist(), rows.market_id.tolist(),
            rows.attempts.tolist(), due.due_us.tolist(), due.sent_us.tolist(), strict=True,
        )
    ]  # fmt: skip
    of = zip(rows.lodgement_hi.tolist(), rows.lodgement_lo.tolist(), strict=True)
    return [
        _let_go(one, uuid_of(hi, lo), refs) if lo else one
        for one, (hi, lo) in zip(movements, of, strict=True)
    ]


def _let_go(one: Movement, lodgement: UUID, refs: dict[tuple[int, UUID], str]) -> Movement:
    """A part of a frozen sum is let go of where it stands: in no other account and name."""
    return one._replace(
        way=Way.LET_GO, of=lodgement, of_ref=refs[one.seller_id, lodgement], holder="",
        account=f"S{one.seller_id}",
    )  # fmt: skip


def _as_columns(due: DueRefunds, answers: Sequence[Answer]) -> PayoutAnswers:
    names = zip(due.rows.payment_hi.tolist(), due.rows.payment_lo.tolist(), strict=True)
    row_of = {uuid_of(hi, lo): row for row, (hi, lo) in enumerate(names)}
    rows = np.array([row_of[a.id] for a in answers], np.int64)
    asked = due.rows.take(rows)
    return PayoutAnswers(
        seller_id=asked.seller_id,
        payout_hi=asked.payment_hi,
        payout_lo=asked.payment_lo,
        attempt=asked.attempts,
        answer=np.array([ANSWERS[a.result] for a in answers], np.int64),
        at_us=due.due_us[rows],
        gateway_ref=np.array([a.gateway_ref for a in answers], object),
        said=np.array([a.said for a in answers], object),
    )
