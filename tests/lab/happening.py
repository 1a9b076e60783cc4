"""What a lived marketplace really came to, beside its replay under the packs in force."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import ClaimFacts
from xiaobao.database.sets import fetch_columns, fetch_rows
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
from xiaobao.lab.replay.breaches import breaches_under
from xiaobao.lab.replay.claims import decided_under
from xiaobao.lab.replay.days import OfSellers, Sold
from xiaobao.lab.replay.deposits import DayEnd, day_ends
from xiaobao.lab.replay.exits import left_under
from xiaobao.lab.replay.policies import policy_in_force
from xiaobao.lab.replay.violations import Placed, punished_under

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Columns
    from xiaobao.lab.engines.question import History
    from xiaobao.lab.replay.breaches import Breaches
    from xiaobao.lab.replay.claims import Redecided
    from xiaobao.lab.replay.violations import Punished

Rows = list[tuple[Any, ...]]


def rows_of(columns: Columns, *names: str) -> Rows:
    return list(zip(*(getattr(columns, name).tolist() for name in names), strict=True))


class Replayed:
    """One bucket replayed under what was in force."""

    def __init__(self, history: History, bucket: int) -> None:
        self.history, self.bucket = history, bucket
        self.policy = policy_in_force(history.place)
        self.zone = zone_of(history.place.zone)
        self.stretches = list(history.stretches(bucket))
        found = breaches_under(iter(self.stretches), [self.policy], self.zone)[0]
        self.found: Breaches = found.take(found.due_us <= history.place.horizon_us)

    def claims(self) -> tuple[Rulings, Redecided]:
        rulings = self.history.rows(Rulings, self.bucket)
        facts = self.history.rows(ClaimFacts, self.bucket)
        before = self.history.rows(Before, self.bucket)
        return rulings, decided_under(rulings, facts, before, self.policy)

    def punished(self) -> Punished:
        placed = [Placed.none(), *(Placed.of_stretch(s, self.zone) for s in self.stretches)]
        return punished_under(
            self.history.rows(Recorded, self.bucket), self.history.rows(Endings, self.bucket),
            self.claims(), self.found, Placed.concat(placed), self.policy.violations,
            zone=self.zone, horizon_us=self.history.place.horizon_us,
        )  # fmt: skip

    def exits(self) -> Rows:
        checks = self.history.rows(Checks, self.bucket)
        stood = self.history.rows(Stood, self.bucket)
        left, judged = left_under(checks, stood, self.policy.exits, self.history.place.zone)
        assert judged.is_standing.all(), "what stood then stands"
        told = rows_of(left, "set_off_minor", "kept_minor", "free_minor", "is_waiting")
        return [
            (*key, *row)
            for key, row in zip(rows_of(checks, "seller_id", "number", "seq"), told, strict=True)
        ]

    def deposits(self) -> DayEnd:
        """As the last day ends."""
        rows = OfSellers(
            *(self.history.rows(t, self.bucket) for t in (Sellers, Stays, Covers, Money))  # type: ignore[arg-type]
        )
        first = int(days_of(rows.sellers.joined_us, self.zone).min())
        last = int(days_of(np.array([self.history.place.horizon_us]), self.zone)[0])
        sold = [Sold.of_stretch(s, self.zone) for s in self.stretches]
        ends = day_ends(rows, sold, [(self.policy, self.found)], self.zone, range(first, last + 1))
        return list(ends)[-1][1]


def check_remembered(history: History) -> dict[str, int]:
    """Every rule-decided outcome with memory is what really happened; how many of each."""
    parts = [Replayed(history, bucket) for bucket in range(history.buckets)]
    _check_claims(parts)
    counts = _check_violations(parts)
    _check_deposits(parts)
    exits = sorted(row for part in parts for row in part.exits())
    assert exits == fetch_rows(
        "SELECT seller_id, number, seq, set_off_minor, kept_minor, free_minor, is_waiting "
        "FROM exits_check ORDER BY seller_id, number, seq"
    )
    return {**counts, "claims": sum(len(p.claims()[0]) for p in parts), "exits": len(exits)}


def _check_claims(parts: list[Replayed]) -> None:
    made = []
    for part in parts:
        rulings, decided = part.claims()
        named = rows_of(rulings, "seller_id", "claim_id", "round")
        sums = rows_of(decided, "buyer_minor", "punitive_minor", "bears_minor", "fund_minor")
        made += [(*name, *row) for name, row in zip(named, sums, strict=True)]
    assert sorted(made) == fetch_rows(
        "SELECT seller_id, claim_id, round, refund_minor + freight_minor + compensation_minor, "
        "punitive_minor, bears_minor, fund_minor FROM hearings_ruling WHERE by IN (1, 4) "
        "ORDER BY seller_id, claim_id, round"
    )


def _check_violations(parts: list[Replayed]) -> dict[str, int]:
    punished = [part.punished() for part in parts]
    recorded = [
        (*row, *weight)
        for one in punished
        for row, weight in zip(
            rows_of(one.violations, "seller_id", "violation_id", "kind", "source", "units",
                    "happened_us", "recorded_us"),
            rows_of(one.weights, "effect", "points_class", "points", "strikes", "penalty_minor"),
            strict=True,
        )
    ]  # fmt: skip
    happened = fetch_columns(
        "SELECT seller_id, violation_id, kind, source, units, happened_at, recorded_at, effect, "
        "points_class, points, strikes, penalty_minor FROM violations_violation "
        "ORDER BY seller_id, violation_id",
        None,
        {
            "seller_id": "i8", "violation_id": "i8", "kind": "i2", "source": "i2", "units": "i8",
            "happened_us": "ts", "recorded_us": "ts", "effect": "i2", "points_class": "i2",
            "points": "i8", "strikes": "i2", "penalty_minor": "i8",
        },
    )  # fmt: skip
    assert sorted(recorded) == list(
        zip(*(column.tolist() for column in happened.values()), strict=True)
    )
    tallies = [
        row
        for one in punished
        for row in rows_of(one.tallies, "seller_id", "points_class", "points", "strikes")
    ]
    assert sorted(row for row in tallies if row[2:] != (0, 0)) == fetch_rows(
        "SELECT seller_id, points_class, points, strikes FROM violations_tally "
        "WHERE points > 0 OR strikes > 0 ORDER BY seller_id, points_class"
    )
    begun = [
        (n.seller_id[row], n.day[row], n.points_class[row] * 10 + n.rung[row], n.reached[row],
         n.penalty_minor[row], n.is_forced_out[row])
        for n in (one.nights for one in punished) for row in range(len(n))
    ]  # fmt: skip
    assert sorted(begun) == fetch_rows(
        "SELECT seller_id, day, step, points, penalty_minor, EXISTS (SELECT 1 "
        "FROM violations_forced_exit f WHERE f.seller_id = p.seller_id AND f.day = p.day "
        "AND f.step = p.step AND f.state <> 3) "
        "FROM violations_penalty p WHERE state <> 3 ORDER BY seller_id, day, step"
    )
    return {
        "violations": len(recorded), "penalties": len(begun),
        "forced_exits": sum(bool(row[-1]) for row in begun),
    }  # fmt: skip


def _check_deposits(parts: list[Replayed]) -> None:
    """What is asked of whom, what is missing, and what each owes the fund."""
    ends = [part.deposits() for part in parts]
    made = [
        (end.seller_id[row], end.required_minor[row], end.debt_minor[row], end.is_inside[row],
         end.is_inside[row] and end.shortfall_minor[row] > 0)
        for end in ends for row in range(len(end.seller_id))
    ]  # fmt: skip
    assert sorted(made) == fetch_rows(
        "SELECT s.seller_id, coalesce(d.required_minor, 0), -b.fund, s.state IN (3, 4, 5), "
        "coalesce(d.short_since IS NOT NULL, false) FROM sellers_seller s "
        "LEFT JOIN deposits_requirement d USING (seller_id) JOIN ledger_book b USING (seller_id) "
        "ORDER BY s.seller_id"
    )
