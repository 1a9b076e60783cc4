"""The laws of what goes back to sellers: each book owes what is on its way, and no more."""

from __future__ import annotations

from uuid import UUID

from xiaobao.database import sets
from xiaobao.exits.queries.pages import ENDED, GIVEN_UP
from xiaobao.ledger.facts import Broken

LAWS = {
    "owed_back": (
        "应退卖家的余额须等于尚未到账的退款之和",
        "what a book owes back is the sum of the payments that have not arrived",
    ),
    "frozen_let_go": (
        "冻结资金的已解冻与解冻中金额须等于其退款之和",
        "what was let go of a frozen sum, and is being let go of, is the sum of its payments",
    ),
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
    let_go = sets.fetch_rows(
        "SELECT a.seller_id, a.lodgement::text, coalesce(p.gone, 0) + coalesce(p.open, 0), "
        "a.let_go_minor + a.leaving_minor FROM deposits_authorisation a LEFT JOIN "
        "(SELECT seller_id, lodgement, "
        "sum(amount_minor) FILTER (WHERE state = ANY(%(ended)s))::bigint AS gone, "
        "sum(amount_minor) FILTER (WHERE NOT state = ANY(%(ended)s) AND said <> %(given_up)s)"
        "::bigint AS open "
        "FROM exits_payment WHERE lodgement <> %(none)s GROUP BY 1, 2) p "
        "USING (seller_id, lodgement) WHERE (coalesce(p.gone, 0), coalesce(p.open, 0)) "
        "IS DISTINCT FROM (a.let_go_minor, a.leaving_minor) ORDER BY 1, 2 LIMIT %(limit)s",
        {"ended": list(ENDED), "none": UUID(int=0), "limit": limit, "given_up": GIVEN_UP},
    )
    broken = [
        Broken("frozen_let_go", row[0], row[1], int(row[2]), int(row[3]), *LAWS["frozen_let_go"])
        for row in let_go
    ]
    return broken + [
        Broken("owed_back", seller_id, "refunds", expected, found, *LAWS["owed_back"])
        for seller_id, expected, found in rows
    ]
