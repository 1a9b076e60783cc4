"""Lodgements beside the gateway's own book: by name, or by when they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database.sets import fetch_rows
from xiaobao.deposits.facts import LodgementState, Moved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

_ROW = "seller_id, lodgement, m.amount_minor, m.state, m.answered_at, m.is_frozen, NULL::uuid"


def lodgements_named(seller_ids: Sequence[int], names: Sequence[UUID]) -> list[Moved]:
    """As they stand, row by row; those nobody knows are left out."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM unnest(%s::bigint[], %s::uuid[]) AS k (seller_id, lodgement) "
        "JOIN deposits_lodgement m USING (seller_id, lodgement)",
        [list(seller_ids), list(names)],
    )
    return [Moved(*row) for row in rows]


_TAKEN = "seller_id, taking, m.amount_minor, m.state, m.ended_at, false, m.lodgement"


def takings_named(seller_ids: Sequence[int], names: Sequence[UUID]) -> list[Moved]:
    """As they stand, row by row; those nobody knows are left out."""
    rows = fetch_rows(
        f"SELECT {_TAKEN} FROM unnest(%s::bigint[], %s::uuid[]) AS k (seller_id, taking) "
        "JOIN deposits_taking m USING (seller_id, taking)",
        [list(seller_ids), list(names)],
    )
    return [Moved(*row) for row in rows]


def money_named(seller_ids: Sequence[int], names: Sequence[UUID]) -> list[Moved]:
    """Of lodgements that are paid, and of takings: what a bill may have a line of."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM unnest(%s::bigint[], %s::uuid[]) AS k (seller_id, lodgement) "
        "JOIN deposits_lodgement m USING (seller_id, lodgement) WHERE NOT m.is_frozen",
        [list(seller_ids), list(names)],
    )
    return [*(Moved(*row) for row in rows), *takings_named(seller_ids, names)]


def money_ended(begins: datetime, ends: datetime) -> list[Moved]:
    """Those of which the money moved in [begins, ends): paid, or taken of what was frozen."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM deposits_lodgement m "
        "WHERE m.answered_at >= %s AND m.answered_at < %s AND m.state = ANY(%s) "
        "AND NOT m.is_frozen ORDER BY seller_id, lodgement",
        [begins, ends, [LodgementState.CONFIRMED.value]],
    )
    taken = fetch_rows(
        f"SELECT {_TAKEN} FROM deposits_taking m WHERE m.ended_at >= %s AND m.ended_at < %s "
        "AND m.state = %s ORDER BY seller_id, taking",
        [begins, ends, LodgementState.CONFIRMED.value],
    )
    return [Moved(*row) for row in (*rows, *taken)]


def moved_in() -> list[Moved]:
    """Every movement of money from sellers to the platform, in the order of sellers."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM deposits_lodgement m WHERE m.state = %(came)s "
        f"AND NOT m.is_frozen UNION ALL SELECT {_TAKEN} FROM deposits_taking m "
        "WHERE m.state = %(came)s ORDER BY 1, 2",
        {"came": LodgementState.CONFIRMED.value},
    )
    return [Moved(*row) for row in rows]
