"""What every payment gateway can do for us: take money in, pay it out, say what became of it.

Each movement has an id of ours, and a gateway moves money for one id once, however often it is
asked. An attempt is numbered: asked again under the same id and attempt, it answers the same.
"""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence
    from uuid import UUID


class Result(IntEnum):
    """What a gateway says of one movement."""

    CONFIRMED = 1  # the money has moved
    FAILED = 2  # no money has moved, and none will under this attempt
    UNKNOWN = 3  # it cannot say yet: ask again, and never send again before it can
    NOT_FOUND = 4  # it was never asked to move this


class Direction(IntEnum):
    OUT = 1  # to a buyer, or back to a seller
    IN = 2  # a deposit, from a seller


class Movement(NamedTuple):
    """Money to be moved. `account` is whose; `at_us` is the business moment of the asking.

    Where `holder` is given, money moves only if the account stands in that real name.
    """

    id: UUID
    account: str
    amount_minor: int
    currency: str
    attempt: int
    at_us: int
    holder: str = ""


class Query(NamedTuple):
    id: UUID
    at_us: int


class Answer(NamedTuple):
    """`gateway_ref` is the gateway's own number, "" where it gave none; `said` its words."""

    id: UUID
    result: Result
    attempt: int
    gateway_ref: str
    said: str


class BillLine(NamedTuple):
    """One movement in the gateway's own book."""

    id: UUID
    direction: Direction
    account: str
    amount_minor: int
    currency: str
    gateway_ref: str


class PaymentGateway(Protocol):
    """Answers come in any order; an answer may come twice, and one may be missing."""

    name: str

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        """Pay out."""
        ...

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        """Take in."""
        ...

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        """Say what became of movements; moves nothing."""
        ...

    def bill(self) -> list[BillLine]:
        """Every movement of money that took place, for reconciliation."""
        ...
