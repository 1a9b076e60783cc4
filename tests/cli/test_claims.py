"""`xiaobao claims`: a claim from filing to its end, in and out as JSON and as tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.claims.making import NOW, SHOP, later, open_world, paper, photo, place
from xiaobao.cli.main import run_command
from xiaobao.database.sets import fetch_rows

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from xiaobao.promises.facts import Market

Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def market(committed: None) -> Market:
    market = open_world()
    place("B", market)
    return market


@pytest.fixture
def picture(tmp_path: Path) -> str:
    path = tmp_path / "photo.png"
    path.write_bytes(photo().body)
    return str(path)


def answer(capsys: Capsys, *arguments: str, status: int = 0) -> Any:
    assert run_command(["--lang", "en", "claims", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def text(capsys: Capsys, language: str, *arguments: str) -> str:
    assert run_command(["--lang", language, "claims", *arguments]) == 0
    return capsys.readouterr().out


def at(moment: datetime) -> list[str]:
    return ["--at", moment.isoformat()]


def filed(capsys: Capsys, picture: str, order: str = "A", claim: str = "C1") -> Any:
    return answer(
        capsys, "file", order, "--seller", SHOP, "--buyer", "buyer", "--kind", "not_as_described",
        "--ask", "refund", "--words", "wrong colour", "--photo", picture, "--key", claim, *at(NOW),
    )  # fmt: skip


def test_a_claim_is_filed_answered_and_shown(
    market: Market, capsys: Capsys, picture: str, tmp_path: Path
) -> None:
    told = filed(capsys, picture)
    assert (told["claim"], told["state"], told["is_new"]) == ("C1", "awaiting_seller", True)
    assert (told["money"]["currency"], told["money"]["locked_minor"]) == ("CNY", 100_800)
    assert [a["party"] for a in told["next_actions"]] == ["seller", "buyer", "platform"]
    assert told["next_actions"][0]["by_at"] == "2025-10-17T02:00:00Z"
    assert told["next_actions"][0]["otherwise_zh"].startswith("按沉默处理")
    assert filed(capsys, picture) == told | {"is_new": False}

    denied = answer(capsys, "answer", "C1", "--deny", "--key", "d", *at(later(hours=5)))
    assert (denied["state"], denied["marks"]) == (
        "awaiting_seller_evidence", ["answered", "denied"],
    )  # fmt: skip
    proof = tmp_path / "certificate.png"
    proof.write_bytes(paper().body)
    shown = answer(
        capsys, "evidence", "C1", str(proof), "--by", "seller", "--kind", "certificate",
        "--key", "e", *at(later(hours=6)),
    )  # fmt: skip
    assert shown["state"] == "under_review"

    page = answer(capsys, "show", "C1", *at(later(hours=7)))
    assert (page["order"], page["seller"], page["stage"]) == ("A", SHOP, "after_signing")
    assert [p["kind"] for p in page["pieces"]] == [
        "snapshot", "logistics_facts", "photo", "certificate",
    ]  # fmt: skip
    assert [e["event"] for e in page["timeline"]] == [
        "filed", "evidence_added", "denied", "seller_asked", "evidence_added", "review_begun",
    ]  # fmt: skip
    assert page["proposed"]["finding"] == "needs_person"
    assert page["evidence_seller"] == ["certificate or standard"]

    listed = answer(capsys, "list", "--seller", SHOP)
    assert [(c["claim"], c["state"]) for c in listed["claims"]] == [("C1", "under_review")]
    assert listed["counts"]["under_review"] == 1
    assert answer(capsys, "list", "--due", *at(later(days=1)))["claims"] == []
    assert len(answer(capsys, "list", "--due", *at(later(days=30)))["claims"]) == 1


def test_an_offer_is_made_and_accepted(market: Market, capsys: Capsys, picture: str) -> None:
    filed(capsys, picture)
    offered = answer(
        capsys, "offer", "C1", "--by", "seller", "--amount", "20000", "--key", "o",
        *at(later(hours=1)),
    )  # fmt: skip
    assert offered["state"] == "negotiating"
    page = text(capsys, "zh", "show", "C1", *at(later(hours=2)))
    for words in ("协商中", "接受或拒绝对方的方案", "¥200.00", "描述不符"):
        assert words in page, words
    done = answer(
        capsys, "accept-offer", "C1", "--by", "buyer", "--offer", "1", "--key", "y",
        *at(later(hours=3)),
    )  # fmt: skip
    assert (done["state"], done["money"]["paid_minor"]) == ("settled", 20_000)
    assert fetch_rows("SELECT amount FROM advances_payout") == [(20_000,)]


def test_both_languages_say_what_is_to_be_done(
    market: Market, capsys: Capsys, picture: str
) -> None:
    filed(capsys, picture)
    zh, en = (text(capsys, one, "show", "C1", *at(later(hours=1))) for one in ("zh", "en"))
    assert "待卖家答复" in zh
    assert "awaiting the seller's answer" in en
    assert "下一步" in zh
    assert "otherwise" in en
    assert "¥1,008.00" in zh
    assert "C1" in text(capsys, "zh", "list")


def test_withdrawn_suspended_resumed_reopened(
    market: Market, capsys: Capsys, picture: str
) -> None:
    filed(capsys, picture)
    steps = [
        (("suspend", "--reason", "court", "--by", "platform"), "suspended"),
        (("resume", "--by", "platform"), "awaiting_seller"),
        (("ask-person", "--by", "buyer"), "awaiting_seller"),
        (("withdraw",), "withdrawn"),
        (("reopen", "--words", "it broke"), "awaiting_seller"),
        (("offer", "--by", "buyer", "--amount", "900"), "awaiting_seller"),
        (("decline-offer", "--by", "seller", "--offer", "1"), "awaiting_seller"),
        (("answer", "--accept"), "settled"),
    ]
    for number, ((command, *more), state) in enumerate(steps):
        told = answer(
            capsys, command, "C1", *more, "--key", f"k{number}", *at(later(hours=1 + number))
        )
        assert told["state"] == state, command


def test_refusals_name_the_field_and_end_with_a_status(
    market: Market, capsys: Capsys, picture: str
) -> None:
    assert answer(capsys, "show", "C9", status=1)["code"] == "claim_unknown"
    refused = answer(
        capsys, "file", "A", "--seller", SHOP, "--buyer", "stranger", "--kind", "fraud", "--key",
        "C1", *at(NOW), status=1,
    )  # fmt: skip
    assert (refused["code"], refused["status"]) == ("claim_order_of_another", 403)
    missing = answer(
        capsys, "file", "A", "--seller", SHOP, "--buyer", "buyer", "--kind", "fraud", "--photo",
        "/nowhere.png", "--key", "C1", *at(NOW), status=1,
    )  # fmt: skip
    assert missing["code"] == "evidence_file_unreadable"
    for usage in (
        ["file", "A", "--seller", SHOP, "--buyer", "buyer", "--kind", "hunger", "--key", "k"],
        ["answer", "C1", "--key", "k"],
        ["evidence", "C1", "--by", "buyer", "--key", "k"],
        ["offer", "C1", "--by", "nobody", "--amount", "1", "--key", "k"],
    ):
        assert run_command(["claims", *usage]) == 2
    capsys.readouterr()
    assert fetch_rows("SELECT count(*) FROM claims_claim") == [(0,)]


def test_the_run_fires_the_clocks_of_claims(market: Market, capsys: Capsys, picture: str) -> None:
    filed(capsys, picture)
    filed(capsys, picture, "B", "C2")
    assert run_command(["run", "--until", later(days=3).isoformat(), "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["this_run"]["claims_to_review"] == 2
    states = {c["claim"]: c["state"] for c in answer(capsys, "list")["claims"]}
    # The second shows the same picture of another order: a person decides.
    assert states == {"C1": "paid", "C2": "under_review"}
