"""Deposits through Alipay: given up only where none can come; what comes late is booked, once."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest

from tests.gateways.alipay_here import adapter, alipay_at, refusing
from tests.work.alipay_life import in_numbers, notify_of, owe
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.deposits.acts import LodgementEnding
from xiaobao.deposits.queries import lodgements_due, next_lodgement_query_us
from xiaobao.deposits.rules import LAST_ASKED_FOR
from xiaobao.gateways.local_alipay.asking import ref_of
from xiaobao.gateways.local_alipay.book import Behaviour
from xiaobao.gateways.local_alipay.signing import Signatures
from xiaobao.gateways.payments import Answer, Result
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger.queries import balances
from xiaobao.sellers.queries import names_of, seller_named
from xiaobao.work.asking import NumberUnknown, ask_about
from xiaobao.work.checking import check_money
from xiaobao.work.collecting import NEVER_LAST, collected, confirm_deposits, record
from xiaobao.work.lodging import lodge_deposit
from xiaobao.work.notices import Outcome, notices_to_look_at, take_notice
from xiaobao.work.paying import send_payouts

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.gateways.local_alipay.serving import LocalAlipay
    from xiaobao.gateways.payments import Movement, Query

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


def test_what_is_paid_while_it_is_called_off_waits_until_that_is_answered(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = owe(0, 2, at=AT)
    with alipay_at(tmp_path / "alipay", Behaviour(scan_after_ms=-1)) as (here, config):
        through = adapter(config)
        through._now = lambda: AT
        sign = Signatures(tmp_path / "alipay").notify
        confirm_deposits(us_of(AT + timedelta(minutes=5)), through)
        execute("UPDATE deposits_lodgement SET attempts = %s", [LAST_ASKED_FOR])

        def told(notify_id: str) -> list[Outcome]:
            return [
                take_notice(sign(notify_of(config, *one, f"{notify_id}{n}")), through, at=AT)
                for n, one in enumerate(in_numbers())
            ]

        # Somebody looks at a code again, after the run read what is due: it is not called off.
        due = lodgements_due(us_of(NEXT))
        record(due, collected(due, us_of(NEXT), through, last=NEVER_LAST), us_of(NEXT))
        looked = fetch_rows("SELECT * FROM deposits_lodgement ORDER BY 1, 2")
        assert collected(due, us_of(NEXT), through) == []
        assert record(due, [], us_of(NEXT)) == 0
        assert fetch_rows("SELECT * FROM deposits_lodgement ORDER BY 1, 2") == looked
        assert trades(here) == ["SHOWN"] * 2

        def killed(_: list[Movement]) -> list[Answer]:
            raise KeyboardInterrupt

        # Whoever is killed while it calls off may have called off: the mark stays.
        later = us_of(NEXT + timedelta(days=1))
        monkeypatch.setattr(through, "give_up", killed)
        with pytest.raises(KeyboardInterrupt):
            confirm_deposits(later, through)
        shop = seller_named(names_of(ids[:1])[int(ids[0])])
        with pytest.raises(LodgementEnding):
            lodge_deposit(shop, in_numbers()[0][1], key=0, at=NEXT, gateway=through)

        def given_back(movements: list[Movement]) -> list[Answer]:
            trades(here, "TRADE_SUCCESS")
            for number, _ in in_numbers():
                with pytest.raises(LodgementEnding):
                    told("n")
                with pytest.raises(LodgementEnding):
                    ask_about(number, through, at=NEXT)
            trades(here, "TRADE_CLOSED")
            return [Answer(one.id, Result.FAILED, 0, "", "REFUNDED") for one in movements]

        monkeypatch.setattr(through, "give_up", given_back)
        assert confirm_deposits(later, through) == 0
        assert states() == [(3, "REFUNDED")] * 2
        # Told again, it is asked about: it came, and is here no more.
        assert told("n") == [Outcome.CONTRADICTS] * 2
    assert int(balances(ids).deposit.sum()) == 0
    assert fetch_rows("SELECT count(*) FROM ledger_posting") == [(0,)]
    assert fetch_rows("SELECT DISTINCT is_ending FROM deposits_lodgement") == [(False,)]


def test_one_that_came_in_meanwhile_keeps_nobody_else_s_answer(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = owe(0, 2, at=AT)
    with alipay_at(tmp_path / "alipay", Behaviour(scan_after_ms=-1)) as (_, config):
        through = adapter(config)
        through._now = lambda: AT
        first, minor = in_numbers()[0]
        notify = Signatures(tmp_path / "alipay").notify(notify_of(config, first, minor, "n"))

        def closed(asked: list[Query]) -> list[Answer]:
            assert take_notice(notify, through, at=AT) is Outcome.TAKEN
            return [Answer(one.id, Result.FAILED, 0, "", "TRADE_CLOSED") for one in asked]

        monkeypatch.setattr(through, "query", closed)
        assert confirm_deposits(us_of(AT + timedelta(minutes=5)), through) == 0
    assert states() == [(2, "TRADE_SUCCESS"), (3, "TRADE_CLOSED")]
    assert int(balances(ids).deposit.sum()) == minor
    assert [(one.number, one.status, one.outcome) for one in notices_to_look_at()] == [
        (first, "TRADE_CLOSED", Outcome.CONTRADICTS)
    ]


def test_a_trade_that_closes_ends_no_deposit_that_stands_frozen(db: None, tmp_path: Path) -> None:
    owe(0, 1, at=AT)
    for deposits, outcome, state in (
        ("freeze", Outcome.NOTHING_NEW, 1), ("payment", Outcome.TAKEN, 3),
    ):  # fmt: skip
        folder = tmp_path / deposits
        with alipay_at(folder, deposits=deposits) as (_, config):
            told = notify_of(config, *in_numbers()[0], deposits, trade_status="TRADE_CLOSED")
            notify = Signatures(folder).notify(told)
            assert take_notice(notify, adapter(config), at=AT) is outcome
        assert [one for one, _ in states()] == [state]


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
