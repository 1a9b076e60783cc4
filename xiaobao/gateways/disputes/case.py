"""One claim as it goes out: the claim, its pieces of evidence, its rulings, its order's facts."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.claims.facts import ClaimState, Party
from xiaobao.kernel.money import decimal_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.facts import ClaimDetail
    from xiaobao.evidence.facts import Piece
    from xiaobao.hearings.facts import RulingRow
    from xiaobao.orders.facts import OrderDetail

ENDED = (
    ClaimState.PAID, ClaimState.RECOVERING, ClaimState.CLOSED, ClaimState.SETTLED,
    ClaimState.WITHDRAWN, ClaimState.LAPSED,
)  # fmt: skip


@dataclass(frozen=True)
class Case:
    claim: ClaimDetail
    pieces: Sequence[Piece]
    rulings: Sequence[RulingRow]
    order: OrderDetail | None

    @property
    def is_ended(self) -> bool:
        return self.claim.state in ENDED

    @property
    def ruling(self) -> RulingRow | None:
        """The one that stands."""
        return self.rulings[-1] if self.rulings else None

    @property
    def updated_at(self) -> datetime:
        return max([self.claim.filed_at, *(one.happened_at for one in self.claim.timeline)])

    @property
    def asked_minor(self) -> int:
        money = self.claim.money
        return money.asked_minor or money.goods_minor + money.freight_minor

    def due(self, party: Party) -> datetime | None:
        """By when a party has to do the next thing."""
        found = [one.by_at for one in self.claim.next_actions if one.party is party and one.by_at]
        return min(found, default=None)

    def decimal(self, minor: int) -> str:
        return decimal_of(minor, self.claim.money.currency)
