"""What is asked of history, and the answer of one bucket of sellers: the same on every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from xiaobao.kernel.clocks import zone_of
from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.lab.replay.breaches import breaches_under
from xiaobao.lab.tallies.comparing import tally_of
from xiaobao.lab.tallies.shapes import Sums, Tally, merged, summed
from xiaobao.lab.tallies.shops import Sales, tally_of_shops
from xiaobao.orders.facts import BreachKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.lab.history.shapes import Place, Sellers, Stretch
    from xiaobao.lab.replay.policies import Policy


class History(Protocol):
    """A lake, or the database."""

    place: Place
    buckets: int

    def stretches(self, bucket: int) -> Iterator[Stretch]: ...
    def sellers(self, bucket: int) -> Sellers: ...
    def order_names(self, seller_id: Int, order_id: Int) -> list[str]: ...
    def seller_names(self, seller_id: Int) -> list[str]: ...


@dataclass(frozen=True)
class Question:
    """Two policies, and the orders of which time: `[since, until)`."""

    old: Policy
    new: Policy
    since_us: int
    until_us: int
    horizon_us: int
    zone: str
    floors_minor: tuple[int, ...]
    sizes_minor: tuple[int, ...]


class _Counted:
    """Stretches on their way to the rules, cut to the time asked for and counted."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.sales: Sums = {}
        self.sold: list[Sales] = []

    def through(self, stretches: Iterator[Stretch]) -> Iterator[Stretch]:
        for whole in stretches:
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
    found = breaches_under(counted.through(history.stretches(bucket)), policies, zone)
    old, new = (b.take(b.due_us <= question.horizon_us) for b in found)
    tally = tally_of(old, new, question.floors_minor)
    shops = tally_of_shops(counted.sold, old, new, question.sizes_minor)
    return merged(Tally({"sales": counted.sales, "shops": shops}), tally)
