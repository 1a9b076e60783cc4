"""Consultations: threads between a seller and a specialist, and the words in them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of, us_of

if TYPE_CHECKING:
    from datetime import datetime


def add_consult(seller_id: int, number: int, topic: str, at: datetime) -> None:
    sets.execute(
        "INSERT INTO exits_consult (seller_id, number, topic, opened_at, due_at, closed_at, seq, "
        "is_late) VALUES (%s, %s, %s, %s, 'infinity', 'infinity', 0, false)",
        [seller_id, number, topic, at],
    )


def hold_consult(seller_id: int, number: int) -> tuple[int, bool, bool, int | None] | None:
    """Words so far, whether it is closed, whether an answer is late, when one is due; locked."""
    rows = sets.fetch_rows(
        "SELECT seq, closed_at < 'infinity', is_late, nullif(due_at, 'infinity') "
        "FROM exits_consult WHERE seller_id = %s AND number = %s FOR UPDATE",
        [seller_id, number],
    )
    if not rows:
        return None
    seq, is_closed, is_late, due = rows[0]
    return seq, is_closed, is_late, None if due is None else us_of(due)


def add_words(
    seller_id: int,
    number: int,
    seq: int,
    *,
    by: str,
    is_specialist: bool,
    words: str,
    key: str,
    at: datetime,
) -> None:
    sets.execute(
        "INSERT INTO exits_consult_words (seller_id, number, seq, by, is_specialist, words, "
        "key, said_at) VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
        [seller_id, number, seq, by, is_specialist, words, key, at],
    )


def change_consult(
    seller_id: int, number: int, *, seq: int, due_us: int | None, is_late: bool,
    closed_at: datetime | None = None,
) -> None:  # fmt: skip
    sets.execute(
        "UPDATE exits_consult SET seq = %s, due_at = coalesce(%s::timestamptz, 'infinity'), "
        "is_late = %s, closed_at = coalesce(%s::timestamptz, closed_at) "
        "WHERE seller_id = %s AND number = %s",
        [
            seq, None if due_us is None else moment_of(due_us), is_late, closed_at, seller_id,
            number,
        ],
    )  # fmt: skip


def hold_due_consults(until_us: int, limit: int) -> list[tuple[int, int, int, int]]:
    """Seller, number, words and moment of those whose answer is due by then; locked."""
    rows = sets.fetch_rows(
        "SELECT seller_id, number, seq, due_at FROM exits_consult WHERE due_at <= %s "
        "AND due_at < 'infinity' ORDER BY due_at, seller_id, number LIMIT %s "
        "FOR UPDATE SKIP LOCKED",
        [moment_of(until_us), limit],
    )
    return [(row[0], row[1], row[2], us_of(row[3])) for row in rows]
