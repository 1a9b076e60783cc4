"""`xiaobao replay`: every decision of a marketplace lived, made again by the very rules."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from xiaobao.cli.main import run_command
from xiaobao.database.sets import cursor, fetch_rows
from xiaobao.kernel.replays import compared, summed
from xiaobao.lab.generate.marketplace import generate
from xiaobao.lab.generate.plans import Plan
from xiaobao.work.life import live

if TYPE_CHECKING:
    from pathlib import Path

Capsys = pytest.CaptureFixture[str]
TABLES = {
    "breach": "orders_breach", "quote": "deposits_quote", "compensation": "advances_split",
    "recovery": "advances_recovery", "reversal": "advances_reversal",
    "ruling": "hearings_ruling", "jury_draw": "hearings_panel", "jury_answer": "hearings_answer",
    "exit": "exits_check",
}  # fmt: skip


def answer(capsys: Capsys, *arguments: str, status: int = 0) -> Any:
    assert run_command(["--lang", "en", "replay", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


@pytest.fixture
def lived(committed: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XIAOBAO_EVIDENCE_URL", (tmp_path / "evidence").as_uri())
    live(generate(Plan(seed=5, sellers=12, orders=500, days=40)), progress=lambda *_: None)


@pytest.mark.usefixtures("lived")
def test_every_decision_of_a_marketplace_is_made_again(capsys: Capsys) -> None:
    kinds = answer(capsys, "--all")["kinds"]
    for kind, table in TABLES.items():
        assert kinds[kind]["looked"] == fetch_rows(f"SELECT count(*) FROM {table}")[0][0]
    for kind in ("breach", "quote", "compensation", "exit"):
        assert kinds[kind]["looked"] > 0
    for made in kinds.values():
        assert (made["differences"], made["other_rules"]) == ([], [])
        assert made["stored_sha256"] == made["made_sha256"]
        assert bool(made["stored_sha256"]) == (made["looked"] > 0)
    # Judged by scans and by refunds, too.
    assert fetch_rows("SELECT DISTINCT clock FROM orders_breach ORDER BY 1") == [(1,), (2,), (3,)]

    ((cause, paid),) = fetch_rows(
        "SELECT cause, buyer_minor FROM orders_breach WHERE clock = 2 ORDER BY cause LIMIT 1"
    )
    assert answer(capsys, str(cause))["kinds"]["breach"]["looked"] == 1
    ((seller, at),) = fetch_rows(
        "SELECT s.name, q.quoted_at FROM deposits_quote q JOIN sellers_seller s USING (seller_id) "
        "ORDER BY q.quoted_at, s.name LIMIT 1"
    )
    one = answer(capsys, f"{seller}@{at.isoformat()}")
    assert (one["ok"], list(one["kinds"]), one["kinds"]["quote"]["looked"]) == (True, ["quote"], 1)
    ((seller, number, checks),) = fetch_rows(
        "SELECT s.name, c.number, count(*) FROM exits_check c JOIN sellers_seller s "
        "USING (seller_id) GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2 LIMIT 1"
    )
    one = answer(capsys, f"{seller}#{number}")
    assert (list(one["kinds"]), one["kinds"]["exit"]["looked"]) == (["exit"], checks)
    assert run_command(["--lang", "zh", "replay", "--all"]) == 0
    assert "逐字节相同" in capsys.readouterr().out
    assert answer(capsys, "nothing", status=1)["code"] == "decision_unknown"
    assert run_command(["replay"]) == 2
    capsys.readouterr()

    # Whoever owns the database can change a row, and is found out.
    with cursor("owner") as cur:
        cur.execute("ALTER TABLE orders_breach DISABLE TRIGGER ALL")
        cur.execute(
            "UPDATE orders_breach SET owed_minor = owed_minor + 1, "
            "buyer_minor = buyer_minor + 1 WHERE cause = %s", [cause]
        )  # fmt: skip
        cur.execute("ALTER TABLE orders_breach ENABLE TRIGGER ALL")
    (difference,) = answer(capsys, str(cause), status=1)["kinds"]["breach"]["differences"]
    assert difference["reference"] == str(cause)
    assert difference["name"] == "owed_minor"

    with cursor("owner") as cur:
        cur.execute("ALTER TABLE exits_check DISABLE TRIGGER ALL")
        cur.execute("UPDATE exits_check SET free_minor = free_minor + 1 WHERE number = 1")
        cur.execute("ALTER TABLE exits_check ENABLE TRIGGER ALL")
    found = answer(capsys, f"{seller}#1", status=1)["kinds"]["exit"]["differences"]
    assert {one["name"] for one in found} == {"free_minor"}
    assert int(difference["stored"]) == int(difference["made"]) + 1
    assert answer(capsys, "--all", status=1)["ok"] is False
    assert paid >= 0


def test_the_first_column_that_differs_is_named_and_other_rules_are_told_apart() -> None:
    stored = {"a": np.array([1, 2, 3]), "b": np.array([4, 5, 6])}
    made = {"a": np.array([1, 9, 3]), "b": np.array([4, 8, 7])}
    names = "xyz".__getitem__
    found = compared("k", names, stored, made)
    assert [(d.reference, d.name, d.stored, d.made) for d in found.differences] == [
        ("y", "a", "2", "9"), ("z", "b", "6", "7"),
    ]  # fmt: skip
    assert (found.looked, found.is_same) == (3, False)
    assert found.stored_sha256 != found.made_sha256
    others = compared("k", names, stored, stored, has_rules=np.array([True, True, False]))
    assert (others.differences, others.other_rules, others.is_same) == ([], ["z"], False)
    same = compared("k", names, stored, stored)
    both = summed("k", [same, same])
    assert (both.looked, both.is_same) == (6, True)
    assert both.stored_sha256 == both.made_sha256 != same.made_sha256
