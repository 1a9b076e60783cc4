"""Questions about orders: what is due, was sold and broke; one whole; breaches again."""

from xiaobao.orders.queries.items import (
    BY_NAME,
    ItemsSold,
    items_known,
    items_known_count,
    items_sold,
    names_sold,
)
from xiaobao.orders.queries.leaving import names_of, unsettled
from xiaobao.orders.queries.one_order import (
    ask_order,
    last_orders_of,
    open_clocks_of,
    order_detail,
    order_of,
)
from xiaobao.orders.queries.reading import (
    are_due,
    ask_compensated,
    ask_states,
    breach_rates,
    breach_totals,
    breaches_of_market,
    breaches_of_sellers,
    contradiction_counts,
    counts,
    first_breach_us,
    next_due_us,
    outcomes,
    persons_with_orders,
    states_of,
    turnover,
    watched_orders,
)
from xiaobao.orders.queries.refunds import refunded_for_others
from xiaobao.orders.queries.replaying import replayed_breach, replayed_breaches
from xiaobao.orders.queries.units import ask_units_sold, units_of, units_sold
from xiaobao.orders.queries.weeks import (
    bad_sales,
    first_order_us,
    orders_between,
    orders_broken,
    placed,
)

__all__ = [
    "BY_NAME",
    "ItemsSold",
    "are_due",
    "ask_compensated",
    "ask_order",
    "ask_states",
    "ask_units_sold",
    "bad_sales",
    "breach_rates",
    "breach_totals",
    "breaches_of_market",
    "breaches_of_sellers",
    "contradiction_counts",
    "counts",
    "first_breach_us",
    "first_order_us",
    "items_known",
    "items_known_count",
    "items_sold",
    "last_orders_of",
    "names_of",
    "names_sold",
    "next_due_us",
    "open_clocks_of",
    "order_detail",
    "order_of",
    "orders_between",
    "orders_broken",
    "outcomes",
    "persons_with_orders",
    "placed",
    "refunded_for_others",
    "replayed_breach",
    "replayed_breaches",
    "states_of",
    "turnover",
    "units_of",
    "units_sold",
    "unsettled",
    "watched_orders",
]
