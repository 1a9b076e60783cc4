"""A reversal: the seller stands where it would have stood, the buyer keeps the money."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.advances.making import AT, book, owed_by
from xiaobao.advances.acts import (
    CompensationUnknown,
    compensate,
    recover_debts,
    reverse_compensation,
    sweep_penalties,
)
from xiaobao.advances.facts import MoneyMoved
from xiaobao.advances.queries import payouts_of, split_totals
from xiaobao.deposits.acts import add_cover
from xiaobao.deposits.queries import cover_available
from xiaobao.kernel.clocks import DAY_US, moment_of
from xiaobao.ledger.facts import Account
from xiaobao.ledger.queries import check
from xiaobao.outbox.queries import counts_by_kind
from xiaobao.promises.queries import market

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.advances.facts import Owed
    from xiaobao.kernel.columns import Int

LATER = moment_of(AT + DAY_US)


def owed(sellers: Int, buyer: list[int], platform: list[int], **more: Any) -> Owed:
    return owed_by(sellers.tolist(), buyer, platform, market_id=market("cn").market_id, **more)


def reverse(asked: Owed) -> MoneyMoved:
    return reverse_compensation(asked.seller_id, asked.cause_hi, asked.cause_lo, at=LATER)


def test_reserve_deposit_and_debt_are_put_back(
    sellers: Int, give: Callable[[int, Account, int], None]
) -> None:
    shop = int(sellers[0])
    give(shop, Account.RESERVE, 20_000)
    give(shop, Account.DEPOSIT, 50_000)
    asked = owed(sellers[:1], [80_000], [0])
    compensate(asked)
    assert reverse(asked) == MoneyMoved(books=1, amount_minor=80_000)
    # The buyer's 800 is still on its way; the fund has brought 800 in and struck out the debt.
    assert book(shop) == {
        "outside": -150_000, "reserve": 20_000, "deposit": 50_000, "buyers": 80_000,
    }  # fmt: skip
    assert payouts_of(shop)[0].amount_minor == 80_000
    assert check() == []
    assert split_totals()[0].reversed_minor == 80_000
    # Once.
    before = book(shop), counts_by_kind()
    assert reverse(asked) == MoneyMoved()
    assert (book(shop), counts_by_kind()) == before


def test_a_debt_that_was_repaid_comes_back_as_deposit(
    sellers: Int, give: Callable[[int, Account, int], None]
) -> None:
    shop = int(sellers[0])
    asked = owed(sellers[:1], [1_000], [0])
    compensate(asked)
    give(shop, Account.DEPOSIT, 700)
    assert recover_debts(at=LATER) == MoneyMoved(books=1, amount_minor=700)
    assert book(shop) == {"outside": -700, "fund": -300, "buyers": 1_000}
    reverse(asked)
    assert book(shop) == {"outside": -1_700, "deposit": 700, "buyers": 1_000}


def test_two_debts_one_struck_out(sellers: Int, give: Callable[[int, Account, int], None]) -> None:
    shop = int(sellers[0])
    asked = owed(sellers[[0, 0]], [100, 100], [0, 0])
    compensate(asked)
    give(shop, Account.DEPOSIT, 150)
    recover_debts(at=LATER)
    assert book(shop)["fund"] == -50
    reverse(asked.take(np.array([0])))
    # 50 of debt is left to strike out; the other 50 was repaid with the seller's own money.
    assert book(shop) == {"outside": -250, "deposit": 50, "buyers": 200}


@pytest.mark.parametrize("is_swept", [False, True])
def test_the_punitive_part_comes_back_whether_swept_or_not(
    sellers: Int, give: Callable[[int, Account, int], None], *, is_swept: bool
) -> None:
    shop = int(sellers[0])
    give(shop, Account.DEPOSIT, 1_000)
    asked = owed(sellers[:1], [300], [200])
    compensate(asked)
    if is_swept:
        assert sweep_penalties(at=LATER) == MoneyMoved(books=1, amount_minor=200)
    reverse(asked)
    assert book(shop)["deposit"] == 1_000
    sweep_penalties(at=LATER)
    assert book(shop) == {"outside": -1_300, "deposit": 1_000, "buyers": 300}


def test_what_was_never_paid_cannot_be_reversed_and_nothing_moves(sellers: Int) -> None:
    asked = owed(sellers, [10, 20, 30], [0, 0, 0])
    compensate(asked.take(np.array([0, 1])))
    before = [book(s) for s in sellers.tolist()]
    with pytest.raises(CompensationUnknown) as refused:
        reverse(asked)
    assert refused.value.fields["seller_id"] == int(sellers[2])
    assert [book(s) for s in sellers.tolist()] == before


def test_the_same_cause_twice_in_one_call_is_one_reversal(sellers: Int) -> None:
    asked = owed(sellers[:1], [10], [0])
    compensate(asked)
    assert reverse(asked.take(np.array([0, 0]))).amount_minor == 10
    assert book(int(sellers[0])) == {"outside": -10, "buyers": 10}


def test_what_cover_bore_makes_the_limit_whole_again(sellers: Int) -> None:
    shop = int(sellers[0])
    begins, ends = moment_of(AT - DAY_US), moment_of(AT + 9 * DAY_US)
    made: dict[str, Any] = {
        "insurer": "保险公司",
        "limit_minor": 900,
        "begins_at": begins,
        "ends_at": ends,
        "is_premium_paid": True,
    }
    add_cover(shop, "保单一", **made, at=moment_of(AT))
    asked = owed(sellers[[0, 0]], [600, 600], [0, 0])
    compensate(asked)
    assert cover_available(sellers[:1], AT).tolist() == [0]
    assert book(shop) == {"outside": -900, "fund": -300, "buyers": 1_200}
    for _ in range(2):
        reverse(asked.take(np.array([1])))
        # The second cause had drawn 300 of the cover and 300 of the fund.
        assert cover_available(sellers[:1], AT).tolist() == [300]
        assert book(shop) == {"outside": -1_200, "buyers": 1_200}
    reverse(asked)
    assert cover_available(sellers[:1], AT).tolist() == [900]
    assert book(shop) == {"outside": -1_200, "buyers": 1_200}
    assert check() == []
