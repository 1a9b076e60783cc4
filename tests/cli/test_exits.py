"""`xiaobao exits`, `coach`, `consult`, `items undo`: a seller's way out, as JSON and in words."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.exits.making import NOW, SELLER, SHOP, later, open_world, order
from tests.work.coming import came_in
from xiaobao.cli.main import run_command
from xiaobao.database.sets import execute
from xiaobao.deposits.acts import confirm_lodgements, request_lodgements

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from xiaobao.promises.facts import Market

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def market(committed: None) -> Market:
    opened = open_world(deposit=0)
    one = np.array([SELLER])
    asked = request_lodgements(one, np.array([100_000]), keys=1, at=later(days=-3))
    confirm_lodgements(asked, at=later(days=-3))
    return opened


def answer(capsys: Capsys, *arguments: str, status: int = 0) -> Any:
    assert run_command(["--lang", "en", *arguments, "--json"]) == status
    told = capsys.readouterr()
    return json.loads(told.out or told.err[told.err.index("{") :])


def text(capsys: Capsys, language: str, *arguments: str) -> str:
    assert run_command(["--lang", language, *arguments]) == 0
    return capsys.readouterr().out


def at(moment: datetime) -> list[str]:
    return ["--at", moment.isoformat()]


def test_a_seller_looks_asks_and_is_paid(market: Market, capsys: Capsys, tmp_path: Path) -> None:
    order(market, "open", 30_000, placed=later(days=-2))
    found = answer(capsys, "exits", "check", SHOP, *at(NOW))["check"]
    assert (found["free_minor"], found["kept_minor"]) == (91_000, 9_000)
    assert [b["kind"] for b in found["blockers"]] == ["open_trade", "quiet"]
    assert "2025-10-28T02:00:00Z" in text(capsys, "zh", "exits", "check", SHOP, *at(NOW))
    told = answer(capsys, "exits", "apply", SHOP, "--all", "--key", "k", *at(NOW))
    assert told["exit"]["state"] == "under_review"
    again = answer(capsys, "exits", "apply", SHOP, "--all", "--key", "k", *at(later(days=1)))
    assert again["exit"]["number"] == told["exit"]["number"] == 1
    answer(capsys, "exits", "approve", SHOP, "--by", "li", *at(later(hours=1)))
    answer(capsys, "run", "--until", later(hours=2).isoformat())
    shown = answer(capsys, "exits", "show", SHOP)
    assert (shown["exit"]["state"], shown["exit"]["paid_minor"]) == ("paying", 91_000)
    assert sum(h["held_minor"] for h in shown["held"]) == 9_000
    assert "退款中" in text(capsys, "zh", "exits", "show", SHOP)
    refused = answer(capsys, "exits", "cancel", SHOP, *at(later(hours=3)), status=1)
    assert refused["code"] == "exit_move_impossible"
    assert answer(capsys, "exits", "list", "--state", "paying")["exits"][0]["seller"] == SHOP
    assert answer(capsys, "ledger", "check")["ok"]
    # Had it left although nothing was owed: asked back, a part of it came, the rest is borne.
    execute("UPDATE exits_payment SET state = 7")
    (one,) = answer(capsys, "unowed", "list")["unowed"]
    why = ("--why", "a letter", *at(later(hours=4)))
    answer(capsys, "unowed", "asked", one["number"], "--ref", "L-1", *why)
    line = came_in(tmp_path, 1, 90_010, at=later(hours=4))
    came = answer(capsys, "unowed", "back", one["number"], "900.10", "--ref", line, *why)
    assert came["unowed"][0]["open_minor"] == 990
    assert "¥9.90" in text(capsys, "zh", "unowed", "list")
    answer(capsys, "unowed", "write-off", one["number"], *why)
    assert answer(capsys, "unowed", "list") == {"unowed": []}
    settled = answer(capsys, "unowed", "list", "--settled")["unowed"][0]
    assert [step["kind"] for step in settled["steps"]] == ["asked", "back", "written_off"]
    wrong = answer(capsys, "unowed", "back", "nonsense", "1", "--ref", "R", status=1)
    assert wrong["code"] == "unowed_unknown"


def test_coach_consultation_and_undo(market: Market, capsys: Capsys) -> None:
    tips = answer(capsys, "coach", SHOP, *at(NOW))["coach"]
    assert (tips["free_minor"], tips["profile_bps"]) == (100_000, 3_500)
    assert "提前天数" in text(capsys, "zh", "coach", SHOP, *at(NOW))
    asked = answer(capsys, "consult", "ask", SHOP, "how do I stay?", *at(NOW))
    assert asked["consultations"][0]["due_at"] == "2025-10-17T16:00:00Z"
    answered = answer(capsys, "consult", "answer", SHOP, "like this", *at(later(hours=1)))
    assert [w["is_specialist"] for w in answered["consultations"][0]["words"]] == [False, True]
    would = answer(capsys, "items", "unmark", SHOP, "--match", "m*", "--preview", *at(NOW))
    assert (would["would_change"], would["items"]) == (1, ["mug"])
    done = answer(capsys, "items", "unmark", SHOP, "--match", "m*", *at(NOW))
    assert (done["changed"], done["covered"]) == (1, 1)
    undone = answer(capsys, "items", "undo", SHOP, *at(later(hours=1)))
    assert (undone["undone"], undone["covered"]) == (1, 2)
    late = answer(capsys, "items", "undo", SHOP, *at(later(days=30)), status=1)
    assert late["code"] == "item_undo_too_late"
    mix = answer(capsys, "deposit", "mix", SHOP, "--reserve", "10", *at(NOW))
    assert mix["mix"]["reserve_bps"] == 1_000
