"""The demo end to end, as an operator meets it: whole processes, homes of their own."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from xiaobao.cli.main import run_command
from xiaobao.database.embedded import EmbeddedServer
from xiaobao.database.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Homes = Callable[[str], "Home"]
    Lived = tuple["Home", subprocess.CompletedProcess[str]]

ENTRY = "from xiaobao.cli.main import main; main()"
SMALL = ["--sellers", "12", "--orders", "300", "--days", "30", "--no-serve", "--json"]
TRIAL = ["ledger", "trial-balance", "--json"]
TINY = ["--sellers", "3", "--orders", "20", "--days", "6", "--no-serve", "--json"]


class Home:
    """A home that an operator would have, and commands run in it."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir(mode=0o755)
        self.folder = folder
        self.env = os.environ | {
            "XIAOBAO_HOME": str(folder), "XIAOBAO_IDLE_SECONDS": "20", "XIAOBAO_LANG": "en",
        }  # fmt: skip
        self.env.pop("DATABASE_URL", None)

    def start(self, *arguments: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [sys.executable, "-c", ENTRY, *arguments],
            env=self.env, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            start_new_session=True,
        )  # fmt: skip

    def run(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        process = self.start(*arguments)
        out, err = process.communicate(timeout=300)
        return subprocess.CompletedProcess(arguments, process.returncode, out, err)

    def close(self) -> None:
        where = Places(self.folder)
        EmbeddedServer(where).stop("immediate")
        shutil.rmtree(where.socket_directory, ignore_errors=True)


@pytest.fixture(scope="module")
def homes() -> Iterator[Homes]:
    # Not pytest's own folder: its parents are closed to the account that runs the server.
    folder = Path(tempfile.mkdtemp(prefix="xiaobao-demo-"))
    folder.chmod(0o755)
    made: list[Home] = []

    def home(name: str) -> Home:
        made.append(Home(folder / name))
        return made[-1]

    yield home
    for one in made:
        one.close()
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def lived(homes: Homes) -> Lived:
    """A small marketplace lived once, and the figures it printed."""
    home = homes("once")
    done = home.run("demo", *SMALL)
    assert done.returncode == 0, done.stderr
    return home, done


def integers_only(value: object) -> bool:
    if isinstance(value, dict):
        return all(integers_only(v) for v in value.values())
    if isinstance(value, list):
        return all(integers_only(v) for v in value)
    return value is None or isinstance(value, bool | int | str)


def test_the_figures_speak_of_the_whole_marketplace(lived: Lived) -> None:
    _, done = lived
    figures = json.loads(done.stdout)
    assert list(figures) == sorted(figures)
    assert integers_only(figures)
    assert figures["plan"]["seed"] == 7
    # What a shop that left would have sold is not placed.
    orders = figures["orders"]
    assert orders["placed"] == orders["recorded"] == 300 - orders["never_placed"]
    assert 0 < orders["never_placed"] < 10
    assert figures["facts"]["told_again"] > 0
    kinds = figures["breaches"]["by_kind"]
    assert sum(k["found"] for k in kinds.values()) == figures["breaches"]["found"] > 0
    assert kinds["late_shipment"]["found"] > 0
    shops = figures["shops"]["by_kind"]
    assert sum(k["shops"] for k in shops.values()) == 12
    assert sum(figures["shops"]["by_standing"].values()) == 12
    cheats = shops["cheating"]
    assert cheats["orders_cheated"] == (
        cheats["cheated_found"] + cheats["cheated_still_watched"] + cheats["cheated_escaped"]
    )
    assert cheats["cheated_found"] > 0
    assert figures["examples"]
    left = {(r["scope"], r["reason"]): r for r in figures["leaving"]["exits"]}
    changed, mistaken = left["whole", "policy_change"], left["whole", "mistake"]
    assert (changed["asked"], changed["called_off"]) == (1, 0)
    assert (mistaken["refunded_minor"], mistaken["wait_hours"]) == (30_000, 0)
    # Shops 2, 7 and 12 lodge by freezing.
    frozen = figures["deposits"]["frozen"]
    assert (frozen["sellers"], frozen["lost_minor"]) == (3, 0)
    assert frozen["taken_minor"] >= frozen["takings"] > 0
    assert frozen["amount_minor"] == (
        frozen["frozen_minor"] + frozen["taken_minor"] + frozen["let_go_minor"]
    )


def test_the_money_adds_up(lived: Lived) -> None:
    _, done = lived
    figures = json.loads(done.stdout)
    paid, breaches = figures["compensation"], figures["breaches"]
    assert all(figures["invariants"].values())
    assert paid["buyers_minor"] == breaches["buyers_minor"] > 0
    assert paid["platform_minor"] == breaches["platform_minor"]
    assert paid["buyers_minor"] + paid["platform_minor"] == (
        paid["reserve_minor"] + paid["deposit_minor"] + paid["cover_minor"] + paid["fund_minor"]
    )
    assert sum(s["amount_minor"] for s in figures["payouts"].values()) == paid["buyers_minor"]
    assert sum(figures["books"].values()) == 0
    assert paid["fund_minor"] - paid["recovered_minor"] == paid["debt_minor"]
    assert -figures["books"]["fund"] == paid["debt_minor"]
    for way in figures["gateway"].values():
        assert (way["ledger"], way["ledger_minor"]) == (way["gateway"], way["gateway_minor"])


def test_two_homes_give_the_same_figures(lived: Lived, homes: Homes) -> None:
    _, first = lived
    second = homes("老 家").run("demo", *SMALL)
    assert second.returncode == 0, second.stderr
    assert second.stdout == first.stdout


def test_nothing_changes_where_it_stands(lived: Lived) -> None:
    """Asked again it says the same; another marketplace is not lived on top of it."""
    home, first = lived
    before = home.run(*TRIAL).stdout
    again = home.run("demo", *SMALL)
    assert again.returncode == 0, again.stderr
    assert again.stdout == first.stdout
    refused = home.run("demo", *SMALL, "--seed", "8")
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["code"] == "demo_marketplace_stands"
    assert "XIAOBAO_HOME" in refused.stderr
    assert "seed=7" in refused.stderr
    assert home.run(*TRIAL).stdout == before


def test_the_books_are_sound_afterwards(lived: Lived) -> None:
    home, _ = lived
    checked = home.run("ledger", "check", "--json")
    assert checked.returncode == 0, checked.stderr
    assert json.loads(checked.stdout)["ok"] is True


def test_the_summary_reads_in_both_languages(lived: Lived) -> None:
    home, _ = lived
    human = SMALL[:-1]
    english = home.run("--lang", "en", "demo", *human)
    chinese = home.run("--lang", "zh", "demo", *human)
    assert "Breaches found without a complaint" in english.stdout
    assert "xiaobao ledger check" in english.stdout
    assert "无人投诉而发现的违约" in chinese.stdout
    assert "✗" not in english.stdout + chinese.stdout


SERVED = """
from datetime import timedelta
import numpy as np
from xiaobao.database.opening import open_house
open_house()
from tests.orders.making import batch
from xiaobao.database.places import places
from xiaobao.deposits import acts as deposits
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.local_alipay.book import Book, add_entry
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.references import uuid_of
from xiaobao.orders.acts import record_facts
from xiaobao.promises.queries import market
from xiaobao.sellers.queries import seller_named
from xiaobao.work.life import lived_until
at = lived_until() + timedelta(minutes=1)
of = {"seller": "shop-001", "order": "API-1", "at": at}
placed = {"fact": "placed", "buyer": "b", "goods": 990, "freight": 0, "currency": "CNY"}
record_facts(batch([of | placed, of | {"fact": "paid"}]), market_id=market("cn").market_id, at=at)
one = np.array([seller_named("shop-001").seller_id])
for key, is_frozen in ((1, False), (2, True)):
    asked = deposits.request_lodgements(
        one, np.array([5_000]), keys=key, at=at, is_frozen=is_frozen)
    deposits.confirm_lodgements(asked, at=at, refs=["R"])
    if not is_frozen:
        number = number_of(Direction.IN, int(one[0]), uuid_of(
            asked.lodgement_hi[0], asked.lodgement_lo[0]))
        with Book(places().local_alipay).turn() as book:
            add_entry(book, "交易", number, "R", "p", 5_000, "2025-09-01 00:00:00", "t")
"""


def test_served_and_asked_for_again_it_goes_well(lived: Lived, homes: Homes) -> None:
    """What others lodged and sold meanwhile, at another gateway, is none of its own figures."""
    once, first = lived
    EmbeddedServer(Places(once.folder)).stop("fast")
    home = homes("served")
    subprocess.run(["cp", "-a", f"{once.folder}/.", home.folder], check=True)
    served = subprocess.run(
        [sys.executable, "-c", SERVED], env=home.env, capture_output=True, text=True, check=False
    )
    assert served.returncode == 0, served.stderr
    again = home.run("demo", *SMALL)
    assert again.returncode == 0, again.stderr
    before, after = json.loads(first.stdout), json.loads(again.stdout)
    assert all(after["invariants"].values())
    came = after["gateway"]["taken_in"]["gateway_minor"]
    assert came == before["gateway"]["taken_in"]["gateway_minor"] + 5_000
    frozen = (before["deposits"]["frozen"], after["deposits"]["frozen"])
    assert frozen[1]["amount_minor"] == frozen[0]["amount_minor"] + 5_000
    assert after["books"]["deposit"] == before["books"]["deposit"] + 10_000
    for same in ("breaches", "claims", "violations", "leaving", "payouts"):
        assert after[same] == before[same]


def killed_after(home: Home, seconds: float) -> None:
    process = home.start("demo", *SMALL)
    time.sleep(seconds)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGKILL)
    process.communicate()


def test_killed_anywhere_it_goes_on_and_ends_the_same(lived: Lived, homes: Homes) -> None:
    _, first = lived
    home = homes("killed")
    for seconds in (4.0, 2.5, 3.0):
        killed_after(home, seconds)
    ended = home.run("demo", *SMALL)
    assert ended.returncode == 0, ended.stderr
    assert ended.stdout == first.stdout


def test_stopped_by_ctrl_c_it_says_how_to_go_on(homes: Homes) -> None:
    home = homes("stopped")
    # Where the tests run in the background of a shell, Ctrl-C is switched off, and inherited so.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        process = home.start("demo", "--no-serve", "--json")
    finally:
        signal.signal(signal.SIGINT, before)
    assert process.stderr is not None
    for line in process.stderr:
        if line.startswith("living day by day"):
            break
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode == 130
    assert "run the same command again" in err


def test_a_house_with_other_sellers_is_left_alone(homes: Homes) -> None:
    home = homes("others")
    published = home.run("policy", "publish", "cn")
    assert published.returncode == 0, published.stderr
    enrolled = home.run("sellers", "enrol", "someone", "--market", "cn")
    assert enrolled.returncode == 0, enrolled.stderr
    refused = home.run("demo", *TINY)
    assert refused.returncode == 1
    assert json.loads(refused.stdout)["code"] == "demo_marketplace_stands"


@pytest.mark.parametrize(
    "wrong",
    [["--sellers", "0"], ["--orders", "-1"], ["--days", "0"], ["--seed", "-1"], ["--port", "0"]],
)
def test_sizes_that_make_no_marketplace_are_refused(
    wrong: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run_command(["--lang", "en", "demo", *wrong]) == 2
    assert wrong[0] in capsys.readouterr().err
