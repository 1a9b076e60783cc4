"""Web, worker and gateway killed at random, answers lost, notifies doubled and out of order.

Each payout and each deposit is paid exactly once, each part of a frozen deposit is taken, or let
go of, once, our books are the gateway's own to the fen, and its bill shows no difference; then ten
things are spoilt in it, and exactly those are found. `XIAOBAO_FAULT_SIZE` says how many payouts,
and how many deposits, with a third as many frozen beside them; `XIAOBAO_FAULT_KILLS` how many
kills.
"""

from __future__ import annotations

import json
import os
import random
import socket
import subprocess
import sys
import time
from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import httpx
import psutil
import pytest

from tests.database.homes import REPOSITORY, Home
from tests.gateways.alipay_here import with_keys
from xiaobao.advances.facts import PayoutState
from xiaobao.cli.house import now
from xiaobao.gateways.alipay.wire import written
from xiaobao.gateways.local_alipay.bills import account_bill
from xiaobao.gateways.local_alipay.book import Behaviour, Book

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from pathlib import Path

    from xiaobao.gateways.local_alipay.book import Entry

SIZE = int(os.environ.get("XIAOBAO_FAULT_SIZE", "24"))
FROZEN = SIZE // 3
KILLS = int(os.environ.get("XIAOBAO_FAULT_KILLS", "3"))
BAD = Behaviour(
    seed=5, fail_ppm=60_000, busy_moved_ppm=80_000, busy_still_ppm=60_000, lost_ppm=80_000,
    forged_ppm=40_000, twice_ppm=400_000, delay_ms=20, spread_ms=1_500, scan_after_ms=300,
)  # fmt: skip
COMMAND = """
import sys
from xiaobao.cli.main import run_command
sys.exit(run_command(sys.argv[1:]))
"""
SETUP = """
from datetime import datetime
from xiaobao.database.opening import open_house
open_house()
from tests.work.alipay_life import owe, owe_and_freeze
at = datetime.fromisoformat('{at}')
owe({size}, {size}, at=at)
owe_and_freeze({frozen}, at=at)
"""
TAKE_BACK = """
from datetime import datetime
from xiaobao.database.opening import open_house
open_house()
from tests.work.alipay_life import take_back
print(take_back(at=datetime.fromisoformat('{at}')))
"""
LOOK = """
import json
from xiaobao.database.opening import open_house
open_house()
from xiaobao.advances.queries import payout_totals
from xiaobao.database.sets import fetch_rows
from xiaobao.ledger.facts import Account
from xiaobao.ledger.queries import trial_balance
from xiaobao.work.checking import check_money
from tests.work.alipay_life import frozen_numbers, in_numbers, out_numbers
from xiaobao.deposits.queries import frozen_totals
print(json.dumps({
    "payouts": {one.state.name: one.count for one in payout_totals()},
    "lodgements": dict(fetch_rows("SELECT state, count(*) FROM deposits_lodgement GROUP BY 1")),
    "outside": sum(r.sum_minor for r in trial_balance() if r.account is Account.OUTSIDE),
    "broken": [str(one) for one in check_money()],
    "notices": fetch_rows("SELECT count(*) FROM work_notice")[0][0],
    "out": out_numbers(), "in": in_numbers(), "frozen": frozen_numbers(),
    "totals": vars(frozen_totals()),
    "payments": dict(fetch_rows("SELECT state, count(*) FROM exits_payment GROUP BY 1")),
}))
"""


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class Life:
    """One home with its three processes, each of which may be killed at any moment."""

    def __init__(self, folder: Path) -> None:
        self.home = Home(folder / "home", idle_seconds=120)
        self.alipay = with_keys(folder / "alipay")
        self.ports = {"gateway": free_port(), "web": free_port()}
        self.home.more["XIAOBAO_ALIPAY"] = str(self.alipay / "alipay.toml")
        self.running: dict[str, subprocess.Popen[str]] = {}

    def start(self, name: str, *arguments: str) -> subprocess.Popen[str]:
        self.running[name] = subprocess.Popen(
            [sys.executable, "-c", COMMAND, *arguments], env=self.home.environment(),
            cwd=REPOSITORY, text=True, stderr=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL if name in self.ports else subprocess.PIPE,
        )  # fmt: skip
        return self.running[name]

    def start_gateway(self) -> None:
        notify = f"http://127.0.0.1:{self.ports['web']}/notify/alipay"
        port = str(self.ports["gateway"])
        self.start(
            "gateway", "gateway", "serve", "--folder", str(self.alipay), "--port", port,
            "--notify", notify,
        )  # fmt: skip
        self._answers(f"http://127.0.0.1:{port}/")

    def start_web(self) -> None:
        self.start("web", "up", "--port", str(self.ports["web"]))
        self._answers(f"http://127.0.0.1:{self.ports['web']}/notify/alipay")

    def _answers(self, address: str) -> None:
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(address, timeout=5)
            except httpx.HTTPError:
                assert time.monotonic() < deadline, f"{address} never answered"
                time.sleep(0.1)
            else:
                return

    def start_worker(self, until: datetime) -> subprocess.Popen[str]:
        return self.start("worker", "run", "--until", until.isoformat(), "--json")

    def kill(self, name: str) -> None:
        """With its children, as a web server has some; the database's keeper is none of them."""
        process = self.running.pop(name)
        if process.poll() is None:
            children = psutil.Process(process.pid).children(recursive=True)
            process.kill()
            for child in children:
                with suppress(psutil.NoSuchProcess):
                    if "xiaobao.database.keeper" not in child.cmdline():
                        child.kill()
        process.communicate()

    def command(self, *arguments: str, status: int = 0) -> Any:
        with self.start("command", *arguments) as process:
            out, _ = process.communicate(timeout=600)
        assert process.returncode == status, (arguments, out)
        del self.running["command"]
        return json.loads(out)

    def look(self) -> dict[str, Any]:
        found: dict[str, Any] = json.loads(self.home.run(LOOK))
        return found

    def close(self) -> None:
        for name in list(self.running):
            self.kill(name)
        self.home.close()


@pytest.fixture
def life(tmp_path: Path) -> Iterator[Life]:
    made = Life(tmp_path)
    yield made
    made.close()


def disturb(life: Life, begins: datetime, chance: random.Random, kills: range) -> datetime:
    """Run on, a few minutes of business time at a go, and kill somebody in the middle of it."""
    until = begins
    for killed in kills:
        until += timedelta(minutes=chance.randint(6, 15))
        worker = life.start_worker(until)
        who = chance.choice(["worker", "gateway", "web"]) if killed >= 3 else (
            ("gateway", "web", "worker")[killed]
        )  # fmt: skip
        time.sleep(chance.uniform(0.5, 1.5) + SIZE / 100 * chance.random())
        life.kill(who)
        if who == "gateway":
            life.start_gateway()
        elif who == "web":
            life.start_web()
        if who != "worker":
            worker.communicate(timeout=600)
            assert worker.returncode == 0
    return until


def spoilt(entries: list[Entry]) -> list[Entry]:
    """Ten things wrong in a bill that was read whole before."""
    out = [one for one in entries if one.fen < 0]
    come = [one for one in entries if one.fen > 0]
    last = max(one.seq for one in entries)
    extra = [
        out[0]._replace(seq=last + 1),
        come[0]._replace(seq=last + 2),
        out[1]._replace(seq=last + 3, number=out[1].number[:-6] + "000000"),
        out[2]._replace(seq=last + 4, number="RENT-7", remark="房租"),
    ]
    changed = {
        out[3].seq: out[3]._replace(fen=out[3].fen - 1),
        come[1].seq: come[1]._replace(fen=come[1].fen + 1),
        out[4].seq: out[4]._replace(number=out[5].number),
    }
    gone = {out[6].seq, out[7].seq, come[2].seq}
    return [changed.get(one.seq, one) for one in entries if one.seq not in gone] + extra


PAID = PayoutState.CONFIRMED.value
FOUND = {
    "twice": 2, "unknown_here": 1, "not_ours": 1, "changed": 2, "moved": 1, "not_in_bill": 3,
}  # fmt: skip


def test_whatever_is_killed_lost_or_doubled_each_is_paid_once(life: Life, tmp_path: Path) -> None:
    seed = random.randrange(10**9)
    print(f"seed {seed}")  # noqa: T201
    began = now()
    due = began - timedelta(hours=2)
    life.home.run(SETUP.format(size=SIZE, frozen=FROZEN, at=due.isoformat()))
    book = Book(life.alipay)
    book.behave(BAD)
    life.start_gateway()
    life.start_web()
    chance = random.Random(seed)
    until = disturb(life, began, chance, range(KILLS * 2 // 3))
    leaving = int(life.home.run(TAKE_BACK.format(at=until.isoformat())))
    disturb(life, until, chance, range(KILLS * 2 // 3, KILLS))
    # From here on nobody is killed; what is open is asked about until it is known.
    deadline = time.monotonic() + 120 + SIZE
    while book.untold():
        assert time.monotonic() < deadline, "notifies were never taken"
        time.sleep(0.2)
    life.command("run", "--until", (began + timedelta(days=12)).isoformat(), "--json")

    found = life.look()
    assert found["broken"] == []
    assert found["payouts"] == {"CONFIRMED": SIZE + FROZEN}
    assert found["lodgements"] == {"2": SIZE + FROZEN}
    # Each shop's debt was taken of what it froze; what was asked back was let go of.
    totals = found["totals"]
    assert (totals["sums"], totals["lost_minor"], leaving > 0) == (FROZEN, 0, True)
    assert totals["taken_minor"] == sum(300 + 7 * n for n in range(FROZEN))
    assert (set(found["payments"]), totals["let_go_minor"] > 0) == ({str(PAID)}, True)
    with book.turn() as theirs:
        stands = dict(theirs.execute("SELECT number, rest FROM auth WHERE status = 'AUTHORIZED'"))
        let_go = theirs.execute("SELECT sum(fen) FROM step WHERE kind = 'UNFREEZE'").fetchone()
    assert stands == dict(found["frozen"])
    assert let_go == (totals["let_go_minor"],)
    entries = book.entries()
    assert sorted((one.number, -one.fen) for one in entries if one.fen < 0) == sorted(
        map(tuple, found["out"])
    )
    assert sorted((one.number, one.fen) for one in entries if one.fen > 0) == sorted(
        map(tuple, found["in"])
    )
    latest = max(entries, key=lambda one: one.seq)
    assert latest.balance == sum(one.fen for one in entries)
    assert latest.balance == -found["outside"] - totals["frozen_minor"]
    assert found["notices"] >= SIZE

    reconciled = 0
    days = sorted({one.at[:10] for one in entries})
    for day in days:
        file = tmp_path / f"{day}.zip"
        life.command("gateway", "bill", day, "--to", str(file), "--json")
        first = life.command("reconcile", str(file), "--json")
        assert (first["differences"], first["agreed"]) == ([], first["lines"])
        reconciled += first["reconciled"]
    assert len(entries) == len(found["out"]) + len(found["in"])
    assert reconciled == len(found["out"])
    bad = tmp_path / "bad.csv"
    bad.write_bytes(account_bill(days[0], spoilt(book.entries(days[0]))).encode("gb18030"))
    differences = life.command("reconcile", str(bad), "--json", status=1)["differences"]
    counted: dict[str, int] = {}
    for one in differences:
        counted[one["kind"]] = counted.get(one["kind"], 0) + 1
    assert counted == FOUND, differences
    assert written(began)[:10] == days[0]
    took = now() - began
    print(f"{SIZE} + {SIZE} + {FROZEN} frozen, {KILLS} kills, {found['notices']} notifies, {took}")  # noqa: T201
