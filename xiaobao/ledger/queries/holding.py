"""What of books is locked, by what it was locked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.ledger.facts import HoldState, Op

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.facts import Why


def locked_for(seller_ids: Int, why: Why) -> Int:
    """What is locked now of each of these books for that, row for row."""
    found = sets.fetch_arrays(
        "SELECT h.seller_id, sum(h.amount)::bigint FROM ledger_hold h "
        "JOIN ledger_posting p ON p.cause = h.cause AND p.seller_id = h.seller_id "
        f"AND p.hold = h.hold AND p.op = {Op.HOLD.value} AND p.why = {why.value} "
        f"WHERE h.seller_id = ANY(%s::bigint[]) AND h.state = {HoldState.OPEN.value} "
        "GROUP BY h.seller_id ORDER BY h.seller_id",
        [seller_ids],
        {"seller_id": "i8", "minor": "i8"},
    )
    place = np.searchsorted(found["seller_id"], seller_ids)
    is_there = np.append(found["seller_id"], 0)[place] == seller_ids
    return np.where(is_there, np.append(found["minor"], 0)[place], 0)
