"""Money goes back once: whatever the gateway says, and wherever the process dies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import UUID

import numpy as np
import pytest

from tests.exits.making import (
    ACCOUNT,
    HOLDER,
    NOW,
    SELLER,
    apply,
    approve,
    book,
    detail,
    gateway,
    later,
    pay,
    state,
    steps,
    sweep,
)
from xiaobao.advances.facts import AnswersReport, PayoutAnswer, PayoutAnswers, PayoutState
from xiaobao.exits import acts
from xiaobao.exits.facts import ExitState, PaymentKind
from xiaobao.exits.queries import next_refund_us, unowed_refunds
from xiaobao.gateways.test_gateway import Settings, TestGateway
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import halves_of
from xiaobao.ledger.queries import check as broken_laws
from xiaobao.people.acts import IntentOver
from xiaobao.people.facts import Duty, Intent
from xiaobao.sellers.acts import update_profile
from xiaobao.work.checking import check_money
from xiaobao.work.refunding import send_refunds
from xiaobao.work.unowed import paid_unowed
from xiaobao.work.writing_off import (
    UnowedMayCount,
    WriteOffTakesTwo,
    ask_back,
    book_back,
    write_off,
    write_off_signed,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from xiaobao.gateways.payments import Answer, Movement
    from xiaobao.ledger.facts import Broken
    from xiaobao.promises.facts import Market

# Everything goes wrong on its first attempts, in every way.
WORST = Settings(7, 300_000, 250_000, 250_000, 500_000, known_after_minutes=30)
LOST = Settings(1, 0, 1_000_000, 0, 0)
STALLED = Settings(1, 0, 0, 1_000_000, 0)


def moved(through: TestGateway) -> list[int]:
    return [line.amount_minor for line in through.bill()]


@pytest.mark.parametrize("settings", [WORST, LOST, STALLED], ids=["worst", "lost", "stalled"])
def test_paid_exactly_once_whatever_the_gateway_says(
    world: Market, tmp_path: Path, settings: Settings
) -> None:
    through = gateway(tmp_path, settings)
    apply()
    assert [approve(NOW), approve(NOW), approve(later(hours=1))] == [100_000] * 3
    for hour in range(30):
        pay(later(hours=hour), through)
        book_now = book()
        owed, gone = book_now.get("refunds", 0), sum(moved(through))
        assert owed in {0, 100_000}
        # What has left our book has left the gateway's; never more than was owed.
        assert gone <= 100_000
        assert owed or gone == 100_000
        if hour == 10:
            through.set_behaviour(Settings(1, 0, 0, 0, 0))
    assert moved(through) == [100_000]
    assert (state(), book()) == (ExitState.PAID, {})
    assert broken_laws() == []


def test_a_crash_after_the_gateway_paid_and_before_we_wrote_it_down(
    world: Market, tmp_path: Path
) -> None:
    through = gateway(tmp_path)
    apply()
    approve(NOW)
    sweep(NOW)

    class Dying(TestGateway):
        def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
            super().transfer_out(movements)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        send_refunds(us_of(NOW), Dying(tmp_path))
    assert (moved(through), book()["refunds"]) == ([100_000], 100_000)
    assert detail().payments[0].state is PayoutState.SENT
    pay(later(hours=1), through)
    assert (moved(through), state(), book()) == ([100_000], ExitState.PAID, {})


def test_a_failure_keeps_the_money_owed_and_shown_until_the_name_is_right(
    world: Market, tmp_path: Path
) -> None:
    through = gateway(tmp_path)
    through.register_holder(ACCOUNT, "李小明")
    apply()
    approve(NOW)
    pay(NOW, through)
    (failed,) = detail().payments
    assert (failed.state, failed.said) == (PayoutState.FAILED, "PAYEE_NAME_MISMATCH")
    assert book() == {"outside": -100_000, "refunds": 100_000}
    assert steps()[-1] == "PAYMENT_FAILED"
    update_profile(SELLER, {"payout_account": "new@example.com"}, at=later(hours=1))
    assert acts.pay_to_bound_account(SELLER, at=later(hours=1)) == 1
    pay(waited(hours=1), through)
    first, second = detail().payments
    assert (first.state, second.account, second.holder) == (
        PayoutState.FAILED, "new@example.com", HOLDER,
    )  # fmt: skip
    assert (moved(through), state(), book()) == ([100_000], ExitState.PAID, {})
    # Nothing waits any more: what was given up is never sent again.
    pay(later(days=30), through)
    assert moved(through) == [100_000]
    assert acts.pay_to_bound_account(SELLER, at=later(days=31)) == 0


def say(payment: UUID, answer: PayoutAnswer, at: datetime) -> AnswersReport:
    """The gateway says what became of a payment, whichever attempt it was."""
    hi, lo = halves_of(payment)
    return acts.record_refund_answers(
        PayoutAnswers(
            seller_id=np.array([SELLER]), payout_hi=np.array([hi]), payout_lo=np.array([lo]),
            attempt=np.array([1]), answer=np.array([answer]), at_us=np.array([us_of(at)]),
            gateway_ref=np.array(["R"], object), said=np.array(["SAID"], object),
        )
    )  # fmt: skip


def waited(**spans: float) -> datetime:
    """So long after a changed account may be paid to, which was changed at the first hour."""
    return later(days=3, **spans)


def replaced(through: TestGateway) -> tuple[UUID, UUID]:
    """A payment that failed, and the one that carries its money to another account."""
    through.register_holder(ACCOUNT, "李小明")
    apply()
    approve(NOW)
    pay(NOW, through)
    update_profile(SELLER, {"payout_account": "new@example.com"}, at=later(hours=1))
    assert acts.pay_to_bound_account(SELLER, at=later(hours=1)) == 1
    first, second = detail().payments
    return first.payment, second.payment


def states() -> list[PayoutState]:
    return [one.state for one in detail().payments]


def test_given_up_and_arrived_all_the_same_it_counts_for_the_one_not_sent(
    world: Market, tmp_path: Path
) -> None:
    through = gateway(tmp_path)
    first, _ = replaced(through)
    assert say(first, PayoutAnswer.CONFIRMED, waited(hours=2)) == AnswersReport(1, 0, 0, 100_000)
    assert (state(), book()) == (ExitState.PAID, {})
    assert states() == [PayoutState.CONFIRMED, PayoutState.STOPPED]
    # Said again it is old news, and the other is never sent.
    assert say(first, PayoutAnswer.CONFIRMED, waited(hours=3)) == AnswersReport()
    pay(later(days=30), through)
    assert (moved(through), next_refund_us(), book()) == ([], None, {})
    assert broken_laws() == []


def test_given_up_and_arrived_after_the_other_it_is_booked_once_and_asked_back(
    world: Market, tmp_path: Path
) -> None:
    through = gateway(tmp_path)
    first, _ = replaced(through)
    pay(waited(hours=1), through)
    assert (state(), book()) == (ExitState.PAID, {})
    before = steps()
    assert say(first, PayoutAnswer.CONFIRMED, waited(hours=2)) == AnswersReport()
    assert (state(), steps(), book()) == (ExitState.PAID, before, {})
    assert states() == [PayoutState.PAID_UNOWED, PayoutState.CONFIRMED]
    assert [(one.id, one.amount_minor, one.at) for one in unowed_refunds()] == [
        (first, 100_000, waited(hours=2))
    ]  # fmt: skip
    assert (next_refund_us(), broken_laws()) == (None, [])
    _written_off_by_two(waited(hours=3))


def test_one_replaced_twice_is_settled_once_the_second_arrived(
    world: Market, tmp_path: Path
) -> None:
    first, second = replaced(gateway(tmp_path))
    assert len(acts.claim_due_refunds(until_us=us_of(waited(hours=1)))) == 1
    say(second, PayoutAnswer.FAILED, waited(hours=2))
    update_profile(SELLER, {"payout_account": "newer@example.com"}, at=waited(hours=3))
    assert acts.pay_to_bound_account(SELLER, at=waited(hours=3)) == 1
    say(second, PayoutAnswer.CONFIRMED, waited(hours=4))
    assert (state(), book()) == (ExitState.PAID, {})
    say(first, PayoutAnswer.CONFIRMED, waited(hours=5))
    # The third was never sent, and never will be: the first cannot count any more.
    assert [state.name for state in states()] == ["PAID_UNOWED", "CONFIRMED", "STOPPED"]
    _written_off_by_two(waited(hours=6))


def _written_off(broken: list[Broken]) -> list[Broken]:
    return [one for one in broken if one.law == "written_off"]


def _written_off_by_two(at: datetime) -> None:
    """So much of it one person does not write off; two do, and the seller bears nothing."""
    (row,) = paid_unowed()
    ask_back(row.number, ref="L-1", words="a letter", by="one", at=at)
    with pytest.raises(WriteOffTakesTwo):
        write_off(row.number, words="gone", by="one", at=at)
    signed = Intent(
        SELLER, UUID(int=1), Duty.WRITE_OFF, row.number, "gone", 99_999, "CNY", 1, "one", at, at
    )
    with pytest.raises(IntentOver):
        write_off_signed(signed, by="one + two", at=at)
    assert (book(), paid_unowed()[0].open_minor) == ({}, 100_000)
    write_off_signed(replace(signed, amount_minor=100_000), by="one + two", at=at)
    assert (book(), paid_unowed(), _written_off(check_money())) == ({}, [], [])


@pytest.mark.parametrize("answer", [PayoutAnswer.CONFIRMED, PayoutAnswer.FAILED])
def test_given_up_and_arrived_while_the_other_is_under_way(
    world: Market, tmp_path: Path, answer: PayoutAnswer
) -> None:
    """What becomes of the other decides which of them was owed: never both, never none."""
    first, second = replaced(gateway(tmp_path))
    assert len(acts.claim_due_refunds(until_us=us_of(waited(hours=1)))) == 1
    assert say(first, PayoutAnswer.CONFIRMED, waited(hours=2)) == AnswersReport()
    assert (states(), book()["refunds"]) == (
        [PayoutState.PAID_UNOWED, PayoutState.SENT], 100_000,
    )  # fmt: skip
    # While it may turn out to be what was owed, it may be asked back, and nothing is booked.
    (row,) = paid_unowed()
    ask_back(row.number, ref="L-1", words="a letter", by="one", at=waited(hours=2))
    with pytest.raises(UnowedMayCount):
        book_back(row.number, 1, ref="R", by="one", at=waited(hours=2))
    with pytest.raises(UnowedMayCount):
        write_off(row.number, words="w", by="one", at=waited(hours=2), is_alone=False)
    assert [one.open_minor for one in paid_unowed()] == [100_000]
    assert say(second, answer, waited(hours=3)) == AnswersReport(1, 0, 0, 100_000)
    assert (state(), book(), broken_laws()) == (ExitState.PAID, {}, [])
    assert states() == (
        [PayoutState.PAID_UNOWED, PayoutState.CONFIRMED]
        if answer is PayoutAnswer.CONFIRMED
        else [PayoutState.CONFIRMED, PayoutState.STOPPED]
    )
    # The one that was stopped may arrive too.
    say(second, PayoutAnswer.CONFIRMED, waited(hours=4))
    assert (state(), book(), next_refund_us()) == (ExitState.PAID, {}, None)


def test_both_confirmed_at_once_are_booked_once(world: Market, tmp_path: Path) -> None:
    first, second = replaced(gateway(tmp_path))
    acts.claim_due_refunds(until_us=us_of(waited(hours=1)))
    say(second, PayoutAnswer.FAILED, waited(hours=2))
    halves = [halves_of(first), halves_of(second)]
    report = acts.record_refund_answers(
        PayoutAnswers(
            seller_id=np.array([SELLER] * 2), payout_hi=np.array([hi for hi, _ in halves]),
            payout_lo=np.array([lo for _, lo in halves]), attempt=np.array([1, 1]),
            answer=np.array([PayoutAnswer.CONFIRMED] * 2),
            at_us=np.array([us_of(waited(hours=3)), us_of(waited(hours=4))]),
            gateway_ref=np.array(["R", "R"], object), said=np.array(["", ""], object),
        )
    )  # fmt: skip
    assert (report, state(), book()) == (AnswersReport(1, 0, 0, 100_000), ExitState.PAID, {})
    assert sorted(states()) == [PayoutState.CONFIRMED, PayoutState.PAID_UNOWED]


def test_the_platform_pays_interest_for_its_own_delay(world: Market, tmp_path: Path) -> None:
    through = gateway(tmp_path)
    apply()
    # Five working days from a Wednesday end with the next Wednesday.
    due = detail().exit.review_due_at
    assert due == later(days=7, hours=14)
    pay(later(days=7, hours=14), through)
    assert (steps()[-1], detail().exit.is_late) == ("REVIEW_LATE", True)
    late = due + timedelta(days=10)
    approve(late)
    pay(late + timedelta(days=9), gateway(tmp_path / "other"))
    # 10.95 % a year on 1,000.00 for 10 days of review: 3.00.
    kinds = {p.kind: p.amount_minor for p in detail().payments}
    assert kinds[PaymentKind.INTEREST] == 300
    assert (state(), book()) == (ExitState.PAID, {})
    assert detail().exit.interest_minor == 300


def test_a_payment_that_arrives_late_brings_interest(world: Market, tmp_path: Path) -> None:
    through = gateway(tmp_path, Settings(1, 1_000_000, 0, 0, 0))
    apply()
    approve(NOW)
    pay(NOW, through)
    through.set_behaviour(Settings(1, 0, 0, 0, 0))
    for day in range(1, 12):
        pay(later(days=day), through)
    amounts = sorted(moved(through))
    # Paid after 8 days at the next daily retry: due in 7.
    assert amounts[-1] == 100_000
    assert detail().exit.interest_minor == sum(amounts[:-1])
    assert (state(), book()) == (ExitState.PAID, {})
