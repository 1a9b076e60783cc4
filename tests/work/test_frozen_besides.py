"""A part that was called back comes when its sum is let go of, or lost: booked, and sent back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.exits.making import (
    SELLER,
    SHOP,
    apply,
    approve,
    book,
    detail,
    gateway,
    later,
    open_world,
    pay,
    state,
    steps,
    sweep,
)
from tests.work.test_frozen import SUM, charge, events, freeze, parts
from tests.work.test_frozen_leaving import answer
from xiaobao.advances.facts import PayoutState
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.facts import LodgementState
from xiaobao.exits import acts as exits
from xiaobao.exits.facts import ExitState
from xiaobao.gateways.alipay.names import Named
from xiaobao.gateways.payments import Direction, Result
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import halves_of
from xiaobao.outbox.facts import EventKind
from xiaobao.sellers import queries as sellers
from xiaobao.work import freezing
from xiaobao.work.checking import check_money
from xiaobao.work.freezing import TakenTooLate, _make_room_for, _movements, record_taken
from xiaobao.work.lodging import lodge_deposit
from xiaobao.work.moved import moved_named
from xiaobao.work.reconciling import reconcile

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.gateways.test_gateway import TestGateway


def called_back(through: TestGateway) -> int:
    """Charged, taken at the gateway, which tells nobody; called back, for cash was lodged."""
    freeze(through)
    owed = charge("a", later(hours=2))
    deposits.ask_takings(at=later(hours=3))
    due, due_us, _ = deposits.claim_due_takings(until_us=us_of(later(hours=3)), limit=9, now_us=0)
    [told] = through.collect(_movements(due, due_us))
    assert told.result is Result.CONFIRMED
    deposits.record_takings(answer(LodgementState.REQUESTED, 3))
    lodge_deposit(sellers.seller_named(SHOP), owed, key=9, at=later(hours=3), gateway=through)
    [row] = deposits_now.frozen_of(SELLER)
    through.end_frozen(row.lodgement)
    return owed


def bill(through: TestGateway) -> int:
    return sum(
        line.amount_minor if line.direction is Direction.IN else -line.amount_minor
        for line in through.bill()
    )


def test_what_comes_when_all_is_let_go_of_is_booked_and_transferred(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    owed = called_back(through)
    apply(at=later(hours=3))
    assert approve(later(hours=3)) == SUM
    pay(later(hours=4), through)
    # The gateway has nothing frozen any more, and says that it is let go of, all of it.
    assert (book(), parts(), state()) == ({}, [(SUM, 0, 0, 0, 0, SUM, 0)], ExitState.PAID)
    about = Named(Direction.IN, SELLER, deposits_now.takings_of(SELLER)[0].taking)
    moved = moved_named(about)
    assert moved is not None
    assert moved.state == LodgementState.FAILED
    assert len(reconcile(through).differences) == 1
    # Where its room is taken by another since it was looked at, nothing of it is done.
    with monkeypatch.context() as patch:
        patch.setattr(freezing, "_room_in", lambda _: owed)
        with pytest.raises(TakenTooLate):
            record_taken(moved, ref="T", said="late", at=later(hours=5))
    assert (book(), parts(), check_money()) == ({}, [(SUM, 0, 0, 0, 0, SUM, 0)], [])
    # Heard twice, by the run and by a notify: booked once, and owed to the seller at once.
    for hours in (5, 6):
        booked = _make_room_for(answer(LodgementState.CONFIRMED, hours))
        record_taken(moved, ref="T", said="late", at=later(hours=hours))
        assert booked == (1 if hours == 5 else 0)
        assert (book(), state()) == ({"outside": -owed, "refunds": owed}, ExitState.PAYING)
        assert parts() == [(SUM, 0, 0, 0, 0, SUM, 0)]
        assert fetch_rows("SELECT besides_minor FROM deposits_authorisation") == [(owed,)]
        assert check_money() == []
    assert events(EventKind.DEPOSIT_TAKEN) == [owed]
    pay(later(hours=7), through)
    assert (book(), state()) == ({}, ExitState.PAID)
    assert steps()[-3:] == ["CAME_BACK", "PAYMENT_CONFIRMED", "PAID"]
    now = detail()
    assert (now.exit.sent_minor, now.exit.paid_minor) == (SUM + owed, SUM + owed)
    paid = [(p.amount_minor, p.is_let_go) for p in now.payments]
    assert sorted(paid) == [(owed, False), (SUM, True)]
    assert {p.state for p in now.payments} == {PayoutState.CONFIRMED}
    assert check_money() == []
    # What came to the account at the gateway is what was lodged in cash for what was charged.
    assert (bill(through), reconcile(through).differences) == (owed, ())


def test_what_comes_of_a_sum_partly_lost_and_partly_let_go_of_is_split_to_the_fen(
    db: None, tmp_path: Path
) -> None:
    """So much as was lost stands as deposit again; the rest had been let go of, and goes back."""
    open_world(deposit=0)
    through = gateway(tmp_path)
    owed = called_back(through)
    apply(at=later(hours=3))
    approve(later(hours=3))
    sweep(later(hours=3))
    lost = owed // 3
    # A part of letting go was kept here, and then the sum was seen to have ended.
    [row] = deposits_now.frozen_of(SELLER)
    name = halves_of(row.lodgement)
    assert exits.transfer_instead(SELLER, name, lost, at=later(hours=3)) == lost
    assert deposits.lose_frozen(SELLER, name, at=later(hours=3)) == lost
    pay(later(hours=4), through)
    assert parts() == [(SUM, 0, 0, 0, 0, SUM - lost, lost)]
    assert check_money() == []
    before = book()
    moved = moved_named(Named(Direction.IN, SELLER, deposits_now.takings_of(SELLER)[0].taking))
    assert moved is not None
    record_taken(moved, ref="T", said="late", at=later(hours=5))
    after = book()
    assert after["deposit"] - before.get("deposit", 0) == lost
    assert after["refunds"] - before.get("refunds", 0) == owed - lost
    assert after["outside"] - before["outside"] == -owed
    assert parts() == [(SUM, 0, 0, 0, lost, SUM - lost, 0)]
    assert check_money() == []
    pay(later(hours=6), through)
    assert state() is ExitState.PAID
    assert reconcile(through).differences == ()
    assert check_money() == []
