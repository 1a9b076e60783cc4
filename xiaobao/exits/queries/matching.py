"""Payments back to sellers beside the gateway's own book: by name, or by when they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING
from uuid import UUID

from xiaobao.advances.facts import PayoutState
from xiaobao.database.lists import Order, Part, Place
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits.facts import Moved
from xiaobao.kernel.references import uuid_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_ROW = (
    "seller_id, payment, m.amount_minor, m.state, nullif(m.ended_at, 'infinity'), false, "
    "nullif(m.lodgement, '00000000-0000-0000-0000-000000000000'::uuid)"
)
_GONE = [
    PayoutState.CONFIRMED.value, PayoutState.RECONCILED.value, PayoutState.PAID_UNOWED.value,
]  # fmt: skip


def refunds_named(seller_ids: Sequence[int], names: Sequence[UUID]) -> list[Moved]:
    """As they stand, row by row; those nobody knows are left out."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM unnest(%s::bigint[], %s::uuid[]) AS k (seller_id, payment) "
        "JOIN exits_payment m USING (seller_id, payment)",
        [list(seller_ids), list(names)],
    )
    return [Moved(*row) for row in rows]


def refunds_ended(begins: datetime, ends: datetime) -> list[Moved]:
    """Those of which the money moved in [begins, ends); what was let go of never moved."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM exits_payment m WHERE m.ended_at >= %s AND m.ended_at < %s "
        "AND m.state = ANY(%s) AND m.lodgement = %s ORDER BY seller_id, payment",
        [begins, ends, _GONE, UUID(int=0)],
    )
    return [Moved(*row) for row in rows]


def let_go_by(seller_id: int, lodgement: tuple[int, int]) -> int | None:
    """The exit that let go of parts of this frozen sum, the last of them; None where none did."""
    rows = fetch_rows(
        "SELECT number FROM exits_payment WHERE seller_id = %s AND lodgement = %s "
        "AND state = ANY(%s) ORDER BY ended_at DESC, number DESC LIMIT 1",
        [seller_id, uuid_of(*lodgement), _GONE],
    )
    return int(rows[0][0]) if rows else None


# The latest first; payouts and refunds are told as one list.
BY_ENDING: Order[Moved] = Order(
    (
        Part("m.ended_at", "ts", is_descending=True), Part("m.seller_id", is_descending=True),
        Part("m.payment", "uuid", is_descending=True),
    ),
    lambda row: (row.at, row.seller_id, row.id),
)  # fmt: skip


def unowed_refunds(*, place: Place | None = None, limit: int | None = None) -> list[Moved]:
    """Those of which the money moved although nothing was owed any more; without a limit all."""
    rows = fetch_rows(
        # The state stands in the text: so the index of these few is found.
        f"SELECT {_ROW} FROM exits_payment m WHERE m.state = {PayoutState.PAID_UNOWED:d}"
        f"{BY_ENDING.after(place)}{BY_ENDING.by(place)} LIMIT %(limit)s",
        {"limit": limit} | BY_ENDING.params(place),
    )
    return [Moved(*row) for row in rows]


def may_still_count(seller_id: int, payment: UUID) -> bool:
    """Whether a refund that left unowed may yet count: what carries its money may yet fail.

    Once that has arrived, or was never sent because an earlier one did, it stays so.
    """
    rows = fetch_rows(
        "WITH RECURSIVE after AS ("
        "SELECT payment, state, 1 AS step FROM exits_payment "
        "WHERE seller_id = %s AND replaces = %s "
        "UNION ALL SELECT p.payment, p.state, a.step + 1 FROM after a JOIN exits_payment p "
        "ON p.seller_id = %s AND p.replaces = a.payment) "
        "SELECT state FROM after ORDER BY step DESC LIMIT 1",
        [seller_id, payment, seller_id],
    )
    open_yet = (
        PayoutState.CREATED, PayoutState.SENT, PayoutState.UNKNOWN, PayoutState.FAILED,
    )  # fmt: skip
    return bool(rows) and rows[0][0] in open_yet
