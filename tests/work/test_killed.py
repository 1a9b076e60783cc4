"""kill -9 at random moments of a run, then the same command again: nothing lost, nothing twice.

Each life begins with the same marketplace and ends with the same rows in every table as the life
of a twin that nobody disturbed. `XIAOBAO_KILL_ROUNDS` says how many kills there shall be.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import time
from typing import TYPE_CHECKING, Any

import pytest

from tests.database.homes import Home
from xiaobao.database.embedded import EmbeddedServer

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ROUNDS = int(os.environ.get("XIAOBAO_KILL_ROUNDS", "3"))
ORDERS = int(os.environ.get("XIAOBAO_KILL_ORDERS", "60"))

SETUP = f"""
from xiaobao.database.opening import open_house
open_house()
from datetime import timedelta
from tests.orders.making import START
from tests.work.living import UNRELIABLE, freeze_some, open_marketplace
from xiaobao.gateways.test_gateway import Settings, TestGateway
open_marketplace(orders={ORDERS})
TestGateway().set_behaviour(Settings(1, 0, 0, 0, 0))
freeze_some(TestGateway(), at=START + timedelta(days=20))
TestGateway().set_behaviour(UNRELIABLE)
"""
RUN = """
import sys
from xiaobao.cli.main import run_command
sys.exit(run_command(["run", "--until", "2025-11-20T00:00:00Z", "--json"]))
"""
# What stands in both books, and whether they are sound and agree.
LOOK = """
import json
from xiaobao.database.opening import open_house
open_house()
from tests.work.living import standing
from xiaobao.gateways.test_gateway import TestGateway
from xiaobao.deposits.queries import frozen_of, frozen_totals
from xiaobao.sellers.queries import seller_named
from xiaobao.work.checking import check_money
from xiaobao.work.reconciling import reconcile
gateway = TestGateway()
found = {
    "rows": standing(), "bill": [str(line) for line in gateway.bill()],
    "broken": [str(law) for law in check_money()],
    "frozen": vars(frozen_totals()),
    "ours": {str(row.lodgement): row.frozen_minor for shop in ("shop 1", "shop 3")
             for row in frozen_of(seller_named(shop).seller_id)},
    "theirs": {str(one): minor for one, minor in gateway.frozen().items()},
}
both = reconcile(gateway)
print(json.dumps(found | {"differences": len(both.differences), "agreed": both.agreed}))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("lives")


def copy_of(template: Home, path: Path) -> Home:
    """A home with the same rows; the server of neither is running."""
    subprocess.run(["cp", "-a", template.path, path], check=True)
    return Home(path)


@pytest.fixture(scope="module")
def template(folder: Path) -> Iterator[Home]:
    """A marketplace with all its orders in and none of its clocks fired."""
    home = Home(folder / "template")
    home.run(SETUP)
    EmbeddedServer(home.where).stop("fast")
    yield home
    home.close()


def told(home: Home) -> dict[str, Any]:
    """What the report says of the whole database."""
    report: dict[str, Any] = json.loads(home.run(RUN))
    del report["this_run"]
    return report


@pytest.fixture(scope="module")
def twin(template: Home, folder: Path) -> Iterator[tuple[dict[str, Any], dict[str, Any], float]]:
    """Nobody disturbs it: its report, all that stands after it, and how long it took."""
    home = copy_of(template, folder / "twin")
    home.run("from xiaobao.database.opening import open_house; open_house()")
    started = time.monotonic()
    report = told(home)
    seconds = time.monotonic() - started
    yield report, json.loads(home.run(LOOK)), seconds
    home.close()


def disturb(home: Home, chance: random.Random, seconds: float) -> int:
    """Run until it ends by itself, killed at random moments before; return how often it was."""
    kills = 0
    while True:
        with home.start(RUN) as process:
            try:
                process.communicate(timeout=chance.uniform(0.2, 0.9) * seconds)
            except subprocess.TimeoutExpired:
                # The command alone, the command after its server, or the server alone: then the
                # command ends with a message, and is run again like the others.
                which = chance.choice(["command", "both", "server"])
                if which != "command" and home.server() is not None:
                    home.kill_server()
                if which != "server":
                    process.kill()
                # Where no server was up to be killed, the command lives on to its end.
                process.communicate(timeout=60 + 10 * seconds)
                kills += 1
            if process.returncode == 0:
                return kills


def test_killed_at_random_moments_it_ends_as_its_twin(
    template: Home, folder: Path, twin: tuple[dict[str, Any], dict[str, Any], float]
) -> None:
    report, expected, seconds = twin
    assert expected["broken"] == []
    assert expected["differences"] == 0
    frozen = expected["frozen"]
    assert expected["ours"] == expected["theirs"]
    assert (frozen["takings"] > 0, frozen["let_go_minor"] > 0) == (True, True)
    assert report["payouts"].keys() == {"confirmed"}
    chance = random.Random(os.urandom(8))
    kills = lives = 0
    while kills < ROUNDS:
        lives += 1
        home = copy_of(template, folder / f"life {lives}")
        try:
            kills += disturb(home, chance, seconds)
            assert told(home) == report
            found = json.loads(home.run(LOOK))
            assert found == expected
            print(f"{kills} kills in {lives} lives so far")  # noqa: T201
        finally:
            home.close()
    print(f"{kills} kills in {lives} lives: nothing lost, nothing twice")  # noqa: T201
