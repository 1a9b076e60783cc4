"""What is asked of history, and the answer of one bucket of sellers: the same on every engine."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

import numpy as np

from xiaobao.kernel.clocks import days_of, zone_of
from xiaobao.kernel.columns import FAR_US, Int, Mask
from xiaobao.lab.replay.breaches import Breaches, breaches_under
from xiaobao.lab.replay.deposits import Sold, day_ends
from xiaobao.lab.tallies.comparing import tally_of
from xiaobao.lab.tallies.demands import tally_of_days
from xiaobao.lab.tallies.shapes import Side, Sums, Tally, merged, summed
from xiaobao.lab.tallies.shops import Sales, tally_of_shops
from xiaobao.orders.facts import BreachKind

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.lab.history.shapes import Kept, Money, Place, Sellers, Stretch
    from xiaobao.lab.replay.policies import Policy


# Deposits are followed so long after the last sale: what happens later no order asks for.
DAYS_AFTER_LAST = 60


class History(Protocol):
    """A lake, or the database."""

    place: Place
    buckets: int

    def stretches(self, bucket: int) -> Iterator[Stretch]: ...
    def sellers(self, bucket: int) -> Sellers: ...
    def money(self, bucket: int) -> Money: ...
    def kept(self, bucket: int) -> Kept: ...
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
    has_deposits: bool  # deposits need all of history: they are asked for without bounds only


class _Counted:
    """Stretches on their way to the rules, cut to the time asked for and counted."""

    def __init__(self, question: Question) -> None:
        self.question = question
        self.sales: Sums = {}
        self.sold: list[Sales] = []
        self.orders: list[Sold] = []
        self._zone = zone_of(question.zone)

    def through(self, stretches: Iterator[Stretch]) -> Iterator[Stretch]:
        for whole in stretches:
            if self.question.has_deposits:
                self.orders.append(Sold.of_stretch(whole, self._zone))
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
    kept = history.kept(bucket)
    decided = summed([kept.by, kept.kind], [kept.cases, kept.paid_minor, kept.platform_minor])
    cubes = {"sales": counted.sales, "shops": shops, "kept": decided}
    if counted.orders:
        cubes["deposits"] = _deposits(history, bucket, question, counted.orders, (old, new))
    return merged(Tally(cubes), tally)


def _deposits(
    history: History, bucket: int, question: Question, orders: list[Sold],
    found: tuple[Breaches, Breaches],
) -> Sums:  # fmt: skip
    """What is asked of a bucket's sellers, and what is there, month by month, on both sides."""
    sellers, money = history.sellers(bucket), history.money(bucket)
    zone = zone_of(question.zone)
    if len(sellers) == 0:
        return {}
    last_sale = max(int(one.ordered_day.max(initial=0)) for one in orders)
    lived = int(days_of(np.array([question.horizon_us]), zone)[0])
    days = range(
        int(days_of(sellers.joined_us, zone).min()), min(lived, last_sale + DAYS_AFTER_LAST) + 1
    )
    sums: Sums = {}
    for side, policy, b in zip(Side, (question.old, question.new), found, strict=True):
        ends = day_ends(sellers, orders, b, money, policy, zone, days)
        sums |= tally_of_days(side, ends, question.sizes_minor)
    return sums
