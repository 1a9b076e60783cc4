"""`xiaobao policy`: list, show, lint, diff, publish; answers on stdout, status as promised."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from xiaobao.cli.main import run_command
from xiaobao.database.sets import fetch_rows
from xiaobao.promises.packs import read_files, shipped

if TYPE_CHECKING:
    from pathlib import Path

# A command opens the house as any process does, so it commits for real.
needs_database = pytest.mark.usefixtures("committed")


@pytest.fixture
def broken(tmp_path: Path) -> Path:
    """The China pack with one amount in yuan and fen."""
    folder = tmp_path / "坏 包"
    folder.mkdir()
    for name, text in read_files("cn").items():
        (folder / name).write_text(text.replace("true,500,500,3000", "true,500,5.00,3000", 1))
    return folder


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    assert run_command(["policy", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


@needs_database
def test_the_list_shows_what_is_shipped_and_what_is_published(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = answer(capsys, "list")
    assert [p["name"] for p in told["shipped"]] == shipped()
    assert told["published"] == []
    row = answer(capsys, "publish", "olist")
    assert answer(capsys, "list")["published"] == [row]


@needs_database
def test_publishing_twice_is_publishing_once(capsys: pytest.CaptureFixture[str]) -> None:
    first = answer(capsys, "publish", "cn")
    assert first["market"] == "cn"
    assert answer(capsys, "publish", "cn") == first


@needs_database
def test_another_line_is_refused_with_the_fix(capsys: pytest.CaptureFixture[str]) -> None:
    answer(capsys, "publish", "olist")
    problem = answer(capsys, "publish", "olist-b", status=1)
    assert problem["code"] == "other_pack_line"
    assert fetch_rows("SELECT name FROM promises_pack") == [("olist",)]


def test_lint_passes_what_is_shipped(capsys: pytest.CaptureFixture[str]) -> None:
    for name in shipped():
        told = answer(capsys, "lint", name)
        assert told == {"pack": name, "ok": True, "findings": []}


def test_lint_ends_with_1_and_names_the_place(
    capsys: pytest.CaptureFixture[str], broken: Path
) -> None:
    told = answer(capsys, "lint", str(broken), status=1)
    assert [(f["file"], f["field"], f["code"]) for f in told["findings"]] == [
        ("compensation.csv", "least_minor", "bad_value")
    ]
    assert run_command(["--lang", "zh", "policy", "lint", str(broken)]) == 1
    assert "最小货币单位" in capsys.readouterr().out


@needs_database
def test_a_broken_pack_is_not_published(capsys: pytest.CaptureFixture[str], broken: Path) -> None:
    problem = answer(capsys, "publish", str(broken), status=1)
    assert problem["code"] == "pack_refused"
    assert fetch_rows("SELECT count(*) FROM promises_market") == [(0,)]


def test_show_gives_every_number_with_clause_source_and_certainty(
    capsys: pytest.CaptureFixture[str],
) -> None:
    told = answer(capsys, "show", "cn", "--table", "shipping")
    assert {t["table"] for t in told["terms"]} == {"shipping"}
    begins = [t["begins"] for t in told["terms"]]
    assert begins[0] == "2014-03-14T16:00:00Z"
    assert begins == sorted(begins)
    assert told["terms"][-1]["notes"]["fake_hours"]["certainty"] == "low"
    assert all(t["clause"] and t["source"] and t["certainty"] for t in told["terms"])
    assert run_command(["--lang", "zh", "policy", "show", "cn"]) == 0
    assert "2025-02-13" in capsys.readouterr().out


def test_diff_names_what_differs(capsys: pytest.CaptureFixture[str]) -> None:
    whole = answer(capsys, "diff", "olist-a", "olist-b")
    told = whole["tables"]
    assert [(d["column"], d["before"], d["after"]) for d in told if d["column"] != "source"] == [
        ("rate_bps", "3000", "500"), ("least_minor", "0", "100"), ("most_minor", "50000", "3000"),
    ]  # fmt: skip
    (said,) = whole["sentences"]
    assert said["en"] == (
        "From 2016-01-01, what a breach pays · late shipping: share paid from 30% to 5%; at "
        "least from R$0.00 to R$1.00; at most from R$500.00 to R$30.00 (clause 'Ships on time', "
        "olist.ship.late)"
    )
    assert answer(capsys, "diff", "cn", "cn") == {"sentences": [], "tables": [], "words": []}


@pytest.mark.parametrize(
    ("arguments", "status"),
    [(["lint", "no-such-pack"], 1), (["show", "cn", "--table", "x"], 2), (["lint"], 2)],
)
def test_what_cannot_be_done_ends_as_promised(
    arguments: list[str], status: int, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["policy", *arguments]) == status
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err
