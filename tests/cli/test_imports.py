"""`xiaobao import orders`: all or nothing, once however often, and every refusal with its fix."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from xiaobao.cli import main, output
from xiaobao.database.places import places
from xiaobao.database.sets import fetch_rows
from xiaobao.gateways.feeds.rejects import write_rejected

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

HEAD = "seller,order,fact,at,buyer,goods,currency,item,quantity,price\n"
PLACED = "shop,o1,placed,2026-01-01T08:00:00+08:00,buyer,1250,CNY,,,\n"
LINE = "shop,o1,line,2026-01-01T08:00:00+08:00,,,,tea,2,625\n"
PAID = "shop,o1,paid,2026-01-01T08:05:00+08:00,,,,,,\n"
COUNTS = (
    "SELECT (SELECT count(*) FROM orders_fact), (SELECT count(*) FROM orders_order), "
    "(SELECT count(*) FROM sellers_seller), (SELECT count(*) FROM ledger_book)"
)

pytestmark = pytest.mark.usefixtures("committed")


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XIAOBAO_LANG", "en")
    yield
    output.choose_language("en")


class Door:
    """The command, and what it said."""

    def __init__(self, folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
        self.folder = folder
        self.capsys = capsys
        self.said = ""

    def __call__(self, body: str | bytes, *options: str, name: str = "o.csv") -> tuple[int, Any]:
        file = self.folder / name
        file.write_bytes(body if isinstance(body, bytes) else body.encode())
        return self.run("orders", str(file), *options)

    def run(self, *arguments: str) -> tuple[int, Any]:
        self.capsys.readouterr()
        status = main.run_command(["import", *arguments, "--json"])
        told = self.capsys.readouterr()
        self.said = told.err
        return status, json.loads(told.out)


@pytest.fixture
def importing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Door:
    return Door(tmp_path, capsys)


def counts() -> tuple[int, ...]:
    return tuple(fetch_rows(COUNTS)[0])


def test_a_file_is_imported_once_however_often(importing: Door) -> None:
    status, told = importing(HEAD + PLACED + LINE + PAID, "--enrol")
    assert status == 0
    assert told | {"file": ""} == {
        "contradictions": {}, "facts_known": 0, "facts_new": 3, "file": "", "market": "cn",
        "orders_contradicted": 0, "orders_new": 1, "rejected_rows": 0,
        "rejected_written_to": None, "rows": 3, "sellers": 1, "sellers_enrolled": 1,
    }  # fmt: skip
    assert counts() == (3, 1, 1, 1)
    status, told = importing(HEAD + PAID + LINE + PLACED)
    assert status == 0
    assert (told["facts_new"], told["facts_known"], told["orders_new"]) == (0, 3, 0)
    assert counts() == (3, 1, 1, 1)


def test_sellers_join_no_later_than_they_first_sold(importing: Door) -> None:
    importing(HEAD + PLACED + PLACED.replace("shop,", "late,").replace("2026-01", "2026-03"),
              "--enrol")  # fmt: skip
    since = fetch_rows("SELECT name, invited_at FROM sellers_seller ORDER BY name")
    assert [(name, at.isoformat()) for name, at in since] == [
        ("late", "2026-03-01T00:00:00+00:00"),
        ("shop", "2026-01-01T00:00:00+00:00"),
    ]
    # Each has a requirement from that moment on, and the clock of the next quote.
    asked = fetch_rows(
        "SELECT s.name, r.is_zero_start, r.quoted_at = s.invited_at, r.next_quote_at "
        "FROM deposits_requirement r JOIN sellers_seller s USING (seller_id) ORDER BY 1"
    )
    assert [(name, *rest, at.isoformat()) for name, *rest, at in asked] == [
        ("late", True, True, "2026-03-01T16:00:00+00:00"),
        ("shop", True, True, "2026-01-01T16:00:00+00:00"),
    ]


def test_unknown_sellers_are_named_and_nothing_is_recorded(importing: Door) -> None:
    status, told = importing(HEAD + PLACED + PLACED.replace("shop", "other"))
    assert (status, told["code"], told["count"]) == (1, "sellers_not_enrolled", 2)
    assert "other, shop" in told["named"] or "shop, other" in told["named"]
    assert "--enrol" in importing.said
    assert counts() == (0, 0, 0, 0)


def test_one_wrong_row_holds_back_the_file(importing: Door, tmp_path: Path) -> None:
    wrong = LINE.replace("625", "6.25")
    status, told = importing(HEAD + PLACED + wrong + PAID, "--enrol")
    assert (status, told["code"], told["bad_rows"]) == (1, "rows_refused", 1)
    [row] = told["rows"]
    assert (row["line"], row["field"], row["value"]) == (3, "price", "6.25")
    assert "line 3: price '6.25'" in importing.said
    assert counts() == (0, 0, 0, 0)
    assert told["rejected"] == str(tmp_path / "o.rejected.csv")


def test_the_good_rows_alone_are_taken_where_asked_and_the_mended_ones_after(
    importing: Door, tmp_path: Path
) -> None:
    wrong = LINE.replace("625", "6.25")
    status, told = importing(HEAD + PLACED + wrong + PAID, "--enrol", "--partial")
    assert (status, told["facts_new"], told["rejected_rows"]) == (0, 2, 1)
    rejected = tmp_path / "o.rejected.csv"
    assert told["rejected_written_to"] == str(rejected)
    rejected.write_text(rejected.read_text().replace("6.25", "625"))
    status, told = importing.run("orders", str(rejected))
    assert (status, told["facts_new"], told["facts_known"]) == (0, 1, 0)
    status, told = importing(HEAD + PLACED + LINE + PAID, name="whole.csv")
    assert (told["facts_new"], told["facts_known"]) == (0, 3)


def test_rejected_rows_go_home_where_the_folder_may_not_be_written(
    importing: Door, monkeypatch: pytest.MonkeyPatch
) -> None:
    def read_only(sheet: Any, faults: Any, columns: Any, folder: Path, language: str) -> Path:
        if folder == sheet.file.parent:
            raise PermissionError
        return write_rejected(sheet, faults, columns, folder, language)

    monkeypatch.setattr("xiaobao.cli.imports.reporting.write_rejected", read_only)
    _, told = importing(HEAD + "shop,o1,payed\n", name="far.csv")
    assert told["rejected"] == str(places().home / "imports" / "far.rejected.csv")
    assert (places().home / "imports").stat().st_mode & 0o777 == 0o700


def test_contradictions_are_kept_flagged_and_told_by_kind(importing: Door) -> None:
    status, told = importing(HEAD + PLACED + PAID + PAID.replace("08:05", "08:06"), "--enrol")
    assert (status, told["facts_new"], told["orders_contradicted"]) == (0, 3, 1)
    assert told["contradictions"] == {"two_paid": 1}


def test_a_seller_of_another_market_is_told_by_line(importing: Door) -> None:
    assert importing(HEAD + PLACED, "--enrol")[0] == 0
    other = PLACED.replace("CNY", "BRL")
    before = counts()
    status, told = importing(HEAD + other, "--market", "olist")
    assert (status, told["code"]) == (1, "rows_refused")
    [row] = told["rows"]
    assert (row["line"], row["field"]) == (2, "seller")
    assert "another market" in row["problem"]["en"]
    assert counts() == before
    status, told = importing(
        HEAD + other + other.replace("shop", "loja"), "--market", "olist", "--enrol", "--partial"
    )
    assert (status, told["facts_new"], told["rejected_rows"]) == (0, 1, 1)


@pytest.mark.parametrize(
    ("body", "options", "code", "words"),
    [
        (HEAD, ["--market", "nowhere"], "market_unknown", "nowhere"),
        (HEAD, ["--market", "../cn"], "market_unknown", "../cn"),
        ("", [], "file_unusable", "empty"),
        (HEAD.replace("goods", "good"), [], "wrong_columns", "goods?"),
        (HEAD + PLACED.replace("CNY", "USD"), [], "rows_refused", "the market keeps CNY"),
        (HEAD + PLACED, ["--encoding", "latin-1"], "wrong_encoding", "not supported"),
        ((HEAD + PLACED.replace("buyer", "买家")).encode("gb18030"), [], "wrong_encoding",
         "--encoding gb18030"),
        (b"PAR1....PAR1", [], "file_not_what_it_says", "Parquet"),
        (HEAD + PLACED.rstrip("\n"), [], "rows_refused", "cut off"),
        (HEAD + '"shop', [], "rows_refused", "never closed"),
    ],
)  # fmt: skip
def test_a_file_that_will_not_do_is_one_message_and_nothing_recorded(
    importing: Door, body: str | bytes, options: list[str], code: str, words: str
) -> None:
    status, told = importing(body, "--enrol", *options)
    assert (status, told["code"]) == (1, code)
    assert words in importing.said
    assert "Traceback" not in importing.said
    assert counts() == (0, 0, 0, 0)


def test_folders_and_sets_are_told_apart(importing: Door, tmp_path: Path) -> None:
    status, told = importing.run("orders", str(tmp_path))
    assert (status, told["code"]) == (1, "file_missing")
    assert "xiaobao import olist" in importing.said
    status, told = importing.run("olist", str(tmp_path))
    assert (status, told["code"]) == (1, "olist_set_incomplete")


def test_an_export_without_rows_brings_nothing(importing: Door) -> None:
    status, told = importing(HEAD, "--enrol")
    assert (status, told["rows"], told["facts_new"]) == (0, 0, 0)


def test_people_read_the_same_report(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "o.csv"
    file.write_text(HEAD + PLACED)
    assert main.run_command(["--lang", "zh", "import", "orders", str(file), "--enrol"]) == 0
    told = capsys.readouterr()
    assert "新事实" in told.out
    assert "数据库：" in told.err
