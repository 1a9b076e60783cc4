"""What a version changes for sellers, by their own orders: judged under both sets of rules.

Each seller's whole history is judged twice by the live rules: as if what holds just before the
version's effect had always held, and as if what holds from then on had.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.lab.pasts import FIGURES, Past
from xiaobao.lab.replay.policies import policy_of
from xiaobao.orders.facts import BreachKind

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xiaobao.kernel.columns import Int
    from xiaobao.lab.engines.question import History


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
class Sides:
    """One figure under either set of rules."""

    before: int = 0
    after: int = 0

    @property
    def is_changed(self) -> bool:
        return self.before != self.after


@dataclass(frozen=True)
class Impact:
    """One seller's history under both; what stands at its end, where nothing else is said."""

    seller_id: int
    orders: int
    kinds: tuple[KindImpact, ...]
    claims: int = 0  # that rules decided
    claims_minor: Sides = Sides()  # what they bring buyers
    claims_left: Sides = Sides()  # of them: no rule decides them
    required_minor: Sides = Sides()
    violations: Sides = Sides()  # recorded and not revoked, in all
    points: Sides = Sides()
    penalties: Sides = Sides()  # that began, in all
    forced_exits: Sides = Sides()

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
    """The impact on each seller of a bucket; on these alone where `only` is given.

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
    past = Past(history, bucket, only)
    old, new = (past.under(policy) for policy in policies)

    def sides(name: str, seller_id: int) -> Sides:
        return Sides(*(side.figures[name].get(seller_id, 0) for side in (old, new)))

    return [
        Impact(
            seller_id, past.orders.get(seller_id, 0),
            _kinds(seller_id, old.breaches, new.breaches), past.claims.get(seller_id, 0),
            **{name: sides(name, seller_id) for name in FIGURES},
        )
        for seller_id in past.sellers.seller_id.tolist()
    ]  # fmt: skip


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
