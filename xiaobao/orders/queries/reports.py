"""Reports of force majeure: what waits for a review, and what came of the others."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.database import sets
from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.kernel.clocks import us_of
from xiaobao.orders.facts import ReportRow, ReportState
from xiaobao.orders.queries.leaving import names_of
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_ROW = (
    "r.seller_id, r.order_id, r.happened_at, r.reported_at, r.due_at, r.state, "
    "nullif(r.until_at, 'infinity'), nullif(r.decided_at, 'infinity'), r.decided_by, r.words "
    "FROM orders_report r"
)
BY_CLOCK: Order[ReportRow] = Order(
    (Part("r.state"), Part("r.due_at", "ts"), Part("r.seller_id"), Part("r.order_id")),
    lambda row: (row.state, row.due_at, row.seller_id, row.order_id),
)  # fmt: skip


def next_report_us() -> int | None:
    """When the clock of the first report that waits runs out; None where none waits."""
    rows = sets.fetch_rows(
        "SELECT min(due_at) FROM orders_report WHERE state = %s", [ReportState.WAITING]
    )
    return None if rows[0][0] is None else us_of(rows[0][0])


def lapsed_reports(until: datetime, limit: int) -> list[tuple[int, int, datetime]]:
    """Those nobody reviewed by their end, earliest first."""
    return sets.fetch_rows(
        "SELECT seller_id, order_id, due_at FROM orders_report WHERE state = %s AND due_at <= %s "
        "ORDER BY due_at, seller_id, order_id LIMIT %s",
        [ReportState.WAITING, until, limit],
    )


def reports_listed(
    *,
    seller_id: int | None = None,
    state: ReportState | None = None,
    place: Place | None = None,
    limit: int = 100,
) -> list[ReportRow]:
    """Those that wait first, the shortest clock on top; of one seller, or of all."""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} WHERE (%(seller)s::bigint IS NULL OR r.seller_id = %(seller)s) "
        "AND (%(state)s::smallint IS NULL OR r.state = %(state)s)"
        f"{BY_CLOCK.after(place)}{BY_CLOCK.by(place)} LIMIT %(limit)s",
        {"seller": seller_id, "state": state, "limit": limit} | BY_CLOCK.params(place),
    )
    return straight(_named(rows), place)


def report_of(seller_id: int, order_id: int) -> ReportRow | None:
    """The report of one order; None where there is none."""
    rows = sets.fetch_rows(
        f"SELECT {_ROW} WHERE r.seller_id = %s AND r.order_id = %s", [seller_id, order_id]
    )
    return _named(rows)[0] if rows else None


def reports_waiting() -> int:
    rows = sets.fetch_rows(
        "SELECT count(*) FROM orders_report WHERE state = %s", [ReportState.WAITING]
    )
    return int(rows[0][0])


def _named(rows: Sequence[tuple[Any, ...]]) -> list[ReportRow]:
    shops = np.unique(np.array([row[0] for row in rows], np.int64))
    called = sellers.names_of(shops)
    orders: dict[tuple[int, int], str] = {}
    for shop in shops.tolist():
        mine = np.array([row[1] for row in rows if row[0] == shop], np.int64)
        orders |= {(shop, order): name for order, name in names_of(shop, mine).items()}
    return [
        ReportRow(
            seller_id=shop, order_id=order, seller=called[shop],
            order=orders.get((shop, order), ""), happened_at=happened, reported_at=reported,
            due_at=due, state=ReportState(state), until_at=until, decided_at=decided, by=by,
            words=words,
        )
        for shop, order, happened, reported, due, state, until, decided, by, words in rows
    ]  # fmt: skip
