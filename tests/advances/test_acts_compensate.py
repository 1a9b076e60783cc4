"""Compensation: the buyer is paid at once, every source bears its part, a cause pays once."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.advances.making import AT, book, owed_by
from xiaobao.advances.acts import BookMissing, CompensationDiffers, compensate
from xiaobao.advances.facts import PayoutState, SettleReport
from xiaobao.advances.queries import payouts_of, split_totals
from xiaobao.deposits.acts import add_cover
from xiaobao.kernel.clocks import DAY_US, moment_of
from xiaobao.kernel.references import uuid_of
from xiaobao.ledger.facts import Account, Why
from xiaobao.ledger.queries import check, statement
from xiaobao.outbox.queries import counts_by_kind, events_of
from xiaobao.promises.queries import market

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int


def owed(sellers: Int, buyer: list[int], platform: list[int], **more: Any) -> Any:
    return owed_by(sellers.tolist(), buyer, platform, market_id=market("cn").market_id, **more)


def test_claim_800_settlement_200_deposit_500(
    sellers: Int, give: Callable[[int, Account, int], None]
) -> None:
    shop = int(sellers[0])
    give(shop, Account.RESERVE, 20_000)
    give(shop, Account.DEPOSIT, 50_000)
    report = compensate(owed(sellers[:1], [80_000], [0]))
    assert report == SettleReport(
        found=1, paid=1, buyers_minor=80_000, platform_minor=0, advanced_minor=10_000
    )
    assert book(shop) == {"outside": -70_000, "fund": -10_000, "buyers": 80_000}
    assert [(line.why, line.amount_minor) for line in statement(shop)[:3]] == [
        (Why.ADVANCE, 10_000), (Why.COMPENSATION, 50_000), (Why.COMPENSATION, 20_000),
    ]  # fmt: skip
    payout = payouts_of(shop)[0]
    assert (payout.amount_minor, payout.state, payout.attempts) == (80_000, PayoutState.CREATED, 0)
    assert (payout.next_at, payout.ended_at) == (moment_of(AT), None)
    assert check() == []
    # Nothing else moved.
    for other in sellers[1:].tolist():
        assert book(other) == {}
        assert payouts_of(other) == []


def test_the_same_cause_again_changes_nothing(
    sellers: Int, give: Callable[[int, Account, int], None]
) -> None:
    give(int(sellers[0]), Account.DEPOSIT, 1_000)
    asked = owed(sellers, [600, 700, 0], [0, 0, 50])
    compensate(asked)
    before = [book(s) for s in sellers.tolist()], counts_by_kind(), split_totals()
    report = compensate(asked)
    assert (report.found, report.paid, report.buyers_minor) == (3, 0, 0)
    assert ([book(s) for s in sellers.tolist()], counts_by_kind(), split_totals()) == before
    # In another batch, beside something new, only the new is paid.
    more = owed(np.repeat(sellers, 2), [600, 1, 700, 2, 0, 3], [0, 0, 0, 0, 50, 0],
                number=[0, 10, 1, 11, 2, 12])  # fmt: skip
    assert compensate(more).buyers_minor == 6
    assert book(int(sellers[1]))["buyers"] == 702


@pytest.mark.parametrize("column", ["buyer_minor", "platform_minor", "buyer_id"])
def test_a_cause_with_other_content_is_refused_and_nothing_moves(
    column: str, sellers: Int
) -> None:
    asked = owed(sellers[:1], [600], [20])
    compensate(asked)
    before = book(int(sellers[0]))
    other = getattr(asked, column) + 1
    with pytest.raises(CompensationDiffers) as refused:
        compensate(replace(asked, **{column: other}))
    said = refused.value.says("zh")
    assert "600" in said
    assert str(int(other[0])) in said
    assert book(int(sellers[0])) == before


def test_a_cause_twice_in_one_batch_pays_once(sellers: Int) -> None:
    asked = owed(sellers[[0, 0]], [600, 600], [0, 0], number=[5, 5])
    assert compensate(asked).buyers_minor == 600
    assert book(int(sellers[0])) == {"fund": -600, "buyers": 600}


def test_a_stranger_cannot_be_charged(sellers: Int) -> None:
    asked = owed(np.append(sellers[:1], 77), [600, 5], [0, 0])
    with pytest.raises(BookMissing) as refused:
        compensate(asked)
    assert refused.value.fields == {"seller_id": 77}
    assert book(int(sellers[0])) == {}


def test_cover_pays_before_the_fund_and_only_up_to_its_limit(sellers: Int) -> None:
    shop = int(sellers[0])
    add_cover(
        shop, name="保单一", insurer="保险公司", limit_minor=900,
        begins_at=moment_of(AT - DAY_US), ends_at=moment_of(AT + DAY_US),
        is_premium_paid=True, at=moment_of(AT),
    )  # fmt: skip
    compensate(owed(sellers[[0, 0]], [600, 600], [100, 0]))
    assert book(shop) == {"outside": -900, "fund": -400, "buyers": 1200, "penalty": 100}
    compensate(owed(sellers[:1], [5], [0], number=[9]))
    assert book(shop)["fund"] == -405


def test_events_name_the_order_and_the_buyer_and_payouts_their_cause(sellers: Int) -> None:
    asked = owed(sellers[:1], [600], [30])
    compensate(asked)
    told = events_of(sellers[:1])
    here = told.take(told.kind == 301)
    assert here.subject_id.tolist() == [1000]
    assert here.party_id.tolist() == [2000]
    assert here.amount_minor.tolist() == [600]
    payout = payouts_of(int(sellers[0]))[0]
    assert payout.payout == uuid_of(int(asked.cause_hi[0]), int(asked.cause_lo[0]))
    assert payout.buyer_id == 2000


def test_a_punitive_part_alone_makes_no_payout(sellers: Int) -> None:
    compensate(owed(sellers[:1], [0], [30]))
    assert book(int(sellers[0])) == {"fund": -30, "penalty": 30}
    # No buyer has money to be told of.
    assert 301 not in events_of(sellers[:1]).kind
    assert payouts_of(int(sellers[0])) == []


def test_totals_say_who_bore_what(sellers: Int, give: Callable[[int, Account, int], None]) -> None:
    give(int(sellers[0]), Account.RESERVE, 100)
    give(int(sellers[1]), Account.DEPOSIT, 50)
    compensate(owed(sellers, [90, 80, 70], [20, 0, 0]))
    total = split_totals()[0]
    assert (total.paid, total.buyers_minor, total.platform_minor) == (3, 240, 20)
    assert (total.reserve_minor, total.deposit_minor, total.cover_minor) == (100, 50, 0)
    assert (total.fund_minor, total.recovered_minor, total.reversed_minor) == (110, 0, 0)
