"""Single postings from many callers at once: postings a second, and how long each waits.

    python benchmarks/callers.py [--rounds 5] [--callers 1 8 64] [--each 60] [--flush-ms 0 1]

"coroutines" is `ledger.acts.Gathering`: callers of one event loop, on one connection; "threads"
is `ledger.acts.post_with_others`; both are of one process. "alone" is `ledger.acts.post` where one
caller asks. "function" is a plain function in the database, one transaction per posting, from as
many threads as there are callers, each with its connection; "pgbench" is
the same function from PostgreSQL's own client in C; "hordak" is django-hordak on the same server
(`uv sync --group bench`), and is left out, saying so, where it is not installed. `--flush-ms`
makes each flush of the log take so much longer (`commit_delay`), as on a disk in a cloud. Ways
alternate, round by round; medians are printed. The database is thrown away.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib.util
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

from goals import Goal
from goals import show as show_goals
from ledger import LOADS, Bench

if TYPE_CHECKING:
    from collections.abc import Callable

BOOKS = 10_000
# pgbench has no arrays of names: the sellers are numbered in a table of its own.
NUMBERED = "ledger_numbered"
HORDAK_ACCOUNTS = 300

Figures = tuple[float, float, float]  # a second, and the 50th and 99th hundredth in ms


def at_once(callers: int, work: Callable[[int, list[float]], None]) -> Figures:
    """So many threads at once; each notes how long every call of its took."""
    from django.db import connection, connections

    took: list[list[float]] = [[] for _ in range(callers)]
    start = threading.Barrier(callers + 1)

    def call(number: int) -> None:
        connection.ensure_connection()
        start.wait()
        work(number, took[number])
        connections.close_all()

    threads = [threading.Thread(target=call, args=(number,)) for number in range(callers)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    seconds = time.perf_counter() - began
    return figures([one for part in took for one in part], seconds)


def figures(took: list[float], seconds: float) -> Figures:
    every = sorted(took)
    return (
        len(every) / seconds, every[len(every) // 2] * 1e3, every[int(len(every) * 0.99)] * 1e3
    )  # fmt: skip


class Callers:
    def __init__(self, each: int) -> None:
        from xiaobao.database.sets import cursor

        self.bench, self.each = Bench(BOOKS), each
        with cursor("owner") as owner:
            owner.execute(
                f"CREATE TABLE {NUMBERED} AS SELECT row_number() OVER (ORDER BY seller_id) AS n, "
                "seller_id FROM ledger_book"
            )
            owner.execute(f"CREATE UNIQUE INDEX ON {NUMBERED} (n)")
            owner.execute(f"ANALYZE {NUMBERED}")
            owner.execute("CREATE DATABASE hordak")

    def slow(self, flush_ms: int) -> None:
        """Every flush from now on waits so long before it begins."""
        from django.db import connections

        from xiaobao.database.sets import cursor

        with cursor("owner") as owner:
            for name, value in (("commit_delay", flush_ms * 1000), ("commit_siblings", 0)):
                owner.execute(f"ALTER SYSTEM SET {name} = {value}")
            owner.execute("SELECT pg_reload_conf()")
        connections.close_all()
        time.sleep(0.2)

    def _asked(self, callers: int, load: str, times: int = 1) -> list[list[Any]]:
        each = self.each * times
        asked = [self.bench.moves(self.bench.chosen(each, load), 1, 5, 3) for _ in range(callers)]
        return [[p.take(slice(n, n + 1)) for n in range(each)] for p in asked]

    def coroutines(self, callers: int, load: str) -> Figures:
        from xiaobao.ledger import acts

        # An order of magnitude quicker: many more, to be measured for as long.
        rows = self._asked(callers, load, 10 if callers > 1 else 1)
        took: list[float] = []

        async def one(mine: list[Any], together: Any) -> None:
            for asked in mine:
                began = time.perf_counter()
                receipt = await together.post(asked)
                took.append(time.perf_counter() - began)
                assert receipt.outcome[0] == 0

        async def live() -> float:
            async with acts.Gathering() as together:
                # As threads do, they connect before the time is taken.
                began = time.perf_counter()
                await asyncio.gather(*(one(mine, together) for mine in rows))
                return time.perf_counter() - began

        return figures(took, asyncio.run(live()))

    def threads(self, callers: int, load: str) -> Figures:
        from xiaobao.ledger import acts

        return self._posting(callers, load, acts.post_with_others)

    def alone(self, callers: int, load: str) -> Figures:
        from xiaobao.ledger import acts

        return self._posting(callers, load, acts.post)

    def _posting(self, callers: int, load: str, post: Callable[[Any], Any]) -> Figures:
        rows = self._asked(callers, load)

        def work(number: int, took: list[float]) -> None:
            for one in rows[number]:
                began = time.perf_counter()
                receipt = post(one)
                took.append(time.perf_counter() - began)
                assert receipt.outcome[0] == 0

        return at_once(callers, work)

    def function(self, callers: int, load: str) -> Figures:
        from xiaobao.database.sets import cursor
        from xiaobao.kernel.references import uuid_of

        asked = [
            self.bench.moves(self.bench.chosen(self.each, load), 1, 5, 3) for _ in range(callers)
        ]
        calls = [
            [
                (int(s), uuid_of(hi, lo))
                for s, hi, lo in zip(p.seller_id, p.cause_hi, p.cause_lo, strict=True)
            ]
            for p in asked
        ]

        def work(number: int, took: list[float]) -> None:
            with cursor() as cur:
                for call in calls[number]:
                    began = time.perf_counter()
                    cur.execute("SELECT post_one(%s, %s, 3, '2026-01-01Z')", call, prepare=True)
                    took.append(time.perf_counter() - began)

        return at_once(callers, work)

    def pgbench(self, callers: int, load: str) -> Figures:
        """PostgreSQL's own client; its log of single calls gives the hundredths."""
        from xiaobao.database.accounts import programs_of, wheel
        from xiaobao.database.embedded import server

        where, client = server().where, programs_of(wheel().parent) / "pgbench"
        folder = Path(tempfile.mkdtemp(prefix="xiaobao-pgbench-"))
        script = folder / "post.sql"
        last = 1 if load == LOADS[1] else BOOKS
        script.write_text(
            f"\\set n random(1, {last})\n"
            f"SELECT post_one((SELECT seller_id FROM {NUMBERED} WHERE n = :n), "
            "gen_random_uuid(), 3, '2026-01-01Z');\n",
            encoding="ascii",
        )
        done = subprocess.run(
            [
                str(client), "-n", "-M", "prepared", "-c", str(callers),
                "-j", str(min(callers, 2)), "-t", str(self.each), "-l", "--log-prefix=calls",
                "-f", str(script), "-h", str(where.socket_directory), "-U", "postgres", "xiaobao",
            ],
            check=True, capture_output=True, text=True, cwd=folder,
        )  # fmt: skip
        rate = re.search(r"tps = ([\d.]+)", done.stdout)
        assert rate is not None, done.stdout
        took = sorted(
            int(line.split()[2]) / 1e3
            for log in folder.glob("calls.*")
            for line in log.read_text(encoding="ascii").splitlines()
        )
        shutil.rmtree(folder)
        return float(rate[1]), took[len(took) // 2], took[int(len(took) * 0.99)]

    def hordak(self, callers: int, load: str) -> Figures:
        from xiaobao.database.embedded import server

        done = subprocess.run(
            [
                sys.executable, str(Path(__file__).with_name("peer_hordak.py")), str(callers),
                str(max(self.each // 4, 5)), str(HORDAK_ACCOUNTS),
                "hot" if load == LOADS[1] else "spread",
            ],
            check=True, capture_output=True, text=True,
            env=os.environ | {"HORDAK_HOST": str(server().where.socket_directory)},
        )  # fmt: skip
        rate, half, most = map(float, done.stdout.split())
        return rate, half, most


def measure(chosen: argparse.Namespace) -> dict[tuple[int, int, str, str], Figures]:
    """Medians by milliseconds a flush, callers, load and way."""
    callers = Callers(chosen.each)
    ways: dict[str, Callable[[int, str], Figures]] = {
        "coroutines": callers.coroutines, "threads": callers.threads, "alone": callers.alone,
        "function": callers.function, "pgbench": callers.pgbench,
    }  # fmt: skip
    if importlib.util.find_spec("hordak"):
        ways["hordak"] = callers.hordak
    else:
        print("hordak is left out: not installed (uv sync --group bench)\n")
    found: dict[tuple[int, int, str, str], list[Figures]] = {}
    for flush_ms in chosen.flush_ms:
        callers.slow(flush_ms)
        for turn in range(chosen.rounds):
            for count in chosen.callers:
                for load in LOADS:
                    for way, run in ways.items():
                        # An order of magnitude slower, and the same every time: once is enough.
                        is_meant = count == 1 if way == "alone" else way != "hordak" or turn == 0
                        if is_meant:
                            key = (flush_ms, count, load, way)
                            found.setdefault(key, []).append(run(count, load))
    return {
        key: tuple(statistics.median(column) for column in zip(*rounds, strict=True))
        for key, rounds in found.items()
    }  # type: ignore[return-value]


def show(middle: dict[tuple[int, int, str, str], Figures]) -> None:
    print("| flush | callers | load | way | postings/s | of the function | p50 ms | p99 ms |")
    print("|---|---:|---|---|---:|---:|---:|---:|")
    for (flush_ms, count, load, way), (rate, half, most) in middle.items():
        plain = middle[flush_ms, count, load, "function"][0]
        flush = f"+{flush_ms} ms" if flush_ms else "as it is"
        print(
            f"| {flush} | {count} | {load} | {way} | {rate:,.0f} | {rate / plain:.2f} "
            f"| {half:.2f} | {most:.2f} |"
        )


def goals(middle: dict[tuple[int, int, str, str], Figures]) -> list[Goal]:
    """Of what was measured: 64 callers, one alone, and the slower disk."""
    told = []
    spread, hot = LOADS
    for (flush_ms, count, load, way), (rate, half, most) in middle.items():
        if way != ("alone" if count == 1 else "coroutines"):
            continue
        plain, plain_half, _ = middle[flush_ms, count, load, "function"]
        if flush_ms == 0 and count == 64:
            told += [
                Goal(f"64 callers, {load}", 45_000, rate, "/s"),
                Goal(f"64 callers, {load}, p99", 3, most, "ms", at_most=True),
            ]
            if load == hot:
                told.append(
                    Goal(
                        "64 callers, one seller, of spread",
                        1,
                        rate / middle[0, 64, spread, way][0],
                    )
                )
        if flush_ms == 0 and count == 1:
            told.append(
                Goal(
                    f"a lone caller's p50, {load}, of the function's",
                    1.3,
                    half / plain_half,
                    at_most=True,
                )
            )
        if flush_ms == 1 and count == 64 and load == hot:
            told.append(
                Goal(
                    "64 callers, one seller, +1 ms a flush, of one a transaction", 45, rate / plain
                )
            )
    return told


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--callers", type=int, nargs="+", default=[1, 8, 64])
    options.add_argument("--each", type=int, default=60, help="postings of each caller")
    options.add_argument("--flush-ms", type=int, nargs="+", default=[0])
    chosen: Any = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="xiaobao-bench-"))
    home.chmod(0o755)
    os.environ["XIAOBAO_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "xiaobao.site.settings"
    os.environ.pop("DATABASE_URL", None)
    try:
        middle = measure(chosen)
        show(middle)
        show_goals(goals(middle))
        from xiaobao.ledger import queries

        assert queries.check() == [], "the books are unsound after all this"
    finally:
        from xiaobao.database.embedded import server

        server().stop("immediate")
        shutil.rmtree(home, ignore_errors=True)


if __name__ == "__main__":
    main()
