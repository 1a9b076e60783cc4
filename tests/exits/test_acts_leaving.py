"""The path a seller knows: see, apply, review, money back; whole, in part, called off."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import pytest

from tests.exits.making import (
    ACCOUNT,
    HOLDER,
    NOW,
    SELLER,
    SHOP,
    apply,
    approve,
    book,
    check,
    completed,
    detail,
    everything_else,
    later,
    order,
    pay,
    standing,
    state,
    steps,
    sweep,
)
from xiaobao.exits import acts
from xiaobao.exits.facts import Blocker, ExitState, Scope
from xiaobao.ledger.queries import check as broken_laws
from xiaobao.sellers.facts import Standing
from xiaobao.sellers.queries import items_covered, promises_of

if TYPE_CHECKING:
    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.promises.facts import Market


def test_nothing_in_the_way_all_of_it_comes_back(world: Market, through: TestGateway) -> None:
    assert apply() == 1
    assert standing() is Standing.EXITING
    assert items_covered(SELLER) == 2
    assert approve(later(days=1)) == 100_000
    assert book() == {"outside": -100_000, "locked": 100_000}
    pay(later(days=1), through)
    assert (state(), standing()) == (ExitState.PAID, Standing.EXITED)
    assert book() == {}
    assert steps() == [
        "DRAFTED", "SUBMITTED", "CHECKED", "REVIEW_BEGUN", "APPROVED", "PAYING_BEGUN",
        "PAYMENT_CONFIRMED", "PAID",
    ]  # fmt: skip
    (paid,) = detail().payments
    assert (paid.amount_minor, paid.account, paid.holder) == (100_000, ACCOUNT, HOLDER)
    assert [line.amount_minor for line in through.bill()] == [100_000]
    assert items_covered(SELLER) == 0
    assert all(row.ended_at == later(days=1) for row in promises_of(SELLER))
    assert broken_laws() == []


def test_what_is_exposed_stays_until_its_date_and_then_comes_too(
    world: Market, through: TestGateway
) -> None:
    """Vector 10: 1,000 deposited, 120 exposed: 880 now, and the rest with its dates."""
    # 300 of goods open hold 30 %: 27 % for the trade on top of 3 % for the quiet time after it.
    order(world, "open", 30_000, placed=later(days=-2))
    completed(world, "done", 100_000, later(days=-20))
    found = check()
    assert (found.free_minor, found.kept_minor) == (88_000, 12_000)
    assert [(b.kind, b.subject, b.held_minor, b.ends_at) for b in found.blockers] == [
        (Blocker.QUIET, "done", 3_000, later(days=10)),
        (Blocker.OPEN_TRADE, "open", 8_100, later(days=13)),
        (Blocker.QUIET, "open", 900, later(days=43)),
    ]
    assert [(s.at, s.amount_minor, s.total_minor) for s in found.stages] == [
        (NOW, 88_000, 88_000),
        (later(days=10), 3_000, 91_000),
        (later(days=13), 8_100, 99_100),
        (later(days=43), 900, 100_000),
    ]
    apply()
    assert approve(NOW) == 88_000
    pay(NOW, through)
    assert (state(), standing()) == (ExitState.PAYING, Standing.EXITED)
    assert book() == {"outside": -12_000, "deposit": 12_000}
    assert [(h.kind, h.held_minor) for h in detail().held] == [
        (Blocker.QUIET, 3_000), (Blocker.OPEN_TRADE, 8_100), (Blocker.QUIET, 900),
    ]  # fmt: skip
    pay(later(days=10) - timedelta(microseconds=1), through)
    assert book()["deposit"] == 12_000
    pay(later(days=10), through)
    assert book()["deposit"] == 9_000
    pay(later(days=43), through)
    assert (state(), book()) == (ExitState.PAID, {})
    assert [line.amount_minor for line in through.bill()].count(88_000) == 1
    assert sum(line.amount_minor for line in through.bill()) == 100_000


def test_who_stays_takes_what_is_above_the_requirement(
    world: Market, through: TestGateway
) -> None:
    import numpy as np

    from xiaobao.deposits.acts import quote_deposits

    completed(world, "first", 500_000, later(days=-40))
    quote_deposits(np.array([SELLER]), at=NOW)
    found = check(Scope.PART)
    assert found.required_minor == 100_000
    assert found.free_minor == 0
    with pytest.raises(acts.ExitAmountTooLarge) as refused:
        apply(Scope.PART, amount=1)
    assert refused.value.fields == {"asked_minor": 1, "free_minor": 0}
    assert standing() is Standing.ACTIVE
    from tests.exits.making import put

    put(SHOP, 25_000)
    assert check(Scope.PART).free_minor == 25_000
    apply(Scope.PART, amount=20_000)
    assert approve(later(hours=1)) == 20_000
    pay(later(hours=2), through)
    assert (state(), standing()) == (ExitState.PAID, Standing.ACTIVE)
    assert book() == {"outside": -105_000, "deposit": 105_000}
    assert items_covered(SELLER) == 2


@pytest.mark.parametrize("approved", [False, True])
def test_called_off_everything_is_as_it_was(world: Market, *, approved: bool) -> None:
    order(world, "open", 30_000, placed=later(days=-2))
    before = everything_else()
    apply()
    if approved:
        approve(later(hours=1))
        assert book()["locked"] == 91_000
    acts.cancel_exit(SELLER, by=SHOP, at=later(hours=2))
    assert everything_else() == before
    assert (state(), standing()) == (ExitState.CANCELLED, Standing.ACTIVE)
    assert sweep(later(days=90)) == 0
    # Another may follow.
    assert apply(key="k2", at=later(hours=3)) == 2


def test_once_money_is_on_its_way_nothing_is_called_off(world: Market) -> None:
    apply()
    approve(NOW)
    sweep(NOW)
    with pytest.raises(acts.ExitMoveImpossible):
        acts.cancel_exit(SELLER, by=SHOP, at=NOW)
    assert book() == {"outside": -100_000, "refunds": 100_000}


def test_the_same_key_asks_once_and_another_waits(world: Market) -> None:
    assert [apply(), apply(), apply(at=later(days=1))] == [1, 1, 1]
    assert len(steps()) == 4
    with pytest.raises(acts.ExitKeyReused):
        apply(Scope.PART, amount=5)
    with pytest.raises(acts.ExitUnderWay):
        apply(key="k2")


def test_no_money_without_an_account_in_the_real_name(world: Market) -> None:
    from xiaobao.sellers.acts import update_profile

    update_profile(SELLER, {"legal_name": " "}, at=NOW)
    assert check().missing == ("legal_name",)
    with pytest.raises(acts.BoundAccountMissing):
        apply()
    assert standing() is Standing.ACTIVE
    with pytest.raises(acts.NoExitUnderWay):
        approve(NOW)
