"""Hold orders while a higher room decides about them: no fact of theirs can come in between."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.orders.store.orders import lock_orders

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import OrderStates


def hold_orders(seller_id: Int, order_id: Int) -> OrderStates:
    """Lock those of these orders that are known until the caller's transaction ends.

    For an act that reads what was refunded, decides on it and pays. Each order once, by seller
    and order.
    """
    return lock_orders(seller_id, order_id)
