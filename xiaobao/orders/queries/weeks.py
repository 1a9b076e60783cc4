"""For whoever watches shops: how many orders of a time broke what, and single ones among them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.orders.facts import BadSales, Clock, OrdersBroken

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int

_CLAIMED = 0  # no clock has this number


def orders_broken(
    market_id: int, since_us: int, until_us: int, *, by_us: int, paid: tuple[Int, Int]
) -> OrdersBroken:
    """Orders placed in `[since, until)` of each seller, and how many broke what by a later moment.

    An order counts once for each clock that it broke. `paid` names those (seller, order) whose
    claims brought money.
    """
    broken = ", ".join(
        f"count(*) FILTER (WHERE b.broke & {1 << clock} <> 0)" for clock in (*Clock, _CLAIMED)
    )
    columns = sets.fetch_arrays(
        f"SELECT o.seller_id, count(*), count(b.broke), {broken} FROM orders_order o LEFT JOIN ("
        "SELECT seller_id, order_id, bit_or(broke) AS broke FROM ("
        "SELECT seller_id, order_id, 1 << clock::int AS broke FROM orders_breach "
        "WHERE market_id = %(market)s AND NOT is_platforms AND due_at >= %(since)s "
        "AND due_at < %(by)s UNION ALL "
        f"SELECT *, {1 << _CLAIMED} FROM unnest(%(sellers)s::bigint[], %(orders)s::bigint[])"
        ") AS each (seller_id, order_id, broke) GROUP BY seller_id, order_id"
        ") AS b USING (seller_id, order_id) WHERE o.market_id = %(market)s "
        "AND o.ordered_at >= %(since)s AND o.ordered_at < %(until)s "
        "GROUP BY o.seller_id ORDER BY o.seller_id",
        {
            "market": market_id, "since": moment_of(since_us), "until": moment_of(until_us),
            "by": moment_of(by_us), "sellers": paid[0], "orders": paid[1],
        },
        dict.fromkeys(OrdersBroken.names(), "i8"),
    )  # fmt: skip
    return OrdersBroken.of(**columns)


def bad_sales(
    market_id: int, since_day: int, until_day: int, *, seller_id: int | None = None
) -> BadSales:
    """Promises broken of orders placed on these days, of one seller where one is named."""
    mine = "" if seller_id is None else "AND b.seller_id = %(seller)s "
    return BadSales.of(
        **sets.fetch_arrays(
            "SELECT b.seller_id, b.order_id, b.kind, b.clock, o.category_id, b.base_minor, "
            "b.buyer_minor, b.platform_minor, b.is_paid_by_itself "
            "FROM orders_breach b JOIN orders_order o USING (seller_id, order_id) "
            "WHERE b.market_id = %(market)s AND NOT b.is_platforms AND b.ordered_day >= %(since)s "
            f"AND b.ordered_day < %(until)s {mine}ORDER BY b.seller_id, b.order_id, b.kind",
            {"market": market_id, "since": since_day, "until": until_day, "seller": seller_id},
            {
                "seller_id": "i8", "order_id": "i8", "kind": "i2", "clock": "i2",
                "category_id": "i4", "base_minor": "i8", "buyer_minor": "i8",
                "platform_minor": "i8", "is_paid_by_itself": "bool",
            },
        )
    )  # fmt: skip


def first_order_us(market_id: int) -> int | None:
    """When the first order of a market was placed; None where there is none."""
    ((first,),) = sets.fetch_rows(
        "SELECT min(ordered_at) FROM orders_order WHERE market_id = %s "
        "AND ordered_at < 'infinity'",
        [market_id],
    )
    return None if first is None else us_of(first)


def orders_between(seller_id: int, since_us: int, until_us: int) -> tuple[Int, Int]:
    """A seller's orders placed in `[since, until)`, and the clocks each broke, a bit each."""
    columns = sets.fetch_arrays(
        "SELECT o.order_id, coalesce((SELECT bit_or(1 << b.clock::int) FROM orders_breach b "
        "WHERE b.seller_id = o.seller_id AND b.order_id = o.order_id AND NOT b.is_platforms), 0) "
        "FROM orders_order o "
        "WHERE o.seller_id = %s AND o.ordered_at >= %s AND o.ordered_at < %s "
        "ORDER BY o.order_id",
        [seller_id, moment_of(since_us), moment_of(until_us)],
        {"order_id": "i8", "broke": "i4"},
    )
    return columns["order_id"], columns["broke"].astype(np.int64)


def placed(seller_id: int, order_ids: Int) -> dict[int, tuple[str, datetime]]:
    """What these orders are called, and when they were placed."""
    rows = sets.fetch_rows(
        "SELECT order_id, order_name, ordered_at FROM orders_order WHERE seller_id = %s "
        "AND order_id = ANY(%s::bigint[])",
        [seller_id, order_ids],
    )
    return {row[0]: (row[1], row[2]) for row in rows}
