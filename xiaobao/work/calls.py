"""Calls of the API: each is written down, counted against its minute, and old counts go."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

from xiaobao.database.sets import execute, fetch_rows, in_transaction
from xiaobao.outbox import acts as outbox
from xiaobao.work.answers import KEPT

if TYPE_CHECKING:
    from datetime import datetime

MINUTE = timedelta(minutes=1)
AT_ONCE = 10_000


@dataclass(frozen=True)
class Called:
    """One call as it was answered."""

    seller_id: int
    client_id: str
    method: str
    path: str
    status: int
    code: str = ""
    key: str = ""
    is_replayed: bool = False
    took_us: int = 0


def write_down(call: Called, *, at: datetime) -> None:
    execute(
        "INSERT INTO work_call (seller_id, call_id, client_id, called_at, method, path, status, "
        "code, key, is_replayed, took_us) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [call.seller_id, uuid4(), call.client_id, at, call.method, call.path, call.status,
         call.code, call.key, call.is_replayed, call.took_us],
    )  # fmt: skip


def count(seller_id: int, caller: str, *, at: datetime, so_many: int = 1) -> tuple[int, int]:
    """Count a call: the how-manieth of its minute, and the seconds until the next begins.

    What costs as much as several calls counts as so many.
    """
    minute = at.replace(second=0, microsecond=0)
    # A count that a crash loses is no loss: alone in a transaction it does not wait for disks.
    at_ease = "" if in_transaction() else ", set_config('synchronous_commit', 'off', true)"
    rows = fetch_rows(
        "INSERT INTO work_allowance (seller_id, caller, minute_at, calls) VALUES (%s, %s, %s, %s) "
        "ON CONFLICT (seller_id, caller) DO UPDATE SET minute_at = excluded.minute_at, "
        "calls = CASE WHEN work_allowance.minute_at = excluded.minute_at "
        "THEN work_allowance.calls ELSE 0 END + excluded.calls RETURNING calls" + at_ease,
        [seller_id, caller, minute, so_many],
    )
    return int(rows[0][0]), 60 - at.second


def purge(at: datetime) -> int:
    """What was kept long enough goes: answers, counts of minutes, tokens, attempts to deliver."""
    from allauth.idp.oidc.models import Token

    gone = 0
    for table, column, before in (
        ("work_answer", "asked_at", at - KEPT),
        ("work_allowance", "minute_at", at - 2 * MINUTE),
    ):
        while True:
            some = execute(
                f"DELETE FROM {table} WHERE ctid IN "
                f"(SELECT ctid FROM {table} WHERE {column} < %s LIMIT %s)",
                [before, AT_ONCE],
            )
            gone += some
            if some < AT_ONCE:
                break
    # Tokens live by the wall clock, as the library that issues them does.
    done, _ = Token.objects.expired().delete()
    return gone + int(done) + outbox.forget_attempts(at=at)
