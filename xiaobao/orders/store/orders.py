"""Orders as folded: held, added, changed in sets."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.database import sets
from xiaobao.kernel.columns import Columns, Int
from xiaobao.orders.facts import OrderStates
from xiaobao.orders.store.copying import copy_with_text

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    import pyarrow as pa
    from numpy.typing import NDArray

    from xiaobao.database.trips import Asked
    from xiaobao.orders.facts import Facts

_SMALL = ("market_id", "route", "cancel_reason")
_MIDDLE = ("category_id", "ship_hours", "scans", "reports", "facts", "flags", "ordered_day")


def kind_of(name: str) -> str:
    """The kind of an order's column, as sets of rows name it."""
    if name.endswith("_us"):
        return "ts"
    return "i2" if name in _SMALL else "i4" if name in _MIDDLE else "i8"


def column_of(name: str) -> str:
    """The table's name of a column of `OrderStates`."""
    return name.removesuffix("_us") + "_at" if name.endswith("_us") else name


STATE = {name: kind_of(name) for name in OrderStates.names()}
STATE_COLUMNS = ", ".join(f"o.{column_of(name)}" for name in STATE)
KEY = ("seller_id", "order_id")
_STORED = {**STATE, "ordered_day": "i4"}
_NAMES = ", ".join(map(column_of, _STORED))


@dataclass(frozen=True, slots=True)
class Held(Columns):
    """Orders that stood before a batch, locked."""

    position: Int  # among those asked for
    ordered_us: Int
    flags: Int


def hold_orders(seller_id: Int, order_id: Int) -> Asked[Held]:
    """Lock those of these orders that are there, by seller and order."""
    return sets.ask_arrays(
        f"SELECT u.n - 1, o.ordered_at, o.flags FROM {sets.numbered_rows_of('i8', 'i8')} "
        "AS u(seller_id, order_id, n) "
        "JOIN orders_order o USING (seller_id, order_id) "
        "ORDER BY o.seller_id, o.order_id FOR UPDATE OF o",
        [seller_id, order_id],
        {"position": "i8", "ordered_us": "ts", "flags": "i4"},
        Held.of,
    )


def lock_orders(seller_id: Int, order_id: Int) -> Asked[OrderStates]:
    """The states of those of these orders that are there, locked, by seller and order."""
    return sets.ask_arrays(
        f"SELECT {STATE_COLUMNS} FROM (SELECT DISTINCT * FROM {sets.rows_of('i8', 'i8')} "
        "AS n (seller_id, order_id)) AS u JOIN orders_order o USING (seller_id, order_id) "
        "ORDER BY o.seller_id, o.order_id FOR UPDATE OF o",
        [seller_id, order_id],
        STATE,
        OrderStates.of,
    )


def named_otherwise(orders: Facts, names: Sequence[str]) -> Asked[Int]:
    """Which of these orders, by their places, are there under another name."""
    return sets.ask_arrays(
        f"SELECT u.n - 1 FROM {sets.numbered_rows_of('i8', 'i8', 'text')} "
        "AS u(seller_id, order_id, name, n) JOIN orders_order o USING (seller_id, order_id) "
        "WHERE o.order_name <> u.name ORDER BY u.n",
        [orders.seller_id, orders.order_id, list(names)],
        {"position": "i8"},
        lambda position: position,
    )


def _arrays(states: OrderStates, ordered_day: Int) -> list[NDArray[np.generic]]:
    columns = {**states.as_dict(), "ordered_day": ordered_day}
    return [
        columns[name].view("M8[us]") if kind == "ts" else columns[name].astype(kind)
        for name, kind in _STORED.items()
    ]


def add_orders(states: OrderStates, ordered_day: Int, names: pa.Array) -> None:
    """COPY orders seen for the first time; few wait for what is sent next.

    One that another transaction added meanwhile is an error there (UniqueViolation).
    """
    columns = {
        column_of(name): column
        for name, column in {**states.as_dict(), "ordered_day": ordered_day}.items()
    }
    spec = {column_of(name): kind for name, kind in _STORED.items()}
    copy_with_text("orders_order", columns, spec, "order_name", names)


def change_orders(states: OrderStates, ordered_day: Int) -> None:
    """Write the new state of orders held."""
    if len(states):
        changes = ", ".join(
            f"{column_of(name)} = u.{column_of(name)}" for name in _STORED if name not in KEY
        )
        sets.write(
            f"UPDATE orders_order o SET {changes} "
            f"FROM {sets.rows_of(*_STORED.values())} AS u({_NAMES}) "
            "WHERE o.seller_id = u.seller_id AND o.order_id = u.order_id",
            _arrays(states, ordered_day),
        )
