"""For whoever lets a seller leave: orders that are not over, and what they are called."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database import sets
from xiaobao.kernel.clocks import moment_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def unsettled(seller_ids: Int, since_us: int) -> tuple[Int, Int]:
    """Paid orders of these sellers that are not over, were completed since, or owe a refund."""
    columns = sets.fetch_arrays(
        "SELECT seller_id, order_id FROM orders_order WHERE seller_id = ANY(%s::bigint[]) "
        "AND paid_at < 'infinity' AND (refund_asked_minor > refund_paid_minor "
        "OR (completed_at >= %s AND cancelled_at = 'infinity')) ORDER BY seller_id, order_id",
        [seller_ids, moment_of(since_us)],
        {"seller_id": "i8", "order_id": "i8"},
    )
    return columns["seller_id"], columns["order_id"]


def names_of(seller_id: int, order_ids: Int) -> dict[int, str]:
    rows = sets.fetch_rows(
        "SELECT order_id, order_name FROM orders_order WHERE seller_id = %s "
        "AND order_id = ANY(%s::bigint[])",
        [seller_id, order_ids],
    )
    return dict(rows)
