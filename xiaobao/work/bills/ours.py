"""Movements as our books have them, of whichever room, with what came of those left unowed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from xiaobao.advances import queries as advances_now
from xiaobao.advances.facts import PayoutState
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.facts import LodgementState
from xiaobao.exits import queries as exits_now
from xiaobao.gateways.payments import Direction
from xiaobao.work.unowed import StepKind, steps_about

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xiaobao.deposits.facts import Moved
    from xiaobao.work.unowed import Step

SIGN = {Direction.OUT: -1, Direction.IN: 1}
_NOT_GONE = {PayoutState.FAILED, PayoutState.STOPPED}
_GONE = {PayoutState.CONFIRMED, PayoutState.RECONCILED, PayoutState.PAID_UNOWED}
Name = tuple[Direction, int, UUID]


class Ours(NamedTuple):
    """A movement as our books have it."""

    minor: int  # signed as in a bill
    is_confirmed: bool
    is_failed: bool
    is_unowed: bool  # it left, and no book let go of its sum for it
    room: str
    back_minor: int = 0  # of what left unowed, what came back
    written_off_minor: int = 0

    @property
    def is_settled(self) -> bool:
        """Whether nothing of what left unowed is open."""
        return self.is_unowed and self.back_minor + self.written_off_minor == -self.minor


def ours_named(names: Iterable[Name]) -> dict[Name, Ours]:
    ours: dict[Name, Ours] = {}
    for direction in Direction:
        mine = [(seller, one) for way, seller, one in names if way is direction]
        sellers, ids = [seller for seller, _ in mine], [one for _, one in mine]
        if direction is Direction.IN:
            rooms = {"deposits": deposits_now.money_named}
        else:
            rooms = {
                "advances": advances_now.payouts_named, "exits": exits_now.refunds_named,
            }  # fmt: skip
        for room, lookup in rooms.items():
            for moved in lookup(sellers, ids):
                ours[direction, moved.seller_id, moved.id] = _as_ours(direction, moved, room)
    return ours | _unowed(ours)


def _unowed(ours: dict[Name, Ours]) -> dict[Name, Ours]:
    """Those that left unowed, with what came of them."""
    unowed = {name[1:]: (name, one) for name, one in ours.items() if one.is_unowed}
    steps = steps_about(unowed) if unowed else {}
    return {
        name: one._replace(
            back_minor=_sum(steps.get(key, ()), StepKind.BACK),
            written_off_minor=_sum(steps.get(key, ()), StepKind.WRITTEN_OFF),
        )
        for key, (name, one) in unowed.items()
    }


def _sum(steps: Iterable[Step], kind: StepKind) -> int:
    return sum(one.amount_minor for one in steps if one.kind is kind)


def _as_ours(direction: Direction, moved: Moved, room: str) -> Ours:
    if direction is Direction.IN:
        confirmed = moved.state == LodgementState.CONFIRMED
        failed, unowed = moved.state == LodgementState.FAILED, False
    else:
        confirmed, failed = moved.state in _GONE, moved.state in _NOT_GONE
        unowed = moved.state == PayoutState.PAID_UNOWED
    return Ours(SIGN[direction] * moved.amount_minor, confirmed, failed, unowed, room)
