"""What has memory, of one bucket of sellers: claims, deposits, points and exits, on both sides."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import ClaimFacts
from xiaobao.hearings.facts import Before
from xiaobao.kernel.clocks import days_of, zone_of
from xiaobao.lab.history.tables import (
    Checks,
    Covers,
    Endings,
    Money,
    Recorded,
    Rulings,
    Sellers,
    Stays,
    Stood,
)
from xiaobao.lab.replay.claims import Claims, decided_under
from xiaobao.lab.replay.days import OfSellers
from xiaobao.lab.replay.deposits import day_ends
from xiaobao.lab.replay.exits import left_under
from xiaobao.lab.replay.violations import Placed, punished_under
from xiaobao.lab.tallies.demands import tally_of_day
from xiaobao.lab.tallies.exits import tally_of_exits
from xiaobao.lab.tallies.violations import tally_of_forced, tally_of_punished

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.lab.engines.question import History, Question
    from xiaobao.lab.replay.breaches import Breaches
    from xiaobao.lab.replay.days import Sold
    from xiaobao.lab.replay.violations import Punished
    from xiaobao.lab.tallies.shapes import Sums

# Deposits are followed so long after the last sale: what happens later no order asks for.
DAYS_AFTER_LAST = 60


def redecided(history: History, bucket: int, question: Question) -> Claims:
    """What rules decided about orders of the time asked for, decided anew on both sides."""
    rulings, facts = history.rows(Rulings, bucket), history.rows(ClaimFacts, bucket)
    before = history.rows(Before, bucket)
    inside = (facts.ordered_us >= question.since_us) & (facts.ordered_us < question.until_us)
    rulings, facts, before = rulings.take(inside), facts.take(inside), before.take(inside)
    old, new = (
        decided_under(rulings, facts, before, policy) for policy in (question.old, question.new)
    )
    return Claims(rulings, facts, old, new)


def remembered(
    history: History, bucket: int, question: Question, claims: Claims,
    found: tuple[Breaches, Breaches], orders: tuple[Sequence[Sold], Sequence[Placed]],
) -> dict[str, Sums]:  # fmt: skip
    """Cubes of what needs all of history."""
    sold, placed = orders
    cubes = {"exits": _exits(history, bucket, question)}
    cubes["deposits"], cubes["fund"] = _deposits(history, bucket, question, found, sold)
    old, new = _punished(history, bucket, question, claims, found, placed)
    zone = zone_of(question.zone)
    cubes["forced_out"] = tally_of_forced(old, new)
    cubes["violations"], cubes["penalties"] = tally_of_punished(old, new, zone)
    return cubes


def _deposits(
    history: History, bucket: int, question: Question, found: tuple[Breaches, Breaches],
    sold: Sequence[Sold],
) -> tuple[Sums, Sums]:  # fmt: skip
    """What is asked of a bucket's sellers, is there, and came from the fund, month by month."""
    rows = OfSellers(
        history.rows(Sellers, bucket), history.rows(Stays, bucket), history.rows(Covers, bucket),
        history.rows(Money, bucket),
    )  # fmt: skip
    zone = zone_of(question.zone)
    if len(rows.sellers) == 0 or not sold:
        return {}, {}
    last_sale = max(int(one.ordered_day.max(initial=0)) for one in sold)
    lived = int(days_of(np.array([question.horizon_us]), zone)[0])
    days = range(
        int(days_of(rows.sellers.joined_us, zone).min()),
        min(lived, last_sale + DAYS_AFTER_LAST) + 1,
    )
    asked: Sums = {}
    fund: Sums = {}
    sides = list(zip((question.old, question.new), found, strict=True))
    for side, end in day_ends(rows, sold, sides, zone, days):
        tally_of_day(side, end, question.sizes_minor, asked, fund)
    return asked, fund


def _punished(
    history: History, bucket: int, question: Question, claims: Claims,
    found: tuple[Breaches, Breaches], placed: Sequence[Placed],
) -> list[Punished]:  # fmt: skip
    recorded, endings = history.rows(Recorded, bucket), history.rows(Endings, bucket)
    orders = Placed.concat([Placed.none(), *placed])
    sides = zip((question.old, question.new), (claims.old, claims.new), found, strict=True)
    return [
        punished_under(
            recorded, endings, (claims.rulings, decided), b, orders, policy.violations,
            zone=zone_of(question.zone), horizon_us=question.horizon_us,
        )
        for policy, decided, b in sides
    ]  # fmt: skip


def _exits(history: History, bucket: int, question: Question) -> Sums:
    checks, stood = history.rows(Checks, bucket), history.rows(Stood, bucket)
    zone = zone_of(question.zone)
    old, new = (
        left_under(checks, stood, policy.exits, question.zone)[0]
        for policy in (question.old, question.new)
    )
    return tally_of_exits(checks, old, new, zone)
