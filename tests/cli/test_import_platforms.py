"""Files of other systems through the door: taken once, compared with what is known here."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.gateways.test_feeds_platforms import LIST, PART, csv_of
from xiaobao.cli import main, output
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.references import id_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XIAOBAO_LANG", "en")
    yield
    output.choose_language("en")


def test_exports_of_one_shop_meet_and_are_compared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, Any, str]:
        capsys.readouterr()
        status = main.run_command([*arguments, "--json"])
        told = capsys.readouterr()
        return status, json.loads(told.out), told.err

    orders, parts = tmp_path / "orders.csv", tmp_path / "parts.csv"
    shown = {name.strip(): value for name, value in LIST.items()}
    late = shown | {"总金额": "200.00", "买家应付货款": "99.50"}
    orders.write_bytes(csv_of(late, shown | {"订单编号": "1002"}))
    status, told, _ = run("import", "taobao-orders", str(orders), "--enrol")
    assert (status, told["orders_new"], told["facts_new"]) == (0, 2, 4)
    # 99.50 and 10.00 are not 200.00: kept as it is, and shown.
    assert told["differing"] == [
        {"line": 2, "order": "1001", "difference": "total_is_no_sum", "theirs": "20000",
         "ours": "10950"}
    ]  # fmt: skip
    status, told, _ = run("import", "taobao-orders", str(orders))
    assert (status, told["facts_new"], told["orders_contradicted"]) == (0, 0, 0)

    # The export of sub-orders names no buyer and no freight: it adds to what is known.
    paid = PART | {"是否主动赔付": "是", "主动赔付金额": "7.00"}
    parts.write_bytes(csv_of(paid))
    command = ("import", "taobao-orders", str(parts), "--seller", "茶店", "--shipped-is-scan")
    status, told, _ = run(*command)
    assert (status, told["facts_new"], told["facts_known"]) == (0, 2, 1)
    assert fetch_rows("SELECT kind, count(*) FROM orders_fact GROUP BY 1 ORDER BY 1") == [
        (1, 2), (2, 1), (3, 2), (5, 1),
    ]  # fmt: skip
    assert told["differences"] == {"ship_by_not_here": 1, "paid_only_there": 1}

    # Once the clocks have run, what was paid here stands beside what was paid there.
    status, _, _ = run("run", "--until", "2026-02-01T00:00:00Z")
    assert status == 0
    [(ours,)] = fetch_rows(
        "SELECT sum(buyer_minor)::bigint FROM orders_breach WHERE order_id = %s", [id_of("1001")]
    )
    status, told, _ = run(*command)
    assert told["facts_new"] == 0
    assert told["differing"][1] == {
        "line": 2, "order": "1001", "difference": "paid_amount_differs", "theirs": "700",
        "ours": str(ours),
    }  # fmt: skip

    # Another price is a contradiction: kept, flagged, shown.
    parts.write_bytes(csv_of(paid | {"买家应付货款": "88.00"}))
    status, told, _ = run(*command)
    assert (status, told["facts_new"], told["orders_contradicted"]) == (0, 1, 1)
    assert told["contradictions"] == {"two_placed": 1}
    assert told["differences"]["goods_differ"] == 1

    # Wrong bodies go to a file that is mended and fed back.
    body = tmp_path / "top.json"
    trade = {"tid": 1, "seller_nick": "茶店", "created": "2026-01-01 08:00:00", "payment": "x"}
    good = {"tid": 2, "seller_nick": "茶店", "created": "2026-01-01 08:00:00", "payment": "5.00"}
    body.write_text(json.dumps([{"trade": trade}, {"trade": good}]))
    status, told, said = run("import", "top", str(body))
    assert (status, told["code"], told["bad_rows"]) == (1, "rows_refused", 1)
    assert "line 1: payment 'x'" in said
    status, told, _ = run("import", "top", str(body), "--partial")
    assert (status, told["facts_new"], told["rejected_rows"]) == (0, 1, 1)
    rejected = tmp_path / "top.rejected.jsonl"
    assert told["rejected_written_to"] == str(rejected)
    [one] = [json.loads(line) for line in rejected.read_text().splitlines()]
    assert (one["line"], one["trade"]["payment"]) == (1, "x")
    rejected.write_text(rejected.read_text().replace('"x"', '"6.00"'))
    status, told, _ = run("import", "top", str(rejected))
    assert (status, told["facts_new"], told["facts_known"]) == (0, 1, 0)

    status, told, said = run("import", "shopify", str(body), "--seller", "茶店")
    assert (status, told["code"]) == (1, "file_unusable")
    dispute = {"order_id": None, "currency": "CNY", "amount": "1.00",
               "initiated_at": "2026-01-01T00:00:00Z", "evidence_due_by": None}  # fmt: skip
    body.write_text(json.dumps([dispute, dispute | {"order_id": 1, "currency": "USD"}]))
    status, told, said = run("import", "shopify", str(body), "--seller", "茶店", "--partial")
    assert (status, told["rows"], told["rejected_rows"], told["facts_new"]) == (0, 2, 2, 0)
