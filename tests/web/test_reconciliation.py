"""Finance reads a bill and closes a day; a gateway tells by itself and is answered one word."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.claims.making import NOW, SHOP
from tests.gateways.alipay_here import with_keys
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits.acts import request_lodgements
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.local_alipay.bills import account_bill
from xiaobao.gateways.local_alipay.book import Entry
from xiaobao.gateways.local_alipay.keys import APP_ID, SELLER_ID
from xiaobao.gateways.local_alipay.signing import Signatures
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.references import id_of, uuid_of
from xiaobao.ledger.queries import balances

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
