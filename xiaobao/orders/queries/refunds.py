"""Refunds that a shop paid for other items of an order than the one asked about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.orders.facts import FactKind

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def refunded_for_others(seller_id: Int, order_id: Int, item_id: Int) -> Int:
    """What the shop paid back naming another item of the order, row for row.

    A refund that names none may have been for any item: it is not counted here.
    """
    columns = sets.fetch_arrays(
        "SELECT u.n - 1, sum(f.amount_minor)::bigint FROM unnest(%s::bigint[], %s::bigint[], "
        "%s::bigint[]) WITH ORDINALITY AS u(seller_id, order_id, item_id, n) "
        "JOIN orders_fact f ON f.seller_id = u.seller_id AND f.order_id = u.order_id "
        "AND f.kind = %s AND f.item_id <> u.item_id GROUP BY u.n",
        [seller_id, order_id, item_id, int(FactKind.REFUND_PAID)],
        {"row": "i8", "paid_minor": "i8"},
    )
    paid = np.zeros(len(seller_id), np.int64)
    paid[columns["row"]] = columns["paid_minor"]
    return paid
