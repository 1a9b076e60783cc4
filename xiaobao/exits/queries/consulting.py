"""Consultations: threads of a seller, and which answers are due."""

from __future__ import annotations

from typing import Any

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.exits.facts import ConsultRow, OpenConsultRow, WordsRow
from xiaobao.kernel.clocks import us_of


def last_consult(seller_id: int) -> int:
    rows = sets.fetch_rows(
        "SELECT coalesce(max(number), 0) FROM exits_consult WHERE seller_id = %s", [seller_id]
    )
    return int(rows[0][0])


def said_under(seller_id: int, key: str) -> tuple[int, int, str] | None:
    """Number, place in the thread, and words of what was said under this key."""
    rows = sets.fetch_rows(
        "SELECT number, seq, words FROM exits_consult_words WHERE seller_id = %s AND key = %s",
        [seller_id, key],
    )
    return rows[0] if rows else None


def next_consult_us() -> int | None:
    """When the next answer is due; None where none is owed."""
    rows = sets.fetch_rows("SELECT min(due_at) FROM exits_consult WHERE due_at < 'infinity'")
    return None if rows[0][0] is None else us_of(rows[0][0])


def consults_waiting() -> list[tuple[int, int]]:
    """Seller and number of the threads in which an answer is owed, those due first."""
    return sets.fetch_rows(
        "SELECT seller_id, number FROM exits_consult WHERE due_at < 'infinity' "
        "ORDER BY due_at, seller_id, number"
    )


BY_URGENCY: Order[OpenConsultRow] = Order(
    (
        Part("is_late::int", is_descending=True), Part("due_at", "ts"), Part("opened_at", "ts"),
        Part("seller_id"), Part("number"),
    ),
    lambda row: (row.is_late, row.due_at, row.opened_at, row.seller_id, row.number),
)  # fmt: skip


def consults_open(*, place: Place | None = None, limit: int) -> list[OpenConsultRow]:
    """Threads nobody closed: whose answer is late first, then by clock, then those answered."""
    rows = sets.fetch_rows(
        "SELECT seller_id, number, opened_at, nullif(due_at, 'infinity'), is_late, seq "
        "FROM exits_consult WHERE closed_at = 'infinity'"
        f"{BY_URGENCY.after(place)}{BY_URGENCY.by(place)} LIMIT %(limit)s",
        {"limit": limit} | BY_URGENCY.params(place),
    )
    return straight([OpenConsultRow(*row) for row in rows], place)


_THREADS = (
    "SELECT number, topic, opened_at, nullif(due_at, 'infinity'), nullif(closed_at, 'infinity'), "
    "is_late FROM exits_consult WHERE seller_id = %(seller)s"
)
LATEST_CONSULT: Order[ConsultRow] = Order(
    (Part("number", is_descending=True),), lambda row: (row.number,)
)


def consults_of(
    seller_id: int, *, place: Place | None = None, limit: int | None = None
) -> list[ConsultRow]:
    """Threads of a seller with their words, the latest first; every one where no limit is set."""
    rows = sets.fetch_rows(
        f"{_THREADS}{LATEST_CONSULT.after(place)}{LATEST_CONSULT.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "limit": limit} | LATEST_CONSULT.params(place),
    )
    return straight(_with_words(seller_id, rows), place)


def consult_of(seller_id: int, number: int) -> ConsultRow | None:
    """One thread with its words; None where there is none of this number."""
    rows = sets.fetch_rows(
        f"{_THREADS} AND number = %(number)s", {"seller": seller_id, "number": number}
    )
    return _with_words(seller_id, rows)[0] if rows else None


def _with_words(seller_id: int, rows: list[tuple[Any, ...]]) -> list[ConsultRow]:
    words: dict[int, list[WordsRow]] = {}
    for number, *rest in sets.fetch_rows(
        "SELECT number, seq, by, is_specialist, words, said_at FROM exits_consult_words "
        "WHERE seller_id = %s AND number = ANY(%s::int[]) ORDER BY number, seq",
        [seller_id, [row[0] for row in rows]],
    ):
        words.setdefault(number, []).append(WordsRow(*rest))
    return [
        ConsultRow(number, topic, opened, due, closed, is_late, tuple(words.get(number, ())))
        for number, topic, opened, due, closed, is_late in rows
    ]
