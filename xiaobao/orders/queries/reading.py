"""Questions others ask about orders: what is due, what was sold, what broke, one order whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.orders.facts import (
    Breaches,
    BreachKind,
    BreachRates,
    BreachTotal,
    Contradiction,
    Counts,
    OrderStates,
    Turnover,
)
from xiaobao.orders.store.orders import STATE, STATE_COLUMNS

if TYPE_CHECKING:
    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int

_TURNOVER = {
    "seller_id": "i8", "orders": "i8", "goods_minor": "i8", "open_orders": "i8",
    "open_goods_minor": "i8", "breaches": "i8", "breach_minor": "i8", "first_sale_us": "ts",
}  # fmt: skip

_BREACHES = {
    "seller_id": "i8", "order_id": "i8", "kind": "i2", "market_id": "i2", "buyer_id": "i8",
    "cause": "uuid", "due_us": "ts", "buyer_minor": "i8", "platform_minor": "i8",
    "is_paid_by_itself": "bool", "is_platforms": "bool",
}  # fmt: skip


def next_due_us() -> int | None:
    """When the first open clock runs out; None where none is open."""
    rows = sets.fetch_rows("SELECT min(due_at) FROM orders_watch WHERE due_at < 'infinity'")
    return None if rows[0][0] is None else us_of(rows[0][0])


def are_due(until_us: int, count: int) -> bool:
    """Whether at least so many clocks have run out by then."""
    rows = sets.fetch_rows(
        "SELECT count(*) FROM (SELECT FROM orders_watch WHERE due_at <= %s "
        "AND due_at < 'infinity' ORDER BY due_at LIMIT %s) AS w",
        [moment_of(until_us), count],
    )
    return bool(rows[0][0] == count)


def turnover(seller_ids: Int, since_us: int, until_us: int) -> Turnover:
    """What each of these sellers sold in `[since, until)`, row for row.

    Open orders are those of any age that stood paid, and neither completed nor cancelled, at
    `until`. `first_sale_us` is the first order ever placed before `until`.
    """
    columns = sets.fetch_arrays(
        "SELECT u.seller_id, coalesce(o.orders, 0), coalesce(o.goods, 0), "
        "coalesce(o.open_orders, 0), coalesce(o.open_goods, 0), coalesce(b.breaches, 0), "
        "coalesce(b.paid, 0), coalesce(o.first_at, 'infinity') "
        "FROM unnest(%(sellers)s::bigint[]) WITH ORDINALITY AS u(seller_id, n) "
        "LEFT JOIN (SELECT seller_id, count(*) FILTER (WHERE ordered_at >= %(since)s) AS orders, "
        "sum(goods_minor) FILTER (WHERE ordered_at >= %(since)s)::bigint AS goods, "
        "count(*) FILTER (WHERE is_open) AS open_orders, "
        "sum(goods_minor) FILTER (WHERE is_open)::bigint AS open_goods, "
        "min(ordered_at) AS first_at FROM (SELECT *, paid_at < %(until)s "
        "AND completed_at >= %(until)s AND cancelled_at >= %(until)s AS is_open "
        "FROM orders_order WHERE seller_id = ANY(%(sellers)s::bigint[]) "
        "AND ordered_at < %(until)s) AS placed GROUP BY seller_id) AS o USING (seller_id) "
        "LEFT JOIN (SELECT seller_id, count(*) AS breaches, sum(buyer_minor)::bigint AS paid "
        "FROM orders_breach WHERE seller_id = ANY(%(sellers)s::bigint[]) "
        "AND NOT is_platforms AND due_at >= %(since)s AND due_at < %(until)s "
        "GROUP BY seller_id) AS b "
        "USING (seller_id) ORDER BY u.n",
        {"sellers": seller_ids, "since": moment_of(since_us), "until": moment_of(until_us)},
        _TURNOVER,
    )
    return Turnover.of(**columns)


def breach_totals(
    *, market_id: int | None = None, since_us: int | None = None, until_us: int | None = None
) -> list[BreachTotal]:
    """Breaches whose clocks ran out in `[since, until)`, by market and kind."""
    rows = sets.fetch_rows(
        "SELECT market_id, kind, count(*), count(DISTINCT seller_id), "
        "sum(buyer_minor)::bigint, sum(platform_minor)::bigint FROM orders_breach "
        "WHERE (%(market)s::smallint IS NULL OR market_id = %(market)s) "
        "AND due_at >= coalesce(%(since)s::timestamptz, '-infinity') "
        "AND due_at < coalesce(%(until)s::timestamptz, 'infinity') "
        "GROUP BY market_id, kind ORDER BY market_id, kind",
        {
            "market": market_id,
            "since": None if since_us is None else moment_of(since_us),
            "until": None if until_us is None else moment_of(until_us),
        },
    )
    return [BreachTotal(row[0], BreachKind(row[1]), *row[2:]) for row in rows]


def breach_rates(market_id: int, since_us: int, until_us: int) -> BreachRates:
    """Breaches in `[since, until)` of each seller and kind, beside the orders of that time."""
    columns = sets.fetch_arrays(
        "SELECT b.seller_id, b.kind, b.breaches, (SELECT count(*) FROM orders_order o "
        "WHERE o.seller_id = b.seller_id AND o.ordered_at >= %(since)s "
        "AND o.ordered_at < %(until)s) FROM (SELECT seller_id, kind, count(*) AS breaches "
        "FROM orders_breach WHERE market_id = %(market)s AND NOT is_platforms "
        "AND due_at >= %(since)s AND due_at < %(until)s GROUP BY seller_id, kind) AS b "
        "ORDER BY b.seller_id, b.kind",
        {"market": market_id, "since": moment_of(since_us), "until": moment_of(until_us)},
        {"seller_id": "i8", "kind": "i2", "breaches": "i8", "orders": "i8"},
    )
    return BreachRates.of(**columns)


def first_breach_us(market_id: int, since_us: int) -> int | None:
    """When the first breach of a market was found from then on; None where none was."""
    rows = sets.fetch_rows(
        "SELECT min(due_at) FROM orders_breach WHERE market_id = %s AND due_at >= %s",
        [market_id, moment_of(since_us)],
    )
    return None if rows[0][0] is None else us_of(rows[0][0])


def outcomes(seller_id: int, since_us: int, until_us: int, broken: Int) -> tuple[int, int]:
    """How many of a seller's orders of `[since, until)` have a known outcome, and were broken.

    It is known once the order is completed, or once something broke: a breach was found, or the
    order is among those named as `broken`.
    """
    rows = sets.fetch_rows(
        "SELECT count(*), count(*) FILTER (WHERE is_broken) FROM (SELECT completed_at, "
        "order_id = ANY(%(broken)s::bigint[]) OR EXISTS (SELECT 1 FROM orders_breach b "
        "WHERE b.seller_id = o.seller_id AND b.order_id = o.order_id AND NOT b.is_platforms "
        "AND b.due_at < %(until)s) "
        "AS is_broken FROM orders_order o WHERE seller_id = %(seller)s "
        "AND ordered_at >= %(since)s AND ordered_at < %(until)s) AS placed "
        "WHERE is_broken OR completed_at < %(until)s",
        {
            "seller": seller_id, "broken": broken, "since": moment_of(since_us),
            "until": moment_of(until_us),
        },
    )  # fmt: skip
    return rows[0]


def breaches_of_market(market_id: int) -> Breaches:
    """Every breach ever found in a market, by seller, order and kind."""
    columns = sets.fetch_arrays(
        "SELECT seller_id, order_id, kind, market_id, buyer_id, cause, due_at, buyer_minor, "
        "platform_minor, is_paid_by_itself, is_platforms FROM orders_breach WHERE market_id = %s "
        "ORDER BY seller_id, order_id, kind",
        [market_id],
        _BREACHES,
    )
    return Breaches.of(**columns)


def breaches_of_sellers(first: int, last: int) -> Breaches:
    """Every breach ever found of the sellers with ids from first to last."""
    columns = sets.fetch_arrays(
        "SELECT seller_id, order_id, kind, market_id, buyer_id, cause, due_at, buyer_minor, "
        "platform_minor, is_paid_by_itself, is_platforms FROM orders_breach "
        "WHERE seller_id BETWEEN %s AND %s",
        [first, last],
        _BREACHES,
    )
    return Breaches.of(**columns)


def states_of(seller_id: Int, order_id: Int) -> OrderStates:
    """Those of these orders that are known, each once, by seller and order."""
    return ask_states(seller_id, order_id).answer


def ask_states(seller_id: Int, order_id: Int) -> Asked[OrderStates]:
    """As `states_of`, asked together with what else is asked meanwhile."""
    return sets.ask_arrays(
        f"SELECT {STATE_COLUMNS} FROM (SELECT DISTINCT * FROM unnest(%s::bigint[], %s::bigint[]) "
        "AS n (seller_id, order_id)) AS u JOIN orders_order o USING (seller_id, order_id) "
        "ORDER BY o.seller_id, o.order_id",
        [seller_id, order_id],
        STATE,
        OrderStates.of,
    )


def ask_compensated(seller_id: Int, order_id: Int, kinds: Int) -> Asked[Int]:
    """What breaches of an order paid its buyer, row for row; `kinds` has a bit per breach kind."""

    def by_row(row: Int, paid_minor: Int) -> Int:
        paid = np.zeros(len(seller_id), np.int64)
        paid[row] = paid_minor
        return paid

    return sets.ask_arrays(
        "SELECT u.n - 1, sum(b.buyer_minor)::bigint FROM unnest(%s::bigint[], %s::bigint[], "
        "%s::bigint[]) WITH ORDINALITY AS u(seller_id, order_id, kinds, n) "
        "JOIN orders_breach b USING (seller_id, order_id) "
        "WHERE b.is_paid_by_itself AND u.kinds & (1::bigint << b.kind::int) <> 0 GROUP BY u.n",
        [seller_id, order_id, kinds],
        {"row": "i8", "paid_minor": "i8"},
        by_row,
    )


def persons_with_orders(seller_id: int, buyer_id: int, persons: list[int]) -> set[int]:
    """Which of these persons bought of this seller, or sold to this buyer."""
    rows = sets.fetch_rows(
        "SELECT DISTINCT buyer_id FROM orders_order WHERE seller_id = %s AND buyer_id = ANY(%s) "
        "UNION SELECT DISTINCT seller_id FROM orders_order "
        "WHERE seller_id = ANY(%s) AND buyer_id = %s",
        [seller_id, persons, persons, buyer_id],
    )
    return {row[0] for row in rows}


def watched_orders() -> tuple[Int, Int]:
    """Sellers and orders of which a clock still runs, each order once."""
    columns = sets.fetch_arrays(
        "SELECT DISTINCT seller_id, order_id FROM orders_watch WHERE due_at < 'infinity' "
        "ORDER BY seller_id, order_id",
        [],
        {"seller_id": "i8", "order_id": "i8"},
    )
    return columns["seller_id"], columns["order_id"]


def counts() -> Counts:
    """How much this room holds."""
    rows = sets.fetch_rows(
        "SELECT o.orders, o.placed, o.flagged, o.facts, "
        "(SELECT count(*) FROM orders_line), "
        "(SELECT count(*) FROM orders_watch WHERE due_at < 'infinity'), "
        "(SELECT count(*) FROM orders_breach) FROM (SELECT count(*) AS orders, "
        "count(*) FILTER (WHERE ordered_at < 'infinity') AS placed, "
        "count(*) FILTER (WHERE flags <> 0) AS flagged, "
        "coalesce(sum(facts), 0)::bigint AS facts FROM orders_order) AS o"
    )
    return Counts(*rows[0])


def contradiction_counts(market_id: int) -> dict[Contradiction, int]:
    """How many orders of a market show each contradiction; an order may show several."""
    rows = sets.fetch_rows(
        "SELECT flags, count(*) FROM orders_order WHERE market_id = %s AND flags <> 0 "
        "GROUP BY flags",
        [market_id],
    )
    counted = {one: sum(n for flags, n in rows if flags & one) for one in Contradiction}
    return {one: count for one, count in counted.items() if count}
