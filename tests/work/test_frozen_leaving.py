"""Leaving while a frozen sum ends, or a part of one is being taken; and the order of locks."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.exits.making import (
    SELLER,
    SHOP,
    apply,
    approve,
    book,
    completed,
    detail,
    gateway,
    later,
    open_world,
    order,
    pay,
    standing,
    state,
    sweep,
)
from tests.work.test_frozen import SUM, charge, col, freeze, named_as, parts, sound
from xiaobao.advances.acts import recover_debts
from xiaobao.advances.facts import PayoutAnswer, PayoutAnswers, PayoutState
from xiaobao.cli.exits.printing import print_detail
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits import store as deposits_store
from xiaobao.deposits.acts import TakingAnswers
from xiaobao.deposits.facts import Authorisations, LodgementState
from xiaobao.deposits.rules import to_take
from xiaobao.exits import acts
from xiaobao.exits.facts import ExitState
from xiaobao.gateways.alipay.config import Config
from xiaobao.gateways.alipay.names import Named, number_of
from xiaobao.gateways.payments import Direction
from xiaobao.gateways.test_gateway import Settings
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import halves_of, uuid_of
from xiaobao.ledger import acts as ledger
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Standing
from xiaobao.work.checking import check_money
from xiaobao.work.freezing import TakenTooLate, record_taken, take_what_is_owed
from xiaobao.work.lodging import lodge_deposit
from xiaobao.work.moved import moved_named
from xiaobao.work.notices import take_notice

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from uuid import UUID

    from xiaobao.deposits.facts import FrozenRow
    from xiaobao.gateways.payments import Answer, Query

REFUSING = Settings(1, 1_000_000, 0, 0, 0)
RELIABLE = Settings(1, 0, 0, 0, 0)


def test_of_who_leaves_all_that_ends_is_secured() -> None:
    """Of who stays what its free deposit stands for may end; cash is no reason to let it end."""
    names = [name for name in Authorisations.names() if name not in {"amount_minor", "is_told"}]
    none = {name: [0, 0, 0] for name in names}
    frozen = Authorisations.of(
        **none | {"seller_id": [1, 1, 2]}, amount_minor=[60, 40, 50], is_told=[True, False, True]
    )
    deposit, locked = np.array([90, 90, 80]), np.array([10, 10, 0])
    stays, goes = np.zeros(3, np.bool_), np.ones(3, np.bool_)
    assert to_take(frozen, deposit, locked, stays).tolist() == [0, 0, 0]
    assert to_take(frozen, deposit, locked, goes).tolist() == [60, 0, 50]
    assert to_take(frozen, deposit - 60, locked, goes).tolist() == [60, 0, 50]


def test_what_an_exit_keeps_for_its_tail_outlives_the_frozen_sum(db: None, tmp_path: Path) -> None:
    market = open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    [row] = deposits_now.frozen_of(SELLER)
    near = row.ends_at - timedelta(days=20)
    completed(market, "o1", 1_000_000, near - timedelta(days=1))
    acts.force_out(SELLER, ground="x/1", by="staff", at=near)
    pay(near + timedelta(hours=1), through)
    kept = detail().exit.held_minor
    assert 0 < kept < SUM
    assert parts() == [(SUM, kept, 0, 0, 0, SUM - kept, 0)]
    # Before anybody is told nothing is taken: what is kept stands where it is.
    assert deposits.ask_takings(at=near + timedelta(hours=2)) == 0
    take_what_is_owed(us_of(row.ends_at - timedelta(days=15)), through)
    assert (parts(), book()) == (
        [(SUM, 0, 0, 0, kept, SUM - kept, 0)], {"outside": -kept, "deposit": kept},
    )  # fmt: skip
    sound(through)
    through.end_frozen(row.lodgement)
    assert take_what_is_owed(us_of(row.ends_at), through) == 0
    assert book() == {"outside": -kept, "deposit": kept}
    # Nobody claimed: it is paid once the tail is over, by a transfer.
    pay(row.ends_at + timedelta(days=60), through)
    assert (book(), state(), standing()) == ({}, ExitState.PAID, Standing.EXITED)
    assert [p.amount_minor for p in detail().payments] in (
        [SUM - kept, kept], [kept, SUM - kept],
    )  # fmt: skip
    assert check_money() == []


def test_no_cash_leaves_while_what_was_refused_could_be_let_go_of(
    db: None, tmp_path: Path
) -> None:
    """Charged, the taking refused for now, and as much lodged in cash: the seller leaves."""
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    owed = charge("a", later(hours=2))
    through.set_behaviour(REFUSING)
    assert take_what_is_owed(us_of(later(hours=3)), through) == 0
    [taking] = deposits_now.takings_of(SELLER)
    assert (taking.amount_minor, taking.state) == (owed, LodgementState.REQUESTED)
    through.set_behaviour(RELIABLE)
    lodge_deposit(sellers.seller_named(SHOP), owed, key=9, at=later(hours=3), gateway=through)
    apply(at=later(hours=3))
    assert approve(later(hours=3)) == SUM
    pay(later(hours=3), through)
    assert [(p.amount_minor, p.is_let_go) for p in detail().payments] == [(SUM, True)]
    assert (book(), parts(), state()) == ({}, [(SUM, 0, 0, 0, 0, SUM, 0)], ExitState.PAID)
    assert [line.amount_minor for line in through.bill()] == [owed]
    # Called back it is no trouble, and asked for no more.
    [taking] = deposits_now.takings_of(SELLER)
    assert (taking.state, taking.ended_at) == (LodgementState.FAILED, None)
    assert (deposits_now.takings_in_trouble(), deposits_now.next_taking_us()) == ([], None)
    assert take_what_is_owed(us_of(later(hours=30)), through) == 0
    assert check_money() == []


def test_what_is_owed_all_the_same_is_asked_for_anew(db: None, tmp_path: Path) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    owed = charge("a", later(hours=2))
    deposits.ask_takings(at=later(hours=3))
    apply(at=later(hours=3))
    assert approve(later(hours=3)) == SUM - owed
    sweep(later(hours=3))
    assert parts() == [(SUM, SUM, 0, SUM - owed, 0, 0, 0)]
    assert take_what_is_owed(us_of(later(hours=4)), through) == 1
    pay(later(hours=4), through)
    assert (book(), parts()) == ({}, [(SUM, 0, 0, 0, owed, SUM - owed, 0)])
    sound(through)


def answer(state_: LodgementState, hours: int) -> TakingAnswers:
    taking = deposits_now.takings_of(SELLER)[0]
    return TakingAnswers(
        deposits_now.taking_named(*named_as(taking.taking)), col(state_),
        col(us_of(later(hours=hours))), ["T"], ["said"],
    )  # fmt: skip


def at_the_gateway() -> int:
    """Charged, and what was asked for is sent: nobody knows what becomes of it."""
    owed = charge("a", later(hours=2))
    deposits.ask_takings(at=later(hours=3))
    claimed, _, _ = deposits.claim_due_takings(until_us=us_of(later(hours=3)), limit=9, now_us=0)
    assert len(claimed) == 1
    return owed


def test_an_exit_waits_for_what_is_at_the_gateway(
    db: None, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """And where that comes to be a debt, it is repaid before anything leaves."""
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    owed = at_the_gateway()
    lodge_deposit(sellers.seller_named(SHOP), owed, key=9, at=later(hours=3), gateway=through)
    apply(at=later(hours=3))
    assert approve(later(hours=3)) == SUM
    # Once, however long nobody looked.
    assert sweep(later(hours=90)) == 1
    assert (state(), detail().payments) == (ExitState.APPROVED, ())
    waits = detail().waits_for
    assert waits is not None
    assert (waits.amount_minor, waits.asked_again_at) == (owed, later(hours=3))
    print_detail(detail())
    assert waits.what_en in capsys.readouterr().out
    assert book() == {"outside": -SUM, "locked": SUM}
    deposits.record_takings(answer(LodgementState.REQUESTED, 90))
    [row] = deposits_now.frozen_of(SELLER)
    assert deposits.lose_frozen(SELLER, halves_of(row.lodgement), at=later(hours=91)) == SUM
    pay(later(hours=92), through)
    # It has its own back; the cash stands for what was paid for it.
    assert (detail().payments, state()) == ((), ExitState.PAID)
    assert detail().waits_for is None
    recover_debts(np.array([SELLER]), at=later(hours=92))
    assert book() == {}
    assert check_money() == []


def test_what_is_sold_while_an_exit_waits_is_held_for(db: None, tmp_path: Path) -> None:
    """Promised as ever: what is open by then stays, as of what was open at the approval."""
    market = open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    owed = at_the_gateway()
    apply(at=later(hours=3))
    assert approve(later(hours=3)) == SUM - owed
    sweep(later(hours=3))
    sold = later(hours=3, minutes=30)
    order(market, "o1", 10_000, placed=sold)
    deposits.record_takings(answer(LodgementState.CONFIRMED, 4))
    pay(later(hours=6), through)
    kept = 3_000
    assert (state(), standing()) == (ExitState.PAYING, Standing.EXITED)
    assert (detail().exit.held_minor, book()["deposit"]) == (kept, kept)
    assert sum(p.amount_minor for p in detail().payments) == SUM - owed - kept
    pay(later(days=90), through)
    assert (book(), state(), detail().exit.held_minor) == ({}, ExitState.PAID, 0)
    assert sum(p.amount_minor for p in detail().payments) == SUM - owed
    assert check_money() == []


def test_who_is_forced_out_waits_for_what_is_at_the_gateway(db: None, tmp_path: Path) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    owed = at_the_gateway()
    acts.force_out(SELLER, ground="x/1", by="staff", at=later(hours=4))
    assert sweep(later(hours=5)) == 1
    assert (state(), detail().exit.held_minor) == (ExitState.PAYING, SUM - owed)
    assert (detail().payments, standing()) == ((), Standing.FORCED_OUT)
    assert parts() == [(SUM, SUM, owed, 0, 0, 0, 0)]
    deposits.record_takings(answer(LodgementState.CONFIRMED, 5))
    pay(later(hours=6), through)
    assert (book(), state(), standing()) == ({}, ExitState.PAID, Standing.EXITED)
    assert parts() == [(SUM, 0, 0, 0, owed, SUM - owed, 0)]
    assert check_money() == []


def test_what_was_called_back_and_came_is_taken_of_what_is_free(db: None, tmp_path: Path) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    owed = charge("a", later(hours=2))
    deposits.ask_takings(at=later(hours=3))
    came = answer(LodgementState.CONFIRMED, 5)
    assert deposits.call_back_takings(SELLER, at=later(hours=4)) == 0
    assert parts() == [(SUM, SUM, 0, 0, 0, 0, 0)]
    before = book()
    assert [deposits.record_takings(came), deposits.record_takings(came)] == [1, 0]
    assert (parts(), book()) == ([(SUM, SUM - owed, 0, 0, owed, 0, 0)], before)
    assert deposits.ask_takings(at=later(hours=5)) == 0
    assert check_money() == []


def test_what_was_called_back_and_comes_while_all_is_let_go_of_is_transferred(
    db: None, tmp_path: Path
) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    owed = charge("a", later(hours=2))
    deposits.ask_takings(at=later(hours=3))
    lodge_deposit(sellers.seller_named(SHOP), owed, key=9, at=later(hours=3), gateway=through)
    apply(at=later(hours=3))
    assert approve(later(hours=3)) == SUM
    sweep(later(hours=3))
    assert parts() == [(SUM, SUM, 0, SUM, 0, 0, 0)]
    about = Named(Direction.IN, SELLER, deposits_now.takings_of(SELLER)[0].taking)
    before = book()

    # Two who are told at once have both read it before either books it.
    moved = moved_named(about)
    assert moved is not None

    def comes(hours: int) -> None:
        record_taken(moved, ref="T", said="late", at=later(hours=hours))

    # While nobody knows what becomes of letting go, nothing is booked and nothing is lost.
    sent = acts.claim_due_refunds(until_us=us_of(later(hours=4)))
    with pytest.raises(TakenTooLate):
        comes(4)
    assert (parts(), check_money()) == ([(SUM, SUM, 0, SUM, 0, 0, 0)], [])
    refused = PayoutAnswers(
        seller_id=col(SELLER), payout_hi=sent.rows.payment_hi, payout_lo=sent.rows.payment_lo,
        attempt=col(1), answer=col(PayoutAnswer.FAILED), at_us=col(us_of(later(hours=4))),
        gateway_ref=np.array([""], object), said=np.array(["NOT_ENOUGH"], object),
    )  # fmt: skip
    acts.record_refund_answers(refused)
    for hours in (5, 6):
        comes(hours)
        assert parts() == [(SUM, SUM - owed, 0, SUM - owed, owed, 0, 0)]
        assert (book(), check_money()) == (before, [])
    pay(later(days=2), through)
    assert (book(), state()) == ({}, ExitState.PAID)
    assert parts() == [(SUM, 0, 0, 0, owed, SUM - owed, 0)]
    is_paid = PayoutState.CONFIRMED
    paid = [(p.amount_minor, p.is_let_go) for p in detail().payments if p.state is is_paid]
    assert sorted(paid) == [(owed, False), (SUM - owed, True)]
    assert check_money() == []


def test_the_book_is_held_before_the_frozen_sum(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whatever act: those that hold the other one first would wait for one another."""
    held: list[str] = []

    def noted(name: str, real: Callable[..., Any]) -> Callable[..., Any]:
        def call(*args: Any) -> Any:
            held.append(name)
            return real(*args)

        return call

    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    for module, function, name in (
        (ledger, "hold_books", "book"),
        (deposits_store, "hold_authorisation", "sum"),
        (deposits_store, "hold_authorisations", "sum"),
    ):
        monkeypatch.setattr(module, function, noted(name, getattr(module, function)))

    def first(act: Callable[[], Any]) -> str:
        held.clear()
        act()
        assert {"book", "sum"} == set(held)
        return held[0]

    at_the_gateway()
    [row] = deposits_now.frozen_of(SELLER)
    came = answer(LodgementState.CONFIRMED, 5)
    assert first(lambda: deposits.record_takings(came)) == "book"
    apply(at=later(hours=6))
    approve(later(hours=6))
    assert first(lambda: sweep(later(hours=6))) == "book"
    assert first(lambda: pay(later(hours=7), through)) == "book"
    ended = halves_of(row.lodgement)
    assert first(lambda: deposits.lose_frozen(SELLER, ended, at=later(days=1))) == "book"
    assert fetch_rows("SELECT lost_minor FROM deposits_authorisation") == [(0,)]


class Trusting:
    """Knows whatever is told for Alipay's."""

    config = Config("https://gateway.invalid", "a", "2088", Path("none.pem"), deposits="freeze")

    def holds_notify(self, _parameters: dict[str, str]) -> bool:
        return True

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        assert asked == [], "a notify about a frozen sum is not asked about"
        return []


def key(row: FrozenRow) -> tuple[int, UUID]:
    return row.seller_id, row.lodgement


def test_a_sum_that_is_closed_early_is_noticed_in_its_turn(db: None, tmp_path: Path) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    [row] = deposits_now.frozen_of(SELLER)
    turn = row.frozen_at + timedelta(days=7)
    assert deposits_now.next_frozen_look_us() == us_of(turn)
    take_what_is_owed(us_of(turn), through)
    assert deposits_now.next_frozen_look_us() == us_of(turn + timedelta(days=7))
    through.end_frozen(row.lodgement)
    take_what_is_owed(us_of(turn + timedelta(days=6)), through)
    assert parts() == [(SUM, SUM, 0, 0, 0, 0, 0)]
    # Told of by the gateway it is looked at sooner, and never later.
    name = halves_of(row.lodgement)
    told = {
        "app_id": "a", "auth_no": "A1", "out_order_no": number_of(Direction.IN, *key(row)),
        "out_request_no": "theirs", "status": "SUCCESS", "notify_id": "n1", "notify_time": "t",
    }  # fmt: skip
    take_notice(told, Trusting(), at=turn + timedelta(days=6, hours=1))
    deposits.look_soon(SELLER, name, at=turn + timedelta(days=30))
    take_what_is_owed(us_of(turn + timedelta(days=6, hours=1)), through)
    assert (parts(), book()) == ([(SUM, 0, 0, 0, 0, 0, SUM)], {})
    deposits.look_soon(SELLER, name, at=turn)
    assert deposits_now.next_frozen_look_us() is None
    assert check_money() == []


def test_what_alipay_tells_of_a_sum_that_is_being_frozen_is_asked_about_at_once(
    db: None,
) -> None:
    open_world(deposit=0)
    asked = deposits.request_lodgements(
        col(SELLER), col(SUM), keys=1, at=later(hours=1), is_frozen=True
    )
    name = uuid_of(asked.lodgement_hi[0], asked.lodgement_lo[0])
    told = {
        "app_id": "a", "auth_no": "A1", "out_order_no": number_of(Direction.IN, SELLER, name),
        "out_request_no": number_of(Direction.IN, SELLER, name), "status": "SUCCESS",
        "notify_id": "n1", "notify_time": "t", "amount": "1000.00",
    }  # fmt: skip
    assert deposits_now.next_lodgement_query_us() == us_of(later(hours=1, minutes=5))
    take_notice(told, Trusting(), at=later(hours=1, minutes=2))
    take_notice(told | {"notify_id": "n2"}, Trusting(), at=later(hours=1, minutes=3))
    assert deposits_now.next_lodgement_query_us() == us_of(later(hours=1, minutes=2))
    assert (parts(), book()) == ([], {})
