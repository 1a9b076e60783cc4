"""The adapter against a local Alipay that truly checks and signs: money moves once, or not."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING
from uuid import UUID

import httpx
import pytest

from tests.gateways.alipay_here import AT, adapter, alipay_at, refusing
from xiaobao.gateways.alipay import ConfigWrong, read_config
from xiaobao.gateways.alipay.frozen import Step
from xiaobao.gateways.alipay.names import named, number_of
from xiaobao.gateways.local_alipay import freezing
from xiaobao.gateways.local_alipay.book import Behaviour
from xiaobao.gateways.payments import Answer, Direction, Movement, Query, Result, Way
from xiaobao.kernel.clocks import us_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from xiaobao.gateways.local_alipay.serving import LocalAlipay

ALWAYS = 1_000_000
SELLER = 7_000_000_000_000_000_001


def moving(n: int, fen: int = 5_000, *, currency: str = "CNY", attempt: int = 1) -> Movement:
    return Movement(UUID(int=n), f"B{n}", fen, currency, attempt, us_of(AT), "", SELLER)


def asking(n: int, direction: Direction = Direction.OUT, fen: int = 5_000) -> Query:
    return Query.about(moving(n, fen), direction)


def said(answers: list[Answer]) -> list[tuple[Result, str]]:
    return [(one.result, one.said) for one in answers]


def moved(alipay: LocalAlipay) -> list[int]:
    return [one.fen for one in alipay.book.entries()]


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 20
    while not holds():
        assert time.monotonic() < deadline, "it never came to be"
        time.sleep(0.02)


def test_numbers_of_ours_are_read_back() -> None:
    for direction in Direction:
        number = number_of(direction, SELLER, UUID(int=5))
        assert len(number) <= 64
        assert named(number) == (direction, SELLER, UUID(int=5))
    for text in (
        "",
        "P1_zz",
        "service_1568601259302",
        "X1_" + "0" * 32,
        "P1_" + "0" * 31,
        f"P{2**63}_{0:032x}",
    ):
        assert named(text) is None


def test_money_goes_out_once_however_often_it_is_asked(tmp_path: Path) -> None:
    with alipay_at(tmp_path) as (alipay, config):
        through = adapter(config)
        assert said(through.query([asking(1)])) == [(Result.NOT_FOUND, "ORDER_NOT_EXIST")]
        first = through.transfer_out([moving(1), moving(2, 70)])
        assert said(first) == [(Result.CONFIRMED, "SUCCESS")] * 2
        assert [one.gateway_ref[:8] for one in first] == ["20261126"] * 2
        assert through.transfer_out([moving(1)]) == first[:1]
        assert [a.result for a in through.query([asking(1), asking(2, fen=70)])] == [
            Result.CONFIRMED
        ] * 2
        # Known with another sum, it is never taken for ours.
        assert said(through.query([asking(2, fen=71)])) == [(Result.UNKNOWN, "OTHER_AMOUNT")]
        assert said(through.transfer_out([moving(2, 71)])) == [(Result.UNKNOWN, "OTHER_AMOUNT")]
        assert moved(alipay) == [-5_000, -70]
        row = alipay.book.entries()[0]
        assert (row.number, row.at) == (
            number_of(Direction.OUT, SELLER, UUID(int=1)), "2026-11-26 11:00:00"
        )  # fmt: skip


def test_what_cannot_be_paid_is_refused_before_it_is_asked(tmp_path: Path) -> None:
    with alipay_at(tmp_path) as (alipay, config):
        through = adapter(config)
        asked = [moving(1, 5), moving(2, currency="BRL"), moving(3, 10_000_001)]
        assert said(through.transfer_out(asked)) == [
            (Result.FAILED, "EXCEED_LIMIT_SM_MIN_AMOUNT"),
            (Result.FAILED, "CURRENCY_NOT_SUPPORTED"),
            (Result.FAILED, "EXCEED_LIMIT_ENT_SM_AMOUNT"),
        ]
        through._payee_of = lambda _: None
        assert said(through.transfer_out([moving(4)])) == [(Result.FAILED, "PAYEE_NOT_BOUND")]
        assert moved(alipay) == []


@pytest.mark.parametrize(
    ("behaviour", "result", "words", "is_moved"),
    [
        (Behaviour(fail_ppm=ALWAYS), Result.FAILED, "EXCEED_LIMIT_DC_RECEIVED", False),
        (Behaviour(busy_moved_ppm=ALWAYS), Result.UNKNOWN, "SYSTEM_ERROR", True),
        (Behaviour(busy_still_ppm=ALWAYS), Result.UNKNOWN, "SYSTEM_ERROR", False),
        (Behaviour(lost_ppm=ALWAYS), Result.UNKNOWN, "NO_ANSWER", True),
        (Behaviour(forged_ppm=ALWAYS), Result.UNKNOWN, "NO_ANSWER", True),
    ],
)
def test_whatever_it_answers_a_query_tells_the_truth(
    behaviour: Behaviour, result: Result, words: str, is_moved: bool, tmp_path: Path
) -> None:
    with alipay_at(tmp_path, behaviour) as (alipay, config):
        through = adapter(config)
        assert said(through.transfer_out([moving(1)])) == [(result, words)]
        assert moved(alipay) == ([-5_000] if is_moved else [])
        asked = through.query([asking(1)])[0].result
        assert asked is (Result.CONFIRMED if is_moved else Result.NOT_FOUND)
        alipay.book.behave(Behaviour())
        assert said(through.transfer_out([moving(1)])) == [(Result.CONFIRMED, "SUCCESS")]
        assert moved(alipay) == [-5_000]


def test_a_gateway_that_is_gone_is_not_asked_for_ever(tmp_path: Path) -> None:
    with alipay_at(tmp_path) as (_, config):
        through = adapter(config)
    answers = through.transfer_out([moving(n) for n in range(1, 500)])
    assert said(answers) == [(Result.UNKNOWN, "NO_ANSWER")] * 499


def test_a_deposit_is_scanned_and_paid_once(tmp_path: Path) -> None:
    with alipay_at(tmp_path, Behaviour(scan_after_ms=-1)) as (alipay, config):
        through = adapter(config)
        shown = through.collect([moving(1)])[0]
        assert (shown.result, shown.said[:23]) == (Result.UNKNOWN, "SCAN https://qr.alipay.")
        # As Alipay, it does not know a code that nobody scanned.
        assert said(through.query([asking(1, Direction.IN)])) == [
            (Result.NOT_FOUND, "ACQ.TRADE_NOT_EXIST")
        ]
        assert through.collect([moving(1)])[0] == shown
        assert moved(alipay) == []
        with alipay.book.turn() as book:
            book.execute("UPDATE trade SET due_ms = 0")
        until(lambda: moved(alipay) == [5_000])
        assert said(through.query([asking(1, Direction.IN)])) == [
            (Result.CONFIRMED, "TRADE_SUCCESS")
        ]
        assert said(through.collect([moving(1, 6_000)])) == [
            (Result.UNKNOWN, "ACQ.CONTEXT_INCONSISTENT")
        ]
        trade = through.query([asking(1, Direction.IN)])[0].gateway_ref
        back = [Step(moving(n, fen), trade) for n, fen in ((8, 3_000), (9, 2_000), (9, 2_000))]
        assert [one.result for one in through.refund(back)] == [Result.CONFIRMED] * 3
        # More than was paid goes back to nobody.
        assert through.refund([Step(moving(10, 1), trade)])[0].result is Result.UNKNOWN
        assert moved(alipay) == [5_000, -3_000, -2_000]


def test_a_frozen_sum_is_let_go_or_taken_and_never_twice(tmp_path: Path) -> None:
    with alipay_at(tmp_path, deposits="freeze") as (alipay, config):
        through = adapter(config)
        short = through.freeze([Step(moving(1, 10_000), "", "123")])
        assert said(short) == [(Result.FAILED, "PAYMENT_AUTH_CODE_INVALID")]
        froze = through.freeze([Step(moving(1, 10_000), "", "28763443825664394")] * 2)
        assert [(a.result, a.gateway_ref) for a in froze] == [
            (Result.CONFIRMED, froze[0].gateway_ref)
        ] * 2
        of = froze[0].gateway_ref
        assert [a.result for a in through.pay_frozen([Step(moving(2, 4_000), of)] * 2)] == [
            Result.CONFIRMED
        ] * 2
        assert [a.result for a in through.unfreeze([Step(moving(3, 5_000), of)] * 2)] == [
            Result.CONFIRMED
        ] * 2
        too_much = through.unfreeze([Step(moving(4, 1_001), of)])
        assert said(too_much) == [(Result.FAILED, "AUTH_AMOUNT_NOT_ENOUGH")]
        # Frozen money never came in; only what was taken did.
        assert moved(alipay) == [4_000]
        with alipay.book.turn() as book:
            assert book.execute("SELECT rest, paid FROM auth").fetchall() == [(1_000, 4_000)]
        # A deposit is frozen by whoever scans its code, and taken whole when it is asked about.
        shown = through.collect([moving(5, 700)])[0]
        assert shown.said.startswith("SCAN https://qr.alipay.com/")
        until(lambda: through.query([asking(5, Direction.IN, 700)])[0].result is Result.CONFIRMED)
        assert (
            said(through.query([asking(5, Direction.IN, 700)] * 2))
            == [(Result.CONFIRMED, "TRADE_SUCCESS")] * 2
        )
        assert moved(alipay) == [4_000, 700]


@pytest.mark.parametrize("sub_code", ["isv.insufficient-isv-permissions", "INVALID_PARAMETER"])
def test_a_question_that_is_refused_leaves_open_what_became_of_the_money(
    sub_code: str, tmp_path: Path
) -> None:
    with alipay_at(tmp_path) as (alipay, config):
        through = adapter(config)
        through.transfer_out([moving(1)])
        through.collect([moving(2)])
        until(lambda: moved(alipay) == [-5_000, 5_000])
        for method in ("alipay.fund.trans.common.query", "alipay.trade.query"):
            refusing(through, method, sub_code)
        asked = [asking(1), asking(2, Direction.IN)]
        assert said(through.query(asked)) == [(Result.UNKNOWN, sub_code)] * 2


def test_a_frozen_deposit_has_come_in_only_when_all_of_it_was_taken(tmp_path: Path) -> None:
    with alipay_at(tmp_path, deposits="freeze") as (alipay, config):
        through = adapter(config)
        through.freeze([Step(moving(1, 10_000), "", "28763443825664394")])
        # Another sum stands frozen under our number: for a person, and not touched.
        other = through.query([asking(1, Direction.IN, 10_001)])
        assert said(other) == [(Result.UNKNOWN, "OTHER_AMOUNT")]
        assert moved(alipay) == []
        # It cannot be taken: neither come in, nor never paid.
        refusing(through, "alipay.trade.pay", "AUTH_AMOUNT_NOT_ENOUGH")
        stuck = through.query([asking(1, Direction.IN, 10_000)])
        assert said(stuck) == [(Result.UNKNOWN, "FROZEN_NOT_TAKEN")]
        # A trade that was closed for it has not failed before the sum is let go of.
        with alipay.book.turn() as book:
            book.execute(
                "INSERT INTO trade VALUES (?, 'T', 10000, 'TRADE_CLOSED', '', '', '', NULL)",
                (number_of(Direction.IN, moving(1).seller_id, moving(1).id),),
            )
        busy = adapter(config)
        refusing(busy, "alipay.fund.auth.operation.cancel", "SYSTEM_ERROR")
        closed = busy.query([asking(1, Direction.IN, 10_000)])
        assert said(closed) == [(Result.UNKNOWN, "SYSTEM_ERROR")]
        with alipay.book.turn() as book:
            assert book.execute("SELECT rest FROM auth").fetchall() == [(10_000,)]
        for _ in range(2):
            closed = through.query([asking(1, Direction.IN, 10_000)])
            assert said(closed) == [(Result.FAILED, "TRADE_CLOSED")]
        with alipay.book.turn() as book:
            assert book.execute("SELECT rest, status FROM auth").fetchall() == [(0, "CALLED_OFF")]
            book.execute("DELETE FROM trade")
            book.execute("UPDATE auth SET rest = 10000, status = 'AUTHORIZED'")
        # In the end it is let go of: no seller's money stays frozen for nothing.
        for _ in range(2):
            assert through.give_up([moving(1, 10_000)])[0].result is Result.FAILED
        with alipay.book.turn() as book:
            assert book.execute("SELECT rest, status FROM auth").fetchall() == [(0, "CALLED_OFF")]
        assert moved(alipay) == []


def test_what_is_called_off_comes_neither_by_a_code_nor_from_what_was_frozen(
    tmp_path: Path,
) -> None:
    for deposits in ("payment", "freeze"):
        where = tmp_path / deposits
        with alipay_at(where, Behaviour(scan_after_ms=-1), deposits=deposits) as (here, config):
            through = adapter(config)
            table, freezes = ("trade", False) if deposits == "payment" else ("auth", True)
            # Asked for or not: nobody began to pay, and now nobody can.
            through.collect([moving(1)])
            shown = (Result.NOT_FOUND, "CALLED_OFF")
            # An authorisation is there with its code, a trade only once that is scanned.
            closed = (Result.FAILED, "TRADE_CLOSED") if freezes else shown
            assert said(through.give_up([moving(1), moving(2)])) == [closed, shown]
            with here.book.turn() as book:
                book.execute(f"UPDATE {table} SET due_ms = 0")
            here._teller.scan_due()
            assert moved(here) == []
            assert through.collect([moving(1)])[0].result in {Result.FAILED, Result.UNKNOWN}
            # Paid before it could be called off: it has come.
            through.collect([moving(3)])
            with here.book.turn() as book:
                book.execute(f"UPDATE {table} SET due_ms = 0 WHERE status = 'SHOWN'")
            here._teller.scan_due()
            assert through.give_up([moving(3)])[0].result is Result.CONFIRMED
            assert moved(here) == [5_000]
            # An answer that says nothing leaves it open.
            refusing(
                through, f"alipay.{'fund.auth.operation' if freezes else 'trade'}.cancel",
                "ACQ.SYSTEM_ERROR",
            )  # fmt: skip
            assert said(through.give_up([moving(4)])) == [(Result.UNKNOWN, "ACQ.SYSTEM_ERROR")]


def test_a_stranger_is_told_nothing_and_moves_nothing(tmp_path: Path) -> None:
    with alipay_at(tmp_path / "a") as (alipay, config), alipay_at(tmp_path / "b") as (_, other):
        signed = adapter(other)._wire._sdk
        body = signed.sign_data(signed.build_body("alipay.trade.query", {"out_trade_no": "x"}))
        own = httpx.post(config.gateway, content=body.encode())
        # Both have the keys of this run: it is our request, whoever carries it.
        assert own.json()["alipay_trade_query_response"]["sub_code"] == "ACQ.TRADE_NOT_EXIST"
        for spoilt, sub_code in (
            (body.replace("out_trade_no", "out_trade_nr"), "isv.invalid-signature"),
            (body.replace("sign=", "sign=AAAA"), "isv.invalid-signature"),
            (body.replace(f"app_id={config.app_id}", "app_id=1"), "isv.invalid-app-id"),
        ):
            answer = httpx.post(config.gateway, content=spoilt.encode()).json()
            assert answer["alipay_trade_query_response"]["sub_code"] == sub_code
        assert "sign" not in answer
        assert httpx.get(f"{config.gateway}/../bill/trade/x.zip").status_code == 404
        assert moved(alipay) == []


def test_an_account_s_file_says_what_is_wrong_with_it(tmp_path: Path) -> None:
    with alipay_at(tmp_path) as (_, config):
        file = tmp_path / "alipay.toml"
    good = file.read_text("utf-8")
    assert read_config(file) == config
    for spoilt, field in (
        ("gateway = 3", "app_id"),
        (good.replace("gateway = ", "gateway = 3 # "), "gateway"),
        (good.replace("http://127.0.0.1", "http://example.com"), "gateway"),
        (good + 'secret = "x"\n', "secret"),
        (good.replace('"app.key"', '"gone.key"'), "app_key"),
        (good.replace('alipay_cert = "alipay.crt"\n', ""), "alipay_cert"),
        (good + 'alipay_public_key = "app.key"\n', "alipay_public_key"),
        (good.replace('"payment"', '"cash"'), "deposits"),
        (good + "timeout_seconds = true\n", "timeout_seconds"),
        ("[", "FILE"),
    ):
        file.write_text(spoilt, "utf-8")
        with pytest.raises(ConfigWrong) as wrong:
            read_config(file)
        assert wrong.value.fields["field"] == field
    with pytest.raises(ConfigWrong):
        read_config(tmp_path / "gone.toml")
    file.write_text(good, "utf-8")
    (tmp_path / "app.key").write_text("no key", "ascii")
    with pytest.raises(ConfigWrong):
        adapter(read_config(file))


def test_a_sum_stays_frozen_is_taken_in_parts_let_go_of_and_ends(tmp_path: Path) -> None:
    with alipay_at(tmp_path, Behaviour(scan_after_ms=-1)) as (here, config):
        through = adapter(config)
        whole = moving(1, 10_000)._replace(way=Way.FROZEN)
        asked = Query.about(whole, Direction.IN)
        assert through.query([asked])[0].result is Result.NOT_FOUND
        assert through.collect([whole])[0].said.startswith("SCAN https://qr.alipay.com/")
        with here.book.turn() as book:
            book.execute("UPDATE auth SET due_ms = 0")
        here._teller.scan_due()
        stands = through.query([asked])[0]
        assert stands.result is Result.CONFIRMED
        # Neither another sum, nor calling it off, touches what stands.
        other = through.query([asked._replace(amount_minor=9_999)])
        assert said(other) == [(Result.UNKNOWN, "OTHER_AMOUNT")]
        assert through.give_up([whole])[0].result is Result.CONFIRMED

        def part(number: int, fen: int, way: Way) -> Movement:
            return moving(number, fen)._replace(way=way, of=whole.id, of_ref=stands.gateway_ref)

        take, leave = part(2, 4_000, Way.TAKEN), part(3, 5_000, Way.LET_GO)
        for _ in range(2):
            assert through.collect([take])[0].result is Result.CONFIRMED
            assert through.transfer_out([leave])[0].result is Result.CONFIRMED
        too_much = part(4, 1_001, Way.TAKEN), part(5, 1_001, Way.LET_GO)
        for one, ask in zip(too_much, (through.collect, through.transfer_out), strict=True):
            assert said(ask([one])) == [(Result.FAILED, "AUTH_AMOUNT_NOT_ENOUGH")]
        queries = [
            Query.about(one, way)
            for one, way in (
                (take, Direction.IN), (leave, Direction.OUT), (too_much[0], Direction.IN),
                (too_much[1], Direction.OUT),
            )
        ]  # fmt: skip
        assert [a.result for a in through.query(queries)] == [
            Result.CONFIRMED, Result.CONFIRMED, Result.NOT_FOUND, Result.NOT_FOUND,
        ]  # fmt: skip
        # An answer that is lost says nothing; asked about, each has happened once.
        with here.book.turn() as book:
            assert book.execute("SELECT rest, paid FROM auth").fetchall() == [(1_000, 4_000)]
            freezing.end(book, number_of(Direction.IN, whole.seller_id, whole.id))
        assert said(through.query([asked])) == [(Result.FAILED, "AUTHORISATION_CLOSED")]
        # Nothing can be taken of it any more, and what was to be let go of is free already.
        late = part(6, 700, Way.TAKEN), part(7, 300, Way.LET_GO)
        assert said(through.collect([late[0]])) == [(Result.FAILED, "AUTHORISATION_CLOSED")]
        assert said(through.transfer_out([late[1]])) == [
            (Result.CONFIRMED, "AUTHORISATION_CLOSED")
        ]
        assert through.query([Query.about(take, Direction.IN)])[0].result is Result.CONFIRMED
        assert moved(here) == [4_000]


def test_a_code_to_freeze_by_that_nobody_scanned_is_called_off(tmp_path: Path) -> None:
    with alipay_at(tmp_path, Behaviour(scan_after_ms=-1)) as (here, config):
        through = adapter(config)
        whole = moving(1, 10_000)._replace(way=Way.FROZEN)
        through.collect([whole])
        assert through.give_up([whole])[0].result is Result.FAILED
        with here.book.turn() as book:
            book.execute("UPDATE auth SET due_ms = 0")
        here._teller.scan_due()
        with here.book.turn() as book:
            assert book.execute("SELECT rest, status FROM auth").fetchall() == [(0, "CALLED_OFF")]
