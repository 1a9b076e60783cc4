"""Debts are repaid from what comes in; punitive money leaves the books for the fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.advances.making import AT, book, owed_by
from xiaobao.advances.acts import compensate, recover_debts, sweep_penalties
from xiaobao.advances.facts import MoneyMoved
from xiaobao.advances.queries import split_totals
from xiaobao.kernel.clocks import HOUR_US, moment_of
from xiaobao.ledger.facts import Account, Why
from xiaobao.ledger.queries import check, statement
from xiaobao.outbox.queries import counts_by_kind
from xiaobao.promises.queries import market

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int

LATER = moment_of(AT + HOUR_US)
DONE = MoneyMoved()


def in_debt(sellers: Int, amounts: list[int]) -> None:
    market_id = market("cn").market_id
    compensate(owed_by(sellers.tolist(), amounts, [0] * len(amounts), market_id=market_id))


def test_the_reserve_pays_first_then_the_deposit_and_never_more_than_the_debt(
    sellers: Int, give: Callable[[int, Account, int], None]
) -> None:
    in_debt(sellers, [1_000, 1_000, 1_000])
    first, second, third = sellers.tolist()
    give(first, Account.RESERVE, 300)
    give(first, Account.DEPOSIT, 200)
    give(second, Account.RESERVE, 400)
    give(second, Account.DEPOSIT, 5_000)
    assert recover_debts(at=LATER) == MoneyMoved(books=2, amount_minor=1_500)
    assert book(first) == {"outside": -500, "fund": -500, "buyers": 1_000}
    assert book(second) == {"outside": -5_400, "deposit": 4_400, "buyers": 1_000}
    assert book(third) == {"fund": -1_000, "buyers": 1_000}
    assert [(line.why, line.amount_minor, line.at) for line in statement(second)[:2]] == [
        (Why.DEBT_RECOVERED, 600, LATER), (Why.DEBT_RECOVERED, 400, LATER),
    ]  # fmt: skip
    assert counts_by_kind()["debt.recovered"] == 2
    assert split_totals()[0].recovered_minor == 1_500
    assert check() == []


def test_again_there_is_nothing_left_to_recover(
    sellers: Int, give: Callable[[int, Account, int], None]
) -> None:
    in_debt(sellers[:1], [1_000])
    shop = int(sellers[0])
    give(shop, Account.DEPOSIT, 300)
    recover_debts(at=LATER)
    before = book(shop)
    assert recover_debts(at=LATER) == DONE
    assert book(shop) == before
    # New income is another matter, though it comes at the same moment.
    give(shop, Account.DEPOSIT, 300)
    assert recover_debts(at=LATER) == MoneyMoved(books=1, amount_minor=300)


def test_only_the_sellers_asked_about(
    sellers: Int, give: Callable[[int, Account, int], None]
) -> None:
    in_debt(sellers, [10, 10, 10])
    for shop in sellers.tolist():
        give(shop, Account.DEPOSIT, 10)
    assert recover_debts(sellers[:1], at=LATER).books == 1
    assert recover_debts(np.zeros(0, np.int64), at=LATER) == DONE
    assert book(int(sellers[1]))["deposit"] == 10


def test_who_has_nothing_repays_nothing(
    sellers: Int, give: Callable[[int, Account, int], None]
) -> None:
    in_debt(sellers[:1], [10])
    assert recover_debts(at=LATER) == DONE


def test_penalties_are_swept_once(sellers: Int, give: Callable[[int, Account, int], None]) -> None:
    first, second, _ = sellers.tolist()
    give(first, Account.DEPOSIT, 100)
    compensate(owed_by([first, second], [10, 0], [70, 30], market_id=market("cn").market_id))
    assert sweep_penalties(at=LATER) == MoneyMoved(books=2, amount_minor=100)
    assert book(first) == {"outside": -30, "deposit": 20, "buyers": 10}
    assert book(second) == {"outside": 30, "fund": -30}
    assert sweep_penalties(at=LATER) == DONE
    assert counts_by_kind()["penalty.swept"] == 2
    assert check() == []
