"""Clocks: opened and moved at intake, claimed in due order by sweeps."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.columns import Columns, Int
from xiaobao.orders.facts import OrderStates
from xiaobao.orders.store.orders import STATE, STATE_COLUMNS

WATCH = {
    "seller_id": "i8", "order_id": "i8", "clock": "i2", "judged": "i2", "due_us": "ts",
    "paid_minor": "i8",
}  # fmt: skip
_WATCH_COLUMNS = "w.seller_id, w.order_id, w.clock, w.judged, w.due_at, w.paid_minor"


@dataclass(frozen=True, slots=True)
class Watches(Columns):
    """Clocks as stored; `due_us` is FAR_US where nothing can run out any more."""

    seller_id: Int
    order_id: Int
    clock: Int
    judged: Int  # a bit per breach kind found
    due_us: Int
    paid_minor: Int  # by those breaches, to the buyer


def watches_of(seller_id: Int, order_id: Int) -> Watches:
    """The clocks of these orders, locked."""
    columns = sets.fetch_arrays(
        f"SELECT {_WATCH_COLUMNS} FROM unnest(%s::bigint[], %s::bigint[]) "
        "AS u(seller_id, order_id) JOIN orders_watch w USING (seller_id, order_id) "
        "ORDER BY w.seller_id, w.order_id, w.clock FOR UPDATE OF w",
        [seller_id, order_id],
        WATCH,
    )
    return Watches.of(**columns)


def add_watches(watches: Watches) -> None:
    sets.copy_in(
        "orders_watch",
        {"due_at" if name == "due_us" else name: c for name, c in watches.as_dict().items()},
        {"due_at" if name == "due_us" else name: kind for name, kind in WATCH.items()},
    )


def change_watches(watches: Watches) -> None:
    """Write due moments, kinds judged and sums of clocks held."""
    if len(watches):
        sets.execute(
            "UPDATE orders_watch w SET judged = u.judged, due_at = u.due_at, "
            "paid_minor = u.paid_minor FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], "
            "%s::smallint[], %s::timestamptz[], %s::bigint[]) "
            "AS u(seller_id, order_id, clock, judged, due_at, paid_minor) "
            "WHERE w.seller_id = u.seller_id AND w.order_id = u.order_id AND w.clock = u.clock",
            [
                watches.seller_id, watches.order_id, watches.clock.astype(np.int16),
                watches.judged.astype(np.int16), watches.due_us.view("M8[us]"),
                watches.paid_minor,
            ],
        )  # fmt: skip


def claim_watches(until_us: int, limit: int) -> tuple[Watches, OrderStates, Int]:
    """Lock the clocks due first, passing over those others hold, with their orders.

    Returned with the local day of each order, all in due order.
    """
    spec = {f"w_{name}": kind for name, kind in WATCH.items()} | STATE | {"ordered_day": "i4"}
    columns = sets.fetch_arrays(
        f"SELECT {_WATCH_COLUMNS}, {STATE_COLUMNS}, o.ordered_day FROM ("
        "SELECT * FROM orders_watch WHERE due_at <= (%s::timestamptz[])[1] "
        "AND due_at < 'infinity' ORDER BY due_at, seller_id, order_id, clock LIMIT %s "
        "FOR UPDATE SKIP LOCKED) AS w JOIN orders_order o USING (seller_id, order_id) "
        "ORDER BY w.due_at, w.seller_id, w.order_id, w.clock",
        [np.array([until_us]).view("M8[us]"), limit],
        spec,
    )
    watches = Watches.of(**{name: columns[f"w_{name}"] for name in WATCH})
    states = OrderStates.of(**{name: columns[name] for name in STATE})
    return watches, states, columns["ordered_day"].astype(np.int64)
