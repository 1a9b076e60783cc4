"""Postings a second, against COPY into a like table and against one transaction per posting.

    python benchmarks/ledger.py [--rounds 5] [--books 10000] [--profile]

Everything runs in one process with one connection, alternated round by round; medians are
printed as a Markdown table. The database is made in a temporary home and thrown away.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

from goals import Goal
from goals import show as show_goals

sys.path.insert(0, str(Path(__file__).parents[1]))
BATCHES = (1, 64, 1024, 8192)
LOADS = ("spread", "one seller")
# Postings per measurement: few enough that what is compared runs side by side.
ROWS = {1: 400, 64: 6400, 1024: 16_384, 8192: 32_768}
LIKE = "ledger_posting_like"

ONE_AT_A_TIME = """
CREATE FUNCTION post_one(p_seller bigint, p_cause uuid, p_amount bigint, p_at timestamptz)
RETURNS boolean LANGUAGE plpgsql AS $$
DECLARE b ledger_book;
BEGIN
    SELECT * INTO b FROM ledger_book WHERE seller_id = p_seller FOR UPDATE;
    IF NOT FOUND OR b.deposit < p_amount THEN RETURN false; END IF;
    INSERT INTO ledger_posting (seller_id, seq, at, amount, source_after, target_after,
        expires_at, cause, hold, leg, op, source, target, why)
    VALUES (p_seller, b.seq + 1, p_at, p_amount, b.deposit - p_amount, b.buyers + p_amount,
        'infinity', p_cause, '00000000-0000-0000-0000-000000000000', 0, 0, 1, 5, 4)
    ON CONFLICT DO NOTHING;
    IF NOT FOUND THEN RETURN false; END IF;
    UPDATE ledger_book SET seq = seq + 1, last_at = p_at, deposit = deposit - p_amount,
        buyers = buyers + p_amount WHERE seller_id = p_seller;
    RETURN true;
END $$
"""


class Bench:
    """One database, its books, and a supply of postings that were never asked before."""

    def __init__(self, books: int) -> None:
        import numpy as np

        from xiaobao.database.opening import open_house
        from xiaobao.database.sets import cursor
        from xiaobao.kernel.references import ids_of

        open_house()
        self.np = np
        self.rng = np.random.default_rng(7)
        self.sellers = np.sort(ids_of([f"seller-{n}" for n in range(books)]))
        self.moment = 1_750_000_000_000_000
        self.hold = 0
        with cursor("owner") as owner:
            owner.execute(f"CREATE TABLE {LIKE} (LIKE ledger_posting INCLUDING ALL)")
            owner.execute(f"GRANT INSERT, SELECT ON {LIKE} TO PUBLIC")
            owner.execute(ONE_AT_A_TIME)
        self._open()

    def _open(self) -> None:
        from datetime import UTC, datetime

        from xiaobao.ledger import acts

        acts.open_books(self.sellers, "CNY", at=datetime(2025, 1, 1, tzinfo=UTC))
        for start in range(0, len(self.sellers), 8192):
            part = self.sellers[start : start + 8192]
            self.expect(self.moves(part, 0, 1, 10**12))

    def expect(self, postings: Any) -> None:
        from xiaobao.ledger import acts

        receipt = acts.post(postings)
        assert receipt.posted == len(postings), receipt.counts()

    def moves(self, seller: Any, source: int, target: int, amount: int) -> Any:
        from xiaobao.kernel.references import causes_of
        from xiaobao.ledger.facts import Postings

        np, count = self.np, len(seller)
        self.moment += 1000
        at = np.full(count, self.moment)
        hi, lo = causes_of(699, at, seller, np.arange(count))
        none = np.zeros(count, np.int64)
        return Postings.moves(
            seller_id=seller, cause_hi=hi, cause_lo=lo, leg=none, source=none + source,
            target=none + target, amount_minor=none + amount, why=none + 4, at_us=at,
        )  # fmt: skip

    def chosen(self, count: int, load: str) -> Any:
        if load == "one seller":
            return self.np.full(count, self.sellers[0])
        return self.rng.choice(self.sellers, count)

    def post(self, batch: int, load: str) -> float:
        """Postings a second through the ledger."""
        batches = [
            self.moves(self.chosen(batch, load), 1, 5, 3) for _ in range(ROWS[batch] // batch)
        ]

        def run() -> None:
            for one in batches:
                self.expect(one)

        return self._timed(run, ROWS[batch])

    def copy(self, batch: int, load: str) -> float:
        """Like rows, finished, by COPY into a table of the same columns, checks and indexes."""
        from django.db import transaction

        from xiaobao.database.sets import copy_in
        from xiaobao.ledger.store import POSTING_SPEC

        np = self.np
        batches = []
        for _ in range(ROWS[batch] // batch):
            p = self.moves(np.sort(self.chosen(batch, load)), 1, 5, 3)
            self.hold += batch
            batches.append(
                p.as_dict()
                | {
                    "seq": self.hold + np.arange(batch), "at": p.at_us, "amount": p.amount_minor,
                    "source_after": p.amount_minor, "target_after": p.amount_minor,
                    "expires_at": p.expires_us,
                }
            )  # fmt: skip

        def run() -> None:
            for columns in batches:
                with transaction.atomic():
                    copy_in(LIKE, columns, POSTING_SPEC)

        return self._timed(run, ROWS[batch])

    def singly(self, load: str) -> float:
        """One transaction per posting: a function in the database that does nothing else."""
        from xiaobao.database.sets import cursor
        from xiaobao.kernel.references import uuid_of

        rows = ROWS[1]
        p = self.moves(self.chosen(rows, load), 1, 5, 3)
        calls = [
            (int(s), uuid_of(hi, lo))
            for s, hi, lo in zip(p.seller_id, p.cause_hi, p.cause_lo, strict=True)
        ]
        with cursor() as cur:

            def run() -> None:
                for seller, cause in calls:
                    cur.execute(
                        "SELECT post_one(%s, %s, 3, '2026-01-01Z')", (seller, cause), prepare=True
                    )

            return self._timed(run, rows)

    def holds(self, load: str, how: str) -> float:
        """8,192 hold ops in one batch: holds, captures of older holds, or each with its capture.

        Every fourth capture takes less than all: the rest goes back by a row of its own.
        """
        from xiaobao.ledger.facts import Postings

        np = self.np
        many = 4096 if how == "hold+capture" else 8192
        seller = self.chosen(many, load)
        names = np.arange(self.hold + 1, self.hold + 1 + many)
        self.hold += many
        made = self._named(self.moves(seller, 1, 2, 9), 1, names)
        taken = self._named(self.moves(seller, 2, 5, 9), 2, names)
        taken.amount_minor[::4] = 7
        if how == "hold+capture":
            both = Postings.concat([made, taken])
            return self._timed(lambda: self.expect(both), 8192)
        if how == "hold":
            return self._timed(lambda: self.expect(made), 8192)
        self.expect(made)
        return self._timed(lambda: self.expect(taken), 8192)

    def _named(self, moves: Any, op: int, names: Any) -> Any:
        zeros = names * 0
        return type(moves)(
            **moves.as_dict() | {"op": zeros + op, "hold_hi": names, "hold_lo": zeros}
        )

    @staticmethod
    def _timed(work: Callable[[], object], rows: int) -> float:
        began = time.perf_counter()
        work()
        return rows / (time.perf_counter() - began)


Key = tuple[str, str, str]


def measure(bench: Bench, rounds: int) -> dict[Key, float]:
    """Medians by what was posted, the load, and how."""
    found: dict[Key, list[float]] = {}
    for _ in range(rounds):
        for load in LOADS:
            for key, rate in one_round(bench, load):
                found.setdefault(key, []).append(rate)
    return {key: statistics.median(rates) for key, rates in found.items()}


def one_round(bench: Bench, load: str) -> Iterator[tuple[Key, float]]:
    for batch in BATCHES:
        yield (f"batch {batch:,}", load, "ledger"), bench.post(batch, load)
        yield (f"batch {batch:,}", load, "copy"), bench.copy(batch, load)
    yield ("singly", load, "function"), bench.singly(load)
    for how in ("hold", "capture", "hold+capture"):
        yield (f"{how}, 8,192", load, "ledger"), bench.holds(load, how)


def show(middle: dict[Key, float]) -> None:
    print("| postings/s | load | ledger | COPY | of COPY | one a transaction | times |")
    print("|---|---|---|---|---|---|---|")
    for (what, load, how), ours in middle.items():
        if how == "ledger":
            singly = middle["singly", load, "function"]
            copy = middle.get((what, load, "copy"))
            against = f"{copy:,.0f} | {ours / copy:.2f}" if copy else " | "
            print(f"| {what} | {load} | {ours:,.0f} | {against} | {singly:,.0f} "
                  f"| {ours / singly:.1f} |")  # fmt: skip


def goals(middle: dict[Key, float]) -> list[Goal]:
    told = []
    for load in LOADS:
        plain, copy = middle["batch 8,192", load, "ledger"], middle["batch 8,192", load, "copy"]
        held = middle["hold+capture, 8,192", load, "ledger"]
        told += [
            Goal(f"batch of 8,192, {load}, of COPY", 0.6, plain / copy),
            Goal(f"batch of 8,192, {load}", 220_000, plain, "/s"),
            Goal(f"holds and captures, {load}, of a plain batch", 0.5, held / plain),
        ]
    return told


def profiled(bench: Bench) -> None:
    import cProfile
    import pstats

    bench.post(8192, "spread")
    with cProfile.Profile() as profile:
        bench.post(8192, "spread")
    pstats.Stats(profile).sort_stats("cumtime").print_stats(40)


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--rounds", type=int, default=5)
    options.add_argument("--books", type=int, default=10_000)
    options.add_argument("--profile", action="store_true")
    chosen = options.parse_args()
    home = Path(tempfile.mkdtemp(prefix="xiaobao-bench-"))
    home.chmod(0o755)
    os.environ["XIAOBAO_HOME"] = str(home)
    os.environ["DJANGO_SETTINGS_MODULE"] = "xiaobao.site.settings"
    os.environ.pop("DATABASE_URL", None)
    try:
        bench = Bench(chosen.books)
        if chosen.profile:
            profiled(bench)
        else:
            middle = measure(bench, chosen.rounds)
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
