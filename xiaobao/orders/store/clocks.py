"""Clocks: opened and moved at intake, claimed in due order by sweeps."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets
from xiaobao.kernel.columns import Columns, Int
from xiaobao.orders.facts import OrderStates
from xiaobao.orders.store.orders import KEY, STATE, column_of

if TYPE_CHECKING:
    from xiaobao.database.trips import Asked
    from xiaobao.kernel.references import Part

WATCH = {
    "seller_id": "i8", "order_id": "i8", "clock": "i2", "judged": "i2", "due_us": "ts",
    "paid_minor": "i8", "platform_minor": "i8",
}  # fmt: skip
_WATCH_COLUMNS = (
    "w.seller_id, w.order_id, w.clock, w.judged, w.due_at, w.paid_minor, w.platform_minor"
)


@dataclass(frozen=True, slots=True)
class Watches(Columns):
    """Clocks as stored; `due_us` is FAR_US where nothing can run out any more."""

    seller_id: Int
    order_id: Int
    clock: Int
    judged: Int  # a bit per breach kind found
    due_us: Int
    paid_minor: Int  # by those breaches, and by claims about the same, to the buyer
    platform_minor: Int  # by those breaches, to the platform


def watches_of(seller_id: Int, order_id: Int) -> Asked[Watches]:
    """The clocks of these orders, locked."""
    return sets.ask_arrays(
        f"SELECT {_WATCH_COLUMNS} FROM {sets.rows_of('i8', 'i8')} "
        "AS u(seller_id, order_id) JOIN orders_watch w USING (seller_id, order_id) "
        "ORDER BY w.seller_id, w.order_id, w.clock FOR UPDATE OF w",
        [seller_id, order_id],
        WATCH,
        Watches.of,
    )


def add_watches(watches: Watches) -> None:
    sets.put_in(
        "orders_watch",
        {"due_at" if name == "due_us" else name: c for name, c in watches.as_dict().items()},
        {"due_at" if name == "due_us" else name: kind for name, kind in WATCH.items()},
    )


def change_watches(watches: Watches) -> None:
    """Write due moments, kinds judged and sums of clocks held."""
    if len(watches):
        # Neighbours in the index one after another: each page is come by once.
        keys = watches.clock, watches.order_id, watches.seller_id
        watches = watches.take(np.lexsort(keys))
        sets.write(
            "UPDATE orders_watch w SET judged = u.judged, due_at = u.due_at, "
            "paid_minor = u.paid_minor, platform_minor = u.platform_minor "
            f"FROM {sets.rows_of('i8', 'i8', 'i2', 'i2', 'ts', 'i8', 'i8')} "
            "AS u(seller_id, order_id, clock, judged, due_at, paid_minor, platform_minor) "
            "WHERE w.seller_id = u.seller_id AND w.order_id = u.order_id AND w.clock = u.clock",
            [
                watches.seller_id, watches.order_id, watches.clock.astype(np.int16),
                watches.judged.astype(np.int16), watches.due_us.view("M8[us]"),
                watches.paid_minor, watches.platform_minor,
            ],
        )  # fmt: skip


def add_paid(seller_id: Int, order_id: Int, clock: Int, amount_minor: Int) -> None:
    """Count sums that were paid for what clocks watch over; a clock not there yet begins still."""
    sets.execute(
        "INSERT INTO orders_watch AS w (seller_id, order_id, clock, judged, due_at, paid_minor, "
        "platform_minor) SELECT u.seller_id, u.order_id, u.clock, 0, 'infinity', "
        "sum(u.amount)::bigint, 0 FROM unnest(%s::bigint[], %s::bigint[], %s::smallint[], "
        "%s::bigint[]) AS u(seller_id, order_id, clock, amount) GROUP BY 1, 2, 3 ORDER BY 1, 2, 3 "
        "ON CONFLICT (seller_id, order_id, clock) "
        "DO UPDATE SET paid_minor = w.paid_minor + excluded.paid_minor",
        [seller_id, order_id, clock.astype(np.int16), amount_minor],
    )


def claim_watches(until_us: int, limit: int, part: Part) -> Watches:
    """Lock the clocks due first, passing over those others hold; in due order."""
    whose = "" if part.of == 1 else f"AND mod(w.seller_id, {part.of:d}) = {part.number:d} "
    columns = sets.fetch_arrays(
        f"SELECT {_WATCH_COLUMNS} FROM orders_watch w WHERE due_at <= (%s::timestamptz[])[1] "
        f"AND due_at < 'infinity' {whose}ORDER BY due_at, seller_id, order_id, clock LIMIT %s "
        "FOR UPDATE SKIP LOCKED",
        [np.array([until_us]).view("M8[us]"), limit],
        WATCH,
    )
    watches = Watches.of(**columns)
    keys = watches.clock, watches.order_id, watches.seller_id, watches.due_us
    return watches.take(np.lexsort(keys))


# What no clock is judged by: sweeps leave it unread, which is a third of the columns.
UNJUDGED = (
    "category_id", "last_scan_us", "refund_asked_minor", "refund_paid_us", "refund_paid_minor",
    "scans", "facts", "placed_digest", "flags",
)  # fmt: skip
_JUDGED = {name: kind for name, kind in STATE.items() if name not in (*KEY, *UNJUDGED)}
_JUDGED_COLUMNS = ", ".join(f"o.{column_of(name)}" for name in _JUDGED)


def orders_of(watches: Watches) -> tuple[OrderStates, Int]:
    """The orders of clocks held, row for row, and the local day of each; UNJUDGED columns are 0.

    A statement of its own, after the one that locked: intake that committed before the lock is
    seen, and any later one waits for the lock before it moves the clock.
    """
    # Asked for in the order of the index and put in place here: the server need not sort.
    by_key = np.lexsort((watches.order_id, watches.seller_id))
    columns = sets.fetch_arrays(
        f"SELECT u.n, {_JUDGED_COLUMNS}, o.ordered_day FROM {sets.numbered_rows_of('i8', 'i8')} "
        "AS u(seller_id, order_id, n) "
        "JOIN orders_order o USING (seller_id, order_id)",
        [watches.seller_id[by_key], watches.order_id[by_key]],
        {"n": "i8"} | _JUDGED | {"ordered_day": "i4"},
    )
    asked = by_key[columns.pop("n") - 1]
    assert len(asked) == len(watches), "a clock without its order"
    place = np.empty(len(asked), np.int64)
    place[asked] = np.arange(len(asked))
    columns = {name: column[place] for name, column in columns.items()}
    day = columns.pop("ordered_day").astype(np.int64)
    columns |= {"seller_id": watches.seller_id, "order_id": watches.order_id}
    columns |= dict.fromkeys(UNJUDGED, np.zeros(len(watches), np.int64))
    return OrderStates.of(**columns), day
