"""A seller's lodgements, page by page."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, straight
from xiaobao.deposits.facts import LodgementRow, LodgementState

if TYPE_CHECKING:
    from xiaobao.database.lists import Place

BY_ASKING: Order[LodgementRow] = Order(
    (Part("asked_at", "ts", is_descending=True), Part("lodgement", "uuid")),
    lambda row: (row.asked_at, row.lodgement),
)


def lodgements_of(
    seller_id: int, limit: int = 50, *, place: Place | None = None
) -> list[LodgementRow]:
    """A seller's lodgements, newest first."""
    rows = sets.fetch_rows(
        "SELECT lodgement, amount_minor, state, asked_at, answered_at, gateway_ref, answer, "
        "is_frozen FROM deposits_lodgement WHERE seller_id = %(seller)s"
        f"{BY_ASKING.after(place)}{BY_ASKING.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "limit": limit} | BY_ASKING.params(place),
    )
    found = [LodgementRow(r[0], r[1], LodgementState(r[2]), *r[3:]) for r in rows]
    return straight(found, place)
