"""The past of some sellers under one set of rules: breaches, claims, deposit, points by seller."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import ClaimFacts
from xiaobao.hearings.facts import Before
from xiaobao.kernel.clocks import days_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.history.tables import (
    Covers,
    Endings,
    Money,
    Paid,
    Recorded,
    Rulings,
    Sellers,
    Stays,
)
from xiaobao.lab.replay.breaches import breaches_under
from xiaobao.lab.replay.claims import decided_under
from xiaobao.lab.replay.days import OfSellers, Sold
from xiaobao.lab.replay.deposits import day_ends
from xiaobao.lab.replay.violations import Placed, punished_under

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.lab.engines.question import History
    from xiaobao.lab.history.shapes import Stretch
    from xiaobao.lab.history.tables import T
    from xiaobao.lab.replay.breaches import Breaches
    from xiaobao.lab.replay.claims import Redecided
    from xiaobao.lab.replay.policies import Policy

# Figures of a seller's past, as `Impact` names them.
FIGURES = (
    "claims_minor", "claims_left", "required_minor", "violations", "points", "penalties",
    "forced_exits",
)  # fmt: skip
BySeller = dict[int, int]


@dataclass(frozen=True)
class Under:
    """What one set of rules makes of it: breaches by seller and kind, and every other figure."""

    breaches: dict[tuple[int, int], tuple[int, int]]
    figures: dict[str, BySeller]


class Past:
    """What happened to these sellers of a bucket, read once."""

    def __init__(self, history: History, bucket: int, only: Int | None) -> None:
        self._only = only
        self._zone = zone_of(history.place.zone)
        self._horizon_us = history.place.horizon_us

        def mine(table: type[T]) -> T:
            rows = history.rows(table, bucket)
            return rows if only is None else rows.take(np.isin(rows.seller_id, only))  # type: ignore[attr-defined]

        self.sellers = mine(Sellers)
        self._stretches = [s for s in map(self._asked, history.stretches(bucket)) if len(s)]
        self._rulings = history.rows(Rulings, bucket)
        ruled = np.flatnonzero(np.isin(self._rulings.seller_id, self.sellers.seller_id))
        self._rulings = self._rulings.take(ruled)
        self._ruled_on = history.rows(ClaimFacts, bucket).take(ruled)
        self._before = history.rows(Before, bucket).take(ruled)
        self._recorded, self._endings = mine(Recorded), mine(Endings)
        self._paid = mine(Paid)
        self._of_sellers = OfSellers(self.sellers, mine(Stays), mine(Covers), mine(Money))
        self.orders = self._counted()
        last = self._rulings.take(self._rulings.is_last)
        self.claims = _summed(last.seller_id, np.ones(len(last), np.int64))

    def _asked(self, whole: Stretch) -> Stretch:
        if self._only is None:
            return whole
        return whole.take(np.isin(whole.states.seller_id, self._only))

    def _counted(self) -> BySeller:
        found: BySeller = {}
        for part in self._stretches:
            # An order told late has several rows; the last is the order.
            sellers = part.states.seller_id[part.until_us == FAR_US]
            for seller_id, count in zip(*np.unique(sellers, return_counts=True), strict=True):
                found[int(seller_id)] = found.get(int(seller_id), 0) + int(count)
        return found

    def under(self, policy: Policy) -> Under:
        found = breaches_under(iter(self._stretches), [policy], self._zone, self._paid)[0]
        found = found.take(found.due_us <= self._horizon_us)
        decided = decided_under(self._rulings, self._ruled_on, self._before, policy)
        return Under(
            _by_kind(found),
            {
                **self._claimed(decided), **self._punished(policy, found, decided),
                "required_minor": self._required(policy, found),
            },
        )  # fmt: skip

    def _claimed(self, decided: Redecided) -> dict[str, BySeller]:
        last = self._rulings.is_last
        sellers, made = self._rulings.seller_id[last], decided.take(last)
        return {
            "claims_minor": _summed(sellers, made.buyer_minor),
            "claims_left": _summed(sellers, (~made.is_decided).astype(np.int64)),
        }

    def _punished(
        self, policy: Policy, found: Breaches, decided: Redecided
    ) -> dict[str, BySeller]:
        placed = [Placed.none(), *(Placed.of_stretch(s, self._zone) for s in self._stretches)]
        one = punished_under(
            self._recorded, self._endings, (self._rulings, decided), found, Placed.concat(placed),
            policy.violations, zone=self._zone, horizon_us=self._horizon_us,
        )  # fmt: skip
        stands = one.violations.seller_id[one.violations.revoked_us == FAR_US]
        begun = one.nights
        return {
            "violations": _summed(stands, np.ones(len(stands), np.int64)),
            "points": _summed(one.tallies.seller_id, one.tallies.points),
            "penalties": _summed(begun.seller_id, np.ones(len(begun), np.int64)),
            "forced_exits": _summed(begun.seller_id, begun.is_forced_out.astype(np.int64)),
        }

    def _required(self, policy: Policy, found: Breaches) -> BySeller:
        """What is asked of each as the last day lived ends; nothing of who is not inside."""
        if len(self.sellers) == 0 or self._horizon_us == 0:
            return {}
        sold = [Sold.none(), *(Sold.of_stretch(s, self._zone) for s in self._stretches)]
        first = int(days_of(self.sellers.joined_us, self._zone).min())
        last = int(days_of(np.array([self._horizon_us]), self._zone)[0])
        days = range(min(first, last), last + 1)
        ends = np.arange(len(days)) == len(days) - 1
        required: BySeller = {}
        sides = [(policy, found)]
        for _, end in day_ends(self._of_sellers, sold, sides, self._zone, days, ends=ends):
            asked = np.where(end.is_inside, end.required_minor, 0)
            required |= _summed(end.seller_id, asked)
        return required


def _summed(seller_id: Int, amount: Int) -> BySeller:
    ids, place = np.unique(seller_id, return_inverse=True)
    sums = np.zeros(len(ids), np.int64)
    np.add.at(sums, place, amount)
    return dict(zip(ids.tolist(), sums.tolist(), strict=True))


def _by_kind(b: Breaches) -> dict[tuple[int, int], tuple[int, int]]:
    """How many and how much, by seller and kind."""
    keys = np.stack([b.seller_id, b.kind])
    pairs, place = np.unique(keys, axis=1, return_inverse=True)
    count = np.zeros(pairs.shape[1], np.int64)
    money = count.copy()
    np.add.at(count, place, 1)
    np.add.at(money, place, b.buyer_minor + b.platform_minor)
    return {
        (int(seller), int(kind)): (int(n), int(minor))
        for seller, kind, n, minor in zip(*pairs, count, money, strict=True)
    }
