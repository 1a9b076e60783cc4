"""`xiaobao doctor`: sound books end with 0, broken ones with 1 and their law."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from xiaobao import __version__
from xiaobao.cli import main, output
from xiaobao.database.places import places
from xiaobao.database.sets import cursor

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

pytestmark = pytest.mark.usefixtures("committed")

ORDERS = """\
seller,order,fact,at,buyer,goods,currency
shop,o1,placed,2026-01-01T08:00:00+08:00,buyer,1250,CNY
shop,o1,paid,2026-01-01T08:05:00+08:00,,,
"""


@pytest.fixture(autouse=True)
def english(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("XIAOBAO_LANG", "en")
    yield
    output.choose_language("en")


def doctor(capsys: pytest.CaptureFixture[str]) -> tuple[int, dict[str, Any]]:
    capsys.readouterr()
    status = main.run_command(["doctor", "--json"])
    told: dict[str, Any] = json.loads(capsys.readouterr().out)
    return status, told


@pytest.fixture
def shop(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "orders.csv"
    file.write_text(ORDERS)
    assert main.run_command(["import", "orders", str(file), "--enrol"]) == 0


def test_an_empty_house_is_sound(capsys: pytest.CaptureFixture[str]) -> None:
    status, told = doctor(capsys)
    assert (status, told["broken"], told["markets"]) == (0, [], [])
    assert told["xiaobao"] == __version__
    assert told["database"]["role"] == "xiaobao_app"
    assert told["home"]["path"] == str(places().home)
    assert all(clock["next_due_at"] is None for clock in told["clocks"].values())


@pytest.mark.usefixtures("shop")
def test_pending_clocks_and_crashes_are_told(capsys: pytest.CaptureFixture[str]) -> None:
    crash = places().home / "crash-20260101T000000000000Z.log"
    crash.touch()
    status, told = doctor(capsys)
    crash.unlink()
    assert status == 0
    assert told["orders"]["clocks_open"] > 0
    assert told["sellers"]["active"] == 1
    assert [(m["name"], m["pack"], m["currency"]) for m in told["markets"]] == [
        ("cn", "cn", "CNY")
    ]
    assert told["home"]["crash_files"] == [crash.name]
    assert any(crash.name in words for words in told["warnings"])
    assert told["clocks"]["orders"]["next_due_at"].startswith("2026-01-0")


@pytest.mark.usefixtures("shop")
def test_a_broken_book_ends_with_1_and_its_law(capsys: pytest.CaptureFixture[str]) -> None:
    with cursor("owner") as cur:
        cur.execute("UPDATE ledger_book SET deposit = 5, outside = -5")
    status, told = doctor(capsys)
    assert status == 1
    assert len(told["broken"]) > 0
    assert main.run_command(["doctor"]) == 1
    words = capsys.readouterr()
    assert f"{len(told['broken'])} invariants of the ledger are broken" in words.err
    assert "PostgreSQL" in words.out


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_people_read_it_in_their_language(lang: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main.run_command(["--lang", lang, "doctor"]) == 0
    told = capsys.readouterr()
    words = {"zh": ("数据目录", "账本的全部不变量成立"), "en": ("home", "every invariant")}
    assert words[lang][0] in told.out
    assert words[lang][1] in told.err
