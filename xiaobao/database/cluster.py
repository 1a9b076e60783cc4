"""One data directory of PostgreSQL: making it, and what its files and processes say of it."""

from __future__ import annotations

import os
import shutil
import subprocess
from contextlib import suppress
from enum import Enum
from typing import TYPE_CHECKING, Any

import psutil

from xiaobao.database.accounts import MAJOR
from xiaobao.database.places import PORT, SOCKET_NAME
from xiaobao.database.problems import EmbeddedServerFailed, HomeOfAnotherVersion, PathNotUsable

if TYPE_CHECKING:
    import pwd
    from pathlib import Path

    from xiaobao.database.places import Places

CONFIGURATION = """\
# Written by xiaobao at every start; change it in the code, not here.
listen_addresses = ''
port = {port}
unix_socket_directories = '{sockets}'
unix_socket_permissions = 0700
max_connections = 100
shared_buffers = 256MB
work_mem = 16MB
maintenance_work_mem = 256MB
effective_cache_size = 1GB
random_page_cost = 1.1
jit = off
# The wheel has pglz alone, which makes the first change of a page five times as dear.
wal_compression = off
max_wal_size = 4GB
checkpoint_timeout = 15min
checkpoint_completion_target = 0.9
timezone = 'UTC'
log_timezone = 'UTC'
log_min_messages = warning
# A refused statement may hold thousands of rows, and people's names: its text stays out.
log_min_error_statement = fatal
log_checkpoints = off
"""
# The line of postmaster.pid that says how far the server is, counted from 0.
STATE_LINE = 7


class State(Enum):
    """How far a server is."""

    STOPPED = "stopped"
    STARTING = "starting"
    READY = "ready"
    STOPPING = "stopping"


def environment() -> dict[str, str]:
    """Ours, without what would turn PostgreSQL's own head: PGPORT, PGDATA, PGOPTIONS …"""
    return {name: value for name, value in os.environ.items() if not name.startswith("PG")}


def run_as(account: pwd.struct_passwd | None) -> dict[str, Any]:
    """Arguments of a subprocess that runs as the server's account."""
    options: dict[str, Any] = {"stdin": subprocess.DEVNULL, "cwd": "/", "env": environment()}
    if account is not None:
        options |= {"user": account.pw_uid, "group": account.pw_gid, "extra_groups": []}
    return options


def make(where: Places, programs: Path, account: pwd.struct_passwd | None) -> None:
    """Make the cluster aside and move it into place whole: half a cluster is never seen.

    :raises PathNotUsable: where initdb, which calls postgres through a shell, would misread it
    """
    if set('"$`\\\n') & set(str(programs)):
        raise PathNotUsable(place=programs, log="-")
    for left in where.home.glob(f"{where.cluster.name}.making-*"):
        shutil.rmtree(left, ignore_errors=True)
    making = where.home / f"{where.cluster.name}.making-{os.getpid()}"
    making.mkdir(mode=0o700)
    if account is not None:
        os.chown(making, account.pw_uid, account.pw_gid)
    log = where.home / "initdb.log"
    with log.open("wb") as out:
        done = subprocess.run(  # noqa: S603  our own copy or wheel
            [
                programs / "initdb", "-D", making, "-U", "postgres", "--auth=trust",
                "--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8",
                "--locale=C", "--no-instructions",
            ],
            check=False, stdout=out, stderr=subprocess.STDOUT, **run_as(account),
        )  # fmt: skip
    if done.returncode != 0:
        shutil.rmtree(making, ignore_errors=True)
        said = log.read_text(encoding="utf-8", errors="replace").strip()[-1500:]
        raise EmbeddedServerFailed(reason=f"initdb ended with {done.returncode}\n{said}", log=log)
    with (making / "postgresql.conf").open("a", encoding="utf-8") as conf:
        conf.write("\ninclude_if_exists = 'xiaobao.conf'\n")
    making.rename(where.cluster)
    _sync(where.home)


def _sync(folder: Path) -> None:
    held = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(held)
    finally:
        os.close(held)


def check_version(where: Places) -> None:
    """:raises HomeOfAnotherVersion: where another major version made the cluster"""
    found = (where.cluster / "PG_VERSION").read_text(encoding="ascii").strip()
    if found != MAJOR:
        raise HomeOfAnotherVersion(place=where.cluster, found=found, shipped=MAJOR)


def configure(where: Places, account: pwd.struct_passwd | None) -> None:
    conf = where.cluster / "xiaobao.conf"
    conf.write_text(
        CONFIGURATION.format(sockets=where.socket_directory, port=PORT), encoding="utf-8"
    )
    if account is not None:
        os.chown(conf, account.pw_uid, account.pw_gid)


def state(where: Places) -> State:
    """How far the server is, by its own word and by whether it lives."""
    lines = _pid_lines(where)
    pid = _pid_in(lines)
    if pid is None or not is_postmaster_of(where.cluster, pid):
        return State.STOPPED
    try:
        return State(lines[STATE_LINE].strip())
    except (IndexError, ValueError):
        return State.STARTING


def postmaster(where: Places) -> psutil.Process | None:
    """The server's first process, where it lives."""
    pid = _pid_in(_pid_lines(where))
    if pid is None or not is_postmaster_of(where.cluster, pid):
        return None
    with suppress(psutil.NoSuchProcess):
        return psutil.Process(pid)
    return None


def _pid_lines(where: Places) -> list[str]:
    try:
        text = (where.cluster / "postmaster.pid").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return text.split("\n")


def _pid_in(lines: list[str]) -> int | None:
    try:
        pid = int(lines[0])
    except (IndexError, ValueError):
        return None
    return pid if pid > 0 else None


def is_postmaster_of(cluster: Path, pid: int) -> bool:
    """Whether this process is the living server of this cluster and of no other."""
    try:
        process = psutil.Process(pid)
        if process.name() != "postgres" or process.status() == psutil.STATUS_ZOMBIE:
            return False
        if any(_same(cluster, word) for word in process.cmdline()):
            return True
        # Not shown to every root: a container may keep another account's folder from it.
        return _same(cluster, process.cwd())
    except psutil.Error:
        return False


def _same(cluster: Path, word: str) -> bool:
    try:
        return word.startswith("/") and cluster.samefile(word)
    except OSError:
        return False


def has_sessions(where: Places) -> bool:
    """Whether anybody is connected, also without holding the home: a person in psql, say."""
    server = postmaster(where)
    if server is None:
        return False
    try:
        titles = [" ".join(child.cmdline()) for child in server.children()]
    except psutil.Error:
        return True
    return any("[local]" in title for title in titles)


def forget_stale_pids(where: Places) -> None:
    """After a kill, the number in a lock file may by now be another program's: then it lies.

    PostgreSQL takes its parent's number in postmaster.pid for its own, and still looks for
    orphans of the dead server through the rest of that file: so our number is put there rather
    than the file removed. Called only by the process that starts the server next.
    """
    lock = where.cluster / "postmaster.pid"
    lines = _pid_lines(where)
    if _pid_in(lines) is None:
        lock.unlink(missing_ok=True)
    else:
        owner = lock.stat()
        mended = where.cluster / "postmaster.pid.mended"
        mended.write_text("\n".join([str(os.getpid()), *lines[1:]]), encoding="utf-8")
        mended.chmod(0o600)
        os.chown(mended, owner.st_uid, owner.st_gid)
        mended.replace(lock)
    for name in (SOCKET_NAME, f"{SOCKET_NAME}.lock"):
        (where.socket_directory / name).unlink(missing_ok=True)
