"""Payouts: claimed before they are sent, answered once, retried, never sent blindly again."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.advances.making import AT, book, owed_by
from xiaobao.advances.acts import (
    claim_due_payouts,
    compensate,
    reconcile_payouts,
    record_payout_answers,
)
from xiaobao.advances.facts import (
    AnswersReport,
    DuePayouts,
    PayoutAnswer,
    PayoutAnswers,
    PayoutState,
)
from xiaobao.advances.queries import history_of, next_due_us, payout_totals, payouts_of
from xiaobao.kernel.clocks import MINUTE_US, moment_of
from xiaobao.ledger.queries import check
from xiaobao.outbox.queries import counts_by_kind
from xiaobao.promises.queries import market

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

CONFIRMED, FAILED, UNKNOWN = PayoutAnswer.CONFIRMED, PayoutAnswer.FAILED, PayoutAnswer.UNKNOWN


@pytest.fixture
def shop(sellers: Int) -> int:
    """A seller who owes one buyer 6.00."""
    market_id = market("cn").market_id
    compensate(owed_by(sellers[:1].tolist(), [600], [0], market_id=market_id))
    return int(sellers[0])


def claim(until_us: int = AT) -> DuePayouts:
    return claim_due_payouts(until_us=until_us)


def answer(
    due: DuePayouts, said: list[PayoutAnswer], *, attempt: int | None = None
) -> AnswersReport:
    """Record these answers about the first payout claimed, in this order."""
    rows = due.take(np.zeros(len(said), np.int64))
    return record_payout_answers(
        PayoutAnswers(
            seller_id=rows.seller_id,
            payout_hi=rows.payout_hi,
            payout_lo=rows.payout_lo,
            attempt=rows.attempt if attempt is None else np.full(len(said), attempt),
            answer=np.array(said, np.int64),
            at_us=rows.due_us,
            gateway_ref=np.array(["T1"] * len(said), object),
            said=np.array([one.name for one in said], object),
        )
    )


def state(shop: int) -> PayoutState:
    return payouts_of(shop)[0].state


def test_a_claim_marks_what_is_to_be_sent(shop: int) -> None:
    assert len(claim(AT - 1)) == 0
    due = claim()
    assert (due.amount_minor.tolist(), due.attempt.tolist()) == ([600], [1])
    assert (due.buyer_id.tolist(), due.due_us.tolist()) == ([2000], [AT])
    assert due.is_query.tolist() == [False]
    assert state(shop) is PayoutState.SENT
    # Whoever comes after a crash finds it sent, and may only ask.
    again = claim()
    assert again.is_query.tolist() == [True]
    assert again.attempt.tolist() == [1]
    assert book(shop)["buyers"] == 600


def test_a_confirmation_leaves_the_book_once(shop: int) -> None:
    due = claim()
    assert answer(due, [CONFIRMED, CONFIRMED]) == AnswersReport(confirmed=1, paid_minor=600)
    assert book(shop) == {"outside": 600, "fund": -600}
    assert answer(due, [CONFIRMED]) == AnswersReport()
    assert answer(due, [FAILED, UNKNOWN]) == AnswersReport()
    assert book(shop) == {"outside": 600, "fund": -600}
    payout = payouts_of(shop)[0]
    assert (payout.state, payout.next_at) == (PayoutState.CONFIRMED, None)
    assert (payout.ended_at, payout.gateway_ref) == (moment_of(AT), "T1")
    assert next_due_us() is None
    assert counts_by_kind()["payout.confirmed"] == 1
    assert check() == []


def test_a_failure_is_retried_later_and_later_under_the_same_id(shop: int) -> None:
    expected_us = AT
    for attempt in range(1, 11):
        due = claim(expected_us)
        assert due.attempt.tolist() == [attempt]
        assert due.is_query.tolist() == [False]
        assert answer(due, [FAILED]) == AnswersReport(failed=1)
        # 5 minutes, doubling, at most a day.
        expected_us += min(5 * 2 ** (attempt - 1), 1440) * MINUTE_US
        assert next_due_us() == expected_us
        assert len(claim(expected_us - 1)) == 0
    assert answer(claim(expected_us), [CONFIRMED]).confirmed == 1
    assert payouts_of(shop)[0].attempts == 11
    assert counts_by_kind()["payout.failed"] == 10
    assert book(shop) == {"outside": 600, "fund": -600}
    steps = [(step.attempt, step.state) for step in history_of(shop, payouts_of(shop)[0].payout)]
    assert steps[:4] == [
        (1, PayoutState.SENT), (1, PayoutState.FAILED),
        (2, PayoutState.SENT), (2, PayoutState.FAILED),
    ]  # fmt: skip
    assert len(steps) == 22


def test_an_unknown_one_is_asked_about_and_not_sent_again(shop: int) -> None:
    answer(claim(), [UNKNOWN])
    assert state(shop) is PayoutState.UNKNOWN
    expected_us = AT
    for asked in range(8):
        # A minute, doubling, at most an hour.
        expected_us += min(2**asked, 60) * MINUTE_US
        assert next_due_us() == expected_us
        due = claim(expected_us)
        assert (due.is_query.tolist(), due.attempt.tolist()) == ([True], [1])
        assert answer(due, [UNKNOWN]) == AnswersReport(unknown=1)
    assert book(shop)["buyers"] == 600
    # No money had moved: now it is sent again, as another attempt.
    next_us = next_due_us()
    assert next_us is not None
    answer(claim(next_us), [FAILED])
    next_us = next_due_us()
    assert next_us is not None
    due = claim(next_us)
    assert (due.is_query.tolist(), due.attempt.tolist()) == ([False], [2])


def test_an_answer_of_an_earlier_attempt_is_old_news_unless_the_money_moved(shop: int) -> None:
    answer(claim(), [FAILED])
    due = claim(AT + 5 * MINUTE_US)
    assert answer(due, [FAILED, UNKNOWN], attempt=1) == AnswersReport()
    assert state(shop) is PayoutState.SENT
    assert answer(due, [CONFIRMED], attempt=1).confirmed == 1
    assert answer(due, [FAILED]) == AnswersReport()
    assert book(shop) == {"outside": 600, "fund": -600}


def test_a_late_confirmation_of_a_failed_one_is_believed(shop: int) -> None:
    due = claim()
    assert answer(due, [FAILED, CONFIRMED]) == AnswersReport(confirmed=1, failed=1, paid_minor=600)
    assert state(shop) is PayoutState.CONFIRMED
    assert next_due_us() is None


def test_an_answer_about_a_stranger_changes_nothing(shop: int) -> None:
    due = claim()
    stranger = DuePayouts(**{**due.as_dict(), "payout_lo": due.payout_lo + 1})
    assert answer(stranger, [CONFIRMED]) == AnswersReport()
    assert state(shop) is PayoutState.SENT


def test_claims_come_longest_waiting_first_and_within_their_limit(sellers: Int) -> None:
    market_id = market("cn").market_id
    for number in (3, 1, 2):
        compensate(
            owed_by(sellers[:1].tolist(), [number], [0], number=[number],
                    at_us=AT + number, market_id=market_id)
        )  # fmt: skip
    assert claim_due_payouts(until_us=AT + 9, limit=2).amount_minor.tolist() == [1, 2]
    last = claim_due_payouts(until_us=AT + 9)
    # Those claimed before wait for their answers, so they are asked about.
    assert last.is_query.tolist() == [True, True, False]


def test_what_the_gateway_s_book_shows_is_reconciled_once(shop: int) -> None:
    due = claim()
    keys = (due.seller_id, due.payout_hi, due.payout_lo)
    assert reconcile_payouts(*keys) == 0
    answer(due, [CONFIRMED])
    assert reconcile_payouts(*keys) == 1
    assert reconcile_payouts(*keys) == 0
    assert [(t.state, t.count, t.amount_minor) for t in payout_totals()] == [
        (PayoutState.RECONCILED, 1, 600)
    ]
