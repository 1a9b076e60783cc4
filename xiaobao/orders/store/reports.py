"""Reports of force majeure: added with their clock, held for a decision, decided once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.orders.facts import ReportState

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import Facts


def add_reports(f: Facts, due_us: Int) -> None:
    """One for each order: the first that came counts, and stays."""
    order = np.lexsort((f.recorded_us, f.order_id, f.seller_id))
    f, due_us = f.take(order), due_us[order]
    sets.execute(
        "INSERT INTO orders_report (seller_id, order_id, market_id, state, happened_at, "
        "reported_at, due_at, until_at, decided_at, decided_by, words) "
        f"SELECT u.*, 'infinity', 'infinity', '', '' "
        f"FROM {sets.rows_of('i8', 'i8', 'i2', 'i2', 'ts', 'ts', 'ts')} "
        "AS u(seller_id, order_id, market_id, state, happened_at, reported_at, due_at) "
        "ON CONFLICT DO NOTHING",
        [
            f.seller_id, f.order_id, f.market_id.astype(np.int16),
            np.full(len(f), ReportState.WAITING, np.int16), f.at_us.view("M8[us]"),
            f.recorded_us.view("M8[us]"), due_us.view("M8[us]"),
        ],
    )  # fmt: skip


def hold_report(seller_id: int, order_id: int) -> tuple[Any, ...] | None:
    """State, event, report and end of the clock, locked; None where there is none."""
    rows = sets.fetch_rows(
        "SELECT state, happened_at, reported_at, due_at, market_id FROM orders_report "
        "WHERE seller_id = %s AND order_id = %s FOR UPDATE",
        [seller_id, order_id],
    )
    return rows[0] if rows else None


def decide_report(
    seller_id: int, order_id: int, state: ReportState, *, until: datetime | None, at: datetime,
    by: str, words: str,
) -> None:  # fmt: skip
    sets.execute(
        "UPDATE orders_report SET state = %s, until_at = coalesce(%s, 'infinity'::timestamptz), "
        "decided_at = %s, decided_by = %s, words = %s WHERE seller_id = %s AND order_id = %s",
        [state, until, at, by, words, seller_id, order_id],
    )
