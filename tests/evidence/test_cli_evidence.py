"""`xiaobao evidence`: what each command answers, in both languages, and how it ends."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from tests.evidence.making import AT, photo, photo_with_place
from xiaobao.cli.main import run_command
from xiaobao.database.sets import cursor
from xiaobao.promises.acts import publish_pack
from xiaobao.promises.queries import market
from xiaobao.sellers.acts import enrol_sellers

if TYPE_CHECKING:
    from pathlib import Path

SHOP = "瓷器小铺"
WHEN = ("--at", "2026-03-01T08:00:00Z")


@pytest.fixture
def shop(committed: None, kept: Path) -> int:
    publish_pack("cn", at=AT)
    ids = enrol_sellers([SHOP], market_id=market("cn").market_id, signed_by="店主", at=AT)
    return int(ids[0])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "照片.jpg"
    path.write_bytes(photo_with_place())
    return path


def answer(capsys: pytest.CaptureFixture[str], *arguments: str, status: int = 0) -> Any:
    assert run_command(["evidence", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def text(capsys: pytest.CaptureFixture[str], language: str, *arguments: str) -> str:
    assert run_command(["--lang", language, "evidence", *arguments]) == 0
    return capsys.readouterr().out


def add(capsys: pytest.CaptureFixture[str], file: Path, *more: str, status: int = 0) -> Any:
    given = ("add", SHOP, str(file), "--kind", "photo", "--party", "buyer", "--case", "7", *WHEN)
    return answer(capsys, *given, *more, status=status)


def test_a_piece_goes_in_is_listed_shown_sealed_proved_and_checked(
    shop: int, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    piece = add(capsys, file, "--words", "电话 13812345678")["piece"]
    assert (piece["seller_id"], piece["case_id"], piece["seq"]) == (shop, 7, 1)
    assert add(capsys, file)["piece"]["is_new"] is False
    (listed,) = answer(capsys, "list", SHOP, "--case", "7")["pieces"]
    assert (listed["kind"], listed["words"], listed["name"]) == (
        "photo", "电话 138****5678", "照片.jpg",
    )  # fmt: skip
    copy = tmp_path / "copy.jpg"
    shown = answer(
        capsys, "show", SHOP, "1", "--case", "7", "--why", "核对", "--save", str(copy), *WHEN
    )
    assert shown["copy"]["camera"]["place"] == "30.27400N 120.15500E"
    assert len(copy.read_bytes()) == shown["copy"]["size"]
    assert [(c["kind"], c["viewer"], c["why"]) for c in shown["custody"]] == [
        ("seen", "staff", "核对")
    ]
    sealed = answer(capsys, "seal", *WHEN)
    assert (sealed["added"], sealed["log"]["size"], sealed["stamp"]) == (1, 1, None)
    log = answer(capsys, "log")
    assert (log["unsealed"], len(log["checkpoints"])) == (0, 1)
    proof = json.loads(text(capsys, "en", "proof", SHOP, "1", "--case", "7"))
    assert proof["verifier"] == log["key"]
    assert json.loads(proof["entries"][0]["content"])["sha256"] == piece["sha256"]
    assert answer(capsys, "check", "--bytes", "--key", log["key"])["ok"] is True
    assert text(capsys, "zh", "check") == "证据无误：8 条规律全部成立\n"
    assert text(capsys, "en", "check", "--bytes") == "sound: all 9 laws hold\n"


def test_look_alikes_are_told_when_a_piece_goes_in(
    shop: int, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(capsys, file)
    again = ("add", SHOP, str(file), "--kind", "photo", "--case", "claim-8", *WHEN)
    (near,) = answer(capsys, *again)["near_duplicates"]
    assert (near["case_id"], near["seq"], near["is_same_bytes"]) == (7, 1, True)
    assert f"{shop}/7/1 (0/64)" in text(capsys, "en", *again)


def test_without_a_case_it_is_the_sellers_own_file(
    shop: int, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    answer(capsys, "add", SHOP, str(file), "--kind", "hardship_proof", "--party", "seller", *WHEN)
    shown = answer(capsys, "list", SHOP)
    assert [piece["kind"] for piece in shown["pieces"]] == ["hardship_proof"]
    assert [case["case_id"] for case in shown["cases"]] == [shop]
    assert "own file" in text(capsys, "en", "list", SHOP)
    assert "卖家档案" in text(capsys, "zh", "list", SHOP)


def test_refusals_name_the_field_and_the_fix(
    shop: int, file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file.write_bytes(b"<html><script>alert(1)</script>")
    refused = add(capsys, file, status=1)
    assert (refused["code"], refused["field"]) == ("evidence_refused", "body")
    assert "截图" in refused["title"]["zh"]
    with file.open("wb") as out:
        out.truncate(250_000_000)
        out.seek(0)
        out.write(photo())
    assert add(capsys, file, status=1)["reason"] == "too_large"
    assert add(capsys, tmp_path / "none.jpg", status=1)["code"] == "evidence_file_unreadable"
    assert run_command(["evidence", "add", SHOP, str(file), "--kind", "snap"]) == 2
    assert "unboxing_video" in capsys.readouterr().err
    assert answer(capsys, "show", SHOP, "1", status=1)["code"] == "evidence_piece_unknown"
    assert answer(capsys, "add", "nobody", str(file), "--kind", "photo", status=1)["status"] == 404


def test_staff_say_why_and_nothing_is_written_over(
    shop: int, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(capsys, file)
    look = ("show", SHOP, "1", "--case", "7", *WHEN)
    assert answer(capsys, *look, status=1)["code"] == "evidence_reason_missing"
    saved = answer(capsys, *look, "--why", "x", "--save", str(file), status=1)
    assert saved["code"] == "evidence_copy_not_writable"
    seller = answer(capsys, *look, "--as", "seller", "--original", "--save", "x.jpg", status=1)
    assert seller["code"] == "evidence_original_not_shown"


def test_holds_keep_and_nothing_is_deleted(
    shop: int, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(capsys, file)
    order = ("hold", SHOP, "--case", "7", "--authority", "法院", "--why", "1号", *WHEN)
    number = answer(capsys, *order)["hold"]
    assert number == 2
    lifted = answer(capsys, *order, "--lift", str(number))
    assert lifted["holds"][0]["lifted_at"] == "2026-03-01T08:00:00Z"
    assert answer(capsys, "due") == {"cases": [], "deleted": 0}


def test_a_broken_chain_ends_with_one_and_is_named(
    shop: int, file: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    add(capsys, file)
    with cursor("owner") as cur:
        cur.execute("UPDATE evidence_piece SET party = 2")
    checked = answer(capsys, "check", status=1)
    assert checked["ok"] is False
    assert [(b["law"], b["case_id"], b["seq"]) for b in checked["broken"]] == [("chain", 7, 1)]
    assert run_command(["--lang", "zh", "evidence", "check"]) == 1
    assert f"{shop}/7/1：哈希链断裂：内容已被改动" in capsys.readouterr().out


@pytest.mark.parametrize(
    "wrong",
    [("seal", "--tsa", "ftp://x", "--tsa-root", "r"), ("seal", "--tsa", "https://x"),
     ("check", "--key", "nonsense"), ("show", "x", "0"), ("show", "x", "1", "--as", "cat")],
)  # fmt: skip
def test_what_cannot_be_understood_ends_with_two(wrong: tuple[str, ...]) -> None:
    assert run_command(["evidence", *wrong]) == 2
