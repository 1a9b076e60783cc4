"""Lines that an earlier bill has about another number: what was read first counts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database.sets import fetch_rows
from xiaobao.work.bills.differing import Difference, Kind

if TYPE_CHECKING:
    from datetime import datetime


def moved_lines(begins: datetime, ends: datetime) -> list[Difference]:
    """Lines of that time which another bill has about another number, as the first has them."""
    rows = fetch_rows(
        "SELECT f.seller_id, f.movement, l.line, l.name, l.number, f.amount_minor, "
        "l.amount_minor, l.happened_at FROM work_bill_line l JOIN work_bill lb USING (bill) "
        "CROSS JOIN LATERAL (SELECT e.seller_id, e.movement, e.amount_minor "
        "FROM work_bill_line e JOIN work_bill eb USING (bill) WHERE e.kind = l.kind "
        "AND e.name = l.name AND e.seller_id <> l.seller_id "
        "AND (eb.read_at, eb.bill) < (lb.read_at, lb.bill) "
        "ORDER BY eb.read_at, eb.bill LIMIT 1) AS f "
        "WHERE l.happened_at >= %s AND l.happened_at < %s ORDER BY l.kind, l.line, l.name",
        [begins, ends],
    )
    return [Difference(Kind.MOVED, *row) for row in rows]
