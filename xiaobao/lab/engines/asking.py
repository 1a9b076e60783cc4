"""The answer of one bucket of sellers: the same on every engine."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.engines.remembering import redecided, remembered
from xiaobao.lab.history.tables import Kept, Paid
from xiaobao.lab.replay.breaches import breaches_under
from xiaobao.lab.replay.days import Sold
from xiaobao.lab.replay.violations import Placed
from xiaobao.lab.tallies.claims import tally_of_claims
from xiaobao.lab.tallies.comparing import tally_of
from xiaobao.lab.tallies.shapes import Sums, Tally, merged, summed
from xiaobao.lab.tallies.shops import Sales, tally_of_shops
from xiaobao.orders.facts import BreachKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.kernel.columns import Mask
    from xiaobao.lab.engines.question import History, Question
    from xiaobao.lab.history.shapes import Stretch


class _Counted:
    """Stretches on their way to the rules, cut to the time asked for and counted."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.sales: Sums = {}
        self.sold: list[Sales] = []
        self.orders: list[Sold] = []
        self.placed: list[Placed] = []
        self._zone = zone_of(question.zone)

    def through(self, stretches: Iterator[Stretch]) -> Iterator[Stretch]:
        for whole in stretches:
            if self.question.is_whole:
                self.orders.append(Sold.of_stretch(whole, self._zone))
                self.placed.append(Placed.of_stretch(whole, self._zone))
            stretch = self._asked(whole)
            if len(stretch):
                self._count(stretch)
                yield stretch

    def _asked(self, stretch: Stretch) -> Stretch:
        ordered = stretch.states.ordered_us
        inside: Mask = (ordered >= self.question.since_us) & (ordered < self.question.until_us)
        return stretch if inside.all() else stretch.take(inside)

    def _count(self, stretch: Stretch) -> None:
        f = stretch.states
        one = np.ones(len(stretch), np.int64)
        # An order told late has several rows; the last is the order.
        is_last = (stretch.until_us == FAR_US).astype(np.int64)
        found = summed(
            [one * stretch.month, f.category_id],
            [is_last, f.goods_minor * is_last, one * len(BreachKind)],
        )
        self.sales |= found
        self.sold.append(Sales.of_stretch(stretch, is_last))


def answer_of(history: History, bucket: int, question: Question) -> Tally:
    """What one bucket of sellers says."""
    counted = _Counted(question)
    zone = zone_of(question.zone)
    policies = (question.old, question.new)
    paid = history.rows(Paid, bucket)
    found = breaches_under(counted.through(history.stretches(bucket)), policies, zone, paid)
    old, new = (b.take(b.due_us <= question.horizon_us) for b in found)
    tally = tally_of(old, new, question.floors_minor)
    shops = tally_of_shops(counted.sold, old, new, question.sizes_minor)
    kept = history.rows(Kept, bucket)
    decided = summed([kept.by, kept.kind], [kept.cases, kept.paid_minor, kept.platform_minor])
    claims = redecided(history, bucket, question)
    cubes = {
        "sales": counted.sales, "shops": shops, "kept": decided,
        "claims": tally_of_claims(claims),
    }  # fmt: skip
    if question.is_whole:
        cubes |= remembered(
            history, bucket, question, claims, (old, new), (counted.orders, counted.placed)
        )
    return merged(Tally(cubes), tally)
