"""The keeper: a small process that stops the embedded PostgreSQL once nobody has used it a while.

It is started with the server and again by the next command if it was killed. It never starts a
server and never opens a connection.
"""

from __future__ import annotations

import fcntl
import os
import time
from typing import TextIO

from xiaobao.database.embedded import server

IDLE_SECONDS = 60.0
LOOK_SECONDS = 1.0


def _try_alone(lock: TextIO) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def keep() -> None:
    """Watch until the server has been idle for `XIAOBAO_IDLE_SECONDS`, then stop it."""
    ours = server()
    idle_limit = float(os.environ.get("XIAOBAO_IDLE_SECONDS", IDLE_SECONDS))
    with ours.where.keeper_lock.open("a") as own, ours.where.users_lock.open("a") as users:
        if not _try_alone(own):
            return
        idle_since = time.monotonic()
        while True:
            time.sleep(min(LOOK_SECONDS, idle_limit))
            if not ours.where.cluster.exists():
                return
            if not _try_alone(users):
                idle_since = time.monotonic()
                continue
            if time.monotonic() - idle_since < idle_limit:
                fcntl.flock(users, fcntl.LOCK_UN)
                continue
            # Held alone while stopping: a newcomer waits, then finds no server and starts one.
            ours.stop()
            return


if __name__ == "__main__":
    keep()
