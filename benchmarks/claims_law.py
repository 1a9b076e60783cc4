"""How long the law of claims takes: one claim proposed, and rows a second of a great many.

    python benchmarks/claims_law.py [--rows 1000000] [--rounds 5]

Nothing but the rules: no database is opened. Claims of all kinds, stages, asks and categories of
the pack `cn`, ordered over eleven years, are proposed in blocks as a replay would do it. Medians
of the rounds are printed as a Markdown table.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.claims.facts import ClaimFacts
    from xiaobao.claims.rules.law import Law

sys.path.insert(0, str(Path(__file__).parents[1]))
START = 1_759_284_000_000_000
DAY = 86_400_000_000
# Columns of so many rows stay near the processor.
BLOCK = 16_384


def law() -> Law:
    from xiaobao.claims.rules.law import law_of
    from xiaobao.claims.terms import AwardTerms, BurdenTerms, ClaimRules, ClaimTerms
    from xiaobao.kernel.clocks import zone_of
    from xiaobao.promises.packs import read_files
    from xiaobao.promises.rules.books import draft_book
    from xiaobao.promises.rules.clocks import calendar_of
    from xiaobao.promises.rules.lint import lint_pack

    pack, _ = lint_pack(read_files("cn"))
    return law_of(
        draft_book(ClaimTerms, pack), draft_book(BurdenTerms, pack),
        draft_book(AwardTerms, pack), draft_book(ClaimRules, pack),
        zone=zone_of(pack.zone), calendar=calendar_of(pack.zone),
    )  # fmt: skip


def claims(rows: int) -> ClaimFacts:
    """Claims of every kind; most of them filed within their time."""
    import numpy as np

    from xiaobao.claims.facts import Ask, ClaimFacts, ClaimKind, Stage
    from xiaobao.kernel.columns import FAR_US

    rng = np.random.default_rng(7)

    def any_of(low: int, high: int) -> Any:
        return rng.integers(low, high, rows)

    ordered = START - any_of(0, 4_000) * DAY
    stage = any_of(1, max(Stage) + 1)
    signed = np.where(stage == Stage.BEFORE_SIGNING, FAR_US, ordered + 3 * DAY)
    whole = {
        "kind": any_of(1, max(ClaimKind) + 1), "ask": any_of(1, max(Ask) + 1), "stage": stage,
        "category_id": any_of(0, 20), "ordered_us": ordered, "signed_us": signed,
        "completed_us": np.where(stage == Stage.AFTER_COMPLETION, ordered + 13 * DAY, FAR_US),
        "filed_us": ordered + any_of(4, 24) * DAY, "judged_us": ordered + 40 * DAY,
        "goods_minor": any_of(100, 500_000), "freight_minor": any_of(0, 2_000),
        "evidence_buyer": any_of(0, 2**20), "evidence_seller": any_of(0, 2**20),
        "promises": any_of(0, 2**18), "seller_due_us": ordered + 30 * DAY,
        "buyer_due_us": ordered + 30 * DAY, "units": any_of(1, 9),
    }  # fmt: skip
    flags = {n: any_of(0, 2).astype(bool) for n in ClaimFacts.names() if n.startswith("is_")}
    none = np.zeros(rows, np.int64)
    return ClaimFacts(**dict.fromkeys(ClaimFacts.names(), none) | flags | whole)


def timed(work: Callable[[], object], rounds: int) -> float:
    took = []
    for _ in range(rounds):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return statistics.median(took)


def main() -> None:
    """Propose one claim, and a great many, and print what it took."""
    told = argparse.ArgumentParser(description="the law of claims")
    told.add_argument("--rows", type=int, default=1_000_000)
    told.add_argument("--rounds", type=int, default=5)
    given = told.parse_args()
    import numpy as np

    from xiaobao.claims.rules.explaining import explained
    from xiaobao.claims.rules.proposing import propose

    terms, many = law(), claims(given.rows)
    one = many.take(np.array([0]))
    blocks = [
        many.take(np.arange(start, min(start + BLOCK, given.rows)))
        for start in range(0, given.rows, BLOCK)
    ]
    single = timed(lambda: [propose(one, terms) for _ in range(200)], given.rounds) / 200
    whole = timed(lambda: [propose(block, terms) for block in blocks], given.rounds)
    proposed = propose(one, terms)
    said = timed(
        lambda: [explained(one, proposed, terms, clauses={}, currency="CNY") for _ in range(20)],
        given.rounds,
    ) / 20  # fmt: skip
    print("| what | took |")
    print("|---|---|")
    print(f"| one claim proposed | {single * 1e6:,.0f} µs |")
    print(f"| one proposal explained in words | {said * 1e6:,.0f} µs |")
    print(
        f"| {given.rows:,} claims proposed | {whole:.2f} s, {given.rows / whole:,.0f} a second |"
    )


if __name__ == "__main__":
    main()
