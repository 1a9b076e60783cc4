"""Facts a second and breaches a second, each against the same rows written bare.

    python benchmarks/orders.py [--orders 40000] [--rounds 3]

Intake is `record_facts`: rows judged, folded, snapshots and clocks written; and
`record_facts_apart`, the same by two connections, each with sellers of its own. Bare is COPY of
the very rows it wrote into the same tables with the same indexes. Sweeps are
`find_breaches` over orders all of which are late, by one and by two workers; bare is COPY of the
same breaches and caps and one UPDATE of the same clocks. A backlog of a million is `backlog.py`.
Rounds alternate; medians are printed as a Markdown table. The database is made in a temporary
home and thrown away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    import pyarrow as pa

from goals import Goal
from goals import show as show_goals

sys.path.insert(0, str(Path(__file__).parents[1]))
TABLES = ("orders_fact", "orders_order", "orders_line", "orders_watch")
FOUND = ("orders_breach", "orders_pair_day")
SELLERS = 2_000
HOUR = 3_600_000_000
START = 1_759_284_000_000_000
UNTIL = START + 20_000 * HOUR
# Of the same rows written bare, as the design asks.
GOAL = 0.5


def facts(orders: int, start: int = START, name: str = "order") -> pa.Table:
    """Orders with a line, payment, label, three scans and a signature; all shipped late."""
    import numpy as np
    import pyarrow as pa

    from xiaobao.orders.facts import FACT_SCHEMA, FactKind

    kinds = [1, 2, 3, 4, 5, 5, 5, 7]
    hour = np.array([0, 0, 1, 50, 60, 80, 100, 110])
    rng = np.random.default_rng(7)
    number = np.repeat(np.arange(orders), len(kinds))
    kind = np.tile(kinds, orders)
    first = np.repeat(start + rng.integers(0, 720, orders) * HOUR, len(kinds))
    at = first + np.tile(hour, orders) * HOUR

    def only(of: FactKind | tuple[FactKind, ...], values: Any, kind_of: pa.DataType) -> pa.Array:
        return pa.array(values, kind_of, mask=~np.isin(kind, of))

    def text(stem: str, values: Any) -> list[str]:
        return [f"{stem}-{value}" for value in values.tolist()]

    goods = rng.integers(1_000, 200_000, orders)[number]
    waybills = (FactKind.LABELLED, FactKind.SCANNED)
    string, whole = pa.large_string(), pa.int64()
    columns = {
        "seller": pa.array(text("seller", number % SELLERS), string),
        "order": pa.array(text(name, number), string),
        "fact": pa.array(kind, pa.int16()),
        "at": pa.array(at).cast(pa.timestamp("us", "UTC")),
        "buyer": only(FactKind.PLACED, text("buyer", number % 9_973), string),
        "goods": only(FactKind.PLACED, goods, whole),
        "freight": only(FactKind.PLACED, np.full(len(kind), 800), whole),
        "currency": only(FactKind.PLACED, np.full(len(kind), "CNY"), string),
        "category": only(FactKind.PLACED, np.full(len(kind), "apparel"), string),
        "route": only(FactKind.PLACED, number % 3, pa.int16()),
        "waybill": only(waybills, text("YT", number), string),
        "item": only(FactKind.LINE, text("item", number % 50_000), string),
        "title": only(FactKind.LINE, text("A thing worth having", number % 50_000), string),
        "quantity": only(FactKind.LINE, np.ones(len(kind), np.int64), whole),
        "price": only(FactKind.LINE, goods, whole),
    }
    empty = {f.name: pa.nulls(len(kind), f.type) for f in FACT_SCHEMA if f.name not in columns}
    return pa.table({**columns, **empty}).select(FACT_SCHEMA.names)


def timed(work: Callable[[], Any]) -> float:
    """Seconds of one transaction, its commit included."""
    from django.db import transaction

    begun = time.perf_counter()
    with transaction.atomic():
        work()
    return time.perf_counter() - begun


def copied(table: str) -> bytes:
    from xiaobao.database.sets import cursor

    query = f"COPY (SELECT * FROM {table} ORDER BY 1, 2, 3) TO STDOUT (FORMAT BINARY)"
    with cursor() as cur, cur.copy(query) as copy:
        return b"".join(bytes(block) for block in copy)


def copy_back(stored: dict[str, bytes]) -> None:
    from xiaobao.database.sets import cursor

    for table, body in stored.items():
        with cursor() as cur, cur.copy(f"COPY {table} FROM STDIN (FORMAT BINARY)") as copy:
            copy.write(body)


def bare_sweep(found: dict[str, bytes]) -> None:
    """What a sweep writes, its breaches and caps known: COPY of them, and all clocks at once."""
    from xiaobao.database.sets import execute

    copy_back(found)
    execute(
        "UPDATE orders_watch w SET due_at = 'infinity', judged = b.judged, paid_minor = b.paid "
        "FROM (SELECT seller_id, order_id, clock, bit_or(1 << kind)::smallint AS judged, "
        "sum(buyer_minor)::bigint AS paid FROM orders_breach GROUP BY 1, 2, 3) AS b "
        "WHERE w.seller_id = b.seller_id AND w.order_id = b.order_id AND w.clock = b.clock"
    )


def emptied(*tables: str) -> None:
    from xiaobao.database.sets import cursor

    with cursor("owner") as cur:
        cur.execute(f"TRUNCATE {', '.join(tables)}")
        cur.execute("CHECKPOINT")


class Bench:
    def __init__(self, orders: int) -> None:
        from datetime import UTC, datetime

        from xiaobao.database.opening import open_house
        from xiaobao.kernel.references import ids_of
        from xiaobao.promises import acts, queries
        from xiaobao.sellers.acts import enrol_sellers

        open_house()
        acts.publish_pack("cn", at=datetime(2025, 1, 1, tzinfo=UTC))
        self.market_id = queries.market("cn").market_id
        self.at = datetime(2025, 12, 1, tzinfo=UTC)
        names = [f"seller-{number}" for number in range(SELLERS)]
        joined = datetime(2025, 1, 2, tzinfo=UTC)
        enrol_sellers(names, market_id=self.market_id, signed_by="bench", at=joined)
        self.sellers = ids_of(names)
        self.facts = facts(orders)
        self.breaches = 0

    def intake(self) -> None:
        from xiaobao.orders.acts import record_facts

        record_facts(self.facts, market_id=self.market_id, at=self.at)

    def intake_apart(self) -> None:
        from xiaobao.orders.acts import record_facts_apart

        record_facts_apart(self.facts, market_id=self.market_id, at=self.at, workers=2)

    def sweep(self, limit: int, workers: int = 1) -> None:
        """Every breach there is, by so many workers at once, each with sellers of its own."""
        from django.db import connections

        from xiaobao.kernel.references import Part
        from xiaobao.orders.acts import find_breaches

        def found_by(part: Part) -> int:
            found = [0]
            while one := len(find_breaches(until_us=UNTIL, limit=limit, part=part)):
                found.append(one)
            if workers > 1:
                connections.close_all()
            return sum(found)

        parts = [Part(number, workers) for number in range(workers)]
        if workers == 1:
            self.breaches = found_by(parts[0])
        else:
            with ThreadPoolExecutor(workers) as pool:
                self.breaches = sum(pool.map(found_by, parts))

    def round(self, limit: int) -> dict[str, float]:
        """Both ways of both things, once."""
        emptied(*TABLES, *FOUND)
        begun = time.perf_counter()
        self.intake_apart()
        took = {"intake, 2 workers": time.perf_counter() - begun}
        emptied(*TABLES, *FOUND)
        took["intake"] = timed(self.intake)
        stored = {table: copied(table) for table in TABLES}
        for name, workers in (("sweep", 1), ("sweep, 2 workers", 2)):
            emptied(*TABLES, *FOUND)
            copy_back(stored)
            begun = time.perf_counter()
            self.sweep(limit, workers)
            took[name] = time.perf_counter() - begun
        found = {table: copied(table) for table in FOUND}
        emptied(*TABLES, *FOUND)
        took["bare intake"] = timed(lambda: copy_back(stored))
        took["bare intake, 2 workers"] = took["bare intake"]
        took["bare sweep"] = took["bare sweep, 2 workers"] = timed(lambda: bare_sweep(found))
        return took


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--orders", type=int, default=40_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--limit", type=int, default=8_192)
    asked = parser.parse_args()
    home = Path(tempfile.mkdtemp(prefix="xiaobao-bench-"))
    home.chmod(0o755)
    os.environ["XIAOBAO_HOME"] = str(home)
    os.environ.pop("DATABASE_URL", None)
    from xiaobao.database.embedded import server

    try:
        bench = Bench(asked.orders)
        rounds = [bench.round(asked.limit) for _ in range(asked.rounds)]
        mid = {name: statistics.median(r[name] for r in rounds) for name in rounds[0]}
        rows = len(bench.facts)
        print("| what | rows | a second | bare, a second | ratio |")
        print("|---|---:|---:|---:|---:|")
        found = bench.breaches
        for name, count in (
            ("intake", rows), ("intake, 2 workers", rows),
            ("sweep", found), ("sweep, 2 workers", found),
        ):  # fmt: skip
            own, bare = mid[name], mid[f"bare {name}"]
            print(
                f"| {name} | {count:,} | {count / own:,.0f} | {count / bare:,.0f} "
                f"| {bare / own:.2f} |"
            )
        show_goals(
            [
                Goal(f"{name}, of bare", GOAL, mid[f"bare {name}"] / mid[name])
                for name in ("intake", "intake, 2 workers", "sweep", "sweep, 2 workers")
            ]
        )
    finally:
        server().stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
