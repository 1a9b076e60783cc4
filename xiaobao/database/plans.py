"""Plans that a connection keeps for statements asked again: for seconds, never for longer.

A plan made while a table was empty would serve a table of millions. So all plans are thrown away
when they may be ten seconds old, and when this connection has itself written many rows since: a
statement is then planned anew for the tables as they are. Sets of many rows keep no plan at all.
"""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import psycopg

# Live acts add some thousand rows to a table in this time, which no plan is slow on.
KEPT_SECONDS = 10.0
# So many rows of this connection's own turn a small table into a big one.
MANY_WRITTEN = 10_000
# A kept plan is made for some ten rows: row by row through an index. That is right up to this.
MOST_ROWS = 256

_kept = threading.local()


def throw_old_away(connection: psycopg.Connection[Any]) -> None:
    """Have the server forget its plans where they may have aged."""
    now = time.monotonic()
    if getattr(_kept, "connection", None) is not connection:
        _kept.connection = connection
        _kept.until, _kept.written = now + KEPT_SECONDS, 0
    elif now > _kept.until or _kept.written >= MANY_WRITTEN:
        connection.execute("DISCARD PLANS", prepare=False)
        _kept.until, _kept.written = now + KEPT_SECONDS, 0


def wrote(rows: int) -> None:
    """Rows of one table were written at a stroke."""
    _kept.written = getattr(_kept, "written", 0) + rows


def may_be_kept(params: Sequence[Any] | Mapping[str, Any] | None) -> bool | None:
    """None where psycopg may prepare the statement when it comes again; False for large sets."""
    values = params.values() if isinstance(params, dict) else params or ()
    for value in values:
        if isinstance(value, np.ndarray | list) and len(value) > MOST_ROWS:
            return False
    return None
