"""Whatever rules decided about a bucket of sellers, replayed under the packs in force, as rows."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import ClaimFacts, Proposal
from xiaobao.claims.rules.proposing import propose
from xiaobao.hearings.facts import Before
from xiaobao.kernel.clocks import days_of, zone_of
from xiaobao.lab.history.tables import (
    Checks,
    Covers,
    Endings,
    Money,
    Paid,
    Recorded,
    Rulings,
    Sellers,
    Stays,
    Stood,
)
from xiaobao.lab.replay.breaches import breaches_under
from xiaobao.lab.replay.claims import decided_under
from xiaobao.lab.replay.days import OfSellers, Sold
from xiaobao.lab.replay.deposits import day_ends
from xiaobao.lab.replay.exits import left_under
from xiaobao.lab.replay.policies import policy_in_force
from xiaobao.lab.replay.violations import Placed, punished_under

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Columns, Int, Mask
    from xiaobao.lab.engines.question import History
    from xiaobao.lab.replay.breaches import Breaches
    from xiaobao.lab.replay.claims import Redecided
    from xiaobao.lab.replay.deposits import DayEnd
    from xiaobao.lab.replay.violations import Punished

Row = tuple[Any, ...]
Rows = list[Row]

BREACH = (
    "seller_id", "order_id", "kind", "clock", "buyer_id", "ordered_day", "due_us", "ground",
    "base_minor", "owed_minor", "buyer_minor", "platform_minor", "is_paid_by_itself",
)  # fmt: skip
VIOLATION = ("seller_id", "violation_id", "kind", "source", "units", "happened_us", "recorded_us")
WEIGHT = ("effect", "points_class", "points", "strikes", "penalty_minor")
# Which row of a pack's tables said so is named otherwise in every book of terms.
PROPOSAL = tuple(name for name in Proposal.names() if not name.endswith("_version"))
# Outside the guarantee nothing is asked for.
NOT_ASKED = -1


def rows_of(columns: Columns, *names: str) -> Rows:
    return list(zip(*(getattr(columns, name).tolist() for name in names), strict=True))


class Replayed:
    """One bucket replayed under what was in force, each outcome when it is first asked for."""

    def __init__(self, history: History, bucket: int) -> None:
        self.history, self.bucket = history, bucket
        self.policy = policy_in_force(history.place)
        self.zone = zone_of(history.place.zone)
        self.horizon_us = history.place.horizon_us
        self._stretches = list(history.stretches(bucket))

    @cached_property
    def _found(self) -> Breaches:
        paid = self.history.rows(Paid, self.bucket)
        found = breaches_under(iter(self._stretches), [self.policy], self.zone, paid)[0]
        return found.take(found.due_us <= self.horizon_us)

    @cached_property
    def _rulings(self) -> tuple[Rulings, Redecided]:
        rulings = self.history.rows(Rulings, self.bucket)
        facts = self.history.rows(ClaimFacts, self.bucket)
        before = self.history.rows(Before, self.bucket)
        return rulings, decided_under(rulings, facts, before, self.policy)

    @cached_property
    def _punished(self) -> Punished:
        placed = [Placed.none(), *(Placed.of_stretch(s, self.zone) for s in self._stretches)]
        return punished_under(
            self.history.rows(Recorded, self.bucket), self.history.rows(Endings, self.bucket),
            self._rulings, self._found, Placed.concat(placed), self.policy.violations,
            zone=self.zone, horizon_us=self.horizon_us,
        )  # fmt: skip

    @cached_property
    def _ends(self) -> list[DayEnd]:
        """Every day's end, from the first seller's first day to the last day lived."""
        rows = OfSellers(
            *(self.history.rows(t, self.bucket) for t in (Sellers, Stays, Covers, Money))  # type: ignore[arg-type]
        )
        if len(rows.sellers) == 0 or not self._stretches:
            return []
        first = int(days_of(rows.sellers.joined_us, self.zone).min())
        last = int(days_of(np.array([self.horizon_us]), self.zone)[0])
        sold = [Sold.of_stretch(s, self.zone) for s in self._stretches]
        days = range(first, last + 1)
        ends = day_ends(
            rows, sold, [(self.policy, self._found)], self.zone, days,
            ends=np.ones(len(days), np.bool_),
        )  # fmt: skip
        return [end for _, end in ends]

    def breaches(self) -> Rows:
        return rows_of(self._found, *BREACH)

    def rulings(self) -> Rows:
        rulings, decided = self._rulings
        named = rows_of(rulings, "seller_id", "claim_id", "round")
        sums = rows_of(decided, "buyer_minor", "punitive_minor", "bears_minor", "fund_minor")
        return [(*name, *row) for name, row in zip(named, sums, strict=True)]

    def proposals(self, facts: ClaimFacts) -> Rows:
        """What rules propose on these facts, row for row; whoever ruled in the end."""
        return rows_of(propose(facts, self.policy.claims), *PROPOSAL) if len(facts) else []

    def violations(self) -> Rows:
        one = self._punished
        named, weights = rows_of(one.violations, *VIOLATION), rows_of(one.weights, *WEIGHT)
        return [(*name, *weight) for name, weight in zip(named, weights, strict=True)]

    def points(self) -> Rows:
        """Points and strikes that stand at the end."""
        rows = rows_of(self._punished.tallies, "seller_id", "points_class", "points", "strikes")
        return [row for row in rows if row[2:] != (0, 0)]

    def penalties(self) -> Rows:
        n = self._punished.nights
        step = n.points_class * 10 + n.rung
        return list(
            zip(
                *(c.tolist() for c in (n.seller_id, n.day, step, n.reached, n.penalty_minor,
                                       n.is_forced_out)), strict=True,
            )
        )  # fmt: skip

    def exits(self) -> Rows:
        checks = self.history.rows(Checks, self.bucket)
        stood = self.history.rows(Stood, self.bucket)
        left, judged = left_under(checks, stood, self.policy.exits, self.history.place.zone)
        stands = np.ones(len(checks), np.bool_)
        stands[stood.check[~judged.is_standing]] = False
        told = rows_of(left, "set_off_minor", "kept_minor", "free_minor", "is_waiting")
        named = rows_of(checks, "seller_id", "number", "seq")
        return [
            (*name, *row, stood_then)
            for name, row, stood_then in zip(named, told, stands.tolist(), strict=True)
        ]

    def asked(self) -> Rows:
        """Each change of what is asked of a seller inside the guarantee, by day."""
        return [
            row
            for block in self._blocks()
            for row in changes_of(block[0].seller_id, block[0].day, _required(block))
        ]

    def inside(self) -> dict[int, tuple[int, Mask]]:
        """From which day on, and on which days, each seller was inside: a fact."""
        found: dict[int, tuple[int, Mask]] = {}
        for block in self._blocks():
            table = np.stack([end.is_inside for end in block])
            for at, seller_id in enumerate(block[0].seller_id.tolist()):
                found[seller_id] = (block[0].day, table[:, at])
        return found

    def shortfalls(self) -> Rows:
        """Who is inside, who is short, and what each owes the fund, as the last day ends."""
        rows: Rows = []
        for block in self._blocks():
            end = block[-1]
            columns = (end.seller_id, end.is_inside, end.is_short, end.debt_minor)
            rows += zip(*(c.tolist() for c in columns), strict=True)
        return rows

    def _blocks(self) -> list[list[DayEnd]]:
        """The ends of each block of sellers, day by day."""
        blocks: list[list[DayEnd]] = []
        for end in self._ends:
            if not blocks or end.day <= blocks[-1][-1].day:
                blocks.append([])
            blocks[-1].append(end)
        return blocks


def _required(block: list[DayEnd]) -> Int:
    """By day and seller what is asked for."""
    inside = np.stack([end.is_inside for end in block])
    return np.where(inside, np.stack([end.required_minor for end in block]), NOT_ASKED)


def changes_of(seller_ids: Int, first_day: int, required: Int) -> Rows:
    """The days on which it changes for a seller: equal changes are equal on every day."""
    before = np.full((1, len(seller_ids)), NOT_ASKED)
    day, at = np.nonzero(np.diff(required, axis=0, prepend=before))
    columns = (seller_ids[at], day + first_day, required[day, at])
    return list(zip(*(c.tolist() for c in columns), strict=True))
