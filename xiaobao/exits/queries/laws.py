"""The law of what is owed back: each book owes a seller what is on its way to it, and no more."""

from __future__ import annotations

from xiaobao.database import sets
from xiaobao.exits.queries.pages import ENDED, GIVEN_UP
from xiaobao.ledger.facts import Broken

LAWS = {
    "owed_back": (
        "应退卖家的余额须等于尚未到账的退款之和",
        "what a book owes back is the sum of the payments that have not arrived",
    )
}


def check(limit: int = 100) -> list[Broken]:
    """Every book that owes its seller more or less than what is on its way."""
    rows = sets.fetch_rows(
        "SELECT b.seller_id, coalesce(p.open, 0), b.refunds FROM ledger_book b "
        "LEFT JOIN (SELECT seller_id, sum(amount_minor)::bigint AS open FROM exits_payment "
        "WHERE NOT state = ANY(%s) AND said <> %s GROUP BY seller_id) p USING (seller_id) "
        "WHERE b.refunds <> coalesce(p.open, 0) ORDER BY b.seller_id LIMIT %s",
        [list(ENDED), GIVEN_UP, limit],
    )
    return [
        Broken("owed_back", seller_id, "refunds", expected, found, *LAWS["owed_back"])
        for seller_id, expected, found in rows
    ]
