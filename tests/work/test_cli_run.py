"""`xiaobao run` as an operator meets it; and two of them at once."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import psycopg
import pytest

from tests.work.living import open_marketplace
from xiaobao.cli.main import run_command
from xiaobao.database.connections import database_url
from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.work import run as running
from xiaobao.work.reconciling import reconcile

# A command opens the house as any process does, so it commits for real.
pytestmark = pytest.mark.usefixtures("committed")
UNTIL = "2025-11-01T00:00:00+08:00"
Capsys = pytest.CaptureFixture[str]


def test_it_says_what_stands_and_what_it_did(capsys: Capsys) -> None:
    open_marketplace(orders=25, days=5)
    assert run_command(["run", "--until", UNTIL, "--json"]) == 0
    first = json.loads(capsys.readouterr().out)
    assert first["until"] == "2025-10-31T16:00:00Z"
    assert first["this_run"]["breaches_found"] > 0
    assert first["payouts"]["confirmed"]["total"] == first["paid_to_buyers"]
    assert first["paid_to_buyers"]["currency"] == "CNY"
    assert first["owed_to_buyers"] == {"amount": 0, "currency": "CNY"}
    found = sum(promise["count"] for promise in first["by_promise"].values())
    assert found == first["this_run"]["breaches_found"]
    paid = sum(promise["total"]["amount"] for promise in first["by_promise"].values())
    assert paid == first["paid_to_buyers"]["amount"]
    # The gateway that nobody chose keeps its book in the home.
    both = reconcile(TestGateway())
    assert [d for d in both.differences if d.ours_minor is not None] == []
    assert both.reconciled == first["payouts"]["confirmed"]["count"]


@pytest.mark.parametrize(
    ("language", "words"),
    [
        ("zh", ("延迟发货", "已到账", "保障基金先行赔付")),
        ("en", ("late shipment", "confirmed", "advanced by the fund")),
    ],
)
def test_it_speaks_both_languages(capsys: Capsys, language: str, words: tuple[str, ...]) -> None:
    open_marketplace(orders=25, days=5)
    assert run_command(["--lang", language, "run", "--until", UNTIL]) == 0
    shown = capsys.readouterr().out
    assert all(word in shown for word in words)


def test_with_nothing_in_it_there_is_nothing_to_do(capsys: Capsys) -> None:
    assert run_command(["run", "--until", UNTIL, "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["by_promise"], told["payouts"]) == ({}, {})
    assert set(told["this_run"].values()) == {0}


@pytest.mark.parametrize("time", ["2025-11-01", "2025-11-01T00:00:00", "soon", ""])
def test_a_time_without_its_zone_is_not_understood(capsys: Capsys, time: str) -> None:
    assert run_command(["run", "--until", time]) == 2
    assert "2018-12-31T00:00:00Z" in capsys.readouterr().err


def test_two_at_once_do_not_mix(capsys: Capsys, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "_WAIT_SECONDS", 1)
    with psycopg.connect(database_url(), autocommit=True) as other:
        other.execute("SELECT pg_advisory_lock(%s)", [running._ONE_RUN])
        with pytest.raises(running.RunUnderWay):
            running.run(datetime(2025, 11, 1, tzinfo=UTC))
        assert run_command(["run", "--until", UNTIL, "--json"]) == 1
        assert json.loads(capsys.readouterr().out)["code"] == "run_under_way"
    # The other one has ended, however it did.
    assert run_command(["run", "--until", UNTIL, "--json"]) == 0
