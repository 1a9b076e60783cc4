"""Hold orders while a higher room decides about them: no fact of theirs can come in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.orders.store import clocks as clock_store
from xiaobao.orders.store.orders import lock_orders

if TYPE_CHECKING:
    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import OrderStates


def hold_orders(seller_id: Int, order_id: Int) -> OrderStates:
    """Lock those of these orders that are known until the caller's transaction ends.

    For an act that reads what was refunded, decides on it and pays. Each order once, by seller
    and order.
    """
    return ask_hold(seller_id, order_id).answer


def ask_hold(seller_id: Int, order_id: Int) -> Asked[OrderStates]:
    """As `hold_orders`; they are locked with whatever is asked or done next."""
    return lock_orders(seller_id, order_id)


def hold_clocks(seller_id: Int, order_id: Int) -> None:
    """Lock the clocks of these orders too, so that no breach is found and paid in between.

    They are locked with whatever is asked or done next. For an act that pays for what a clock
    watches over; the orders are held by the caller.
    """
    clock_store.watches_of(seller_id, order_id)


def count_paid(seller_id: Int, order_id: Int, clock: Int, amount_minor: Int) -> None:
    """Count what a claim paid for what these clocks watch over; less than nothing takes it back.

    A breach of the same group that is found later pays what it owes less this, as it does after
    another breach. The caller holds orders and clocks.
    """
    some = amount_minor != 0
    if some.any():
        clock_store.add_paid(seller_id[some], order_id[some], clock[some], amount_minor[some])
