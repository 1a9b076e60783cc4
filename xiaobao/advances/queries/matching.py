"""Payouts beside the gateway's own book: by name, or by when they ended."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.advances.facts import PayoutState
from xiaobao.database.lists import Order, Part, Place
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits.facts import Moved

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID

_ROW = "seller_id, payout, m.amount, m.state, m.ended_at"
_GONE = [
    PayoutState.CONFIRMED.value, PayoutState.RECONCILED.value, PayoutState.PAID_UNOWED.value,
]  # fmt: skip


def payouts_named(seller_ids: Sequence[int], names: Sequence[UUID]) -> list[Moved]:
    """As they stand, row by row; those nobody knows are left out."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM unnest(%s::bigint[], %s::uuid[]) AS k (seller_id, payout) "
        "JOIN advances_payout m USING (seller_id, payout)",
        [list(seller_ids), list(names)],
    )
    return [Moved(*row) for row in rows]


def payouts_ended(begins: datetime, ends: datetime) -> list[Moved]:
    """Those of which the money moved in [begins, ends)."""
    rows = fetch_rows(
        f"SELECT {_ROW} FROM advances_payout m WHERE m.ended_at >= %s AND m.ended_at < %s "
        "AND m.state = ANY(%s) ORDER BY seller_id, payout",
        [begins, ends, _GONE],
    )
    return [Moved(*row) for row in rows]


# The latest first; payouts and refunds are told as one list.
BY_ENDING: Order[Moved] = Order(
    (
        Part("m.ended_at", "ts", is_descending=True), Part("m.seller_id", is_descending=True),
        Part("m.payout", "uuid", is_descending=True),
    ),
    lambda row: (row.at, row.seller_id, row.id),
)  # fmt: skip


def unowed_payouts(*, place: Place | None = None, limit: int | None = None) -> list[Moved]:
    """Those of which the money moved although nothing was owed any more; without a limit all."""
    rows = fetch_rows(
        # The state stands in the text: so the index of these few is found.
        f"SELECT {_ROW} FROM advances_payout m WHERE m.state = {PayoutState.PAID_UNOWED:d}"
        f"{BY_ENDING.after(place)}{BY_ENDING.by(place)} LIMIT %(limit)s",
        {"limit": limit} | BY_ENDING.params(place),
    )
    return [Moved(*row) for row in rows]
