"""Finance reads a bill and closes a day; a gateway tells by itself and is answered one word."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.advances.making import owed_by
from tests.api.conftest import Caller, mint
from tests.claims.making import NOW, SHOP
from tests.gateways.alipay_here import with_keys
from tests.work.coming import came_in
from xiaobao.advances.acts import compensate
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.deposits.acts import request_lodgements
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.local_alipay.bills import account_bill
from xiaobao.gateways.local_alipay.book import Entry
from xiaobao.gateways.local_alipay.keys import APP_ID, SELLER_ID
from xiaobao.gateways.local_alipay.signing import Signatures
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of, uuid_of
from xiaobao.ledger.queries import balances
from xiaobao.promises.queries import market
from xiaobao.work.checking import check_money

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

DAY = "2025-03-03"


@pytest.fixture
def number(world: None) -> str:
    """Of a deposit of 700.00 that the shop was asked for."""
    one = request_lodgements(np.array([id_of(SHOP)]), np.array([70_000]), keys=77, at=NOW)
    return number_of(
        Direction.IN, id_of(SHOP), uuid_of(int(one.lodgement_hi[0]), int(one.lodgement_lo[0]))
    )


def deposit() -> int:
    return int(balances(np.array([id_of(SHOP)])).deposit[0])


def test_a_notify_is_answered_with_one_word(
    number: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = with_keys(tmp_path)
    monkeypatch.setenv("XIAOBAO_ALIPAY", str(folder / "alipay.toml"))
    before = deposit()
    told = Signatures(folder).notify({
        "app_id": APP_ID, "seller_id": SELLER_ID, "notify_id": "n1", "notify_time": "x",
        "trade_status": "TRADE_SUCCESS", "out_trade_no": number, "trade_no": "T1",
        "total_amount": "700.00",
    })  # fmt: skip
    # Whoever it is that tells: there is no session, and no token of a form.
    client = Client(enforce_csrf_checks=True)

    def answer(form: dict[str, str | list[str]]) -> tuple[int, bytes]:
        told = client.post("/notify/alipay", form)
        return told.status_code, told.content

    assert answer({**told, "total_amount": "7000.00"}) == (400, b"failure")
    assert answer({**told, "total_amount": ["700.00", "7.00"]}) == (400, b"failure")
    assert answer({}) == (400, b"failure")
    assert deposit() == before
    assert [answer(dict(told)) for _ in range(3)] == [(200, b"success")] * 3
    assert deposit() == before + 70_000
    assert fetch_rows("SELECT notify_id, outcome FROM work_notice") == [("n1", 1)]


def test_finance_reads_a_bill_and_closes_its_day(
    number: str, person: Callable[[str], Client]
) -> None:
    client = person("the bookkeeper")
    entries = [
        Entry(1, "交易", number, "R1", "*", 70_000, 0, f"{DAY} 10:00:00", "消保保证金", "", ""),
        Entry(2, "转账", "RENT-1", "R2", "*", -500, 0, f"{DAY} 11:00:00", "房租", "房租", ""),
    ]
    body = account_bill(DAY, entries).encode("gb18030")

    def read(name: str, content: bytes) -> str:
        file = SimpleUploadedFile(name, content)
        page = client.post("/finance/reconciliation/bill", {"bill": file}, follow=True)
        return page.content.decode()

    spoilt = read("账单.csv", body.replace(b"70", b"71", 1))
    assert "账单.csv: its total of" in spoilt
    assert fetch_rows("SELECT count(*) FROM work_bill") == [(0,)]
    page = read("bill.csv", body)
    assert "bill.csv: 2 lines, 0 agree, 2 differences" in page
    # The deposit is still open with us, and the rent is nothing of ours.
    for words in ("the money moved, and its answer is still open", "not a number of ours", SHOP):
        assert words in page
    assert "¥700.00" in page

    def close(because: str) -> str:
        form = {"day": DAY, "because": because}
        return client.post("/finance/reconciliation/close", form, follow=True).content.decode()

    assert "has 2 differences" in close("")
    assert fetch_rows("SELECT count(*) FROM work_day_close") == [(0,)]
    closed = close("rent, and one that is asked about")
    assert "day 2025-03-03 Asia/Shanghai" in closed
    assert "because rent, and one that is asked about" in closed
    assert fetch_rows("SELECT differences FROM work_day_close") == [(2,)]


def test_what_left_unowed_is_asked_back_booked_and_written_off(
    world: None, person: Callable[[str], Client], tmp_path: Path
) -> None:
    """In the console and by call; what takes two is signed for, and no client does it."""
    sums = [60_000, 500_000]
    owed = owed_by([id_of(SHOP)] * 2, sums, [0, 0], at_us=us_of(NOW),
                   market_id=market("cn").market_id)  # fmt: skip
    compensate(owed)
    execute(
        "UPDATE advances_payout SET state = 7, next_at = NULL, ended_at = created_at "
        "WHERE seller_id = %s AND amount = ANY(%s)",
        [id_of(SHOP), sums],
    )
    client, caller = person("the bookkeeper"), Caller(*mint("finance"))
    listed = {
        one["open"]["amount"]: one["number"] for one in caller.get("/unowed").json()["unowed"]
    }
    assert sorted(listed) == sums
    small, large = (listed[amount] for amount in sums)

    def post(number: str, **form: str) -> str:
        told = {"number": number, **form}
        return client.post("/finance/reconciliation/unowed", told, follow=True).content.decode()

    assert "nobody wrote down how it was asked back" in post(small, step="written_off", words="w")
    assert "give 1 to 100 printable" in post(small, step="asked", words="a letter")
    assert f"{small}: asked back" in post(small, step="asked", words="a letter", ref="L-1")
    assert "only ¥600.00 is open" in post(small, step="back", ref="R1", amount="600.01")
    assert "only ¥600.00 is open" in post(small, step="back", ref="R1", amount="nonsense")
    assert "R1 of an account bill, ¥0.00 is free" in post(
        small, step="back", ref="R1", amount="599.99"
    )
    line = came_in(tmp_path, 1, 60_000, at=NOW)
    page = post(small, step="back", ref=line, amount="599.99")
    assert f"{small}: came back" in page
    assert "open ¥0.01" in page
    assert f"{small}: written off" in post(small, step="written_off", words="a fen")

    def call(number: str, status: int, **asked: object) -> Any:
        answer = caller.post(f"/unowed/{number}", asked)
        assert answer.status_code == status, answer.content
        return answer.json()

    assert call("P1_x", 404, step="asked", ref="L", words="w")["code"] == "unowed_unknown"
    asked = call(large, 201, step="asked", ref="L-2", words="a message")
    assert asked["steps"][0]["by"] == f"{caller_name(caller)} ({caller.client_id})"
    part = {"amount": 1, "currency": "CNY"}
    # Of that line a fen is left, whichever payment it is booked for.
    two = {"amount": 2, "currency": "CNY"}
    refused = call(large, 422, step="back", ref=line, amount=two)
    assert refused["code"] == "unowed_not_on_bill"
    assert call(large, 201, step="back", ref=line, amount=part)["open"]["amount"] == 499_999
    assert call(large, 403, step="written_off", words="w")["code"] == "write_off_takes_two"
    assert "signed" in post(large, step="written_off", words="gone")
    assert fetch_rows("SELECT duty, subject, amount_minor FROM people_intent") == [
        (3, large, 499_999)
    ]
    waits = client.get("/countersign/").content.decode()
    assert "writing off unowed money" in waits
    assert "¥4,999.99" in waits
    assert large in waits
    assert [one["number"] for one in caller.get("/unowed").json()["unowed"]] == [large]
    assert len(caller.get("/unowed?settled=true").json()["unowed"]) == 2
    assert [one for one in check_money() if one.law == "written_off"] == []


def caller_name(caller: Caller) -> str:
    ((name,),) = fetch_rows(
        "SELECT name FROM work_api_client WHERE client_id = %s", [caller.client_id]
    )
    return str(name)
