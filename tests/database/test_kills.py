"""kill -9 of the client, the keeper, the server, everything: what was committed is there."""

from __future__ import annotations

import os
import random
import subprocess
import time
from contextlib import suppress
from typing import TYPE_CHECKING

import psutil
import pytest

from tests.database.homes import COUNT, OPEN, WRITE_ON, WRITE_ONE, Home, end, until

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_a_killed_client_leaves_a_server_that_stops_when_idle(home: Home) -> None:
    home.idle_seconds = 0.2
    home.run(WRITE_ONE)
    end(home.hold(), kill=True)
    until(lambda: home.server() is None)
    assert home.run(COUNT) == "(1, 1)"


def test_a_killed_keeper_is_replaced_by_the_next_command(home: Home) -> None:
    home.idle_seconds = 0.5
    holder = home.hold()
    (keeper,) = home.keepers()
    keeper.kill()
    until(lambda: not keeper.is_running() or keeper.status() == psutil.STATUS_ZOMBIE)
    home.run(WRITE_ONE)
    until(lambda: len(home.keepers()) == 1)
    end(holder)
    until(lambda: home.server() is None)
    assert home.run(COUNT) == "(1, 1)"


@pytest.mark.parametrize("orphans", [True, False])
def test_a_killed_server_recovers_while_its_client_lives(home: Home, orphans: bool) -> None:
    holder = home.hold()
    home.run(WRITE_ONE)
    home.kill_server(orphans=orphans)
    home.run(WRITE_ONE)
    assert home.run(COUNT) == "(2, 2)"
    assert home.starts() == 2
    end(holder)


def test_a_process_finds_a_new_server_after_the_old_was_killed(home: Home) -> None:
    code = OPEN + (
        "import os, signal, time\n"
        "from xiaobao.database import cluster\n"
        "os.kill(cluster.postmaster(server().where).pid, signal.SIGKILL)\n"
        "while server().is_running(): time.sleep(0.02)\n"
        "with psycopg.connect(server().ensure_running()) as c:\n"
        "    print(c.execute('SELECT 7').fetchone())\n"
    )
    assert home.run(code) == "(7,)"


def test_everything_killed_at_random_moments_loses_no_committed_row(home: Home) -> None:
    chance = random.Random(20)
    said = 0
    for _ in range(5):
        writer = home.start(WRITE_ON)
        assert writer.stdout is not None
        said = int(writer.stdout.readline())
        time.sleep(chance.uniform(0.0, 0.4))
        victims = [psutil.Process(writer.pid), *home.keepers()]
        server = home.server()
        assert server is not None
        victims += [server, *server.children(recursive=True)]
        chance.shuffle(victims)
        for victim in victims:
            with suppress(psutil.NoSuchProcess):
                victim.kill()
        rest, _ = writer.communicate()
        said = max([said, *map(int, rest.split("\n")[:-1])])
        count, last = eval(home.run(COUNT))  # noqa: S307  our own two numbers
        assert count == last
        # The last row may have been committed and not yet said.
        assert said <= last <= said + 1
    assert said > 5


def test_an_initdb_killed_half_way_is_begun_again(home: Home) -> None:
    def making() -> list[psutil.Process]:
        return [p for p in psutil.Process(first.pid).children(recursive=True) if alive(p)]

    def alive(process: psutil.Process) -> bool:
        with suppress(psutil.NoSuchProcess):
            return process.name() in ("initdb", "postgres")
        return False

    first = home.start(OPEN)
    until(lambda: list(home.path.glob("postgres.making-*/base/1")))
    victims = making()
    first.kill()
    for victim in victims:
        with suppress(psutil.NoSuchProcess):
            victim.kill()
    first.communicate()
    assert not home.where.cluster.exists()
    home.run(WRITE_ONE)
    assert home.run(COUNT) == "(1, 1)"
    assert list(home.path.glob("postgres.making-*")) == []


def test_a_first_command_killed_leaves_its_initdb_harmless(home: Home) -> None:
    first = home.start(OPEN)
    until(lambda: list(home.path.glob("postgres.making-*/base")))
    first.kill()
    first.communicate()
    home.run(WRITE_ONE)
    assert home.run(COUNT) == "(1, 1)"


@pytest.fixture
def stranger(home: Home) -> Iterator[subprocess.Popen[bytes]]:
    """A living process of the very account the server runs as."""
    home.run(WRITE_ONE)
    owner = home.where.cluster.stat()
    options = {"user": owner.st_uid, "group": owner.st_gid} if os.geteuid() == 0 else {}
    with subprocess.Popen(["sleep", "600"], **options) as process:  # type: ignore[call-overload]
        yield process
        process.kill()


def test_a_lock_file_that_names_a_stranger_is_seen_through(
    home: Home, stranger: subprocess.Popen[bytes]
) -> None:
    home.kill_server()
    lock = home.where.cluster / "postmaster.pid"
    lines = lock.read_text().split("\n")
    lock.write_text("\n".join([str(stranger.pid), *lines[1:]]))
    socket_lock = home.where.socket_directory / ".s.PGSQL.5432.lock"
    lines = socket_lock.read_text().split("\n")
    socket_lock.write_text("\n".join([str(stranger.pid), *lines[1:]]))

    assert home.run(COUNT) == "(1, 1)"
    assert stranger.poll() is None


@pytest.mark.parametrize("text", ["", "-5\n/x\n"])
def test_a_lock_file_of_nonsense_is_seen_through(home: Home, text: str) -> None:
    home.run(WRITE_ONE)
    home.kill_server()
    (home.where.cluster / "postmaster.pid").write_text(text)
    assert home.run(COUNT) == "(1, 1)"


def test_a_live_server_is_never_taken_for_dead(home: Home) -> None:
    holder = home.hold()
    server = home.server()
    assert server is not None
    for _ in range(3):
        home.run(WRITE_ONE)
    again = home.server()
    assert again is not None
    assert again.pid == server.pid
    assert home.starts() == 1
    end(holder)
