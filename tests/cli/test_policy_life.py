"""`xiaobao policy` walked from a draft to its withdrawal, as the operator and a seller use it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.later_pack import china_pack, later_pack
from xiaobao.cli.main import run_command
from xiaobao.database.sets import fetch_rows

if TYPE_CHECKING:
    from pathlib import Path

APRIL, MAY = "2026-04-20T02:00:00Z", "2026-05-01T02:00:00Z"


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    assert run_command(["policy", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


@pytest.mark.usefixtures("committed")
def test_a_version_is_walked_through_its_life(
    capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    pack = later_pack(
        china_pack(tmp_path / "新 包"), "2026-05", announced="2026-05-01",
        effective="2026-05-16", bps=800, is_major=True,
    )  # fmt: skip
    answer(capsys, "publish", "cn")
    assert run_command(["sellers", "enrol", "阿明小店", "--at", "2026-01-05T00:00:00Z"]) == 0
    capsys.readouterr()
    assert answer(capsys, "publish", pack, status=1)["code"] == "terms_stand"

    assert answer(capsys, "consult", pack, "--at", APRIL)["draft"]["version"] == "2026-05"
    said = ["comment", "2026-05", "太快了", "--by", "阿明", "--at", APRIL]
    number = answer(capsys, *said)["comment"]
    refused = answer(capsys, "announce", pack, "--at", MAY, status=1)
    assert (refused["code"], refused["count"]) == ("comments_unanswered", 1)
    answer(capsys, "reply", str(number), "只对新订单", "--at", APRIL)
    (comment,) = answer(capsys, "consultation", "2026-05")["comments"]
    assert (comment["words"], comment["reply"]) == ("太快了", "只对新订单")

    told = answer(capsys, "announce", pack, "--at", MAY)
    assert told["sellers_told"] == 1
    version = told["version"]
    assert (version["state"], version["effective_at"], version["notice_days"]) == (
        "announced", "2026-05-15T16:00:00Z", 15,
    )  # fmt: skip
    assert "share paid from 5% to 8%" in version["why_major"][0]["en"]
    rows = answer(capsys, "versions", "--at", "2026-06-01T00:00:00Z")["versions"]
    assert [(r["version"], r["state"]) for r in rows] == [
        ("2025-09-05", "superseded"), ("2026-05", "in_force"),
    ]  # fmt: skip

    changes = answer(capsys, "diff", "cn@2025-09-05", "cn@2026-05")
    assert [(s["table"], s["key"]) for s in changes["sentences"]] == [
        ("compensation", "late_shipment")
    ]
    (notice,) = answer(capsys, "notices", "阿明小店")["notices"]
    assert notice["lines"][0]["en"] == changes["sentences"][0]["en"]
    found = answer(capsys, "impact", "--pack", "cn@2026-05", "--seller", "阿明小店", "--at", MAY)
    assert (found["orders"], found["against"], found["pack"]) == (0, "2025-09-05", "2026-05")

    answer(capsys, "accept", "阿明小店", "2026-05", "--at", MAY)
    objection = answer(capsys, "object", "阿明小店", "2026-05", "--at", "2026-05-02T00:00:00Z")
    assert objection["objection"]["version"] == "2026-05"
    answers = answer(capsys, "answers", "阿明小店")["answers"]
    assert [a["is_accepted"] for a in answers] == [True, False]

    out = tmp_path / "out"
    files = answer(capsys, "download", "2026-05", "--out", str(out))["files"]
    for name in files:
        assert (out / name).read_bytes() == (tmp_path / "新 包" / name).read_bytes()
    kept = json.loads((out / "announcement.json").read_text("utf-8"))
    assert kept["comments"][0]["reply"] == "只对新订单"
    assert run_command(["policy", "lint", str(out)]) == 0
    again = answer(capsys_of(capsys), "download", "2026-05", "--out", str(out), status=1)
    assert again["code"] == "folder_in_use"

    withdrawn = answer(capsys, "withdraw", "2026-05", "--why", "先不改", "--at", MAY)
    assert (withdrawn["version"]["state"], withdrawn["sellers_told"]) == ("withdrawn", 1)
    assert answer(capsys, "answers", "阿明小店")["objection"] is None
    late = answer(capsys, "accept", "阿明小店", "2026-05", "--at", MAY, status=1)
    assert late["code"] == "nothing_to_answer"
    assert fetch_rows("SELECT count(*) FROM sellers_answer") == [(2,)]
    for language, words in (("zh", ("已撤回", "首次发布")), ("en", ("withdrawn", "in force"))):
        assert run_command(["--lang", language, "policy", "versions", "--at", MAY]) == 0
        shown = capsys.readouterr().out
        assert all(word in shown for word in words)


def capsys_of(capsys: pytest.CaptureFixture[str]) -> pytest.CaptureFixture[str]:
    """With what was printed till now set aside."""
    capsys.readouterr()
    return capsys


def test_the_earliest_lawful_day_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    told = answer(capsys, "earliest", "--announced", "2026-05-01")
    assert [(r["is_major"], r["days"], r["earliest"]) for r in told["earliest"]] == [
        (False, 7, "2026-05-08"), (True, 15, "2026-05-16"),
    ]  # fmt: skip
    assert told["earliest"][0]["law"]["zh"] == "《电子商务法》第34条"


@pytest.mark.parametrize(
    "arguments",
    [
        ["comment", "x", "  ", "--by", "me"], ["reply", "0", "x"], ["reply", "one", "x"],
        ["withdraw", "x", "--why", ""], ["earliest", "--announced", "1 May"],
        ["earliest", "--law", "mars"], ["earliest", "--zone", "Mars/Base"], ["download", "x"],
        ["impact", "--pack", "cn"], ["announce", "cn", "--at", "noon"],
    ],
)  # fmt: skip
def test_nonsense_is_not_understood(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["policy", *arguments]) == 2
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err
