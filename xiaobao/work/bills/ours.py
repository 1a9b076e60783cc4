"""Movements as our books have them, of whichever room; and those that left without being owed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple
from uuid import UUID

from xiaobao.advances import queries as advances_now
from xiaobao.advances.facts import PayoutState
from xiaobao.deposits import queries as deposits_now
from xiaobao.deposits.facts import LodgementState
from xiaobao.exits import queries as exits_now
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.payments import Direction

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

    from xiaobao.deposits.facts import Moved

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
    return ours


def _as_ours(direction: Direction, moved: Moved, room: str) -> Ours:
    if direction is Direction.IN:
        confirmed = moved.state == LodgementState.CONFIRMED
        failed, unowed = moved.state == LodgementState.FAILED, False
    else:
        confirmed, failed = moved.state in _GONE, moved.state in _NOT_GONE
        unowed = moved.state == PayoutState.PAID_UNOWED
    return Ours(SIGN[direction] * moved.amount_minor, confirmed, failed, unowed, room)


@dataclass(frozen=True)
class UnowedRow:
    """A payout or a refund that was given up or stopped, and left all the same."""

    number: str
    seller_id: int
    amount_minor: int
    at: datetime


def paid_unowed() -> list[UnowedRow]:
    """All there are, however they were heard of, the latest first: each is to be asked back."""
    found = [*advances_now.unowed_payouts(), *exits_now.unowed_refunds()]
    rows = [
        UnowedRow(
            number_of(Direction.OUT, one.seller_id, one.id), one.seller_id, one.amount_minor,
            one.at,
        )
        for one in found
        if one.at is not None
    ]  # fmt: skip
    return sorted(rows, key=lambda row: (row.at, row.number), reverse=True)
