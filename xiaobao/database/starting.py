"""Starting one server process, and waiting until it answers: recovery, orphans, full disks."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
import time
from typing import TYPE_CHECKING

from xiaobao.database import cluster
from xiaobao.database.cluster import State
from xiaobao.database.problems import DiskFull, EmbeddedServerFailed

if TYPE_CHECKING:
    import pwd
    from pathlib import Path

    from xiaobao.database.places import Places

# Recovery after a kill replays up to max_wal_size; on a slow disk that takes minutes.
START_SECONDS = 300.0
NOTICE_SECONDS = 5.0
LOOK_SECONDS = 0.02
LEAST_MB = 32
LONGEST_LOG = 8_000_000
# Somebody may kill a server while it starts; one that is killed again and again lacks memory.
MOST_KILLS = 3


def start(
    where: Places, program: Path, account: pwd.struct_passwd | None
) -> subprocess.Popen[bytes]:
    """Start the server of this home and return it once it is ready.

    :raises EmbeddedServerFailed: where it ends by itself, or is not ready in time
    """
    _turn_log(where.log)
    deadline = time.monotonic() + START_SECONDS
    kills = 0
    while True:
        cluster.forget_stale_pids(where)
        with where.log.open("ab") as log:
            before = log.tell()
            child = subprocess.Popen(  # noqa: S603  our own copy or wheel
                [program, "-D", where.cluster],
                stdout=log, stderr=log, start_new_session=True, **cluster.run_as(account),
            )  # fmt: skip
        _wait(where, child, deadline)
        ended = child.poll()
        if ended is None:
            return child
        said = _log_since(where.log, before)
        kills += ended == -signal.SIGKILL
        # Orphans of a killed server hold its memory for a moment.
        is_passing = "shared memory block" in said or 0 < kills < MOST_KILLS
        if not is_passing or time.monotonic() > deadline:
            raise not_started(where, said)
        time.sleep(10 * LOOK_SECONDS)


def _wait(where: Places, child: subprocess.Popen[bytes], deadline: float) -> None:
    """Until it is ready or has ended."""
    speak_at = time.monotonic() + NOTICE_SECONDS
    while child.poll() is None and cluster.state(where) is not State.READY:
        if time.monotonic() > deadline:
            raise not_started(where, f"not ready after {START_SECONDS:.0f} s")
        if time.monotonic() > speak_at:
            notice(f"PostgreSQL is still starting (recovering?); log: {where.log}")
            speak_at = deadline + 1
        time.sleep(LOOK_SECONDS)


def not_started(where: Places, said: str) -> EmbeddedServerFailed:
    """The problem that fits what the server said."""
    if "No space left on device" in said:
        return _disk_full(where.home, LEAST_MB)
    return EmbeddedServerFailed(reason=said.strip()[-1500:], log=where.log)


def _log_since(path: Path, position: int) -> str:
    with path.open("rb") as log:
        log.seek(position)
        return log.read().decode(errors="replace")


def _turn_log(log: Path) -> None:
    if log.exists() and log.stat().st_size > LONGEST_LOG:
        log.replace(log.with_name(f"{log.name}.1"))
    with log.open("ab"):
        log.chmod(0o600)


def refuse_full_disk(place: Path, needed_mb: int) -> None:
    """:raises DiskFull: before PostgreSQL would fail half-way"""
    if shutil.disk_usage(place).free < needed_mb * 1_000_000:
        raise _disk_full(place, needed_mb)


def _disk_full(place: Path, needed_mb: int) -> DiskFull:
    free = shutil.disk_usage(place).free
    return DiskFull(place=place, free_mb=free // 1_000_000, needed_mb=needed_mb)


def notice(words: str) -> None:
    """Tell whoever waits; results of commands go to stdout, this does not."""
    sys.stderr.write(f"xiaobao: {words}\n")
