"""The sender: signed, in order, and however it dies nothing is lost and nothing is made up."""

from __future__ import annotations

import json
import socket
import subprocess
import sys
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from standardwebhooks.webhooks import Webhook

from tests.gateways.test_webhooks import receiver
from xiaobao.cli import main, output
from xiaobao.cli.house import now
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.references import causes_of
from xiaobao.outbox import acts, rules
from xiaobao.outbox.facts import Attempt, EventKind, Trouble
from xiaobao.work import webhooks

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from datetime import datetime

    from xiaobao.gateways.webhooks import Message

pytestmark = pytest.mark.usefixtures("committed")
AT_US = 1_767_225_600_000_000
# A sender that dies when its subscriber has been told, and nothing is written down yet.
DIES = """
import os
from xiaobao.database.opening import open_house, prepare_django
prepare_django()
open_house()
from xiaobao.work import webhooks
def send(runs):
    webhooks._send(runs)
    os._exit(9)
webhooks.deliver_due(send=send)
"""


@pytest.fixture(autouse=True)
def may_stay_here(monkeypatch: pytest.MonkeyPatch, settings: Any) -> Iterator[None]:
    monkeypatch.setenv("XIAOBAO_WEBHOOKS_MAY_STAY_HERE", "1")
    monkeypatch.setenv("XIAOBAO_LANG", "en")
    settings.WEBHOOKS_MAY_STAY_HERE = True
    yield
    output.choose_language("en")


def tell(*sellers: int, part: int) -> None:
    ids = np.array(sellers, np.int64)
    cause = causes_of(301, np.full(len(ids), AT_US), ids, np.full(len(ids), part))
    acts.tell(EventKind.CLAIM_FILED, ids, *cause, at_us=AT_US + part, subject_id=part)


def test_a_sender_killed_between_telling_and_writing_down_loses_and_invents_nothing(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def run(*arguments: str) -> tuple[int, Any]:
        capsys.readouterr()
        status = main.run_command(["webhooks", *arguments, "--json"])
        return status, json.loads(capsys.readouterr().out)

    with receiver() as (base, kind):
        status, made = run("add", f"{base}/good", "--kind", "claim.*")
        number = made["subscription"]
        assert (status, made["kinds"]) == (0, ["claim.*"])
        tell(1, 2, part=1)
        tell(1, part=2)
        dead = subprocess.run([sys.executable, "-c", DIES], capture_output=True, check=False)
        assert dead.returncode == 9, dead.stderr
        assert fetch_rows("SELECT count(*), sum(tries) FROM outbox_delivery WHERE state = 0") == [
            (3, 3)
        ]
        assert fetch_rows("SELECT count(*) FROM outbox_attempt") == [(0,)]
        # Until its time with them is over nobody else takes them, nor anything behind them.
        assert webhooks.deliver_due().attempts == 0
        later = now() + rules.LEASE
        monkeypatch.setattr(webhooks, "_now", lambda: later)
        assert webhooks.deliver_due() == webhooks.Delivered(delivered=3)
        monkeypatch.undo()
        told = [
            (Webhook(made["secret"]).verify(body.decode(), headers)["data"], headers["webhook-id"])
            for _, headers, body in kind.seen
            if abs(int(headers["webhook-timestamp"]) - later.timestamp()) > 30
        ]
        ids = [headers["webhook-id"] for _, headers, _ in kind.seen]
        of_one = [
            json.loads(body)["data"]["subject_id"]
            for _, _, body in kind.seen
            if json.loads(body)["data"]["seller"]["id"] == "1"
        ]
    assert len(told) == 3
    # All were told twice, under the ids of before; each body was the same; order was kept.
    assert len(ids) == 6
    assert len(set(ids)) == 3
    assert len({(headers["webhook-id"], body) for _, headers, body in kind.seen}) == 3
    assert of_one == ["1", "2", "1", "2"]

    status, listed = run("list")
    assert listed["subscriptions"][0]["deliveries"] == {
        "waiting": 0, "delivered": 3, "dead": 0, "dropped": 0,
    }  # fmt: skip
    status, again = run("replay", str(number), "--event", ids[0])
    assert (status, again["replayed"]) == (0, 1)
    # Nobody listens any more: it fails, is written down, and waits.
    status, done = run("deliver")
    assert (status, done) == (1, {"delivered": 0, "failed": 1, "given_up": 0})
    _, logged = run("log", str(number), "--event", ids[0])
    assert [one["trouble"] for one in logged["attempts"]] == ["none", "not_reached"]
    _, logged = run("log", "--state", "waiting")
    assert [one["type"] for one in logged["deliveries"]] == ["claim.filed"]
    status, rotated = run("rotate", str(number), "--keep-hours", "2")
    assert (status, rotated["secret"] != made["secret"]) == (0, True)
    assert run("remove", str(number)) == (0, {"dropped": 1, "subscription": number})
    assert run("remove", str(number))[0] == 1


def test_a_subscriber_that_fails_is_left_alone_for_the_round() -> None:
    number = acts.subscribe("all", "https://shop.example/", ["*"], at=now())
    tell(*range(1, 3 * webhooks.SELLERS), part=1)
    tell(1, part=2)
    asked: list[Message] = []

    def refuse(runs: Sequence[Sequence[Message]]) -> list[list[Attempt]]:
        asked.extend(message for run in runs for message in run)
        return [[Attempt(503, Trouble.REFUSED, 1, "")] for _ in runs]

    assert webhooks.deliver_due(send=refuse) == webhooks.Delivered(failed=webhooks.SELLERS)
    # Of the first seller two were to be sent, and the second was not tried.
    assert len(asked) == webhooks.SELLERS + 1
    assert fetch_rows("SELECT count(*) FROM outbox_delivery WHERE attempts = 0") == [
        (2 * webhooks.SELLERS,)
    ]
    assert acts.unsubscribe(number, at=now()) == 3 * webhooks.SELLERS


def test_the_slow_hold_up_the_others_by_one_set_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    """Also whoever has something due only while they are being told."""
    for name in ("slow", "quick"):
        acts.subscribe(name, f"https://{name}.example/", ["*"], at=now())
    tell(*range(1, 3 * webhooks.SELLERS + 1), part=1)
    turns: list[str] = []
    clock = now()

    def send(runs: Sequence[Sequence[Message]]) -> list[list[Attempt]]:
        nonlocal clock
        turns.append(runs[0][0].url.removeprefix("https://").partition(".")[0])
        if turns == ["slow"]:
            acts.subscribe("late", "https://late.example/", ["*"], at=now())
            tell(1, part=2)
        if turns[-1] == "slow":
            clock += timedelta(seconds=40)
        return [[Attempt(200, Trouble.NONE, 1, "")] * len(run) for run in runs]

    monkeypatch.setattr(webhooks, "_now", lambda: clock)
    # No turn begins when the time is over; what is left is told at the next round.
    first = webhooks.deliver_due(send=send, within=timedelta(seconds=60))
    assert turns == ["slow", "quick", "slow", "quick", "late"]
    assert first == webhooks.Delivered(delivered=4 * webhooks.SELLERS + 2)
    second = webhooks.deliver_due(send=send)
    assert turns[5:] == ["slow", "quick", "slow"]
    assert second == webhooks.Delivered(delivered=2 * webhooks.SELLERS + 1)
    assert webhooks.deliver_due(send=send).attempts == 0


def test_where_nobody_answers_it_rests_and_is_tried_with_one_message(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """However much waits for it: the others wait once for each of these tries, and no longer."""
    monkeypatch.setattr("xiaobao.gateways.webhooks.WHOLE_SECONDS", 0.2)
    clock, is_mended = now(), False
    monkeypatch.setattr(webhooks, "_now", lambda: clock)

    def send(runs: Sequence[Sequence[Message]]) -> list[list[Attempt]]:
        if "example" in runs[0][0].url or is_mended:
            return [[Attempt(200, Trouble.NONE, 1, "")] * len(run) for run in runs]
        return webhooks._send(runs)

    def how_it_is() -> list[tuple[int, datetime | None]]:
        return fetch_rows(
            "SELECT unanswered, rests_until FROM outbox_subscription ORDER BY subscription"
        )

    with socket.create_server(("127.0.0.1", 0)) as deaf:  # it hears, and never says a word
        address = f"http://127.0.0.1:{deaf.getsockname()[1]}/"
        acts.subscribe("deaf", address, ["*"], at=now(), may_stay_here=True)
        acts.subscribe("quick", "https://quick.example/", ["*"], at=now())
        sellers = 4 * webhooks.SELLERS
        tell(*range(1, sellers + 1), part=1)
        first = webhooks.deliver_due(send=send)
        assert first == webhooks.Delivered(delivered=sellers, failed=webhooks.SELLERS)
        for _ in range(2, rules.RESTS_AFTER + 1):
            clock += timedelta(seconds=1)
            assert webhooks.deliver_due(send=send) == webhooks.Delivered(failed=webhooks.SELLERS)
        assert how_it_is() == [(rules.RESTS_AFTER, clock + rules.RESTS[0]), (0, None)]
        assert main.run_command(["webhooks", "list"]) == 0
        assert "3 times no answer; rests until" in " ".join(capsys.readouterr().out.split())
        # What is told meanwhile reaches whoever answers, and costs no time.
        tell(1, part=2)
        assert webhooks.deliver_due(send=send) == webhooks.Delivered(delivered=1)
        for tries, rest in enumerate(rules.RESTS[1:], 1):
            clock += rules.RESTS[tries - 1]
            assert webhooks.deliver_due(send=send) == webhooks.Delivered(failed=1)
            assert how_it_is()[0] == (rules.RESTS_AFTER + tries, clock + rest)
    # Asked to send again it is tried at once; it answers, and all goes out that is due: of the
    # seller that was tried with most often the next attempt is not, nor what waits behind.
    is_mended = True
    number, _ = fetch_rows("SELECT subscription, 0 FROM outbox_subscription WHERE name = 'deaf'")[
        0
    ]
    assert acts.replay(number, at=clock) == 0
    assert webhooks.deliver_due(send=send) == webhooks.Delivered(delivered=sellers - 1)
    clock += timedelta(hours=1)
    assert webhooks.deliver_due(send=send) == webhooks.Delivered(delivered=2)
    assert how_it_is() == [(0, None), (0, None)]


def test_a_set_is_taken_and_written_down_in_one_commit_each() -> None:
    """However many messages: that is what a sender's speed hangs on."""
    acts.subscribe("all", "https://shop.example/", ["*"], at=now())
    for part in range(webhooks.EACH):
        tell(1, 2, part=part)

    def commits() -> int:
        return int(fetch_rows("SELECT count(DISTINCT xmin::text) FROM outbox_attempt")[0][0])

    def accept(runs: Sequence[Sequence[Message]]) -> list[list[Attempt]]:
        return [[Attempt(200, Trouble.NONE, 1, "")] * len(run) for run in runs]

    done = webhooks.deliver_due(send=accept)
    assert done == webhooks.Delivered(delivered=2 * webhooks.EACH)
    assert commits() == 1
