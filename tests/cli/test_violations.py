"""`xiaobao violations`: from the record to the register, as JSON and as tables, and nonsense."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from xiaobao.cli.main import run_command

Capsys = pytest.CaptureFixture[str]
DAY = ["--at", "2026-03-02T02:00:00Z"]
LATER = ["--at", "2026-03-04T02:00:00Z"]


@pytest.fixture
def shop(committed: None) -> None:
    from xiaobao.promises import acts as promises
    from xiaobao.promises import queries as promises_now
    from xiaobao.sellers import acts as sellers

    promises.publish_pack("cn", at=datetime(2026, 1, 1, tzinfo=UTC))
    sellers.enrol_sellers(
        ["甲店"], market_id=promises_now.market("cn").market_id, signed_by="the seller",
        at=datetime(2026, 2, 1, tzinfo=UTC),
    )  # fmt: skip


def answer(capsys: Capsys, *arguments: str, status: int = 0) -> Any:
    assert run_command(["--lang", "en", *arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def words(capsys: Capsys, language: str, *arguments: str, status: int = 0) -> str:
    assert run_command(["--lang", language, *arguments]) == status
    told = capsys.readouterr()
    return told.out + told.err


def test_from_the_record_to_the_register_and_back(shop: None, capsys: Capsys) -> None:
    record = ["violations", "record", "甲店", "V1", "--kind", "counterfeit_serious", "--by",
              "张三", "--source", "inspection", "--words", "三双假鞋", *DAY]  # fmt: skip
    made = answer(capsys, *record)
    assert made["is_new"] is True
    assert (made["violation"]["state"], made["violation"]["points"]) == ("notified", 24)
    assert answer(capsys, *record)["is_new"] is False

    answer(capsys, "run", "--until", "2026-03-03T00:00:00Z")
    (entry,) = answer(capsys, "violations", "register", *LATER)["entries"]
    assert (entry["shop"], entry["is_corrected"], entry["penalty_minor"]) == (
        "甲店", False, 200_000,
    )  # fmt: skip
    assert "出售假冒商品（严重）" in words(capsys, "zh", "violations", "register", *LATER)
    assert "counterfeits sold, serious" in words(capsys, "en", "violations", "register", *LATER)
    points = answer(capsys, "violations", "points", "甲店", *LATER)
    assert [t["points"] for t in points["points"]] == [0, 0, 24]
    assert [o["block"] for o in points["open"]] == ["penalty", "appealable"]
    for language, told in (("zh", "处罚执行中"), ("en", "a penalty runs")):
        assert told in words(capsys, language, "violations", "points", "甲店", *LATER)

    appealed = answer(capsys, "violations", "appeal", "V1", "--words", "都是正品", *LATER)
    assert appealed["violation"]["state"] == "appealed"
    decide = ["violations", "decide", "V1", "--revoke", "--words", "检测有误", *LATER]
    same = answer(capsys, *decide, "--by", "张三", status=1)
    assert same["code"] == "violation_same_person"
    revoked = answer(capsys, *decide, "--by", "李四")
    assert revoked["violation"]["state"] == "revoked"
    assert "更正：已撤销" in words(capsys, "zh", "violations", "register", *LATER)
    shown = answer(capsys, "violations", "show", "V1")
    assert [e["event"] for e in shown["events"]] == ["record", "notify", "appeal", "revoke"]
    listed = answer(capsys, "violations", "list", "--state", "revoked")
    assert [v["violation"] for v in listed["violations"]] == ["V1"]
    assert listed["counts"]["revoked"] == 1


NONSENSE = [
    (["record", "乙店", "V1", "--kind", "fraud", "--by", "a"], 1, "nobody is called"),
    (["record", "甲店", "V1", "--kind", "nonsense", "--by", "a"], 2, "late_shipment"),
    (["record", "甲店", "V1", "--kind", "fraud", "--by", "a", "--source", "ruling"], 2,
     "inspection, staff"),
    (["record", "甲店", "V1", "--kind", "fraud", "--by", "a", "--units", "0"], 1, "units: 0"),
    (["record", "甲店", " ", "--kind", "fraud", "--by", "a"], 1, "violation: may not"),
    (["record", "甲店", "V1", "--kind", "fraud", "--by", "a", "--happened",
      "2099-01-01T00:00:00Z"], 1, "happened: 2099"),
    (["show", "V77"], 1, "none called 'V77'"),
    (["decide", "V77", "--by", "a", "--words", "b"], 2, "--uphold and --revoke"),
    (["list", "--state", "guilty"], 2, "appealed"),
]  # fmt: skip


def test_nonsense_is_refused_naming_the_field(shop: None, capsys: Capsys) -> None:
    for arguments, status, told in NONSENSE:
        assert told in words(capsys, "en", "violations", *arguments, status=status)
    assert answer(capsys, "violations", "list")["violations"] == []
