"""A shop's deposit comes in through Alipay and leaves with it: signed, to the fen, and billed."""

from __future__ import annotations

from datetime import date, timedelta
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
    later,
    open_world,
    pay,
    standing,
    state,
)
from tests.gateways.alipay_here import adapter, alipay_at
from tests.work.test_frozen import charge
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.facts import LodgementState
from xiaobao.deposits.queries import lodgements_of
from xiaobao.exits.facts import ExitState
from xiaobao.gateways.alipay.fetching import fetch_bill
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.alipay.yuan import yuan_of
from xiaobao.gateways.bills import read_bill
from xiaobao.gateways.local_alipay.book import Behaviour
from xiaobao.gateways.local_alipay.signing import Signatures
from xiaobao.gateways.payments import Direction, Result, code_shown
from xiaobao.kernel.clocks import us_of
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Standing
from xiaobao.work.asking import ask_about
from xiaobao.work.bills.closing import close_day
from xiaobao.work.bills.matching import match_bill
from xiaobao.work.bills.taking import take_in
from xiaobao.work.checking import check_money
from xiaobao.work.collecting import confirm_deposits
from xiaobao.work.freezing import take_what_is_owed
from xiaobao.work.lodging import lodge_deposit
from xiaobao.work.notices import Outcome, take_notice
from xiaobao.work.through import _PAYEES

if TYPE_CHECKING:
    from pathlib import Path

DAY = "2025-10-15"
SUM = 100_000


@pytest.mark.parametrize("deposits", ["payment", "freeze"])
def test_a_deposit_is_scanned_and_goes_back_whole_when_its_shop_leaves(
    db: None, tmp_path: Path, deposits: str
) -> None:
    open_world(deposit=0)
    shop = sellers.seller_named(SHOP)
    # Nobody scans by itself, and each transfer's first answer is lost.
    behaviour = Behaviour(scan_after_ms=-1, busy_moved_ppm=1_000_000)
    with alipay_at(tmp_path / "alipay", Behaviour(scan_after_ms=-1), deposits=deposits) as (
        here, config,
    ):  # fmt: skip
        through = adapter(config)
        through._payee_of = _PAYEES["bound"]
        through._now = lambda: NOW
        lodge_deposit(shop, SUM, key=1, at=NOW, gateway=through)
        [asked] = lodgements_of(SELLER)
        assert asked.state is LodgementState.UNKNOWN
        assert code_shown(asked.answer).startswith("https://qr.alipay.com/")
        table = "trade" if deposits == "payment" else "auth"
        with here.book.turn() as kept:
            kept.execute(f"UPDATE {table} SET due_ms = 0")
        here._teller.scan_due()
        assert book() == {}
        assert confirm_deposits(us_of(later(minutes=20)), through) == 1
        assert book() == {"outside": -SUM, "deposit": SUM}

        here.book.behave(behaviour)
        apply(at=later(hours=1))
        assert approve(later(hours=2)) == SUM
        pay(later(hours=2), through)
        # It has moved, and we have not heard so: asked about, never sent again.
        assert (state(), book()) == (ExitState.PAYING, {"outside": -SUM, "refunds": SUM})
        pay(later(hours=5), through)
        assert (state(), book(), standing()) == (ExitState.PAID, {}, Standing.EXITED)
        with here.book.turn() as kept:
            sent = kept.execute("SELECT payee, name, fen FROM transfer").fetchall()
            times = kept.execute(
                "SELECT times FROM asked WHERE method = 'alipay.fund.trans.uni.transfer'"
            ).fetchall()
        assert (sent, times) == ([(ACCOUNT, HOLDER, SUM)], [(1,)])
        assert [one.fen for one in here.book.entries()] == [SUM, -SUM]

        file = tmp_path / "bill.zip"
        file.write_bytes(fetch_bill(config, "signcustomer", DAY, NOW))
    bill = read_bill(file)
    assert take_in(bill, file.name, at=later(days=1)).lines_new == 2
    matched = match_bill(bill)
    assert (matched.agreed, matched.reconciled, matched.differences) == (2, 1, ())
    assert close_day(date.fromisoformat(DAY), at=NOW + timedelta(days=1)).differences == 0
    assert check_money() == []


def test_a_deposit_stays_frozen_is_taken_in_part_and_let_go_of_and_billed(
    db: None, tmp_path: Path
) -> None:
    """First answers are lost; a notify tells of the taking, and a person asks about numbers."""
    open_world(deposit=0)
    behaviour = Behaviour(scan_after_ms=-1, busy_moved_ppm=1_000_000)
    with alipay_at(tmp_path / "alipay", Behaviour(scan_after_ms=-1), deposits="freeze") as (
        here, config,
    ):  # fmt: skip
        through = adapter(config)
        through._payee_of = _PAYEES["bound"]
        through._now = lambda: NOW
        lodge_deposit(sellers.seller_named(SHOP), SUM, key=1, at=NOW, gateway=through,
                      is_frozen=True)  # fmt: skip
        with here.book.turn() as kept:
            kept.execute("UPDATE auth SET due_ms = 0")
        here._teller.scan_due()
        assert confirm_deposits(us_of(later(minutes=20)), through) == 1
        [frozen] = deposits_now.frozen_of(SELLER)
        # Whoever asks about it takes nothing of it.
        number = number_of(Direction.IN, SELLER, frozen.lodgement)
        assert ask_about(number, through, at=later(minutes=30)).result is Result.CONFIRMED
        assert (book(), here.book.entries()) == ({"outside": -SUM, "deposit": SUM}, [])

        here.book.behave(behaviour)
        owed = charge("a premium", later(hours=1))
        through._now = lambda: later(hours=1)
        take_what_is_owed(us_of(later(hours=1)), through)
        [taking] = deposits_now.takings_of(SELLER)
        told = {
            "notify_id": "n1", "notify_time": "2025-10-15 11:00:00", "app_id": config.app_id,
            "seller_id": config.seller_id, "trade_status": "TRADE_SUCCESS", "trade_no": "T1",
            "out_trade_no": number_of(Direction.IN, SELLER, taking.taking),
            "total_amount": yuan_of(owed),
        }  # fmt: skip
        signed = Signatures(tmp_path / "alipay").notify(told)
        assert take_notice(signed, through, at=later(hours=1)) is Outcome.TAKEN
        through._now = lambda: later(hours=2)
        take_what_is_owed(us_of(later(hours=2)), through)
        [frozen] = deposits_now.frozen_of(SELLER)
        assert (frozen.taken_minor, frozen.taking_minor) == (owed, 0)

        apply(at=later(hours=2))
        assert approve(later(hours=2)) == SUM - owed
        through._now = lambda: later(hours=3)
        pay(later(hours=3), through)
        pay(later(hours=6), through)
        assert (state(), book(), standing()) == (ExitState.PAID, {}, Standing.EXITED)
        with here.book.turn() as kept:
            assert kept.execute("SELECT rest, paid FROM auth").fetchall() == [(0, owed)]
            assert kept.execute("SELECT count(*) FROM transfer").fetchall() == [(0,)]
        assert [one.fen for one in here.book.entries()] == [owed]
        file = tmp_path / "bill.zip"
        file.write_bytes(fetch_bill(config, "signcustomer", DAY, NOW))
    bill = read_bill(file)
    take_in(bill, file.name, at=later(days=1))
    matched = match_bill(bill)
    assert (matched.agreed, matched.differences) == (1, ())
    assert close_day(date.fromisoformat(DAY), at=NOW + timedelta(days=1)).differences == 0
    assert check_money() == []
