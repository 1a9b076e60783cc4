"""The embedded PostgreSQL: made once, started on demand, shared by processes, stopped when idle.

Each process that uses it holds a shared lock on one file; the keeper, a small process of its own,
stops the server when it can take that lock alone for a while. Locks vanish with their process, so
`kill -9` of anything leaves nothing to tidy: the next start recovers what was committed.

Order of locks: `users.lock` shared, then `starting.lock`, then `keeper.lock` without waiting.
"""

from __future__ import annotations

import fcntl
import os
import shutil
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
    DiskFull,
    EmbeddedServerFailed,
    HomeNotUsable,
    HomeOfAnother,
    SettingNotUsable,
)

if TYPE_CHECKING:
    import pwd
    from collections.abc import Iterator
    from pathlib import Path

DATABASE = "xiaobao"
# Recovery after a kill replays up to max_wal_size; on a slow disk that takes minutes.
START_SECONDS = 300.0
STOP_SECONDS = 300.0
NOTICE_SECONDS = 5.0
IDLE_SECONDS = 60.0
LOOK_SECONDS = 0.02
# A new cluster with its first WAL and root's copy of the binaries; a start writes far less.
MAKING_MB = 160
STARTING_MB = 32
LONGEST_LOG = 8_000_000
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
                raise self._not_started(f"still {found.value} after {START_SECONDS:.0f} s")
            time.sleep(LOOK_SECONDS)
        self._ensure_database()
        self._ensure_keeper()

    def _make_and_start(self) -> None:
        is_new = not self.where.cluster.exists()
        _refuse_full_disk(self.where.home, MAKING_MB if is_new else STARTING_MB)
        self._make_sockets()
        programs = self._programs()
        if is_new:
            cluster.make(self.where, programs, self._account)
        cluster.check_version(self.where)
        self._start(programs / "postgres")

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
            _notice(f"let account {accounts.SERVER_USER} pass through (chmod o+x) {names}")
        copy = accounts.copy_for_account(self.where.binaries)
        accounts.forget_other_builds(self.where.binaries, copy)
        return accounts.programs_of(copy)

    # -- starting ------------------------------------------------------------------------------

    def _start(self, program: Path) -> None:
        cluster.configure(self.where, self._account)
        self._turn_log()
        deadline = time.monotonic() + START_SECONDS
        while True:
            cluster.forget_stale_pids(self.where)
            with self.where.log.open("ab") as log:
                before = log.tell()
                child = subprocess.Popen(  # noqa: S603  our own copy or wheel
                    [program, "-D", self.where.cluster],
                    stdout=log, stderr=log, start_new_session=True,
                    **cluster.run_as(self._account),
                )  # fmt: skip
            self._children.append(child)
            self._wait_while_starting(child, deadline)
            if child.poll() is None:
                return
            said = self._log_since(before)
            # Orphans of a killed server hold its memory for a moment.
            if "shared memory block" not in said or time.monotonic() > deadline:
                raise self._not_started(said)
            time.sleep(10 * LOOK_SECONDS)

    def _wait_while_starting(self, child: subprocess.Popen[bytes], deadline: float) -> None:
        notice = time.monotonic() + NOTICE_SECONDS
        while child.poll() is None and cluster.state(self.where) is not State.READY:
            if time.monotonic() > deadline:
                raise self._not_started(f"not ready after {START_SECONDS:.0f} s")
            if time.monotonic() > notice:
                _notice(f"PostgreSQL is still starting (recovering?); log: {self.where.log}")
                notice = deadline + 1
            time.sleep(LOOK_SECONDS)

    def _ensure_database(self) -> None:
        try:
            with psycopg.connect(self._url_of("postgres"), autocommit=True) as connection:
                found = connection.execute(
                    "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
                ).fetchone()
                if found is None:
                    connection.execute(f"CREATE DATABASE {DATABASE}")
        except psycopg.OperationalError as trouble:
            raise self._not_started(str(trouble)) from trouble

    def _not_started(self, said: str) -> EmbeddedServerFailed:
        if "No space left on device" in said:
            return _disk_full(self.where.home, STARTING_MB)
        return EmbeddedServerFailed(reason=said.strip()[-1500:], log=self.where.log)

    def _log_since(self, position: int) -> str:
        with self.where.log.open("rb") as log:
            log.seek(position)
            return log.read().decode(errors="replace")

    def _turn_log(self) -> None:
        log = self.where.log
        if log.exists() and log.stat().st_size > LONGEST_LOG:
            log.replace(log.with_name(f"{log.name}.1"))
        with log.open("ab"):
            log.chmod(0o600)

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


def _refuse_full_disk(place: Path, needed_mb: int) -> None:
    """:raises DiskFull: before PostgreSQL would fail half-way"""
    if shutil.disk_usage(place).free < needed_mb * 1_000_000:
        raise _disk_full(place, needed_mb)


def _disk_full(place: Path, needed_mb: int) -> DiskFull:
    free = shutil.disk_usage(place).free
    return DiskFull(place=place, free_mb=free // 1_000_000, needed_mb=needed_mb)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
    try:
        fcntl.flock(fd, fcntl.LOCK_EX)
        yield
    finally:
        os.close(fd)


def _notice(words: str) -> None:
    sys.stderr.write(f"xiaobao: {words}\n")


_servers: dict[Path, EmbeddedServer] = {}


def server() -> EmbeddedServer:
    """The home's server, as this process sees it."""
    where = places()
    return _servers.setdefault(where.home, EmbeddedServer(where))
