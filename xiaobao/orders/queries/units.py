"""How many units of an item were sold, and how many an order is about."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets

if TYPE_CHECKING:
    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int


def units_sold(
    seller_id: Int, item_id: Int, since_us: Int, until_us: Int, buyer_id: Int | None = None
) -> Int:
    """How many units of an item were ordered in `[since, until)`, row for row; by one buyer."""
    return ask_units_sold(seller_id, item_id, since_us, until_us, buyer_id).answer


def ask_units_sold(
    seller_id: Int, item_id: Int, since_us: Int, until_us: Int, buyer_id: Int | None = None
) -> Asked[Int]:
    """As `units_sold`, asked together with what else is asked meanwhile."""

    def by_row(row: Int, units: Int) -> Int:
        sold = np.zeros(len(seller_id), np.int64)
        sold[row] = units
        return sold

    by_one = "JOIN orders_order o ON (o.seller_id, o.order_id) = (l.seller_id, l.order_id) "
    return sets.ask_arrays(
        "SELECT u.n - 1, sum(l.quantity)::bigint FROM unnest(%s::bigint[], %s::bigint[], "
        "%s::timestamptz[], %s::timestamptz[], %s::bigint[]) WITH ORDINALITY "
        "AS u(seller_id, item_id, since, until, buyer_id, n) "
        "JOIN orders_line l USING (seller_id, item_id) "
        + ("" if buyer_id is None else by_one + "AND o.buyer_id = u.buyer_id ")
        + "WHERE l.ordered_at >= u.since AND l.ordered_at < u.until GROUP BY u.n",
        [
            seller_id, item_id, since_us.view("M8[us]"), until_us.view("M8[us]"),
            np.zeros(len(seller_id), np.int64) if buyer_id is None else buyer_id,
        ],
        {"row": "i8", "units": "i8"},
        by_row,
    )  # fmt: skip


def units_of(seller_id: Int, order_id: Int, item_id: Int) -> Int:
    """How many units of an item an order is about, row for row."""
    columns = sets.fetch_arrays(
        "SELECT u.n - 1, sum(l.quantity)::bigint FROM unnest(%s::bigint[], %s::bigint[], "
        "%s::bigint[]) WITH ORDINALITY AS u(seller_id, order_id, item_id, n) "
        "JOIN orders_line l USING (seller_id, order_id, item_id) "
        "JOIN orders_order o USING (seller_id, order_id, ordered_at) GROUP BY u.n",
        [seller_id, order_id, item_id],
        {"row": "i8", "units": "i8"},
    )
    units = np.zeros(len(seller_id), np.int64)
    units[columns["row"]] = columns["units"]
    return units
