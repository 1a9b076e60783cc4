"""Questions about what was told."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database.sets import fetch_columns, fetch_rows
from xiaobao.outbox.facts import EventKind, Events, name_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

_SPEC = {
    "seller_id": "i8", "kind": "i8", "event": "uuid", "cause": "uuid", "subject_id": "i8",
    "party_id": "i8", "amount_minor": "i8", "happened_us": "ts", "recorded_us": "ts",
}  # fmt: skip


def events_of(seller_ids: Int, *, limit: int = 10_000) -> Events:
    """What was told about these sellers, in the order in which it happened."""
    return Events(
        **fetch_columns(
            """
            SELECT seller_id, kind::bigint, event, cause, subject_id, party_id, amount_minor,
                   happened_at, recorded_at
            FROM outbox_event WHERE seller_id = ANY(%s::bigint[])
            ORDER BY happened_at, kind, event LIMIT %s
            """,
            [seller_ids, limit],
            _SPEC,
        )
    )


def counts_by_kind() -> dict[str, int]:
    """How many events of each kind were told, under their dotted names."""
    rows = fetch_rows("SELECT kind, count(*) FROM outbox_event GROUP BY kind ORDER BY kind")
    return {name_of(EventKind(kind)): count for kind, count in rows}
