"""What a long history costs: the same work with ever more postings and orders standing.

    python benchmarks/growth.py [--standing 10000 1000000] [--rounds 5]

The ledger writes the standing postings itself, in batches of 8,192 over 10,000 books; one order
stands for every twenty of them, with its facts, offer and clocks. At every size: a batch of 8,192,
a lone posting, the last 50 lines of an account, 500 orders told (eight facts each) and the sweep
that finds them late. Medians of the rounds, and the slowest hundredth of the statements; and where
the batch spends its time, how much it adds to the log, and what else goes on. 10⁷ takes
some four minutes more on two cores. The database is made in a temporary home and thrown away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import tempfile
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

import ledger
import orders
import phases
from goals import Goal
from goals import show as show_goals

if TYPE_CHECKING:
    from collections.abc import Callable

BOOKS = 10_000
BATCH = 8_192
A_CALL = 20  # postings for one order
TOLD = 500
LONE, STATEMENTS = 200, 200
YEAR_US = 31_536_000_000_000
LATER = datetime(2027, 1, 1, tzinfo=UTC)


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


class Growth:
    def __init__(self) -> None:
        self.money = ledger.Bench(BOOKS)
        self.trade = orders.Bench(TOLD)
        self.trade.intake()
        self.copies = self.told = 0
        self.phases = phases.Phases()

    def grow(self, standing: int) -> None:
        """Until so many postings stand, and a twentieth of it in orders."""
        from xiaobao.database.sets import cursor, fetch_rows

        ((there,),) = fetch_rows("SELECT coalesce(sum(seq), 0)::bigint FROM ledger_book")
        while there < standing:
            count = min(BATCH, standing - there)
            self.money.expect(self.money.moves(self.money.chosen(count, "spread"), 1, 5, 3))
            there += count
        copies = standing // A_CALL // TOLD
        with cursor("owner") as owner:
            for table in orders.TABLES:
                self._copy(owner, table, copies)
            owner.execute("ANALYZE")
        self.copies = copies

    def _copy(self, owner: Any, table: str, copies: int) -> None:
        """The first orders again, of other sellers, with clocks that run out ten years later."""
        names = [
            name
            for (name,) in owner.execute(
                "SELECT attname FROM pg_attribute WHERE attrelid = %s::regclass AND attnum > 0 "
                "AND NOT attisdropped ORDER BY attnum",
                [table],
            ).fetchall()
        ]
        values = [
            "seller_id + n" if name == "seller_id"
            else "due_at + interval '10 years'" if name == "due_at"
            else name
            for name in names
        ]  # fmt: skip
        owner.execute(
            f"INSERT INTO {table} ({', '.join(names)}) SELECT {', '.join(values)} FROM {table}, "
            f"generate_series({self.copies + 1}, {copies}) AS n WHERE seller_id = ANY(%s) "
            "ON CONFLICT DO NOTHING",
            [self.trade.sellers.tolist()],
        )

    def batch(self) -> float:
        asked = self.money.moves(self.money.chosen(BATCH, "spread"), 1, 5, 3)
        with self.phases.watched():
            took = seconds(lambda: self.money.expect(asked))
        return BATCH / took

    def lone_ms(self) -> float:
        from xiaobao.ledger import acts

        asked = self.money.moves(self.money.chosen(LONE, "spread"), 1, 5, 3)
        rows = [asked.take(slice(n, n + 1)) for n in range(LONE)]
        return statistics.median(seconds(lambda one=one: acts.post(one)) * 1e3 for one in rows)

    def statements_ms(self) -> tuple[float, float]:
        from xiaobao.ledger import queries
        from xiaobao.ledger.facts import Account

        sellers = self.money.chosen(STATEMENTS, "spread").tolist()
        took = sorted(
            seconds(lambda seller=seller: queries.statement(seller, Account.DEPOSIT)) * 1e3
            for seller in sellers
        )
        return took[STATEMENTS // 2], took[int(STATEMENTS * 0.99)]

    def intake(self) -> float:
        """Facts a second, of orders never told before."""
        from xiaobao.orders.acts import record_facts

        self.told += 1
        told = orders.facts(TOLD, start=orders.START + YEAR_US, name=f"order-{self.told}")
        return len(told) / seconds(
            lambda: record_facts(told, market_id=self.trade.market_id, at=LATER)
        )

    def sweep(self) -> float:
        """Breaches found a second, among those orders."""
        took = seconds(lambda: self.trade.sweep(BATCH))
        return self.trade.breaches / took


def show(sizes: list[int], rounds: int) -> None:
    growth = Growth()
    growth.trade.sweep(BATCH)
    print("| standing | batch 8,192/s | lone ms | statement ms p50 | p99 | facts/s | breaches/s |")
    print("|---:|---:|---:|---:|---:|---:|---:|")
    told, spent = {}, []
    for standing in sizes:
        growth.grow(standing)
        found = [
            (
                growth.batch(), growth.lone_ms(), *growth.statements_ms(), growth.intake(),
                growth.sweep(),
            )
            for _ in range(rounds)
        ]  # fmt: skip
        batch, lone, half, most, facts, breaches = (
            statistics.median(column) for column in zip(*found, strict=True)
        )
        print(
            f"| {standing:,} | {batch:,.0f} | {lone:.2f} | {half:.2f} | {most:.2f} "
            f"| {facts:,.0f} | {breaches:,.0f} |",
            flush=True,
        )
        told[standing] = (batch, most, facts, breaches)
        spent.append(growth.phases.row(standing))
    print(f"\nA batch of 8,192, by phase:\n\n{phases.HEAD}")
    print("\n".join(spent))
    show_goals(goals(told))


def goals(told: dict[int, tuple[float, ...]]) -> list[Goal]:
    """Of the most that stands, beside a tenth of it where that was measured."""
    most = max(told)
    batch, p99, facts, breaches = told[most]
    found = [
        Goal(f"batch of 8,192, {most:,} standing", 220_000, batch, "/s"),
        Goal(f"statement p99, {most:,} standing", 20, p99, "ms", at_most=True),
    ]
    if before := told.get(most // 10):
        names = f"{most:,} standing, of a tenth of it"
        found += [
            Goal(f"batch of 8,192, {names}", 0.9, batch / before[0]),
            Goal(f"cost of a fact, {names}", 1.2, before[2] / facts, at_most=True),
            Goal(f"cost of a breach, {names}", 1.2, before[3] / breaches, at_most=True),
        ]
    return found


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--standing", type=int, nargs="+", default=[10_000, 1_000_000])
    options.add_argument("--rounds", type=int, default=5)
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="xiaobao-bench-"))
    home.chmod(0o755)
    os.environ["XIAOBAO_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "xiaobao.site.settings"
    os.environ.pop("DATABASE_URL", None)
    try:
        show(sorted(chosen.standing), chosen.rounds)
    finally:
        from xiaobao.database.embedded import server

        server().stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
