"""The Olist set: one order per order and seller, exact decimals, defects kept, misfits counted."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq
import pytest

from tests.conftest import SHARED
from xiaobao.gateways.feeds.faults import FileMissing, FileUnusable, WrongColumns
from xiaobao.gateways.feeds.olist import OlistFeed, read_olist
from xiaobao.gateways.feeds.olist_set import ITEMS, ORDERS, TABLES, OlistSetIncomplete
from xiaobao.gateways.feeds.rejects import bad_rows
from xiaobao.orders.facts import FACT_SCHEMA, CancelReason, FactKind

if TYPE_CHECKING:
    from pathlib import Path

OLIST = SHARED / "data" / "olist"
needs_olist = pytest.mark.skipif(
    not OLIST.exists(), reason="the Olist set does not lie beside the project"
)

SET = {
    "olist_orders_dataset.csv": """\
order_id,customer_id,order_status,order_purchase_timestamp,order_approved_at,\
order_delivered_carrier_date,order_delivered_customer_date,order_estimated_delivery_date
o1,c1,delivered,2018-01-01 10:00:00,2018-01-01 11:00:00,2018-01-05 10:00:00,2018-01-09 10:00:00,
o2,c2,canceled,2018-01-02 10:00:00,2018-01-02 09:00:00,,,
o3,c1,shipped,2018-01-03 10:00:00,,2018-01-02 10:00:00,,
""",
    "olist_order_items_dataset.csv": """\
order_id,order_item_id,product_id,seller_id,shipping_limit_date,price,freight_value
o1,1,p1,s1,2018-01-03 10:00:00,10.10,1.00
o1,2,p1,s1,2018-01-04 10:00:00,10.10,1.05
o1,3,p2,s1,2018-01-02 10:00:00,99.9,2
o1,4,p2,s2,2018-01-02 10:00:00,5,0.00
o2,1,p1,s1,2018-01-02 10:00:00,10.10,1.00
o3,1,p3,s2,2018-01-02 10:00:00,0.01,1.00
""",
    "olist_customers_dataset.csv": """\
"customer_id","customer_unique_id","customer_zip_code_prefix","customer_city","customer_state"
"c1","person","01","são paulo","SP"
"c2","other","02","rio","RJ"
""",
    "olist_products_dataset.csv": """\
product_id,product_category_name,product_name_lenght
p1,beleza_saude,10
p2,,10
p3,sem_traducao,10
""",
    "product_category_name_translation.csv": """\
\ufeffproduct_category_name,product_category_name_english
beleza_saude,health_beauty
""",
}


def laid(path: Path, **changed: str) -> Path:
    """The small set in a folder, some files changed: `orders="…"` stands for its file."""
    for name, text in SET.items():
        key = name.removeprefix("olist_").split("_dataset")[0].split(".")[0]
        (path / name).write_text(changed.get(key, text), encoding="utf-8")
    return path


def facts(feed: OlistFeed, kind: FactKind) -> list[dict[str, Any]]:
    rows = feed.facts.filter(pc.equal(feed.facts["fact"], int(kind))).to_pylist()
    return [{k: v for k, v in row.items() if v is not None} for row in rows]


def utc(text: str) -> dt.datetime:
    return dt.datetime.fromisoformat(text + "+00:00")


def test_an_order_of_two_sellers_is_two_orders(tmp_path: Path) -> None:
    feed = read_olist(laid(tmp_path))
    assert feed.facts.schema == FACT_SCHEMA
    assert (feed.pairs, feed.skipped, feed.unreadable) == (4, {}, [])
    assert facts(feed, FactKind.PLACED)[:2] == [
        {
            "seller": "s1", "order": "o1:s1", "fact": 1, "at": utc("2018-01-01T10:00:00"),
            "buyer": "person", "goods": 12010, "freight": 405, "currency": "BRL",
            "ship_by": utc("2018-01-04T10:00:00"),
        },
        {
            "seller": "s2", "order": "o1:s2", "fact": 1, "at": utc("2018-01-01T10:00:00"),
            "buyer": "person", "goods": 500, "freight": 0, "currency": "BRL",
            "ship_by": utc("2018-01-02T10:00:00"),
        },
    ]  # fmt: skip
    assert [one["order"] for one in facts(feed, FactKind.SCANNED)] == ["o1:s1", "o1:s2", "o3:s2"]
    assert [one["order"] for one in facts(feed, FactKind.PAID)] == ["o1:s1", "o1:s2", "o2:s1"]
    assert feed.sellers.to_pylist() == ["s1", "s2"]
    assert feed.first_sale_us.tolist() == [1514800800000000] * 2


def test_pieces_of_one_price_are_one_line_and_the_dearest_names_the_category(
    tmp_path: Path,
) -> None:
    items = SET["olist_order_items_dataset.csv"].replace("99.9,", "10.11,")
    feed = read_olist(laid(tmp_path, order_items=items.replace("o1,2,p1", "o1,2,p2")))
    lines = [(one["order"], one["item"], one["quantity"], one["price"])
             for one in facts(feed, FactKind.LINE)]  # fmt: skip
    assert sorted(lines) == [
        ("o1:s1", "p1", 1, 1010), ("o1:s1", "p2", 1, 1010), ("o1:s1", "p2", 1, 1011),
        ("o1:s2", "p2", 1, 500), ("o2:s1", "p1", 1, 1010), ("o3:s2", "p3", 1, 1),
    ]  # fmt: skip
    whole = read_olist(laid(tmp_path))
    assert ("o1:s1", "p1", 2, 1010) in [
        (one["order"], one["item"], one["quantity"], one["price"])
        for one in facts(whole, FactKind.LINE)
    ]
    categories = {one["order"]: one.get("category") for one in facts(whole, FactKind.PLACED)}
    assert categories == {"o1:s1": None, "o1:s2": None, "o2:s1": "health_beauty", "o3:s2": None}


def test_a_cancelled_order_is_called_off_at_its_last_known_moment(tmp_path: Path) -> None:
    orders = SET["olist_orders_dataset.csv"].replace("shipped", "unavailable")
    feed = read_olist(laid(tmp_path, orders=orders))
    told = [(one["order"], one["at"], one["reason"]) for one in facts(feed, FactKind.CANCELLED)]
    assert told == [
        ("o2:s1", utc("2018-01-02T10:00:00"), CancelReason.OTHER),
        ("o3:s2", utc("2018-01-03T10:00:00"), CancelReason.OUT_OF_STOCK),
    ]


def test_what_does_not_fit_together_is_skipped_and_counted(tmp_path: Path) -> None:
    orders = SET["olist_orders_dataset.csv"] + (
        "o4,c1,created,2018-01-03 10:00:00,,,,\n"
        "o1,c1,created,2018-01-03 10:00:00,,,,\n"
        "o5,stranger,created,2018-01-03 10:00:00,,,,\n"
    )
    items = SET["olist_order_items_dataset.csv"] + (
        "o9,1,p1,s1,2018-01-03 10:00:00,10.10,1.00\n"
        "o1,1,p1,s1,2018-01-03 10:00:00,10.10,1.00\n"
        "o5,1,p1,s1,2018-01-03 10:00:00,10.10,1.00\n"
    )
    feed = read_olist(laid(tmp_path, orders=orders, order_items=items))
    told = {t: {r: rows.tolist() for r, rows in why.items()} for t, why in feed.skipped.items()}
    assert told == {
        ORDERS: {"order_given_twice": [4], "customer_unknown": [5], "order_without_items": [3]},
        ITEMS: {
            "item_of_unknown_order": [6],
            "item_given_twice": [7],
            "item_of_skipped_order": [8],
        },
    }
    assert feed.facts.equals(read_olist(laid(tmp_path)).facts)
    assert [one.line for one in bad_rows(feed.tables[ORDERS].sheet, feed.left_out(ORDERS))] == [
        5, 6, 7,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("old", "new", "field", "words"),
    [
        (",5,", ",5.001,", "price", "two places"),
        (",5,", ",-5,", "price", "not negative"),
        (",5,", ",5e3,", "price", "two places"),
        (",5,", ",,", "price", "may not be empty"),
        ("o1,4,p2,s2,2018-01-02 10:00:00", "o1,4,p2,s2,02/01/2018", "shipping_limit_date", "like"),
        ("o1,4,p2,s2,2018-01-02", "o1,4,p2,s2,2018-02-30", "shipping_limit_date", "no such day"),
        ("o1,4,p2,s2", "o1,4,p2,3.5E+16", "seller_id", "scientific"),
    ],
)
def test_one_unreadable_item_holds_back_its_whole_order(
    tmp_path: Path, old: str, new: str, field: str, words: str
) -> None:
    items = SET["olist_order_items_dataset.csv"]
    assert items.count(old) == 1
    feed = read_olist(laid(tmp_path, order_items=items.replace(old, new)))
    [table] = feed.unreadable
    [bad] = bad_rows(table.sheet, table.cells.faults)
    assert (bad.line, bad.field) == (5, field)
    assert words in bad.says("en")
    assert feed.skipped[ITEMS]["item_of_skipped_order"].tolist() == [0, 1, 2]
    assert [one["order"] for one in facts(feed, FactKind.PLACED)] == ["o2:s1", "o3:s2"]


def test_a_line_that_cannot_be_split_holds_back_the_order_it_names(tmp_path: Path) -> None:
    items = SET["olist_order_items_dataset.csv"].replace("o2,1,p1,s1", "o2,1,p1")
    feed = read_olist(laid(tmp_path, order_items=items))
    assert [one.line for one in feed.tables[ITEMS].sheet.unread] == [6]
    assert "o2:s1" not in [one["order"] for one in facts(feed, FactKind.PLACED)]


def test_an_incomplete_set_names_what_is_missing(tmp_path: Path) -> None:
    laid(tmp_path)
    (tmp_path / "olist_products_dataset.csv").unlink()
    with pytest.raises(OlistSetIncomplete, match="missing olist_products "):
        read_olist(tmp_path)
    with pytest.raises(OlistSetIncomplete, match="olist_orders"):
        read_olist(tmp_path / "nowhere")
    with pytest.raises(OlistSetIncomplete):
        read_olist(tmp_path / "olist_orders_dataset.csv")
    laid(tmp_path, orders="order_id\n")
    with pytest.raises(WrongColumns, match="missing columns customer_id"):
        read_olist(tmp_path)
    laid(tmp_path, customers="")
    with pytest.raises(FileUnusable, match="empty"):
        read_olist(tmp_path)
    laid(tmp_path)
    (tmp_path / "olist_orders.parquet").mkdir()
    with pytest.raises(FileMissing, match="folder"):
        read_olist(tmp_path)


def test_floating_point_prices_are_refused(tmp_path: Path) -> None:
    laid(tmp_path)
    table = pa_csv.read_csv(tmp_path / "olist_order_items_dataset.csv")
    pq.write_table(table, tmp_path / "olist_order_items.parquet")
    feed = read_olist(tmp_path)
    [table] = feed.unreadable
    assert {fault.field for fault in table.cells.faults} == {"price", "freight_value"}
    assert "floating-point" in bad_rows(table.sheet, table.cells.faults)[0].says("en")
    assert len(feed.facts) == 0


@needs_olist
def test_the_real_set_is_read_to_the_centavo() -> None:
    feed = read_olist(OLIST)
    assert len(feed.tables[ORDERS]) == 72_803
    assert len(feed.tables[ITEMS]) == 82_150
    assert feed.pairs == 72_960
    assert {t: {r: len(rows) for r, rows in why.items()} for t, why in feed.skipped.items()} == {
        ORDERS: {"order_without_items": 550}
    }
    kinds, counts = np.unique(feed.facts["fact"].to_numpy(), return_counts=True)
    told = dict(zip(kinds.tolist(), counts.tolist(), strict=True))
    assert told[FactKind.SCANNED] == 72_265
    items = pq.read_table(OLIST / "olist_order_items.parquet")
    assert pc.sum(feed.facts["goods"]).as_py() == pc.sum(items["price"]).as_py() * Decimal(100)
    assert pc.sum(feed.facts["freight"]).as_py() == pc.sum(items["freight_value"]).as_py() * 100
    lines = feed.facts.filter(pc.equal(feed.facts["fact"], int(FactKind.LINE)))
    assert pc.sum(lines["quantity"]).as_py() == len(items)


@needs_olist
def test_the_original_csvs_say_the_same_as_parquet(tmp_path: Path) -> None:
    for name in TABLES:
        table = pq.read_table(OLIST / f"{name}.parquet")
        for place, field in enumerate(table.schema):
            column = table.column(place)
            if pa.types.is_timestamp(field.type):
                column = pc.strftime(column.cast(pa.timestamp("s")), "%Y-%m-%d %H:%M:%S")
            elif pa.types.is_decimal(field.type):
                column = column.cast(pa.string())
            table = table.set_column(place, field.name, column)
        ending = ".csv" if name.startswith("product_c") else "_dataset.csv"
        pa_csv.write_csv(table, tmp_path / f"{name}{ending}")
    assert read_olist(tmp_path).facts.equals(read_olist(OLIST).facts)
