"""A deposit that stays frozen with its seller: taken where owed, let go of on leaving."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
import pytest

from tests.exits.making import (
    NOW,
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
    standing,
    state,
)
from tests.work.test_frozen_stateful import Dying
from xiaobao.advances.acts import recover_debts
from xiaobao.advances.facts import PayoutState
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.acts import LodgementOtherWay, TakingAnswers
from xiaobao.deposits.facts import LodgementState
from xiaobao.exits.facts import ExitState, Scope
from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import halves_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Account, Op, Postings, Why
from xiaobao.outbox.facts import EventKind
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Standing
from xiaobao.work.checking import check_money
from xiaobao.work.collecting import confirm_deposits
from xiaobao.work.freezing import take_what_is_owed
from xiaobao.work.lodging import lodge_deposit
from xiaobao.work.reconciling import reconcile

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path
    from uuid import UUID

    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.kernel.columns import Int

SUM = 100_000


def freeze(through: TestGateway, amount: int = SUM, *, key: int = 1, at: datetime = NOW) -> None:
    lodge_deposit(
        sellers.seller_named(SHOP), amount, key=key, at=at, gateway=through, is_frozen=True
    )
    confirm_deposits(us_of(at + timedelta(hours=1)), through)


def charge(name: str, at: datetime) -> int:
    """A premium out of the deposit: so much the platform pays for the seller."""
    before = book()["deposit"]
    deposits.add_cover(
        SELLER, name, insurer="an insurer", limit_minor=300_000, begins_at=at,
        ends_at=at + timedelta(days=30), is_premium_paid=False, at=at,
    )  # fmt: skip
    return before - book()["deposit"]


def parts() -> list[tuple[int, ...]]:
    """Of each sum: whole, frozen, being taken, leaving, taken, let go of, lost."""
    return [
        (r.amount_minor, r.frozen_minor, r.taking_minor, r.leaving_minor, r.taken_minor,
         r.let_go_minor, r.lost_minor)
        for r in deposits_now.frozen_of(SELLER)
    ]  # fmt: skip


def col(value: int) -> Int:
    return np.array([value], np.int64)


def named_as(name: UUID) -> tuple[Int, Int, Int]:
    hi, lo = halves_of(name)
    return col(SELLER), col(hi), col(lo)


def events(kind: EventKind) -> list[int]:
    rows = fetch_rows(
        "SELECT amount_minor FROM outbox_event WHERE kind = %s ORDER BY event", [kind.value]
    )
    return [row[0] for row in rows]


def sound(through: TestGateway) -> None:
    """Both sides agree to the fen: our books, what stands frozen, and the gateway's own."""
    assert check_money() == []
    cash = sum(
        line.amount_minor if line.direction == 2 else -line.amount_minor for line in through.bill()
    )
    known = {row.lodgement: row.frozen_minor for row in deposits_now.frozen_of(SELLER)}
    assert {k: v for k, v in known.items() if v} == {
        k: v for k, v in through.frozen().items() if v
    }
    # Premiums go to an insurer outside, by another way than this gateway.
    assert cash == sum(row.taken_minor for row in deposits_now.frozen_of(SELLER))
    assert reconcile(through).differences == ()


def test_it_stays_with_its_seller_until_it_is_owed_and_leaves_without_a_transfer(
    db: None, tmp_path: Path
) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    assert (book(), parts()) == (
        {"outside": -SUM, "deposit": SUM}, [(SUM, SUM, 0, 0, 0, 0, 0)],
    )  # fmt: skip
    # Asked again it is the same, and by the other way it is refused.
    freeze(through)
    with pytest.raises(LodgementOtherWay):
        lodge_deposit(sellers.seller_named(SHOP), SUM, key=1, at=NOW, gateway=through)
    assert take_what_is_owed(us_of(later(hours=2)), through) == 0
    sound(through)
    owed = charge("a", later(hours=3))
    assert owed > 0
    assert [take_what_is_owed(us_of(later(hours=h)), through) for h in (3, 3, 4)] == [1, 0, 0]
    rest = SUM - owed
    assert parts() == [(SUM, rest, 0, 0, owed, 0, 0)]
    [taking] = deposits_now.takings_of(SELLER)
    assert (taking.amount_minor, taking.state) == (owed, LodgementState.CONFIRMED)
    sound(through)
    apply(at=later(hours=5))
    assert approve(later(hours=6)) == rest
    pay(later(hours=7), through)
    assert (state(), book(), standing()) == (ExitState.PAID, {}, Standing.EXITED)
    [payment] = detail().payments
    assert (payment.amount_minor, payment.state) == (rest, PayoutState.CONFIRMED)
    assert parts() == [(SUM, 0, 0, 0, owed, rest, 0)]
    assert [line.amount_minor for line in through.bill()] == [owed]
    sound(through)
    assert deposits_now.next_frozen_look_us() is None


def hold(amount: int, at: datetime, name: int = 7) -> Postings:
    """What a claim locks; its posting, to resolve it by."""
    one = Postings.of(
        seller_id=[SELLER], cause_hi=[name], cause_lo=[1], leg=[0], op=[Op.HOLD],
        source=[Account.DEPOSIT], target=[Account.LOCKED], amount_minor=[amount],
        why=[Why.EXPOSURE_LOCKED], hold_hi=[name], hold_lo=[1], expires_us=[FAR_US],
        at_us=[us_of(at)],
    )  # fmt: skip
    ledger.post_all(one)
    return one


def test_what_is_owed_and_cannot_be_taken_any_more_is_a_debt(db: None, tmp_path: Path) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    hold(60_000, NOW)
    owed = charge("a", later(hours=1))
    [row] = deposits_now.frozen_of(SELLER)
    through.end_frozen(row.lodgement)
    assert take_what_is_owed(us_of(later(hours=1)), through) == 0
    # Its own money again: the free part is no deposit, and for the rest the fund stands in.
    assert parts() == [(SUM, 0, 0, 0, 0, 0, SUM)]
    free = SUM - 60_000 - owed
    assert free > 0
    assert book() == {"locked": 60_000, "fund": -(SUM - free), "outside": SUM - 60_000 - free}
    [taking] = deposits_now.takings_in_trouble()
    assert (taking.amount_minor, taking.state) == (owed, LodgementState.FAILED)
    assert check_money() == []
    assert (deposits_now.next_taking_us(), deposits_now.next_frozen_look_us()) == (None, None)
    # The gateway tells of it after all: it stands as deposit again, once.
    answer = TakingAnswers(
        deposits_now.taking_named(*named_as(taking.taking)), col(LodgementState.CONFIRMED),
        col(us_of(later(hours=2))), ["T"], ["OK"],
    )  # fmt: skip
    assert [deposits.record_takings(answer), deposits.record_takings(answer)] == [1, 0]
    assert parts() == [(SUM, 0, 0, 0, owed, 0, SUM - owed)]
    assert book()["deposit"] == owed
    assert check_money() == []


def test_a_seller_is_told_in_time_and_what_is_locked_is_taken_before_the_end(
    db: None, tmp_path: Path
) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    [row] = deposits_now.frozen_of(SELLER)
    assert row.ends_at - row.frozen_at == timedelta(days=360)
    hold(30_000, NOW)
    soon = row.ends_at - timedelta(days=15)
    assert take_what_is_owed(us_of(soon - timedelta(minutes=1)), through) == 0
    assert events(EventKind.DEPOSIT_ENDING) == []
    take_what_is_owed(us_of(soon), through)
    assert deposits_now.next_frozen_look_us() == us_of(soon + timedelta(days=7))
    assert events(EventKind.DEPOSIT_ENDING) == [SUM]
    assert parts() == [(SUM, 70_000, 0, 0, 30_000, 0, 0)]
    take_what_is_owed(us_of(row.ends_at - timedelta(days=1)), through)
    assert deposits_now.next_frozen_look_us() == us_of(row.ends_at)
    # It stands longer than it was to: asked about day by day, and nothing is lost meanwhile.
    take_what_is_owed(us_of(row.ends_at), through)
    assert deposits_now.next_frozen_look_us() == us_of(row.ends_at + timedelta(days=1))
    through.end_frozen(row.lodgement)
    take_what_is_owed(us_of(row.ends_at + timedelta(days=1)), through)
    assert parts() == [(SUM, 0, 0, 0, 30_000, 0, 70_000)]
    assert book() == {"locked": 30_000, "outside": -30_000}
    assert events(EventKind.DEPOSIT_LOST) == [70_000]
    sound(through)


def test_who_has_it_back_already_is_not_paid_again(db: None, tmp_path: Path) -> None:
    """Approved, and the frozen sum ends before the money sets out."""
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through, 70_000)
    freeze(through, 30_000, key=2)
    apply(at=later(hours=2))
    assert approve(later(hours=3)) == SUM
    first = next(r for r in deposits_now.frozen_of(SELLER) if r.amount_minor == 70_000)
    through.end_frozen(first.lodgement)
    halves = halves_of(first.lodgement)
    assert deposits.lose_frozen(SELLER, halves, at=later(hours=4)) == 70_000
    assert deposits.lose_frozen(SELLER, halves, at=later(hours=4)) == 0
    assert book() == {"outside": -30_000, "locked": SUM, "fund": -70_000}
    pay(later(hours=5), through)
    assert [p.amount_minor for p in detail().payments] == [30_000]
    recover_debts(np.array([SELLER]), at=later(hours=6))
    assert (book(), state()) == ({}, ExitState.PAID)
    assert [line.amount_minor for line in through.bill()] == []
    assert check_money() == []
    assert sum(r.let_go_minor for r in deposits_now.frozen_of(SELLER)) == 30_000


def test_what_is_leaving_when_a_sum_ends_is_not_lost_as_well(db: None, tmp_path: Path) -> None:
    """It has left at the gateway, nobody heard of it, and the rest of the sum ends."""
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through)
    apply(Scope.PART, amount=40_000, at=later(hours=2))
    assert approve(later(hours=3)) == 40_000
    with pytest.raises(KeyboardInterrupt):
        pay(later(hours=4), Dying(tmp_path))
    assert parts() == [(SUM, SUM, 0, 40_000, 0, 0, 0)]
    [row] = deposits_now.frozen_of(SELLER)
    through.end_frozen(row.lodgement)
    assert deposits.lose_frozen(SELLER, halves_of(row.lodgement), at=later(hours=5)) == 60_000
    assert deposits.lose_frozen(SELLER, halves_of(row.lodgement), at=later(hours=5)) == 0
    assert parts() == [(SUM, 40_000, 0, 40_000, 0, 0, 60_000)]
    assert events(EventKind.DEPOSIT_LOST) == [60_000]
    pay(later(hours=6), through)
    assert parts() == [(SUM, 0, 0, 0, 0, 40_000, 60_000)]
    assert (book(), state()) == ({}, ExitState.PAID)
    assert (through.bill(), check_money()) == ([], [])


def test_cash_is_used_first_and_frozen_money_leaves_first(db: None, tmp_path: Path) -> None:
    open_world(deposit=0)
    through = gateway(tmp_path)
    freeze(through, 5_000)
    lodge_deposit(sellers.seller_named(SHOP), 20_000, key=2, at=NOW, gateway=through)
    owed = charge("a", later(hours=1))
    assert take_what_is_owed(us_of(later(hours=1)), through) == (1 if owed > 20_000 else 0)
    apply(at=later(hours=2))
    assert approve(later(hours=3)) == 25_000 - owed
    pay(later(hours=4), through)
    assert sorted(p.amount_minor for p in detail().payments) == sorted([5_000, 20_000 - owed])
    assert parts() == [(5_000, 0, 0, 0, 0, 5_000, 0)]
    assert [(x.direction, x.amount_minor) for x in through.bill() if x.direction == 1] == [
        (1, 20_000 - owed)
    ]
    assert (book(), check_money()) == ({}, [])
