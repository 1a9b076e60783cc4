"""Lodgements beside the gateway's own book: by name, or by when they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database.sets import fetch_rows
from xiaobao.deposits.facts import LodgementState, Moved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

_ROW = "seller_id, lodgement, m.amount_minor, m.state, m.answered_at"


def lodgements_named(seller_ids: Sequence[int], names: Sequence[UUID]) -> list[Moved]:
    """As they stand, row by row; those nobody knows are left out."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM unnest(%s::bigint[], %s::uuid[]) AS k (seller_id, lodgement) "
        "JOIN deposits_lodgement m USING (seller_id, lodgement)",
        [list(seller_ids), list(names)],
    )
    return [Moved(*row) for row in rows]


def lodgements_ended(begins: datetime, ends: datetime) -> list[Moved]:
    """Those of which the money moved in [begins, ends)."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM deposits_lodgement m "
        "WHERE m.answered_at >= %s AND m.answered_at < %s AND m.state = ANY(%s) "
        "ORDER BY seller_id, lodgement",
        [begins, ends, [LodgementState.CONFIRMED.value]],
    )
    return [Moved(*row) for row in rows]
