"""A backlog of breaches swept: is each of a million found at the cost of each of a few?

    python benchmarks/backlog.py [--orders 300000] [--rounds 1]

The first orders are told as in `orders.py`; the server then copies them, with the facts that are
judged one by one and their clocks, to other sellers until a tenth of so many stand, and at last
all. At each size one worker and two sweep all of it, each over fresh clocks; bare is COPY of the
very breaches and caps and one UPDATE of the same clocks. Making a backlog is not measured. The
database is made in a temporary home and thrown away.
"""

from __future__ import annotations

import argparse
import statistics
import time
from typing import TYPE_CHECKING

import orders
from goals import Goal
from goals import show as show_goals
from homes import own_home

if TYPE_CHECKING:
    from psycopg import Cursor

TOLD = 10_000
BATCH = 8_192
# By table: which rows are copied. Of the facts, the scans: all that sweeps read of those told.
COPIED = {"orders_order": "true", "orders_fact": "kind = 5", "orders_watch": "true"}


class Backlog:
    def __init__(self) -> None:
        from xiaobao.database.sets import cursor

        self.trade = orders.Bench(TOLD)
        self.trade.intake()
        self.copies = 1
        with cursor("owner") as owner:
            # As they stand before any sweep: what one has changed is put back from here.
            owner.execute("CREATE UNLOGGED TABLE clocks AS SELECT * FROM orders_watch")

    def grow(self, copies: int) -> None:
        """Until every order told stands so many times."""
        from xiaobao.database.sets import cursor

        with cursor("owner") as owner:
            for table in ("orders_order", "orders_fact"):
                self._copy(owner, table, table, self.copies, copies)
            owner.execute("ANALYZE orders_order, orders_fact")
        self.copies = copies

    def _copy(self, owner: Cursor, of: str, into: str, after: int, copies: int) -> None:
        """Rows of the first sellers once more; the n-th copy has sellers whose ids are n on."""
        names = [
            name
            for (name,) in owner.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
                "AND NOT attisdropped ORDER BY attnum",
                [into],
            ).fetchall()
        ]
        values = ["seller_id + n" if name == "seller_id" else name for name in names]
        owner.execute(
            f"INSERT INTO {into} ({', '.join(names)}) SELECT {', '.join(values)} FROM {of}, "
            f"generate_series({after}, {copies - 1}) AS n "
            f"WHERE seller_id = ANY(%s) AND {COPIED[into]}",
            [self.trade.sellers.tolist()],
        )

    def wound_up(self) -> None:
        """Every clock as before the first sweep, and nothing found."""
        from xiaobao.database.sets import cursor

        orders.emptied("orders_watch", *orders.FOUND)
        with cursor("owner") as owner:
            self._copy(owner, "clocks", "orders_watch", 0, self.copies)
            owner.execute("ANALYZE orders_watch")
            owner.execute("CHECKPOINT")

    def swept(self, workers: int) -> float:
        """Breaches a second."""
        self.wound_up()
        began = time.perf_counter()
        self.trade.sweep(BATCH, workers)
        return self.trade.breaches / (time.perf_counter() - began)

    def bare(self) -> float:
        found = {table: orders.copied(table) for table in orders.FOUND}
        self.wound_up()
        return self.trade.breaches / orders.timed(lambda: orders.bare_sweep(found))


def measure(rounds: int, sizes: list[int]) -> dict[int, tuple[float, ...]]:
    backlog = Backlog()
    print("| orders | made in s | breaches | one worker/s | two/s | bare/s |")
    print("|---:|---:|---:|---:|---:|---:|")
    told = {}
    for size in sizes:
        began = time.perf_counter()
        backlog.grow(size // TOLD)
        made = time.perf_counter() - began
        found = [(backlog.swept(1), backlog.swept(2), backlog.bare()) for _ in range(rounds)]
        told[size] = tuple(statistics.median(column) for column in zip(*found, strict=True))
        rates = " | ".join(f"{rate:,.0f}" for rate in told[size])
        print(f"| {size:,} | {made:.0f} | {backlog.trade.breaches:,} | {rates} |", flush=True)
    return told


def goals(told: dict[int, tuple[float, ...]]) -> list[Goal]:
    least, most = min(told), max(told)
    one, two, bare = told[most]
    return [
        Goal(f"backlog of {most:,}, one worker, of bare", orders.GOAL, one / bare),
        Goal(f"backlog of {most:,}, two workers, of bare", orders.GOAL, two / bare),
        Goal(
            f"cost of a breach, backlog of {most:,}, of that of {least:,}", 1.2,
            told[least][0] / one, at_most=True,
        ),
    ]  # fmt: skip


def main() -> None:
    asked = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    asked.add_argument("--orders", type=int, default=300_000)
    asked.add_argument("--rounds", type=int, default=1)
    chosen = asked.parse_args()
    sizes = sorted({max(TOLD, chosen.orders // 10 // TOLD * TOLD), chosen.orders // TOLD * TOLD})
    with own_home():
        show_goals(goals(measure(chosen.rounds, sizes)))


if __name__ == "__main__":
    main()
