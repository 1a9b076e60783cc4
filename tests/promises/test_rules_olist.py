"""The Olist packs over the real orders: late pairs and totals to the centavo."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
import pytest

from tests.conftest import SHARED
from xiaobao.kernel.money import clamp, share_of
from xiaobao.orders.facts import BreachKind
from xiaobao.orders.terms import CompensationTerms
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.books import draft_book
from xiaobao.promises.rules.lint import lint_pack

DATA = SHARED / "data" / "olist"


@pytest.fixture(scope="module")
def late() -> pa.Table:
    """Order and seller pairs handed over after the latest ship-by of their items."""
    if not (DATA / "olist_orders.parquet").exists():
        pytest.skip("the Olist orders are not beside the project")
    orders = pq.read_table(
        DATA / "olist_orders.parquet",
        columns=["order_id", "order_purchase_timestamp", "order_delivered_carrier_date"],
    )
    items = pq.read_table(
        DATA / "olist_order_items.parquet",
        columns=["order_id", "seller_id", "shipping_limit_date", "price"],
    )
    centavos = pc.multiply(items["price"].cast(pa.decimal128(12, 2)), pa.scalar(100))
    items = items.set_column(3, "goods", centavos.cast(pa.int64()))
    pairs = items.group_by(["order_id", "seller_id"]).aggregate(
        [("shipping_limit_date", "max"), ("goods", "sum")]
    )
    joined = pairs.join(orders, "order_id")
    handed, limit = joined["order_delivered_carrier_date"], joined["shipping_limit_date_max"]
    return joined.filter(pc.greater(handed, limit))


@pytest.mark.parametrize(
    ("name", "total"),
    [
        ("olist-a", "policy_A_30pct_cap500"),
        ("olist-b", "policy_B_5pct_min1_cap30"),
        ("olist", "policy_A_before_20180301_then_B_by_purchase_time"),
    ],
)
def test_totals_of_the_policies(late: pa.Table, name: str, total: str) -> None:
    expected: dict[str, Any] = json.loads((DATA / "expected.json").read_text("utf-8"))
    assert len(late) == expected["late_ship_pairs"]
    bought = late["order_purchase_timestamp"].cast(pa.timestamp("us")).cast(pa.int64()).to_numpy()
    pack, _ = lint_pack(read_files(name))
    kind = np.full(len(late), BreachKind.LATE_SHIPMENT)
    terms = draft_book(CompensationTerms, pack).in_force(bought, kind)
    share = share_of(late["goods_sum"].to_numpy(), terms.rate_bps, terms.rounding)
    paid = int(clamp(share, terms.least_minor, terms.most_minor).sum())
    assert paid == int(expected[total].replace(".", ""))
