"""`xiaobao people`: accounts and roles from the machine itself."""

from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, Any

import pytest

from xiaobao.cli.main import run_command

if TYPE_CHECKING:
    from tests.cli.test_sellers import Capsys

pytestmark = pytest.mark.usefixtures("committed")
AT = "2026-03-01T15:00:00+08:00"


def answer(capsys: Capsys, *arguments: str, status: int = 0) -> Any:
    assert run_command([*arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out)


def test_accounts_from_the_machine(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    assert run_command(["sellers", "enrol", "小店", "--category", "phones", "--at", AT]) == 0
    capsys.readouterr()
    made = answer(
        capsys, "people", "add", "mei", "--role", "adjudicator", "--hours", "1",
        "--base", "https://x.example/", "--at", AT,
    )  # fmt: skip
    assert made["link"].startswith("https://x.example/invited/")
    assert made["until"] == "2026-03-01T08:00:00Z"
    monkeypatch.setattr("sys.stdin", io.StringIO("nine green lamps\n"))
    told = answer(
        capsys, "people", "add", "bo", "--role", "owner", "--shop", "小店", "--password",
        "--at", AT,
    )  # fmt: skip
    since = "2026-03-01T07:00:00Z"
    assert told == {
        "people": [
            {"name": "bo", "has_password": True,
             "roles": [{"role": "owner", "shop": "小店", "since": since}]}
        ]
    }  # fmt: skip
    monkeypatch.setattr("sys.stdin", io.StringIO("short\n"))
    assert run_command(["people", "add", "li", "--role", "finance", "--password"]) == 1
    assert run_command(["people", "grant", "bo", "--role", "finance"]) == 1
    assert run_command(["people", "grant", "nobody", "--role", "finance"]) == 1
    assert run_command(["people", "grant", "mei", "--role", "king"]) == 2
    capsys.readouterr()
    told = answer(capsys, "people", "grant", "mei", "--role", "supervisor", "--at", AT)
    assert [one["role"] for one in told["people"][0]["roles"]] == ["adjudicator", "supervisor"]
    told = answer(capsys, "people", "revoke", "mei", "--role", "adjudicator")
    assert [one["role"] for one in told["people"][0]["roles"]] == ["supervisor"]
    listed = answer(capsys, "people", "list")
    assert [(one["name"], one["has_password"]) for one in listed["people"]] == [
        ("bo", True), ("mei", False),
    ]  # fmt: skip
    assert [
        one["name"] for one in answer(capsys, "people", "list", "--shop", "小店")["people"]
    ] == ["bo"]
    log = answer(capsys, "people", "log")
    assert sorted((one["name"], one["event"]) for one in log["events"]) == [
        ("bo", "entered"), ("bo", "given"), ("mei", "given"), ("mei", "given"), ("mei", "invited"),
        ("mei", "taken"),
    ]  # fmt: skip
    for language, words in (("zh", "收回角色"), ("en", "role taken away")):
        assert run_command(["--lang", language, "people", "log"]) == 0
        assert words in capsys.readouterr().out
    assert run_command(["--lang", "zh", "people", "invite", "mei"]) == 0
    assert "只能使用一次" in capsys.readouterr().out
