"""Facts and offer lines: added, never changed; read back as columns."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from xiaobao.database import sets
from xiaobao.database.sets import FEW
from xiaobao.orders.facts import DETAIL_KINDS, Details, FactKind, Facts
from xiaobao.orders.store.copying import copy_wide, copy_with_text

if TYPE_CHECKING:
    from xiaobao.database.trips import Asked
    from xiaobao.kernel.columns import Int, Mask

_FACT = {
    "seller_id": "i8", "order_id": "i8", "kind": "i2", "digest": "i8", "at_us": "ts",
    "recorded_us": "ts", "market_id": "i2", "buyer_id": "i8", "category_id": "i4",
    "goods_minor": "i8", "freight_minor": "i8", "ship_by_us": "ts", "ship_hours": "i4",
    "route": "i2", "reason": "i2", "amount_minor": "i8", "waybill_id": "i8",
}  # fmt: skip
_DETAIL = {
    "row": "i8", "kind": "i2", "at_us": "ts", "recorded_us": "ts", "amount_minor": "i8",
    "waybill_id": "i8",
}  # fmt: skip
_LINE = {
    "seller_id": "i8", "order_id": "i8", "digest": "i8", "item_id": "i8", "title_known": "bool",
    "quantity": "i4", "price_minor": "i8", "ordered_us": "ts",
}  # fmt: skip

# What every fact has; the other columns belong to some kinds alone.
_PLAIN = {
    "seller_id": "i8", "order_id": "i8", "kind": "i2", "digest": "i8", "happened_at": "ts",
    "recorded_at": "ts", "market_id": "i2",
}  # fmt: skip
_SCAN = {**_PLAIN, "waybill_id": "i8"}
_WIDE = {
    **_PLAIN, "route": "i2", "reason": "i2", "ship_hours": "i4", "category_id": "i4",
    "quantity": "i4", "buyer_id": "i8", "goods_minor": "i8", "freight_minor": "i8",
    "ship_by_at": "ts", "amount_minor": "i8", "waybill_id": "i8", "item_id": "i8",
    "price_minor": "i8", "buyer": "text", "category": "text", "waybill": "text", "item": "text",
    "title": "text",
}  # fmt: skip


def add_facts(table: pa.Table) -> None:
    """COPY facts, columns named as in `orders_fact`; a key that is there already is an error.

    Most facts are a bare moment, or a scan of a waybill: these have few columns.

    One that another transaction added meanwhile is an error too: of few, of what is sent next.
    """
    if len(table) <= FEW:
        _add_wide(table)
        return
    has_more = np.zeros(len(table), np.bool_)
    for name in set(table.column_names) - set(_SCAN) - {"waybill"}:
        has_more |= _given(table, name)
    has_waybill = _given(table, "waybill")
    scans = table.filter(~has_more & has_waybill)
    plain = table.filter(~has_more & ~has_waybill)
    texts = scans["waybill"].combine_chunks()
    copy_with_text("orders_fact", _columns(scans, _SCAN), _SCAN, "waybill", texts)
    sets.copy_in("orders_fact", _columns(plain, _PLAIN), _PLAIN)
    _add_wide(table.filter(has_more))


def _add_wide(table: pa.Table) -> None:
    columns = {name: table[name].combine_chunks() for name in _WIDE}
    copy_wide("orders_fact", columns, _WIDE)


def _given(table: pa.Table, name: str) -> Mask:
    given: Mask = table[name].is_valid().to_numpy()
    return given


def _columns(table: pa.Table, spec: dict[str, str]) -> dict[str, Int]:
    return {name: table[name].cast(pa.int64()).to_numpy() for name in spec}


def facts_of(seller_id: Int, order_id: Int) -> Asked[Facts]:
    """Every fact of these orders."""
    return sets.ask_arrays(
        "SELECT f.seller_id, f.order_id, f.kind, f.digest, f.happened_at, f.recorded_at, "
        "f.market_id, coalesce(f.buyer_id, 0), coalesce(f.category_id, 0), "
        "coalesce(f.goods_minor, 0), coalesce(f.freight_minor, 0), "
        "coalesce(f.ship_by_at, 'infinity'), coalesce(f.ship_hours, 0), "
        "coalesce(f.route, 0::smallint), coalesce(f.reason, 0::smallint), "
        "coalesce(f.amount_minor, 0), coalesce(f.waybill_id, 0) "
        f"FROM {sets.rows_of('i8', 'i8')} AS o(seller_id, order_id) "
        "JOIN orders_fact f USING (seller_id, order_id)",
        [seller_id, order_id],
        _FACT,
        Facts.of,
    )


def details_of(seller_id: Int, order_id: Int) -> Details:
    """The facts of these orders that are judged one by one; `row` is the order's position."""
    columns = sets.fetch_arrays(
        "SELECT o.n - 1, f.kind, f.happened_at, f.recorded_at, coalesce(f.amount_minor, 0), "
        f"coalesce(f.waybill_id, 0) FROM {sets.numbered_rows_of('i8', 'i8')} "
        "AS o(seller_id, order_id, n) "
        "JOIN orders_fact f USING (seller_id, order_id) WHERE f.kind = ANY(%s::smallint[])",
        [seller_id, order_id, np.array(DETAIL_KINDS, np.int16)],
        _DETAIL,
    )
    return Details.of(**columns)


def lines_of(seller_id: Int, order_id: Int) -> dict[str, Any]:
    """The line facts of these orders with the order's time: what a snapshot is made of."""
    return sets.fetch_arrays(
        "SELECT f.seller_id, f.order_id, f.digest, f.item_id, f.title IS NOT NULL, f.quantity, "
        f"f.price_minor, o.ordered_at FROM {sets.rows_of('i8', 'i8')} "
        "AS u(seller_id, order_id) JOIN orders_order o USING (seller_id, order_id) "
        "JOIN orders_fact f USING (seller_id, order_id) WHERE f.kind = %s",
        [seller_id, order_id, int(FactKind.LINE)],
        _LINE,
    )


def add_lines(lines: dict[str, Any], digest: Int, is_covered: Mask) -> None:
    """Write the offer as it stood at order time; one that stands already is left as it is."""
    order = np.lexsort((digest, lines["order_id"], lines["seller_id"]))
    sets.write(
        "INSERT INTO orders_line (seller_id, order_id, digest, fact_digest, ordered_at, item_id, "
        "price_minor, quantity, is_covered, item, title) "
        "SELECT f.seller_id, f.order_id, u.snapshot, f.digest, u.ordered_at, f.item_id, "
        "f.price_minor, f.quantity, u.is_covered, f.item, coalesce(f.title, '') "
        f"FROM {sets.rows_of('i8', 'i8', 'i8', 'i8', 'ts', 'bool')} "
        "AS u(seller_id, order_id, digest, snapshot, ordered_at, is_covered) "
        "JOIN orders_fact f USING (seller_id, order_id, digest) WHERE f.kind = %s "
        "ON CONFLICT DO NOTHING",
        [
            lines["seller_id"][order], lines["order_id"][order], lines["digest"][order],
            digest[order], lines["ordered_us"][order].view("M8[us]"), is_covered[order],
            int(FactKind.LINE),
        ],
    )  # fmt: skip


_NEW_LINE = {
    "seller_id": "i8", "order_id": "i8", "digest": "i8", "fact_digest": "i8", "ordered_at": "ts",
    "item_id": "i8", "price_minor": "i8", "quantity": "i4", "is_covered": "bool", "item": "text",
    "title": "text",
}  # fmt: skip


def add_new_lines(told: pa.Table, digest: Int, ordered_us: Int, is_covered: Mask) -> None:
    """COPY the offer of orders that were not there before: `told` are their line facts."""
    kept = {n: told[n].combine_chunks() for n in _NEW_LINE if n in told.column_names}
    columns = {
        **kept, "fact_digest": kept["digest"], "digest": digest,
        "ordered_at": pa.array(ordered_us).cast(pa.timestamp("us", "UTC")),
        "is_covered": is_covered, "title": kept["title"].fill_null(""),
    }  # fmt: skip
    copy_wide("orders_line", columns, _NEW_LINE)
