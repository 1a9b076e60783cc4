"""Deposits through Alipay: given up only where none can come; what comes late is booked, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.gateways.alipay_here import adapter, alipay_at, refusing
from tests.work.alipay_life import in_numbers, owe
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits.queries import next_lodgement_query_us
from xiaobao.gateways.local_alipay.asking import ref_of
from xiaobao.gateways.local_alipay.book import Behaviour
from xiaobao.gateways.payments import Result
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger.queries import balances
from xiaobao.work.asking import NumberUnknown, ask_about
from xiaobao.work.checking import check_money
from xiaobao.work.collecting import confirm_deposits
from xiaobao.work.paying import send_payouts

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.gateways.local_alipay.serving import LocalAlipay

# 10:00 in China, and the day after.
AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
NEXT = AT + timedelta(days=1)


def states() -> list[tuple[int, str]]:
    return fetch_rows("SELECT state, answer FROM deposits_lodgement ORDER BY seller_id, lodgement")


def trades(here: LocalAlipay, status: str = "") -> list[str]:
    """Where each stands at the local Alipay; put there first, where a status is given."""
    with here.book.turn() as book:
        if status:
            book.execute("UPDATE trade SET status = ?", (status,))
        return [row[0] for row in book.execute("SELECT status FROM trade ORDER BY number")]


def scanned(here: LocalAlipay) -> int:
    """Whoever still has a code scans it now; how many came in by it, ever."""
    with here.book.turn() as book:
        book.execute("UPDATE trade SET due_ms = 0 WHERE status IN ('SHOWN', 'CALLED_OFF')")
    here._teller.scan_due()
    return len(here.book.entries())


def test_a_deposit_that_nobody_pays_is_given_up_and_can_be_paid_no_more(
    db: None, tmp_path: Path
) -> None:
    owe(0, 2, at=AT)
    with alipay_at(tmp_path / "alipay", Behaviour(scan_after_ms=-1)) as (here, config):
        through = adapter(config)
        through._now = lambda: AT
        first_us = next_lodgement_query_us()
        assert first_us is not None
        assert confirm_deposits(first_us, through) == 0
        # Asked for at one moment, each is shown its own code to scan and nobody else's.
        shown = [f"SCAN https://qr.alipay.com/{ref_of('qr', n, '')}" for n, _ in in_numbers()]
        assert shown[0] != shown[1]
        assert states() == [(4, code) for code in shown]
        assert confirm_deposits(us_of(AT + timedelta(hours=24)), through) == 0
        assert {state for state, _ in states()} == {4}
        assert trades(here) == ["SHOWN"] * 2
        assert confirm_deposits(us_of(AT + timedelta(days=9)), through) == 0
        assert trades(here) == ["CALLED_OFF"] * 2
        assert scanned(here) == 0
    assert states() == [(3, "NEVER_PAID")] * 2
    assert next_lodgement_query_us() is None


def test_after_days_without_a_run_a_code_shown_now_is_not_given_up(
    db: None, tmp_path: Path
) -> None:
    ids = owe(0, 1, at=AT)
    back = AT + timedelta(days=3)
    with alipay_at(tmp_path / "alipay", Behaviour(scan_after_ms=-1)) as (here, config):
        through = adapter(config)
        through._now = lambda: back
        assert confirm_deposits(us_of(back), through) == 0
        # Shown once, now, and asked about when somebody may have paid; not nine times in a row.
        assert fetch_rows("SELECT state, attempts, next_query_at FROM deposits_lodgement") == [
            (4, 1, back + timedelta(minutes=10))
        ]
        assert scanned(here) == 1
        through._now = lambda: back + timedelta(minutes=10)
        assert confirm_deposits(us_of(back + timedelta(minutes=10)), through) == 1
    assert int(balances(ids).deposit.sum()) == here.book.entries()[0].fen
    assert check_money() == []


def test_a_code_refused_says_nothing_of_the_one_shown_before(db: None, tmp_path: Path) -> None:
    ids = owe(0, 1, at=AT)
    with alipay_at(tmp_path / "alipay", Behaviour(scan_after_ms=-1)) as (here, config):
        through = adapter(config)
        through._now = lambda: AT
        confirm_deposits(us_of(AT + timedelta(minutes=5)), through)
        assert trades(here) == ["SHOWN"]
        refusing(through, "alipay.trade.precreate", "INVALID_PARAMETER")
        asked = us_of(AT + timedelta(minutes=15))
        # The earlier one may be being paid this moment: it stays, and the lodgement with it.
        assert confirm_deposits(asked, through) == 0
        assert (states(), trades(here)) == ([(4, "INVALID_PARAMETER")], ["SHOWN"])
        # One that was scanned is closed when it is given up, and that is certain.
        trades(here, "WAIT_BUYER_PAY")
        assert confirm_deposits(us_of(AT + timedelta(days=9)), through) == 0
        assert (states(), trades(here)) == ([(3, "TRADE_CLOSED")], ["TRADE_CLOSED"])
        # The money moves all the same, by whatever fault: a person asks, and it is booked, once.
        assert scanned(here) == 0
        number, minor = in_numbers()[0]
        assert ask_about(number, through, at=NEXT).result is Result.FAILED
        assert int(balances(ids).deposit.sum()) == 0
        trades(here, "TRADE_SUCCESS")
        for _ in range(2):
            assert ask_about(number, through, at=NEXT).result is Result.CONFIRMED
            assert int(balances(ids).deposit.sum()) == minor
        for unknown in ("SHOP-1", number[:-4] + "0000"):
            with pytest.raises(NumberUnknown):
                ask_about(unknown, through, at=NEXT)
    assert [state for state, _ in states()] == [2]
    assert check_money() == []


def test_a_payout_never_heard_of_is_sent_again_only_after_a_while(
    db: None, tmp_path: Path
) -> None:
    owe(1, 0, at=AT)
    still = Behaviour(busy_still_ppm=1_000_000)
    with alipay_at(tmp_path / "alipay", still) as (here, config):
        through = adapter(config)
        through._now = lambda: AT

        def sent() -> int:
            with here.book.turn() as book:
                asked = "SELECT times FROM asked WHERE method LIKE '%uni.transfer'"
                return int(book.execute(asked).fetchone()[0])

        send_payouts(us_of(AT + timedelta(minutes=9)), through)
        assert (sent(), here.book.entries()) == (1, [])
        here.book.behave(Behaviour())
        # Whoever starts anew after a kill knows when it was sent, too.
        assert send_payouts(us_of(AT + timedelta(minutes=20)), adapter(config)).confirmed == 1
        assert (sent(), len(here.book.entries())) == (2, 1)
