"""Answers kept under idempotency keys: the same call again is told the same, and done once."""

from __future__ import annotations

import zlib
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING

from psycopg.types.json import Json

from xiaobao.database.sets import ask_rows, execute, fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from xiaobao.database.trips import Asked

KEPT = timedelta(hours=72)
_UNLOCK = "SELECT pg_advisory_unlock(%s::int, %s::int)"
_LOCKS = 7_201_116  # the first half of the locks that calls hold while they are answered


@dataclass(frozen=True)
class Kept:
    """What is known under a key; `status` is 0 where it was never answered."""

    sha256: bytes
    status: int
    headers: dict[str, str]
    body: bytes


@contextmanager
def answering(client_id: str, key: str) -> Iterator[Asked[bool]]:
    """Be the one who answers under a key; False while somebody else does.

    It is asked with whatever is asked or done next, and let go of at once: nobody knows whether
    anything more is asked on this connection, which stays.

    The lock is the session's: whoever dies while answering lets the next one do it again, and
    every act is done once under the key anyway.
    """
    lock = _lock(client_id, key)
    is_mine = ask_rows(
        "SELECT pg_try_advisory_lock(%s::int, %s::int)", lock, lambda rows: bool(rows[0][0])
    )
    try:
        yield is_mine
    finally:
        if is_mine.answer:
            fetch_rows(_UNLOCK, lock)


@contextmanager
def answering_once(
    seller_id: int, client_id: str, key: str, sha256: bytes, *, at: datetime
) -> Iterator[tuple[bool, bool]]:
    """As `answering`, and write down that a call is being answered: with whether the key is new.

    Only who holds the lock writes it: a call that is refused could else leave its own body under
    the key.
    """
    lock = _lock(client_id, key)
    [(is_mine, is_new)] = fetch_rows(
        "WITH mine AS MATERIALIZED (SELECT pg_try_advisory_lock(%s::int, %s::int) AS is_held), "
        "added AS (INSERT INTO work_answer (seller_id, client_id, key, asked_at, sha256) "
        "SELECT %s::bigint, %s::text, %s::text, %s::timestamptz, %s::bytea FROM mine "
        "WHERE is_held ON CONFLICT DO NOTHING RETURNING 1) "
        "SELECT is_held, EXISTS (SELECT FROM added) FROM mine",
        [*lock, seller_id, client_id, key, at, sha256],
    )
    try:
        yield is_mine, is_new
    finally:
        if is_mine:
            _unlock(lock)


def _lock(client_id: str, key: str) -> list[int]:
    # Two keys that meet in 32 bits can at worst make one of them wait and ask again.
    return [_LOCKS, zlib.crc32(f"{client_id} {key}".encode()) - 2**31]


def _unlock(lock: list[int]) -> None:
    """With what is asked next: the call is written down after it was answered."""
    ask_rows(_UNLOCK, lock, bool)


def kept_under(seller_id: int, client_id: str, key: str) -> Kept | None:
    """What is known under a key, where anything is."""
    rows = fetch_rows(
        "SELECT sha256, coalesce(status, 0), headers, coalesce(body, '') FROM work_answer "
        "WHERE seller_id = %s AND client_id = %s AND key = %s",
        [seller_id, client_id, key],
    )
    if not rows:
        return None
    digest, status, headers, body = rows[0]
    return Kept(bytes(digest), status, headers or {}, bytes(body))


def keep(
    seller_id: int, client_id: str, key: str, *, status: int, headers: dict[str, str], body: bytes
) -> None:
    """Keep what a call was answered."""
    execute(
        "UPDATE work_answer SET status = %s, headers = %s, body = %s "
        "WHERE seller_id = %s AND client_id = %s AND key = %s",
        [status, Json(headers), body, seller_id, client_id, key],
    )


def forget(seller_id: int, client_id: str, key: str) -> None:
    """What was answered says nothing about the act: the key is free again."""
    execute(
        "DELETE FROM work_answer WHERE seller_id = %s AND client_id = %s AND key = %s",
        [seller_id, client_id, key],
    )
