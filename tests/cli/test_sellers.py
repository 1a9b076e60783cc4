"""`xiaobao sellers`, `items`, `deposit`: the seller's side, in and out as JSON and as tables."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from xiaobao.cli.main import run_command
from xiaobao.database.sets import fetch_rows

if TYPE_CHECKING:
    from pathlib import Path

# A command opens the house as any process does, so it commits for real.
pytestmark = pytest.mark.usefixtures("committed", "own_gateway")
AT = "2026-03-01T15:00:00+08:00"
LATER = "2026-03-01T16:00:00+08:00"
Capsys = pytest.CaptureFixture[str]


@pytest.fixture
def own_gateway(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A gateway of this test's own, that always confirms."""
    from xiaobao.gateways import test_gateway
    from xiaobao.gateways.test_gateway import Settings, TestGateway

    gateway = TestGateway(tmp_path / "gateway")
    gateway.set_behaviour(Settings(fail_ppm=0, unknown_moved_ppm=0, unknown_still_ppm=0))
    monkeypatch.setattr(test_gateway, "TestGateway", lambda: gateway)


def answer(capsys: Capsys, *arguments: str, status: int = 0) -> Any:
    assert run_command([*arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def text(capsys: Capsys, language: str, *arguments: str) -> str:
    assert run_command(["--lang", language, *arguments]) == 0
    return capsys.readouterr().out


def test_a_seller_joins_and_is_shown(capsys: Capsys) -> None:
    told = answer(
        capsys, "sellers", "enrol", "小店", "--category", "phones", "--signed-by", "王", "--at", AT
    )
    assert [(s["name"], s["state"], s["category"]) for s in told["sellers"]] == [
        ("小店", "active", "phones"),
    ]  # fmt: skip
    again = answer(capsys, "sellers", "enrol", "小店", "--category", "phones", "--at", LATER)
    assert again == told
    shown = answer(capsys, "sellers", "show", "小店", "--at", LATER)
    assert [h["event"] for h in shown["history"]] == ["invite", "sign", "activate"]
    assert shown["signatures"][0]["signed_by"] == "王"
    assert shown["deposit"]["required_minor"] == 0
    assert shown["deposit"]["is_zero_start"] is True
    assert {p["promise"] for p in shown["promises"]} >= {"ships_on_time"}
    listed = answer(capsys, "sellers", "list", "--market", "cn", "--standing", "active")
    assert listed["counts"]["active"] == 1
    assert [s["name"] for s in listed["sellers"]] == ["小店"]
    assert answer(capsys, "sellers", "list", "--standing", "exited")["sellers"] == []
    for language, word in (("zh", "加入消保"), ("en", "joined the guarantee")):
        assert word in text(capsys, language, "sellers", "show", "小店")
        assert "小店" in text(capsys, language, "sellers", "list")


def test_names_come_from_a_file_too(capsys: Capsys, tmp_path: Path) -> None:
    file = tmp_path / "卖家.txt"
    file.write_text("\ufeffone\n\n two \n", "utf-8")
    told = answer(capsys, "sellers", "enrol", "three", "--file", str(file), "--at", AT)
    assert [s["name"] for s in told["sellers"]] == ["three", "one", "two"]
    file.write_bytes("一\n".encode() + "二\n".encode("gb18030"))
    problem = answer(capsys, "sellers", "enrol", "--file", str(file), status=1)
    assert problem["code"] == "names_file_unreadable"
    assert "line 2" in problem["title"]["en"] or "第 2 行" in problem["title"]["en"]
    missing = answer(capsys, "sellers", "enrol", "--file", str(tmp_path / "none"), status=1)
    assert missing["code"] == "names_file_unreadable"
    assert fetch_rows("SELECT count(*) FROM sellers_seller") == [(3,)]


def test_what_cannot_be_understood_ends_with_2_and_what_is_refused_with_1(
    capsys: Capsys,
) -> None:
    assert run_command(["sellers", "enrol"]) == 2
    assert run_command(["sellers", "enrol", "a", "--category", "no such"]) == 2
    assert run_command(["sellers", "enrol", "a", "--at", "2026-03-01T15:00:00"]) == 2
    assert run_command(["sellers", "list", "--standing", "sleeping"]) == 2
    capsys.readouterr()
    for command in (
        ["sellers", "show", "nobody"], ["items", "list", "nobody"], ["deposit", "show", "nobody"],
        ["deposit", "lodge", "nobody", "1"],
    ):  # fmt: skip
        problem = answer(capsys, *command, status=1)
        assert (problem["code"], problem["seller"]) == ("seller_not_found", "nobody")
    unknown = answer(capsys, "sellers", "enrol", "a", "--market", "mars", status=1)
    assert unknown["code"] == "market_unknown"
    assert fetch_rows("SELECT count(*) FROM sellers_seller") == [(0,)]


def test_promises_and_profile_are_chosen(capsys: Capsys) -> None:
    answer(capsys, "sellers", "enrol", "小店", "--at", AT)
    before = answer(capsys, "sellers", "show", "小店")["promises"]
    told = answer(capsys, "sellers", "promises", "小店", "breakage", "--at", LATER)
    assert set(told["promises"]) == {p["promise"] for p in before} | {"breakage"}
    assert run_command(["sellers", "promises", "小店", "immortality"]) == 2
    capsys.readouterr()
    told = answer(capsys, "sellers", "profile", "小店", "--set", "phone=0571-1", "--at", LATER)
    assert told["profile"]["phone"] == "0571-1"
    assert told["complete"]["complete_bps"] == 1500
    assert "15%" in text(capsys, "en", "sellers", "profile", "小店")


def test_items_are_marked_and_unmarked(capsys: Capsys) -> None:
    answer(capsys, "sellers", "enrol", "小店", "--at", AT)
    told = answer(capsys, "items", "mark", "小店", "杯子", "壶", "--at", AT)
    assert (told["changed"], told["unchanged"], told["covered"]) == (2, 0, 2)
    told = answer(capsys, "items", "unmark", "小店", "壶", "--at", LATER)
    assert (told["changed"], told["covered"]) == (1, 1)
    listed = answer(capsys, "items", "list", "小店")
    assert [(i["name"], i["is_marked"]) for i in listed["items"]] == [("杯子", True)]
    assert len(answer(capsys, "items", "list", "小店", "--all")["items"]) == 2
    assert "杯子" in text(capsys, "zh", "items", "list", "小店")
    assert run_command(["items", "mark", "小店"]) == 2


def test_a_deposit_is_quoted_lodged_once_and_stated(capsys: Capsys) -> None:
    answer(capsys, "sellers", "enrol", "小店", "--category", "phones", "--at", AT)
    quoted = answer(capsys, "deposit", "quote", "小店")["quote"]
    assert [(line["code"], line["amount_minor"]) for line in quoted["lines"]] == [
        ("base", 1_000_000), ("zero_start", -1_000_000),
    ]  # fmt: skip
    for _ in range(2):
        told = answer(capsys, "deposit", "lodge", "小店", "1234.50", "--key", "k1", "--at", LATER)
        assert told["lodgement"]["state"] == "confirmed"
        assert told["deposit"]["deposit_minor"] == 123_450
    refused = answer(
        capsys, "deposit", "lodge", "小店", "1", "--key", "k1", "--at", LATER, status=1
    )
    assert refused["code"] == "lodgement_differs"
    for amount in ("0", "-1", "1.005", "1e99", "nan", "many"):
        assert run_command(["deposit", "lodge", "小店", "--", amount]) == 2, amount
    capsys.readouterr()
    stated = answer(capsys, "deposit", "statement", "小店")
    assert [(x["change_minor"], x["after_minor"]) for x in stated["lines"]] == [(123_450, 123_450)]
    shown = answer(capsys, "deposit", "show", "小店", "--at", LATER)
    assert (shown["deposit"]["available_minor"], len(shown["lodgements"])) == (123_450, 1)
    renewed = answer(capsys, "deposit", "quote", "小店", "--renew", "--at", LATER)["quote"]
    assert renewed["quoted_at"] == "2026-03-01T08:00:00Z"
    for language in ("zh", "en"):
        assert "¥10,000.00" in text(capsys, language, "deposit", "quote", "小店")
        assert "¥1,234.50" in text(capsys, language, "deposit", "show", "小店")
        assert "¥1,234.50" in text(capsys, language, "deposit", "statement", "小店")
    assert run_command(["deposit", "statement", "小店", "--account", "pocket"]) == 2
    # Cover for a year, its premium out of the deposit: once, and never more than is there.
    bought = ["deposit", "cover", "小店", "P-1", "--insurer", "样例保险", "--limit", "1000.00",
              "--from", LATER, "--until", "2027-03-01T08:00:00Z", "--at", LATER]  # fmt: skip
    assert [answer(capsys, *bought)["is_new"] for _ in range(2)] == [True, False]
    shown = answer(capsys, "deposit", "show", "小店", "--at", LATER)
    assert shown["deposit"]["deposit_minor"] == 123_450 - 3_000
    assert [(c["limit_minor"], c["premium_minor"]) for c in shown["covers"]] == [(100_000, 3_000)]
    too_much = [*bought[:3], "P-2", *bought[4:7], "100000.00", "--from", "2027-03-01T08:00:00Z",
                "--until", "2028-03-01T08:00:00Z"]  # fmt: skip
    assert answer(capsys, *too_much, status=1)["code"] == "cover_premium_not_there"
    paid = answer(capsys, *too_much, "--premium-paid")
    assert [c["premium_minor"] for c in paid["covers"]] == [3_000, 0]
    assert run_command([*bought[:9], "tomorrow", *bought[10:]]) == 2
    capsys.readouterr()
    for language in ("zh", "en"):
        assert "¥30.00" in text(capsys, language, *bought)
