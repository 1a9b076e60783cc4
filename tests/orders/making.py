"""Orders for tests: facts by short names, random histories, batches of the agreed shape."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import digests_of
from xiaobao.orders.facts import FACT_SCHEMA, FactKind, Facts
from xiaobao.orders.terms import ShippingTerms

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.columns import Int

HOUR = 3_600_000_000
START = datetime(2025, 10, 1, 2, tzinfo=UTC)
START_US = 1_759_284_000_000_000


def hours(count: float) -> datetime:
    """So many hours after the start of the tests' little world."""
    return START + timedelta(hours=count)


def batch(rows: Sequence[dict[str, Any]]) -> pa.Table:
    """Rows as dictionaries into the agreed shape; kinds by name or number."""
    full = []
    for row in rows:
        one = dict.fromkeys(FACT_SCHEMA.names) | row
        kind = one["fact"]
        one["fact"] = int(FactKind[kind.upper()]) if isinstance(kind, str) else kind
        full.append(one)
    nullable = pa.schema([field.with_nullable(True) for field in FACT_SCHEMA])
    return pa.Table.from_pylist(full, schema=nullable)


def placed(order: str = "A", *, at: float = 0, **more: Any) -> dict[str, Any]:
    return {
        "seller": "shop", "order": order, "fact": "placed", "at": hours(at), "buyer": "buyer",
        "goods": 100_000, "freight": 800, "currency": "CNY", **more,
    }  # fmt: skip


def fact(kind: str, at: float, order: str = "A", **more: Any) -> dict[str, Any]:
    return {"seller": "shop", "order": order, "fact": kind, "at": hours(at), **more}


def shipping_terms(count: int, **changes: int | bool) -> ShippingTerms:
    """One version of terms for each of so many orders."""
    numbers = {
        "version": 1, "ship_hours": 48, "label_scan_hours": 24, "out_of_stock_hours": 72,
        "short_promise_hours": 48, "fake_hours": 72, "first_update_hours": 24,
        "no_update_abnormal_hours": 72, "stall_slow_same_hours": 48,
        "stall_slow_cross_hours": 72, "stall_slow_remote_hours": 120,
        "stall_abnormal_same_hours": 96, "stall_abnormal_cross_hours": 120,
        "stall_abnormal_remote_hours": 168, "stalled_out_of_stock_hours": 120,
        "refund_after_return_hours": 168, "refund_unshipped_hours": 48,
        "force_majeure_report_hours": 24,
    }  # fmt: skip
    columns: dict[str, Any] = {
        name: np.full(count, changes.get(name, number), np.int64)
        for name, number in numbers.items()
    }
    handed = np.full(count, changes.get("is_judged_on_handover", False))
    return ShippingTerms(**columns, is_judged_on_handover=handed)


def random_facts(random: np.random.Generator, orders: int, most: int = 14) -> Facts:
    """Histories without much sense: every kind of fact at any hour, contradictions included."""
    count = int(random.integers(orders, orders * most + 1))
    kind = random.choice([int(k) for k in FactKind if k != FactKind.LINE], count)
    order = random.integers(1, orders + 1, count)
    # Every order is placed once, most of them paid.
    kind[:orders] = FactKind.PLACED
    order[:orders] = np.arange(1, orders + 1)
    if count >= 2 * orders:
        kind[orders : 2 * orders] = FactKind.PAID
        order[orders : 2 * orders] = np.arange(1, orders + 1)
    at_us = START_US + random.integers(0, 300, count) * HOUR
    at_us[kind == FactKind.PLACED] = START_US + random.integers(0, 5) * HOUR
    none = np.zeros(count, np.int64)
    is_placed = kind == FactKind.PLACED
    ship_by = START_US + random.integers(24, 120, count) * HOUR
    columns: dict[str, Int] = {
        "seller_id": np.where(order % 2 == 0, 7, 8),
        "order_id": order,
        "kind": kind,
        "at_us": at_us,
        "recorded_us": at_us + random.integers(0, 40, count) * HOUR,
        "market_id": none + 1,
        "buyer_id": np.where(is_placed, 500 + order % 3, 0),
        "category_id": none,
        "goods_minor": np.where(is_placed, random.integers(0, 200_000, count), 0),
        "freight_minor": np.where(is_placed, random.integers(0, 1_000, count), 0),
        "ship_by_us": np.where(is_placed & (random.random(count) < 0.3), ship_by, FAR_US),
        "ship_hours": np.where(is_placed & (random.random(count) < 0.3), 72, 0),
        "route": np.where(is_placed, random.integers(0, 3, count), 0),
        "reason": np.where(kind == FactKind.CANCELLED, random.integers(0, 7, count), 0),
        "amount_minor": np.where(
            np.isin(kind, (FactKind.REFUND_ASKED, FactKind.REFUND_PAID)),
            random.integers(1, 100_000, count), 0,
        ),
        "waybill_id": np.where(kind == FactKind.SCANNED, random.integers(1, 3, count), 0),
    }  # fmt: skip
    digest = digests_of(*(columns[name] for name in columns if name != "recorded_us"))
    return Facts(digest=digest, **columns)
