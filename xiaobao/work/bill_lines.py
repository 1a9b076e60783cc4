"""Of a line that several bills tell otherwise, what was read first counts."""

from __future__ import annotations

# Of a line `l`: not what a later bill says of it.
READ_FIRST = (
    "NOT EXISTS (SELECT FROM work_bill_line e JOIN work_bill eb USING (bill) "
    "JOIN work_bill lb ON lb.bill = l.bill WHERE e.kind = l.kind AND e.name = l.name "
    "AND e.seller_id <> l.seller_id AND (eb.read_at, eb.bill) < (lb.read_at, lb.bill))"
)
