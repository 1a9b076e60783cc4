"""How long it takes to count and judge a week of a whole market, and to read what came of it.

    python benchmarks/supervision.py [--sellers 2000] [--orders 40] [--rounds 50]

Sellers have so many orders each, over sixty days; what is broken among them is found and paid
first, not timed. Timed are `supervision.acts.count_weeks`, week by week, and what the pages ask.
The database is made in a temporary home and thrown away.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).parents[1]))
from exits import NOW, fill

if TYPE_CHECKING:
    from collections.abc import Callable

SETTLED = NOW + timedelta(days=30)


def median_ms(ask: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        began = time.perf_counter()
        ask()
        took.append((time.perf_counter() - began) * 1000)
    return statistics.median(took)


def measure(sellers: int, orders: int, rounds: int) -> None:
    from xiaobao.database.sets import fetch_rows
    from xiaobao.kernel.clocks import us_of
    from xiaobao.promises.queries import market
    from xiaobao.supervision import acts, queries
    from xiaobao.supervision.facts import Watched
    from xiaobao.work.settling import settle

    ids = fill(sellers, orders)
    market_id = market("cn").market_id
    until_us = us_of(SETTLED)
    settle(until_us, 1)
    acts.expect_weeks()
    weeks = []
    while True:
        began = time.perf_counter()
        if not acts.count_weeks(until_us).weeks:
            break
        weeks.append((time.perf_counter() - began) * 1000)
    ((rows,),) = fetch_rows("SELECT count(*) FROM supervision_week")
    one = int(ids[0])
    asked = {
        "shops by rate": lambda: queries.shops_ranked(market_id, Watched.ANY, limit=51),
        "signals": lambda: queries.signals_standing(market_id, limit=51),
        "one shop's chart": lambda: queries.chart_of(one, Watched.ANY),
    }
    print("| what | sellers | orders each | result |\n|---|---|---|---|")
    print(
        f"| count and judge a week, p50 of {len(weeks)} | {sellers:,} | {orders} "
        f"| {statistics.median(weeks):.0f} ms |"
    )
    for name, ask in asked.items():
        print(f"| {name}, p50 | {sellers:,} | {orders} | {median_ms(ask, rounds):.1f} ms |")
    print(f"| rows kept | {sellers:,} | {orders} | {rows:,} |")


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--sellers", type=int, default=2_000)
    parser.add_argument("--orders", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=50)
    given = parser.parse_args()
    from benchmarks.homes import own_home

    with own_home():
        measure(given.sellers, given.orders, given.rounds)


if __name__ == "__main__":
    main()
