"""Homes to break: processes that open them, and what is found of them afterwards."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from xiaobao.database import cluster
from xiaobao.database.embedded import EmbeddedServer
from xiaobao.database.places import Places

if TYPE_CHECKING:
    from collections.abc import Callable

REPOSITORY = Path(__file__).parents[2]
OPEN = """
import sys
import psycopg
from xiaobao.database.embedded import server
url = server().ensure_running()
"""
# Opens the home, says so, and holds it until it is told to go on or is killed.
HOLD = OPEN + "print(url, flush=True); sys.stdin.readline()"
WRITE_ONE = (
    OPEN
    + """
with psycopg.connect(url) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS kept (n bigint PRIMARY KEY)")
    connection.execute("INSERT INTO kept SELECT coalesce(max(n), 0) + 1 FROM kept")
"""
)
COUNT = (
    OPEN
    + """
with psycopg.connect(url) as connection:
    print(connection.execute("SELECT count(*), coalesce(max(n), 0) FROM kept").fetchone())
"""
)
# One durable row a line, each said only once it is committed.
WRITE_ON = (
    OPEN
    + """
with psycopg.connect(url, autocommit=True) as connection:
    connection.execute("CREATE TABLE IF NOT EXISTS kept (n bigint PRIMARY KEY)")
    n = connection.execute("SELECT coalesce(max(n), 0) FROM kept").fetchone()[0]
    while True:
        n += 1
        connection.execute("INSERT INTO kept VALUES (%s)", [n])
        print(n, flush=True)
"""
)


@dataclass
class Home:
    """One XIAOBAO_HOME, and how processes of a test run in it."""

    path: Path
    idle_seconds: float = 30.0
    python: list[str] = field(default_factory=lambda: [sys.executable])
    more: dict[str, str] = field(default_factory=dict)

    @property
    def where(self) -> Places:
        return Places(self.path.resolve())

    def environment(self, **more: str) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
        return {
            **kept,
            "XIAOBAO_HOME": str(self.path),
            "XIAOBAO_IDLE_SECONDS": str(self.idle_seconds),
            **self.more,
            **more,
        }

    def start(self, code: str, **more: str) -> subprocess.Popen[str]:
        return subprocess.Popen(
            [*self.python, "-c", code],
            env=self.environment(**more),
            cwd=REPOSITORY if self.python == [sys.executable] else "/",
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )

    def run(self, code: str, **more: str) -> str:
        """What the process printed; it must end well."""
        with self.start(code, **more) as process:
            out, trouble = process.communicate(timeout=120)
        assert process.returncode == 0, trouble
        return out.strip()

    def refusal(self, code: str = OPEN, **more: str) -> str:
        """The last line of a process that must end badly."""
        with self.start(code, **more) as process:
            _, trouble = process.communicate(timeout=120)
        assert process.returncode != 0
        return trouble.strip().splitlines()[-1]

    def hold(self, **more: str) -> subprocess.Popen[str]:
        process = self.start(HOLD, **more)
        assert process.stdout is not None
        if not process.stdout.readline():
            _, trouble = process.communicate()
            raise AssertionError(trouble)
        return process

    def server(self) -> psutil.Process | None:
        return cluster.postmaster(self.where)

    def keepers(self) -> list[psutil.Process]:
        found = []
        for process in psutil.process_iter():
            with suppress(psutil.Error):
                if "xiaobao.database.keeper" in process.cmdline() and process.environ().get(
                    "XIAOBAO_HOME"
                ) == str(self.where.home):
                    found.append(process)
        return found

    def kill_server(self, *, orphans: bool = False) -> None:
        """kill -9 the first process, and unless orphans are wanted its children too."""
        server = self.server()
        assert server is not None
        children = server.children(recursive=True)
        server.kill()
        for child in [] if orphans else children:
            with suppress(psutil.NoSuchProcess):
                child.kill()
        until(lambda: self.server() is None)

    def starts(self) -> int:
        """How often a server was started in this home, by its log."""
        return self.where.log.read_text().count("starting PostgreSQL")

    def close(self) -> None:
        for keeper in self.keepers():
            with suppress(psutil.NoSuchProcess):
                keeper.kill()
        with suppress(OSError):
            EmbeddedServer(self.where).stop("immediate")
        shutil.rmtree(self.where.socket_directory, ignore_errors=True)
        shutil.rmtree(self.path, ignore_errors=True)


def until(true: Callable[[], Any], seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline, "it did not come to pass"
        time.sleep(0.02)


def end(process: subprocess.Popen[str], *, kill: bool = False) -> None:
    """Let a holding process go, or kill it; close its pipes."""
    if kill:
        process.send_signal(signal.SIGKILL)
        process.communicate()
    else:
        process.communicate("go\n", timeout=60)
        assert process.returncode == 0
