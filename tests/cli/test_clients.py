"""`xiaobao clients`: a secret shown once, a list without secrets, nobody once revoked."""

from __future__ import annotations

import json
from typing import Any

import pytest

from xiaobao.cli.main import run_command
from xiaobao.database.sets import fetch_rows

pytestmark = pytest.mark.usefixtures("committed")
AT = "2026-03-01T15:00:00+08:00"
Capsys = pytest.CaptureFixture[str]


def answer(capsys: Capsys, *arguments: str, status: int = 0) -> Any:
    assert run_command([*arguments, "--json"]) == status
    return json.loads(capsys.readouterr().out or "null")


def test_clients_come_are_listed_and_go(capsys: Capsys) -> None:
    assert run_command(["sellers", "enrol", "shop", "--at", AT]) == 0
    capsys.readouterr()
    shops = answer(capsys, "clients", "add", "the shop", "--role", "seller", "--seller", "shop",
                   "--per-minute", "5", "--at", AT)  # fmt: skip
    own = answer(capsys, "clients", "add", "own", "--role", "platform", "--scope", "facts:write")
    assert len(shops["client_secret"]) == 43
    stored = {row[0] for row in fetch_rows("SELECT secret FROM allauth_idp_oidc_client")}
    assert len(stored) == 2
    assert not stored & {shops["client_secret"], own["client_secret"]}
    latest, first = answer(capsys, "clients", "list")
    assert (latest["client_id"], latest["role"], latest["seller"], latest["scopes"]) == (
        own["client_id"], "platform", None, ["facts:write"],
    )  # fmt: skip
    assert (first["client_id"], first["seller"], first["calls_per_minute"]) == (
        shops["client_id"], "shop", 5,
    )  # fmt: skip
    assert answer(capsys, "clients", "revoke", own["client_id"]) == {
        "client_id": own["client_id"], "revoked": True,
    }  # fmt: skip
    assert run_command(["--lang", "en", "clients", "revoke", own["client_id"]]) == 1
    assert f"there is no client '{own['client_id']}' in force" in capsys.readouterr().err
    assert run_command(["--lang", "zh", "clients", "list"]) == 0
    told = capsys.readouterr().out
    assert "一家店铺" in told
    assert shops["client_secret"] not in told


def test_what_a_client_cannot_be_is_refused(capsys: Capsys) -> None:
    for asked, status in (
        (["x", "--role", "nobody"], 2),
        (["x", "--role", "seller"], 1),
        (["x", "--role", "finance", "--scope", "rulings:write"], 1),
        (["x", "--role", "seller", "--seller", "nobody"], 1),
    ):
        assert run_command(["clients", "add", *asked]) == status, asked
    capsys.readouterr()
    assert fetch_rows("SELECT count(*) FROM work_api_client") == [(0,)]
    assert fetch_rows("SELECT count(*) FROM allauth_idp_oidc_client") == [(0,)]
