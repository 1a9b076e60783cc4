"""The keeper: a small process that stops the embedded PostgreSQL once nobody has used it a while.

It is started with the server, and again by the next command if it was killed. It is handed its
lock at birth, never starts a server and never opens a connection.
"""

from __future__ import annotations

import fcntl
import os
import sys
import time

from xiaobao.database import cluster
from xiaobao.database.embedded import idle_seconds, server

LOOK_SECONDS = 1.0


def _try_alone(lock: int) -> bool:
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def keep(own: int) -> None:
    """Watch until the server has been idle for `XIAOBAO_IDLE_SECONDS`, then stop it.

    `own` is the descriptor of the keeper's lock.
    """
    ours = server()
    limit = idle_seconds()
    users = os.open(ours.where.users_lock, os.O_RDWR | os.O_CLOEXEC)
    idle_since = time.monotonic()
    while ours.where.users_lock.exists():
        time.sleep(min(LOOK_SECONDS, max(limit, 0.05)))
        if not _try_alone(users):
            idle_since = time.monotonic()
        elif time.monotonic() - idle_since < limit:
            fcntl.flock(users, fcntl.LOCK_UN)
        elif cluster.has_sessions(ours.where):
            fcntl.flock(users, fcntl.LOCK_UN)
            idle_since = time.monotonic()
        else:
            # Held alone while stopping: a newcomer waits, then finds no server and starts one,
            # and with it a keeper: so our own lock is given up first.
            ours.stop()
            os.close(own)
            os.close(users)
            return


if __name__ == "__main__":
    keep(int(sys.argv[1]))
