"""What a version changes for sellers, by their own orders: judged under both sets of rules.

Each seller's whole history is judged twice by the live rules: as if what holds just before the
version's effect had always held, and as if what holds from then on had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.lab.replay.breaches import breaches_under
from xiaobao.lab.replay.policies import policy_of
from xiaobao.orders.facts import BreachKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from xiaobao.kernel.columns import Int
    from xiaobao.lab.engines.question import History
    from xiaobao.lab.history.shapes import Stretch
    from xiaobao.lab.replay.breaches import Breaches


@dataclass(frozen=True)
class KindImpact:
    """Breaches of one kind before and after; money is what buyers and the fund get together."""

    kind: BreachKind
    before: int
    before_minor: int
    after: int
    after_minor: int

    @property
    def is_changed(self) -> bool:
        return (self.before, self.before_minor) != (self.after, self.after_minor)


@dataclass(frozen=True)
class Impact:
    """One seller's history under both."""

    seller_id: int
    orders: int
    kinds: tuple[KindImpact, ...]

    @property
    def before_minor(self) -> int:
        return sum(kind.before_minor for kind in self.kinds)

    @property
    def after_minor(self) -> int:
        return sum(kind.after_minor for kind in self.kinds)


def impacts_of(
    history: History,
    bucket: int,
    *,
    before: Mapping[str, str],
    after: Mapping[str, str],
    effective_us: int,
    is_published: bool,
    only: Int | None = None,
) -> list[Impact]:
    """The impact on each seller of a bucket who has orders; on these alone where `only` is given.

    `before` and `after` are the files of two packs, asked at the moment of effect; the first is a
    published one, and the second if `is_published`.

    :raises PackUnsound: if the linter has findings in what is not published
    :raises PackOfAnotherMarket: if either is for another market or currency
    """
    place = history.place
    policies = [
        policy_of(before, place, "before", at_us=effective_us - 1, is_published=True),
        policy_of(after, place, "after", at_us=effective_us, is_published=is_published),
    ]
    sold: dict[int, int] = {}
    stretches = _counted(history.stretches(bucket), only, sold)
    found = breaches_under(stretches, policies, zone_of(place.zone))
    old, new = (_by_kind(b.take(b.due_us <= place.horizon_us)) for b in found)
    return [
        Impact(seller_id, orders, _kinds(seller_id, old, new))
        for seller_id, orders in sorted(sold.items())
    ]


def _counted(
    stretches: Iterator[Stretch], only: Int | None, sold: dict[int, int]
) -> Iterator[Stretch]:
    for whole in stretches:
        part = whole
        if only is not None:
            part = whole.take(np.isin(whole.states.seller_id, only))
        if len(part):
            # An order told late has several rows; the last is the order.
            sellers = part.states.seller_id[part.until_us == FAR_US]
            for seller_id, count in zip(*np.unique(sellers, return_counts=True), strict=True):
                sold[int(seller_id)] = sold.get(int(seller_id), 0) + int(count)
            yield part


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


def _kinds(
    seller_id: int,
    old: Mapping[tuple[int, int], tuple[int, int]],
    new: Mapping[tuple[int, int], tuple[int, int]],
) -> tuple[KindImpact, ...]:
    return tuple(
        KindImpact(kind, *old.get((seller_id, kind), (0, 0)), *new.get((seller_id, kind), (0, 0)))
        for kind in BreachKind
        if (seller_id, kind) in old or (seller_id, kind) in new
    )
