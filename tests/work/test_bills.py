"""Alipay's bills and notifies against our books: matched to the fen, every difference by kind."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING, Any
from uuid import UUID

import pytest

from tests.gateways.alipay_here import adapter, alipay_at
from tests.work.alipay_life import in_numbers, notify_of, out_numbers, owe
from xiaobao.advances.acts import claim_due_payouts
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.deposits.queries import next_lodgement_query_us
from xiaobao.evidence.rules.notes import open_note
from xiaobao.evidence.store.keys import log_verifier
from xiaobao.gateways.bills import read_bill
from xiaobao.gateways.local_alipay.bills import account_bill, business_bill
from xiaobao.gateways.local_alipay.book import Entry
from xiaobao.gateways.local_alipay.signing import Signatures
from xiaobao.gateways.payments import Answer, Movement, Payee, Query, Result
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger.queries import balances
from xiaobao.work.asking import ask_about
from xiaobao.work.bills.closing import DayDiffers, DayNotOver, DayWithoutBill, close_day
from xiaobao.work.bills.differing import WORDS, Kind
from xiaobao.work.bills.matching import match_bill, match_day
from xiaobao.work.bills.taking import take_in
from xiaobao.work.checking import check_money
from xiaobao.work.collecting import confirm_deposits
from xiaobao.work.notices import NoticeRefused, Outcome, notices_to_look_at, take_notice
from xiaobao.work.payees import bind_payee
from xiaobao.work.paying import send_payouts
from xiaobao.work.through import _PAYEES
from xiaobao.work.unowed import StepKind, UnowedUnknown, all_unowed, paid_unowed
from xiaobao.work.writing_off import (
    UnowedFieldWrong,
    UnowedNotAsked,
    UnowedNotOnBill,
    UnowedSaidOtherwise,
    UnowedTooMuch,
    ask_back,
    book_back,
    write_off,
)

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from xiaobao.gateways.local_alipay.serving import LocalAlipay
    from xiaobao.kernel.columns import Int
    from xiaobao.work.bills.matching import Matched

# 10:00 in China, and the day after.
AT = datetime(2026, 11, 26, 2, 0, tzinfo=UTC)
NEXT = AT + timedelta(days=1)
DAY, ON = "2026-11-26", date(2026, 11, 26)
PAYOUTS, DEPOSITS = 12, 4


def standing() -> list[Any]:
    tables = (
        "ledger_posting", "advances_payout", "deposits_lodgement", "work_bill", "work_bill_line",
        "work_notice", "work_day_close",
    )  # fmt: skip
    return [
        fetch_rows(f'SELECT t::text FROM {name} t ORDER BY t::text COLLATE "C"') for name in tables
    ]


def taken(folder: Path, text: str, at: datetime = NEXT) -> tuple[Any, Matched]:
    """A bill as `xiaobao reconcile` takes it."""
    file = folder / "bill.csv"
    file.write_bytes(text.encode("gb18030"))
    bill = read_bill(file)
    return take_in(bill, file.name, at=at), match_bill(bill)


def kinds(matched: Matched) -> dict[Kind, int]:
    return dict(Counter(one.kind for one in matched.differences))


@pytest.fixture
def alipay(db: None, tmp_path: Path) -> Iterator[LocalAlipay]:
    """Twelve payouts gone out and four deposits come in through it."""
    owe(PAYOUTS, DEPOSITS, at=AT)
    with alipay_at(tmp_path / "alipay") as (here, config):
        through = adapter(config)
        through._now = lambda: AT
        assert send_payouts(us_of(AT), through).confirmed == PAYOUTS
        first_us = next_lodgement_query_us()
        assert first_us is not None
        confirm_deposits(first_us, through)
        here._teller.scan_due()
        assert confirm_deposits(us_of(AT + timedelta(hours=3)), through) == DEPOSITS
        yield here


def test_a_good_bill_agrees_and_reading_it_again_changes_nothing(
    alipay: LocalAlipay, tmp_path: Path
) -> None:
    entries = alipay.book.entries(DAY)
    assert len(entries) == PAYOUTS + DEPOSITS
    with pytest.raises(DayNotOver):
        close_day(ON, at=AT)
    with pytest.raises(DayWithoutBill):
        close_day(ON, at=NEXT)
    before = standing()[:3]
    read, matched = taken(tmp_path, account_bill(DAY, entries))
    assert (read.is_new, read.lines_new, matched.agreed) == (True, 16, 16)
    assert matched.differences == ()
    assert matched.reconciled == PAYOUTS
    assert matched.agreed_out_minor == sum(minor for _, minor in out_numbers())
    assert matched.agreed_in_minor == sum(minor for _, minor in in_numbers())
    # Marked, and nothing else of our books moved.
    after = standing()[:3]
    assert (after[0], after[2]) == (before[0], before[2])
    stands = standing()
    again, same = taken(tmp_path, account_bill(DAY, entries))
    assert (again.is_new, again.lines_new, same.reconciled) == (False, 0, 0)
    assert same.agreed == 16
    fee = account_bill(DAY, [entries[0]._replace(seq=99, fen=-7)]).replace(",转账,", ",服务费,")
    assert [one.kind for one in taken(tmp_path, fee)[0].booked] == ["fee"]
    _, business = taken(tmp_path, business_bill(DAY, entries))
    assert (business.agreed, business.differences) == (DEPOSITS, ())
    assert standing()[:3] == stands[:3]
    # The day is closed, and what was signed stays as it was.
    closed = close_day(ON, at=NEXT)
    verifier = log_verifier()
    assert verifier is not None
    lines = open_note(closed.note, [verifier]).splitlines()
    assert lines[:2] == ["xiaobao daily close", "day 2026-11-26 Asia/Shanghai"]
    assert {"agreed 20", "differences 0", "broken_laws 0"} <= set(lines)
    assert close_day(ON, because="again", at=NEXT + timedelta(days=3)) == closed
    assert check_money() == []


def spoilt(entries: list[Entry]) -> list[Entry]:
    """Ten things wrong, of all the kinds that a first bill can show."""
    out = [one for one in entries if one.fen < 0]
    come = [one for one in entries if one.fen > 0]
    stranger = out[0].number.replace(out[0].number[-4:], "0000")
    extra = [
        out[0]._replace(seq=90, number=stranger),  # 1 unknown here
        out[1]._replace(seq=91),  # 2 twice
        come[0]._replace(seq=92),  # 3 twice
        out[0]._replace(seq=93, number="SHOP-77", remark="房租"),  # 4 not ours
        out[0]._replace(seq=94, number="", remark="天猫保证金-充值"),  # known by its remark
    ]
    changed = {
        out[2].seq: out[2]._replace(fen=out[2].fen - 1),  # 5 other amount
        come[1].seq: come[1]._replace(fen=come[1].fen + 1),  # 6 other amount
        out[3].seq: out[3]._replace(fen=-out[3].fen),  # 7 wrong way
    }
    gone = {out[4].seq, come[2].seq}  # 8, 9 not in the bill
    return [changed.get(one.seq, one) for one in entries if one.seq not in gone] + extra


def test_ten_things_wrong_are_found_and_nothing_else(alipay: LocalAlipay, tmp_path: Path) -> None:
    entries = alipay.book.entries(DAY)
    # 10: the money of a payout moved, and its answer is still open with us.
    owe_one = out_numbers()[-1]
    seller, name = owe_one[0][1:].split("_")
    execute(
        "UPDATE advances_payout SET state = 4, ended_at = NULL, next_at = %s WHERE seller_id = %s "
        "AND payout = %s::uuid", [NEXT, int(seller), name],
    )  # fmt: skip
    text = account_bill(DAY, spoilt(entries))
    expected = {
        Kind.UNKNOWN_HERE: 1, Kind.TWICE: 2, Kind.NOT_OURS: 1, Kind.OTHER_AMOUNT: 2,
        Kind.WRONG_WAY: 1, Kind.NOT_IN_BILL: 2, Kind.STILL_OPEN: 1,
    }  # fmt: skip
    assert sum(expected.values()) == 10
    read, matched = taken(tmp_path, text)
    assert kinds(matched) == expected
    assert matched.agreed == 10
    assert [one.kind for one in read.booked] == ["ours", "unknown", "deposit_topup"]
    open_one = next(one for one in matched.differences if one.kind is Kind.STILL_OPEN)
    assert (open_one.number, open_one.ours_minor) == (owe_one[0], -owe_one[1])
    assert kinds(taken(tmp_path, text)[1]) == expected
    midnight = AT - timedelta(hours=10)
    assert kinds(match_day(midnight, midnight + timedelta(days=1))) == expected
    # The day stays open, unless somebody says why.
    with pytest.raises(DayDiffers):
        close_day(ON, at=NEXT)
    closed = close_day(ON, because="待网关\n答复", at=NEXT)
    assert closed.differences == 10
    assert "because 待网关 答复\n" in closed.note
    assert set(WORDS) == set(Kind)
    # The good bill of the same day afterwards: what came otherwise is told by line.
    _, later = taken(tmp_path, account_bill(DAY, entries))
    assert kinds(later)[Kind.CHANGED] == 3


@pytest.mark.parametrize("is_earlier", [False, True])
def test_a_line_moved_to_another_shops_payout_is_one_difference(
    alipay: LocalAlipay, tmp_path: Path, *, is_earlier: bool
) -> None:
    """Whether it stands before or after that payout's own line: nothing is told twice."""
    entries = alipay.book.entries(DAY)
    out = sorted((one for one in entries if one.fen < 0), key=lambda one: one.seq)
    shop = out[0].number.split("_")[0]
    pair = [out[0], next(one for one in out if not one.number.startswith(f"{shop}_"))]
    was, now = pair if is_earlier else pair[::-1]
    assert was.fen != now.fen
    _, good = taken(tmp_path, account_bill(DAY, entries))
    moved = [one._replace(number=now.number) if one is was else one for one in entries]
    for _ in range(2):
        _, matched = taken(tmp_path, account_bill(DAY, moved), NEXT + timedelta(hours=1))
        [difference] = matched.differences
        assert (difference.kind, difference.number) == (Kind.MOVED, now.number)
        assert (difference.ours_minor, difference.theirs_minor) == (was.fen, was.fen)
        assert replace(matched, differences=()) == replace(good, reconciled=0)
    # So it is for the day: once, and what agrees is the first bill's, to the fen.
    midnight = AT - timedelta(hours=10)
    day = match_day(midnight, midnight + timedelta(days=1))
    assert [(one.kind, one.number, one.ours_minor) for one in day.differences] == [
        (Kind.MOVED, now.number, was.fen),
    ]  # fmt: skip
    assert replace(day, differences=()) == replace(good, reconciled=0)


def test_what_failed_and_went_back_is_explained(alipay: LocalAlipay, tmp_path: Path) -> None:
    entries = alipay.book.entries(DAY)
    come = next(one for one in entries if one.fen > 0)
    seller, name = come.number[1:].split("_")
    execute(
        "UPDATE deposits_lodgement SET state = 3 WHERE seller_id = %s AND lodgement = %s::uuid",
        [int(seller), name],
    )
    assert kinds(taken(tmp_path, account_bill(DAY, entries))[1]) == {Kind.FAILED_YET_MOVED: 1}
    # Paid the very moment it was called off, and given back by Alipay: not ours, and not lost.
    most = -come.fen + 1
    short = [*entries, come._replace(seq=90, kind="退款", fen=most)]
    assert kinds(taken(tmp_path, account_bill(DAY, short))[1]) == {
        Kind.FAILED_YET_MOVED: 1, Kind.TWICE: 1,
    }  # fmt: skip
    rest = [*short, come._replace(seq=91, kind="退款", fen=-1)]
    assert kinds(taken(tmp_path, account_bill(DAY, rest))[1]) == {}


def test_a_notify_is_taken_once_and_only_as_alipay_signed_it(
    db: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    ids = owe(2, 3, at=AT)
    with alipay_at(tmp_path / "alipay") as (_, config):
        through = adapter(config)
    sign = Signatures(tmp_path / "alipay").notify
    (first, amount), (second, _), (third, _) = in_numbers()

    told = partial(notify_of, config)

    def take(parameters: dict[str, str]) -> Outcome:
        return take_notice(sign(parameters), through, at=AT)

    before = standing()
    good = told(first, amount, "n1")
    for spoil, field in (
        ({"app_id": "1"}, "app_id"),
        ({"seller_id": "1"}, "seller_id"),
        ({"notify_id": ""}, "notify_id"),
    ):  # fmt: skip
        with pytest.raises(NoticeRefused) as refused:
            take(good | spoil)
        assert refused.value.fields["field"] == field
    signed = sign(good)
    with pytest.raises(NoticeRefused):
        take_notice(signed | {"total_amount": "0.01"}, through, at=AT)
    assert standing() == before
    assert take(told(first, amount + 1, "n0")) is Outcome.OTHER_AMOUNT
    assert standing()[:3] == before[:3]
    assert take_notice(signed, through, at=AT) is Outcome.TAKEN
    stands = standing()
    assert take_notice(signed, through, at=NEXT) is Outcome.TAKEN
    assert standing() == stands
    # Told under another id as well, it came in once.
    assert take(told(first, amount, "n2")) is Outcome.TAKEN
    assert int(balances(ids).deposit.sum()) == amount
    # What says nothing yet, what failed, and the opposite of what stands.
    assert take(told(second, 1, "n3", trade_status="WAIT_BUYER_PAY")) is Outcome.NOTHING_NEW
    closing = {"trade_status": "TRADE_CLOSED"}
    minor = dict(in_numbers())
    assert take(told(second, minor[second], "n4", **closing)) is Outcome.TAKEN
    stands = standing()
    assert int(balances(ids).deposit.sum()) == amount
    # Given up, and the money comes all the same: it is booked, once, and shown to a person.
    results = [Result.UNKNOWN, Result.FAILED, Result.CONFIRMED]

    def answered(asked: list[Query]) -> list[Answer]:
        return [Answer(asked[0].id, results.pop(0), 0, "", "")]

    monkeypatch.setattr(through, "query", answered)
    # Only as long as it is here: what went back meanwhile is not.
    with pytest.raises(NoticeRefused):
        take(told(second, minor[second], "n5"))
    assert take(told(second, minor[second], "n5a")) is Outcome.CONTRADICTS
    assert standing()[:3] == stands[:3]
    assert take(told(second, minor[second], "n5")) is Outcome.LATE
    assert take(told(second, minor[second], "n5")) is Outcome.LATE
    assert take(told(second, minor[second], "n5b")) is Outcome.TAKEN
    assert int(balances(ids).deposit.sum()) == amount + minor[second]
    assert len(standing()[0]) == len(stands[0]) + 1
    assert take(told(first, amount, "n6", **closing)) is Outcome.CONTRADICTS
    assert take(told("SHOP-1", 5, "n7")) is Outcome.NOT_OURS
    # Transfers and authorisations are told in words of their own.
    number, owed = out_numbers()[0]
    claimed = {"out_biz_no": number, "order_id": "O1", "status": "SUCCESS"}
    paid = {k: v for k, v in good.items() if not k.startswith(("out_", "tra", "tot", "sell"))}
    paid |= claimed | {"trans_amount": f"{owed / 100:.2f}", "notify_id": "n8"}
    assert len(claim_due_payouts(until_us=us_of(AT))) == 2
    assert take(paid) is Outcome.TAKEN
    assert fetch_rows("SELECT count(*) FROM advances_payout WHERE state = 2") == [(1,)]
    froze = {k: v for k, v in good.items() if not k.startswith(("out_", "tra", "tot", "sell"))}
    froze |= {"out_request_no": third, "auth_no": "A1", "status": "SUCCESS", "notify_id": "n9",
              "amount": f"{minor[third] / 100:.2f}"}  # fmt: skip
    # A frozen sum has not come in: it is taken first.
    assert take(froze) is Outcome.NOTHING_NEW
    assert int(balances(ids).deposit.sum()) == amount + minor[second]
    assert [row.notify_id for row in notices_to_look_at()] == ["n0", "n5", "n5a", "n6", "n7"]
    assert check_money() == []
    # One that was stopped, and moved: never passed over in silence. The books had let go of it.
    number, owed = out_numbers()[1]
    execute(
        "UPDATE advances_payout SET state = 6, next_at = NULL, ended_at = created_at "
        "WHERE state = 1"
    )
    paid |= {"out_biz_no": number, "trans_amount": f"{owed / 100:.2f}", "notify_id": "n10"}
    postings = standing()[0]
    assert take(paid) is Outcome.LATE
    assert take(paid | {"notify_id": "n11"}) is Outcome.TAKEN
    assert fetch_rows("SELECT count(*) FROM advances_payout WHERE state = 7") == [(1,)]
    assert standing()[0] == postings
    assert [one.outcome for one in notices_to_look_at() if one.notify_id == "n10"] == [
        Outcome.LATE
    ]
    # Nor where a person asked about it before any notify came: it is listed, and the day names it.
    execute("UPDATE advances_payout SET state = 6 WHERE state = 7")
    assert paid_unowed() == []
    results.append(Result.CONFIRMED)
    told_of = len(notices_to_look_at())
    assert ask_about(number, through, at=AT).result is Result.CONFIRMED
    assert (len(notices_to_look_at()), standing()[0]) == (told_of, postings)
    assert [(one.number, one.amount_minor, one.at) for one in paid_unowed()] == [
        (number, owed, AT)
    ]  # fmt: skip
    left = Entry(1, "转账", number, "R1", "", -owed, 0, "2026-11-26 10:00:00", "", "", "")
    back = left._replace(seq=2, fen=owed)
    assert kinds(taken(tmp_path, account_bill(DAY, [left]))[1])[Kind.PAID_UNOWED] == 1
    lines = close_day(ON, because="asked back", at=NEXT).note.splitlines()
    assert {
        f"difference paid_unowed {number} ours_minor 0 theirs_minor -{owed}",
        f"paid_unowed_minor {owed} CNY",
    } <= set(lines)
    # What came back, to the fen, is explained.
    assert Kind.PAID_UNOWED not in kinds(taken(tmp_path, account_bill(DAY, [left, back]))[1])
    _settled_to_the_fen(number, owed, ids, postings, tmp_path)


def _settled_to_the_fen(
    number: str, owed: int, ids: Int, postings: list[Any], folder: Path
) -> None:
    """A part of it comes back, the rest is written off: nothing is lost and no book moves."""
    before = _sums(ids)
    # It comes in by a line with a number of the gateway's own, next to one of another's.
    came = Entry(7, "转账", "", "R7", "", owed - 1, 0, f"{DAY} 11:00:00", "", "", "")
    bill = account_bill(DAY, [came, came._replace(seq=8, ref="R8", fen=5)])
    assert kinds(taken(folder, bill)[1])[Kind.NOT_OURS] == 2
    postings = standing()[0]
    line, other = (f"{seq:014d}" for seq in (7, 8))
    with pytest.raises(UnowedUnknown):
        ask_back(number.replace("P", "D", 1), ref="L-1", words="a letter", by="fin", at=NEXT)
    with pytest.raises(UnowedNotAsked):
        write_off(number, words="gone", by="fin", at=NEXT)
    ask_back(number, ref="L-1", words="a letter to the buyer", by="fin", at=NEXT)
    # Only what a bill shows came back, and no more than came by that line.
    for ref, minor in (("R7", 1), ("L-1", 1), (other, 6)):
        with pytest.raises(UnowedNotOnBill):
            book_back(number, minor, ref=ref, by="fin", at=NEXT)
    assert book_back(number, owed - 1, ref=line, by="fin", at=NEXT).open_minor == 1
    # The same once more is the same; another sum under that number is none.
    assert book_back(number, owed - 1, ref=line, by="fin", at=NEXT).open_minor == 1
    assert kinds(match_bill(read_bill(folder / "bill.csv")))[Kind.NOT_OURS] == 1
    with pytest.raises(UnowedSaidOtherwise):
        book_back(number, 1, ref=line, by="fin", at=NEXT)
    for wrong in (0, -1, 2):
        with pytest.raises(UnowedTooMuch):
            book_back(number, wrong, ref=other, by="fin", at=NEXT)
    with pytest.raises(UnowedFieldWrong):
        write_off(number, words=" ", by="fin", at=NEXT)
    assert standing()[0] == postings
    assert [(one.number, one.open_minor) for one in paid_unowed()] == [(number, 1)]
    for _ in range(2):
        assert write_off(number, words="a fen", by="fin", at=NEXT).open_minor == 0
    assert (paid_unowed(), [one for one in check_money() if one.law == "written_off"]) == ([], [])
    assert [one.kind for one in all_unowed()[0].steps] == [
        StepKind.ASKED, StepKind.BACK, StepKind.WRITTEN_OFF,
    ]  # fmt: skip
    assert _sums(ids) == before
    assert len(standing()[0]) == len(postings) + 2
    with pytest.raises(UnowedTooMuch):
        book_back(number, 1, ref=other, by="fin", at=NEXT)
    # Neither the day on which it left differs by it any more, nor does a statement owe it.
    assert Kind.PAID_UNOWED not in kinds(match_day(AT - timedelta(hours=10), NEXT))
    on = ON + timedelta(days=1)
    taken(folder, account_bill(f"{on}", []))
    lines = close_day(on, because="as it is", at=NEXT + timedelta(days=1)).note.splitlines()
    assert "paid_unowed_minor 0 CNY" in lines
    assert [line for line in lines if line.startswith("unowed ")] == [
        f"unowed asked {number} 0 CNY", f"unowed back {number} {owed - 1} CNY",
        f"unowed written_off {number} 1 CNY",
    ]  # fmt: skip


def _sums(ids: Int) -> dict[str, int]:
    columns = balances(ids).as_dict()
    return {name: int(column.sum()) for name, column in columns.items() if name != "seq"}


def test_a_seller_is_paid_in_its_own_name_whatever_its_account_looks_like(db: None) -> None:
    buyer = bind_payee("mary", "2088000000000001", "Mary", at=AT)
    asked = Movement(UUID(int=1), f"B{buyer}", 500, "CNY", 1, us_of(AT))
    payee_of = _PAYEES["bound"]
    assert payee_of(asked) == Payee("2088000000000001", "ALIPAY_USER_ID", "Mary")
    assert payee_of(asked._replace(account="B1")) is None
    refund = asked._replace(holder="Shop Ltd")
    assert payee_of(refund) == Payee(f"B{buyer}", "ALIPAY_LOGON_ID", "Shop Ltd")
