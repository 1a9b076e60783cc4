"""How long one seller waits for its exit check, and how many sellers a second are quoted anew.

    python benchmarks/exits.py [--sellers 2000] [--orders 40] [--checks 200]

Sellers have a deposit and so many orders each, a tenth of them open, the rest completed over the
last sixty days. The check is `exits.queries.check_of` for sellers drawn at random; quoting is
`deposits.acts.quote_deposits` for all of them, 8,192 at a time, once and again a day later. The
database is made in a temporary home and thrown away. Figures of 10,000 and 1,000,000 sellers:
`--sellers 10000 --orders 10`, `--sellers 1000000 --orders 1` (the latter needs some 20 GB and a
quiet machine).
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pyarrow as pa

    from xiaobao.kernel.columns import Int

sys.path.insert(0, str(Path(__file__).parents[1]))
NOW = datetime(2025, 10, 15, 2, tzinfo=UTC)
JOINED = NOW - timedelta(days=90)
PORTION = 8_192
HOUR_US = 3_600_000_000


def facts(shops: list[str], orders: int, seed: int) -> pa.Table:
    """What was told of so many orders of each shop."""
    import numpy as np
    import pyarrow as pa

    from xiaobao.kernel.clocks import us_of
    from xiaobao.orders.facts import FACT_SCHEMA, FactKind

    kinds = np.array([FactKind.PLACED, FactKind.PAID, FactKind.SCANNED, FactKind.COMPLETED])
    rng = np.random.default_rng([7, seed])
    count = len(shops) * orders
    number = np.repeat(np.arange(count), 4)
    kind = np.tile(kinds, count)
    placed = us_of(NOW) - rng.integers(5, 60 * 24, count) * HOUR_US
    at = placed[number] + np.tile([0, 0, 20, 96], count) * HOUR_US
    is_open = rng.random(count)[number] < 0.1
    told = ~(is_open & (kind == FactKind.COMPLETED)) & (at <= us_of(NOW))
    first = kind == FactKind.PLACED
    columns = {
        "seller": [shops[n // orders] for n in number.tolist()],
        "order": [f"o-{seed}-{n}" for n in number.tolist()],
        "fact": kind, "at": at,
        "buyer": [f"b-{n}" if f else None for n, f in
                  zip(number.tolist(), first.tolist(), strict=True)],
        "goods": pa.array(np.full(len(kind), 20_000), pa.int64(), mask=~first),
        "freight": pa.array(np.zeros(len(kind), np.int64), pa.int64(), mask=~first),
        "currency": ["CNY" if f else None for f in first.tolist()],
        "waybill": [f"w-{n}" if k == FactKind.SCANNED else None for n, k in
                    zip(number.tolist(), kind.tolist(), strict=True)],
    }  # fmt: skip
    full = {
        name: pa.array(columns[name]) if name in columns else pa.nulls(len(kind))
        for name in FACT_SCHEMA.names
    }
    table = pa.table({f.name: full[f.name].cast(f.type) for f in FACT_SCHEMA})
    return table.filter(pa.array(told))


def enrol(names: list[str], market_id: int) -> Int:
    """Sellers with a deposit; their ids, row for row."""
    import numpy as np

    from xiaobao.deposits import acts as deposits
    from xiaobao.sellers.acts import enrol_sellers

    parts = []
    for start in range(0, len(names), PORTION):
        here = names[start : start + PORTION]
        ids = enrol_sellers(here, market_id=market_id, signed_by="bench", at=JOINED)
        amounts = np.full(len(ids), 500_000, np.int64)
        asked = deposits.request_lodgements(ids, amounts, keys=1, at=JOINED)
        deposits.confirm_lodgements(asked, at=JOINED)
        parts.append(ids)
    return np.concatenate(parts)


def fill(sellers: int, orders: int) -> Int:
    """The market with its sellers, their money and their orders; their ids."""
    from xiaobao.orders.acts import record_facts
    from xiaobao.promises import acts, queries

    acts.publish_pack("cn", at=JOINED)
    market_id = queries.market("cn").market_id
    names = [f"shop {n}" for n in range(sellers)]
    ids = enrol(names, market_id)
    for start in range(0, sellers, PORTION):
        told = facts(names[start : start + PORTION], orders, start)
        record_facts(told, market_id=market_id, at=NOW)
    return ids


def measure(sellers: int, orders: int, checks: int) -> None:
    import numpy as np

    from xiaobao.deposits import acts as deposits
    from xiaobao.exits.facts import Scope
    from xiaobao.exits.queries import check_of

    ids = fill(sellers, orders)
    quoted = []
    for moment in (NOW, NOW + timedelta(days=1)):
        began = time.perf_counter()
        for start in range(0, len(ids), PORTION):
            deposits.quote_deposits(ids[start : start + PORTION], at=moment)
        quoted.append(sellers / (time.perf_counter() - began))
    drawn = np.random.default_rng(7).choice(ids, checks).tolist()
    check_of(drawn[0], Scope.WHOLE, at=NOW)
    took = []
    for seller_id in drawn:
        began = time.perf_counter()
        check_of(seller_id, Scope.WHOLE, at=NOW)
        took.append((time.perf_counter() - began) * 1000)
    print("| what | sellers | orders each | result |\n|---|---|---|---|")
    print(f"| exit check, p50 | {sellers:,} | {orders} | {statistics.median(took):.1f} ms |")
    print(
        f"| exit check, p99 | {sellers:,} | {orders} | {sorted(took)[-len(took) // 100]:.1f} ms |"
    )
    for name, rate in zip(("quote all", "quote all again"), quoted, strict=True):
        print(f"| {name} | {sellers:,} | {orders} | {rate:,.0f} sellers/s |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sellers", type=int, default=2_000)
    parser.add_argument("--orders", type=int, default=40)
    parser.add_argument("--checks", type=int, default=200)
    given = parser.parse_args()
    from benchmarks.homes import own_home

    with own_home():
        measure(given.sellers, given.orders, given.checks)


if __name__ == "__main__":
    main()
