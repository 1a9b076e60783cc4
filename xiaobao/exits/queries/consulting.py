"""Consultations: threads of a seller, and which answers are due."""

from __future__ import annotations

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


def consults_of(seller_id: int) -> list[ConsultRow]:
    """Every thread of a seller with its words, the latest first."""
    words: dict[int, list[WordsRow]] = {}
    for number, *rest in sets.fetch_rows(
        "SELECT number, seq, by, is_specialist, words, said_at FROM exits_consult_words "
        "WHERE seller_id = %s ORDER BY number, seq",
        [seller_id],
    ):
        words.setdefault(number, []).append(WordsRow(*rest))
    rows = sets.fetch_rows(
        "SELECT number, topic, opened_at, nullif(due_at, 'infinity'), "
        "nullif(closed_at, 'infinity'), is_late FROM exits_consult WHERE seller_id = %s "
        "ORDER BY number DESC",
        [seller_id],
    )
    return [
        ConsultRow(number, topic, opened, due, closed, is_late, tuple(words.get(number, ())))
        for number, topic, opened, due, closed, is_late in rows
    ]
