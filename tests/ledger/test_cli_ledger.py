"""`xiaobao ledger`: what each command answers, in both languages, and how it ends."""

from __future__ import annotations

import csv
import json
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from tests.ledger.ledger_model import Asked, postings
from xiaobao.cli.main import run_command
from xiaobao.database.sets import cursor
from xiaobao.gateways.beancount import beancount_lines
from xiaobao.kernel.references import id_of
from xiaobao.ledger import acts
from xiaobao.ledger.facts import Account, Op, Why
from xiaobao.work.checking import LAWS

SHOP = "瓷器小铺"
START = datetime(2026, 1, 1, tzinfo=UTC)
START_US = int(START.timestamp()) * 1_000_000


@pytest.fixture
def shop(committed: None) -> int:
    seller = id_of(SHOP)
    acts.open_books(np.array([seller]), "CNY", at=START)
    rows = [
        Asked(seller, 1, amount=123_450, why=2, at=START_US + 1),
        Asked(
            seller, 2, op=Op.HOLD, source=1, target=2, amount=5000, hold=7, why=11,
            at=START_US + 2,
        ),
        Asked(seller, 3, source=4, target=5, amount=99, why=5, at=START_US + 3),
    ]  # fmt: skip
    acts.post_all(postings(rows))
    return seller


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    assert run_command(["ledger", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def text(capsys: pytest.CaptureFixture[str], language: str, *arguments: str) -> str:
    assert run_command(["--lang", language, "ledger", *arguments]) == 0
    return capsys.readouterr().out


def test_a_sound_ledger_passes(shop: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert answer(capsys, "check") == {"ok": True, "laws": sorted(LAWS), "broken": []}
    assert text(capsys, "en", "check") == f"sound: all {len(LAWS)} laws hold\n"
    assert text(capsys, "zh", "check") == f"账本无误：{len(LAWS)} 条规律全部成立\n"


def test_a_broken_law_is_named_and_ends_with_1(
    shop: int, capsys: pytest.CaptureFixture[str]
) -> None:
    with cursor("owner") as owner:
        owner.execute("UPDATE ledger_book SET deposit = deposit - 1, reserve = 1")
    told = answer(capsys, "check", status=1)
    assert told["ok"] is False
    assert told["broken"] == [
        {
            "law": "balance", "seller_id": shop, "detail": account, "expected": at,
            "found": stands, "zh": LAWS["balance"][0], "en": LAWS["balance"][1],
        }
        for account, at, stands in [("deposit", 118_450, 118_449), ("reserve", 0, 1)]
    ]  # fmt: skip
    assert run_command(["--lang", "en", "ledger", "check"]) == 1
    assert f"seller {shop}, deposit: expected 118450, found 118449" in capsys.readouterr().out


def test_the_trial_balance_sums_to_zero(shop: int, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "trial-balance")
    assert told["total_minor"] == {"CNY": 0}
    sums = {row["account"]: row["sum_minor"] for row in told["accounts"] if row["sum_minor"]}
    assert sums == {
        "outside": -123_450,
        "deposit": 118_450,
        "locked": 5000,
        "fund": -99,
        "buyers": 99,
    }
    shown = text(capsys, "zh", "trial-balance")
    assert "¥1,184.50" in shown
    assert "冻结" in shown


def test_a_statement_reads_one_book(shop: int, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "statement", SHOP)
    assert (told["currency"], told["seq"]) == ("CNY", 3)
    assert told["balances_minor"]["deposit"] == 118_450
    assert [line["seq"] for line in told["lines"]] == [3, 2, 1]
    assert told["lines"][1]["why"] == "exposure_locked"
    one = answer(capsys, "statement", SHOP, "--account", "deposit", "--limit", "1")
    assert [(x["change_minor"], x["after_minor"]) for x in one["lines"]] == [(-5000, 118_450)]
    then = answer(capsys, "statement", SHOP, "--at", "2026-01-01T00:00:00.000001Z")
    assert (then["seq"], then["balances_minor"]["deposit"]) == (1, 123_450)
    assert [line["seq"] for line in then["lines"]] == [1]
    assert "风险敞口冻结" in text(capsys, "zh", "statement", SHOP)
    assert "-¥50.00" in text(capsys, "en", "statement", SHOP, "--account", "deposit")


def test_a_stranger_has_no_statement(shop: int, capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "statement", "stranger", status=1)
    assert told["code"] == "ledger_book_unknown"
    assert run_command(["ledger", "statement", SHOP, "--account", "pocket"]) == 2


def test_the_export_has_every_posting_and_replaces_the_old_file(
    shop: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    to = tmp_path / "账 本.csv"
    to.write_text("old")
    assert answer(capsys, "export", "--csv", str(to)) == {"file": str(to), "postings": 3}
    with to.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert [(r["seq"], r["op"], r["source"], r["target"], r["amount_minor"]) for r in rows] == [
        ("1", "move", "outside", "deposit", "123450"),
        ("2", "hold", "deposit", "locked", "5000"),
        ("3", "move", "fund", "buyers", "99"),
    ]
    assert rows[0]["at"] == "2026-01-01T00:00:00.000001Z"
    assert [bool(r["hold"]) for r in rows] == [False, True, False]
    assert [path.name for path in tmp_path.iterdir()] == [to.name]


def test_an_export_to_nowhere_says_so(
    shop: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    told = answer(capsys, "export", "--csv", str(tmp_path / "no" / "x.csv"), status=1)
    assert told["code"] == "file_not_writable"


def test_bean_check_adds_the_books_up_again(
    shop: int, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    to = tmp_path / "books.beancount"
    assert answer(capsys, "export", "--beancount", str(to)) == {"file": str(to), "postings": 3}

    def checked() -> tuple[int, str]:
        found = subprocess.run(
            [Path(sys.executable).with_name("bean-check"), "--no-cache", str(to)],
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        return found.returncode, found.stderr

    assert checked() == (0, "")
    told = to.read_text(encoding="utf-8")
    assert told.count(" balance ") == 5
    assert f"Assets:S{shop}:Locked  50.00 ~ 0 CNY" in told
    # One fen more on both sides of one posting: the balances say so.
    to.write_text(told.replace("-1234.50", "-1234.51").replace("  1234.50", "  1234.51"))
    status, said = checked()
    assert (status, "Balance failed" in said) == (1, True)
    assert run_command(["ledger", "export"]) == 2


def test_days_of_the_file_are_those_of_the_sellers_market() -> None:
    at = datetime(2025, 8, 20, 16, 5, tzinfo=UTC)
    row = (7, 1, at, "CNY", Op.MOVE, Account.OUTSIDE, Account.DEPOSIT, 50, -50, 50,
           Why.DEPOSIT_LODGED, UUID(int=1), 0, UUID(int=0))  # fmt: skip
    told = "\n".join(beancount_lines([[row]], lambda _: ("cups", ZoneInfo("Asia/Shanghai"))))
    assert '\n2025-08-21 * "deposit_lodged"\n' in told
    assert '  at: "2025-08-20T16:05:00+00:00"\n' in told
    assert told.count("2025-08-22 balance ") == 2
    assert "2025-08-20 " not in told
