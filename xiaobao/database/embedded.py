"""The embedded PostgreSQL: made once, started on demand, shared by processes, stopped when idle.

Each process that uses it holds a shared lock on one file; the keeper, a small process of its own,
stops the server when it can take that lock alone for a while. Locks vanish with their process, so
`kill -9` of anything leaves nothing to tidy: the next start recovers what was committed.

Order of locks: `users.lock` shared, then `starting.lock`, then `keeper.lock` without waiting.
"""

from __future__ import annotations

import fcntl
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING
from urllib.parse import quote

import psutil
import psycopg

from xiaobao.database import accounts, cluster
from xiaobao.database.cluster import State
from xiaobao.database.places import PORT, Places, places
from xiaobao.database.problems import (
    EmbeddedServerFailed,
    HomeNotUsable,
    HomeOfAnother,
    SettingNotUsable,
)
from xiaobao.database.starting import (
    LEAST_MB,
    LOOK_SECONDS,
    START_SECONDS,
    not_started,
    notice,
    refuse_full_disk,
    start,
)

if TYPE_CHECKING:
    import pwd
    from collections.abc import Iterator
    from pathlib import Path

DATABASE = "xiaobao"
STOP_SECONDS = 300.0
IDLE_SECONDS = 60.0
# A new cluster with its first WAL and root's copy of the binaries; a start writes far less.
MAKING_MB = 160
HALTS = {"fast": signal.SIGINT, "immediate": signal.SIGQUIT}


def idle_seconds() -> float:
    """How long the server outlives its last user, by `XIAOBAO_IDLE_SECONDS`.

    :raises SettingNotUsable: where that is not a number of seconds
    """
    text = os.environ.get("XIAOBAO_IDLE_SECONDS", "")
    try:
        seconds = float(text) if text else IDLE_SECONDS
    except ValueError:
        seconds = -1.0
    if 0 <= seconds < float("inf"):
        return seconds
    raise SettingNotUsable(
        name="XIAOBAO_IDLE_SECONDS",
        value=text,
        fix_zh="秒数，例如 60",
        fix_en="a number of seconds, such as 60",
    )


class EmbeddedServer:
    """One home's server, as this process sees it."""

    def __init__(self, where: Places) -> None:
        self.where = where
        self._account: pwd.struct_passwd | None = None
        self._users_fd: int | None = None
        self._one_thread = threading.Lock()
        # Kept, so that one that ends is reaped here and is no zombie.
        self._children: list[subprocess.Popen[bytes]] = []

    @property
    def url(self) -> str:
        return self._url_of(DATABASE)

    def _url_of(self, database: str) -> str:
        sockets = quote(str(self.where.socket_directory))
        return f"postgresql://postgres@/{database}?host={sockets}&port={PORT}"

    def is_running(self) -> bool:
        """Whether it lives, be it still starting or already stopping."""
        self._reap()
        return cluster.state(self.where) is not State.STOPPED

    # -- using ---------------------------------------------------------------------------------

    def ensure_running(self) -> str:
        """Make and start the server if need be, hold it, and return its URL.

        :raises EmbeddedServerFailed: where it cannot be; each kind says what to do
        """
        with self._one_thread:
            self._reap()
            if self._users_fd is not None and cluster.state(self.where) is State.READY:
                return self.url
            idle_seconds()
            try:
                self._make_home()
                self._hold()
                with _locked(self.where.starting_lock):
                    self._bring_up()
            except OSError as trouble:
                raise HomeNotUsable(
                    place=trouble.filename or self.where.home,
                    reason=trouble.strerror or str(trouble),
                ) from trouble
            return self.url

    def let_go(self) -> None:
        """Say that this process no longer uses the server."""
        if self._users_fd is not None:
            os.close(self._users_fd)
            self._users_fd = None

    def stop(self, mode: str = "fast") -> None:
        """Stop the server and wait until it is gone; committed rows stay.

        :raises EmbeddedServerFailed: where it does not end in time
        """
        server = cluster.postmaster(self.where)
        if server is None:
            return
        with suppress(psutil.NoSuchProcess):
            server.send_signal(HALTS[mode])
        deadline = time.monotonic() + STOP_SECONDS
        while self.is_running():
            if time.monotonic() > deadline:
                raise EmbeddedServerFailed(
                    reason=f"not stopped after {STOP_SECONDS:.0f} s", log=self.where.log
                )
            time.sleep(LOOK_SECONDS)

    # -- making --------------------------------------------------------------------------------

    def _make_home(self) -> None:
        self.where.home.mkdir(mode=0o700, parents=True, exist_ok=True)
        made = self.where.cluster
        if made.exists() and (owner := accounts.stranger_owning(made)):
            raise HomeOfAnother(place=made, owner=owner)

    def _hold(self) -> None:
        """Say that this process uses the server; wait while the keeper is stopping it."""
        if self._users_fd is not None:
            return
        fd = os.open(self.where.users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        fcntl.flock(fd, fcntl.LOCK_SH)
        self._users_fd = fd

    def _bring_up(self) -> None:
        self._account = accounts.server_account()
        deadline = time.monotonic() + START_SECONDS
        while (found := cluster.state(self.where)) is not State.READY:
            if found is State.STOPPED:
                self._make_and_start()
            elif time.monotonic() > deadline:
                # Another process began to start it, or to stop it, and was killed.
                raise not_started(self.where, f"still {found.value} after {START_SECONDS:.0f} s")
            time.sleep(LOOK_SECONDS)
        self._ensure_database()
        self._ensure_keeper()

    def _make_and_start(self) -> None:
        is_new = not self.where.cluster.exists()
        refuse_full_disk(self.where.home, MAKING_MB if is_new else LEAST_MB)
        self._make_sockets()
        programs = self._programs()
        if is_new:
            cluster.make(self.where, programs, self._account)
        cluster.check_version(self.where)
        cluster.configure(self.where, self._account)
        child = start(self.where, programs / "postgres", self._account)
        self._children.append(child)

    def _make_sockets(self) -> None:
        sockets = self.where.socket_directory
        sockets.mkdir(mode=0o700, exist_ok=True)
        owner = "-" if sockets.is_symlink() else accounts.stranger_owning(sockets)
        if owner:
            raise HomeOfAnother(place=sockets, owner=owner)
        if self._account is not None:
            os.chown(sockets, self._account.pw_uid, self._account.pw_gid)
        sockets.chmod(0o700)

    def _programs(self) -> Path:
        """Where initdb and postgres are; as root, first let the server's account reach them."""
        if self._account is None:
            return accounts.programs_of(accounts.wheel().parent)
        opened = accounts.open_way_to(self.where.home)
        outside = [folder for folder in opened if folder != self.where.home]
        if outside:
            names = ", ".join(map(str, outside))
            notice(f"let account {accounts.SERVER_USER} pass through (chmod o+x) {names}")
        copy = accounts.copy_for_account(self.where.binaries)
        accounts.forget_other_builds(self.where.binaries, copy)
        return accounts.programs_of(copy)

    def _ensure_database(self) -> None:
        try:
            with psycopg.connect(self._url_of("postgres"), autocommit=True) as connection:
                found = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                ).fetchone()
                if found is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError as trouble:
            raise not_started(self.where, str(trouble)) from trouble

    def _ensure_keeper(self) -> None:
        """Start a keeper unless one lives; it is born holding its lock, so there is never two."""
        lock = os.open(self.where.keeper_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            with self.where.keeper_log.open("wb") as log:
                child = subprocess.Popen(  # noqa: S603
                    [sys.executable, "-m", "xiaobao.database.keeper", str(lock)],
                    env={**os.environ, "XIAOBAO_HOME": str(self.where.home)},
                    stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                    start_new_session=True, pass_fds=(lock,), cwd="/",
                )  # fmt: skip
            self._children.append(child)
        except BlockingIOError:
            return
        finally:
            os.close(lock)

    def _reap(self) -> None:
        self._children = [child for child in self._children if child.poll() is None]


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


_servers: dict[Path, EmbeddedServer] = {}


def server() -> EmbeddedServer:
    """The home's server, as this process sees it."""
    where = places()
    return _servers.setdefault(where.home, EmbeddedServer(where))
