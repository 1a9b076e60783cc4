"""The Olist set as order facts: one order per order and seller, decimals exact, defects kept.

An order of ours is named ORDER_ID:SELLER_ID. Times without a zone are read as UTC. What does not
fit together (an order without items, an item of an unknown order) is skipped and counted.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xiaobao.gateways.feeds.cells import MOMENT, mask_of, us_of
from xiaobao.gateways.feeds.faults import Fault, Words
from xiaobao.gateways.feeds.olist_set import (
    CUSTOMERS,
    ITEMS,
    ORDERS,
    PRODUCTS,
    TRANSLATION,
    OlistTable,
    read_olist_set,
)
from xiaobao.kernel.columns import groups_of
from xiaobao.orders.facts import FACT_SCHEMA, CancelReason, FactKind

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.kernel.columns import Int, Mask

CURRENCY = "BRL"
# Why a row that can be read is skipped all the same; the key stands in reports.
SKIPS = {
    "order_given_twice": Words("订单号重复", "the order id is given twice"),
    "order_without_items": Words("订单没有商品行", "the order has no items"),
    "customer_unknown": Words("客户表中没有此客户", "the customer is not in the table"),
    "item_given_twice": Words("商品行重复", "the item row is given twice"),
    "item_of_unknown_order": Words("订单表中没有此订单", "the order is not in the table"),
    "item_of_skipped_order": Words(
        "同一订单的其他行有问题", "something else about this order is wrong"
    ),
}
# `canceled` says nothing of who called the order off; `unavailable` means nothing could be sent.
CANCELLED = {"canceled": CancelReason.OTHER, "unavailable": CancelReason.OUT_OF_STOCK}


@dataclass(frozen=True)
class OlistFeed:
    """The set's facts, who sold, and what was left out."""

    tables: dict[str, OlistTable]
    facts: pa.Table  # FACT_SCHEMA
    pairs: int  # orders of ours: order and seller
    sellers: pa.Array
    first_sale_us: Int  # per seller
    skipped: dict[str, dict[str, Int]]  # table: reason: rows

    @property
    def unreadable(self) -> list[OlistTable]:
        """The tables with rows that cannot be read."""
        return [
            table for table in self.tables.values() if table.cells.faults or table.sheet.unread
        ]

    def left_out(self, table: str) -> list[Fault]:
        """Everything of a table that is not imported, with why."""
        skips = self.skipped.get(table, {})
        return self.tables[table].cells.faults + [
            Fault("", SKIPS[reason], rows) for reason, rows in skips.items()
        ]


def read_olist(folder: Path) -> OlistFeed:
    """Read the set.

    :raises OlistSetIncomplete: a table is missing
    :raises FileUnusable: in one of its kinds, where a table cannot be read
    """
    tables = read_olist_set(folder)
    orders, items = tables[ORDERS], tables[ITEMS]
    order_of, skipped = _fit(tables)
    used = np.flatnonzero(order_of >= 0)
    order_of = order_of[used]
    sellers, seller_of = _coded(items.columns["seller_id"].take(pa.array(used)))
    pair_of = groups_of(order_of, seller_of)
    first = _first_of(pair_of)
    pairs = _Pairs(orders, order_of[first], sellers.take(pa.array(seller_of[first])))
    facts = pa.concat_tables([
        _placed(tables, pairs, used, pair_of),
        _lines(items, pairs, used, pair_of),
        pairs.facts_at(FactKind.PAID, "order_approved_at"),
        pairs.facts_at(FactKind.SCANNED, "order_delivered_carrier_date"),
        pairs.facts_at(FactKind.DELIVERED, "order_delivered_customer_date"),
        _cancelled(pairs),
    ])  # fmt: skip
    first_sale = np.full(len(sellers), np.iinfo(np.int64).max)
    np.minimum.at(
        first_sale, seller_of, us_of(orders.columns["order_purchase_timestamp"])[order_of]
    )
    return OlistFeed(tables, facts, len(pairs), sellers, first_sale, skipped)


def _coded(values: pa.Array) -> tuple[pa.Array, Int]:
    """The distinct values, and for each row which one it has."""
    coded = values.dictionary_encode()
    return coded.dictionary, np.asarray(coded.indices, np.int64)


def _first_of(group: Int) -> Int:
    """The position of the first row of each group, groups in order of number."""
    return np.unique(group, return_index=True)[1]


# -- what fits together ------------------------------------------------------------------------


def _fit(tables: dict[str, OlistTable]) -> tuple[Int, dict[str, dict[str, Int]]]:
    """For each item the row of its order, -1 where it is left out; and what is skipped, why."""
    orders, items = tables[ORDERS], tables[ITEMS]
    ids, item_orders = orders.columns["order_id"], items.columns["order_id"]
    skipped: dict[str, dict[str, Int]] = {}

    def skip(table: str, reason: str, rows: Mask) -> None:
        if rows.any():
            skipped.setdefault(table, {})[reason] = np.flatnonzero(rows)

    twice = ~orders.cells.bad & (_place(ids, ids) != np.arange(len(orders)))
    skip(ORDERS, "order_given_twice", twice)
    buyers = _place(orders.columns["customer_id"], tables[CUSTOMERS].columns["customer_id"])
    stranger = ~orders.cells.bad & ~twice & (buyers < 0)
    skip(ORDERS, "customer_unknown", stranger)

    order_of = _place(item_orders, ids)
    item_bad = items.cells.bad
    skip(ITEMS, "item_of_unknown_order", ~item_bad & (order_of < 0))
    numbers = _coded(items.columns["order_item_id"])[1]
    again = np.ones(len(items), bool)
    again[_first_of(groups_of(order_of, numbers))] = False
    again &= ~item_bad & (order_of >= 0)
    skip(ITEMS, "item_given_twice", again)

    # One wrong item makes the sum of its order wrong: the whole order waits until it is mended.
    spoilt = orders.cells.bad | stranger
    spoilt[order_of[item_bad & (order_of >= 0)]] = True
    spoilt[_spoilt_by_unread(items, ids)] = True
    waits = ~item_bad & ~again & (order_of >= 0)
    waits &= spoilt[np.maximum(order_of, 0)] if len(orders) else False
    skip(ITEMS, "item_of_skipped_order", waits)
    out = np.where(item_bad | again | waits, -1, order_of)
    has_items = np.zeros(len(orders), bool)
    has_items[order_of[order_of >= 0]] = True
    skip(ORDERS, "order_without_items", ~orders.cells.bad & ~twice & ~stranger & ~has_items)
    return out, skipped


def _place(values: pa.Array, among: pa.Array) -> Int:
    """For each value the row in which `among` first holds it; -1 where nowhere."""
    distinct, code = _coded(among)
    first = np.full(len(distinct), -1, np.int64)
    known = code >= 0
    rows, codes = np.flatnonzero(known)[::-1], code[known][::-1]
    first[codes] = rows
    place = pc.fill_null(pc.index_in(values, distinct), -1).to_numpy(zero_copy_only=False)
    return np.where(place >= 0, np.append(first, -1)[place], -1)


def _spoilt_by_unread(items: OlistTable, ids: pa.Array) -> Int:
    """Orders of item lines that could not be split, as far as those lines still name them."""
    names = list(items.sheet.columns)
    column = names.index("order_id")
    named = [one.cells[column] for one in items.sheet.unread if len(one.cells) > column]
    place = _place(pa.array(named, pa.large_string()), ids)
    return place[place >= 0]


# -- facts -------------------------------------------------------------------------------------


class _Pairs:
    """Orders of ours: one per order and seller, in the order of their groups."""

    def __init__(self, orders: OlistTable, order_row: Int, sellers: pa.Array) -> None:
        self.row = pa.array(order_row)
        self.columns = {name: values.take(self.row) for name, values in orders.columns.items()}
        self.seller = sellers
        self.order = pc.binary_join_element_wise(
            self.columns["order_id"], sellers, pa.scalar(":", pa.large_string())
        )

    def __len__(self) -> int:
        return len(self.row)

    def facts(self, kind: FactKind, rows: Int, at: pa.Array, **columns: pa.Array) -> pa.Table:
        """Facts of one kind about these pairs; `at` and the columns have one value per row."""
        picked = pa.array(rows)
        given = {
            "seller": self.seller.take(picked),
            "order": self.order.take(picked),
            "fact": pa.repeat(pa.scalar(int(kind), pa.int16()), len(rows)),
            "at": at,
            **columns,
        }
        arrays = [
            given[field.name].cast(field.type) if field.name in given
            else pa.nulls(len(rows), field.type)
            for field in FACT_SCHEMA
        ]  # fmt: skip
        return pa.Table.from_arrays(arrays, schema=FACT_SCHEMA)

    def facts_at(self, kind: FactKind, column: str) -> pa.Table:
        """A fact at the moment a column names, where it names one."""
        at = self.columns[column]
        rows = np.flatnonzero(mask_of(at.is_valid()))
        return self.facts(kind, rows, at.take(pa.array(rows)))


def _placed(tables: dict[str, OlistTable], pairs: _Pairs, used: Int, pair_of: Int) -> pa.Table:
    items = {n: v.take(pa.array(used)) for n, v in tables[ITEMS].columns.items()}
    customers = tables[CUSTOMERS].columns
    price, freight = (np.asarray(items[name]) for name in ("price", "freight_value"))
    limit = us_of(items["shipping_limit_date"])
    goods, postage = np.zeros(len(pairs), np.int64), np.zeros(len(pairs), np.int64)
    np.add.at(goods, pair_of, price)
    np.add.at(postage, pair_of, freight)
    ship_by = np.full(len(pairs), np.iinfo(np.int64).min)
    np.maximum.at(ship_by, pair_of, limit)
    dearest = np.lexsort((np.arange(len(used)), -price, pair_of))
    dearest = dearest[_first_of(pair_of[dearest])]
    buyer = _place(pairs.columns["customer_id"], customers["customer_id"])
    return pairs.facts(
        FactKind.PLACED,
        np.arange(len(pairs)),
        pairs.columns["order_purchase_timestamp"],
        buyer=customers["customer_unique_id"].take(pa.array(buyer)),
        goods=pa.array(goods),
        freight=pa.array(postage),
        currency=pa.repeat(pa.scalar(CURRENCY, pa.large_string()), len(pairs)),
        category=_categories(tables, items["product_id"].take(pa.array(dearest))),
        ship_by=pa.array(ship_by).cast(MOMENT),
    )


def _categories(tables: dict[str, OlistTable], product: pa.Array) -> pa.Array:
    """The English name of each product's category; none where it has none or it has no name."""
    products, words = tables[PRODUCTS].columns, tables[TRANSLATION].columns
    named = _looked_up(product, products["product_id"], products["product_category_name"])
    return _looked_up(
        named, words["product_category_name"], words["product_category_name_english"]
    )


def _looked_up(values: pa.Array, keys: pa.Array, found: pa.Array) -> pa.Array:
    place = _place(values, keys)
    return found.take(pa.array(place, mask=(place < 0) | mask_of(values.is_null())))


def _lines(items: OlistTable, pairs: _Pairs, used: Int, pair_of: Int) -> pa.Table:
    """One line per pair, product and price; the set has a row per piece."""
    picked = pa.array(used)
    product = items.columns["product_id"].take(picked)
    price = items.columns["price"].take(picked)
    line_of = groups_of(pair_of, _coded(product)[1], np.asarray(price))
    first = _first_of(line_of)
    rows = pair_of[first]
    return pairs.facts(
        FactKind.LINE,
        rows,
        pairs.columns["order_purchase_timestamp"].take(pa.array(rows)),
        item=product.take(pa.array(first)),
        quantity=pa.array(np.bincount(line_of, minlength=len(first))),
        price=price.take(pa.array(first)),
    )


def _cancelled(pairs: _Pairs) -> pa.Table:
    """The set gives no time of cancelling: the last moment known of the order is taken."""
    status = pairs.columns["order_status"]
    place = pc.index_in(status, pa.array(list(CANCELLED), pa.large_string()))
    rows = np.flatnonzero(mask_of(place.is_valid()))
    moments = [us_of(values) for values in pairs.columns.values() if values.type == MOMENT]
    last = pa.array(np.max(moments, axis=0)).cast(MOMENT)
    reasons = pa.array([int(reason) for reason in CANCELLED.values()], pa.int16())
    picked = pa.array(rows)
    return pairs.facts(
        FactKind.CANCELLED, rows, last.take(picked), reason=reasons.take(place.take(picked))
    )
