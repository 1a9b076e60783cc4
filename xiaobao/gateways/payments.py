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


# zh, en
RESULT_WORDS = {
    Result.CONFIRMED: ("钱已动，账上已记", "the money has moved, and is booked"),
    Result.FAILED: ("没有动钱", "no money has moved"),
    Result.UNKNOWN: ("尚无结果", "not known yet"),
    Result.NOT_FOUND: ("网关没有这笔", "the gateway knows of none"),
}


# Said of what FAILED for good: nothing will ever move under its name, but may under another.
CLOSED_FOR_GOOD = "TRADE_CLOSED"


class Direction(IntEnum):
    OUT = 1  # to a buyer, or back to a seller
    IN = 2  # a deposit, from a seller


class Way(IntEnum):
    """How a movement comes about: most are paid; others have to do with a sum that is frozen."""

    PAID = 0
    FROZEN = 1  # in: frozen in the payer's own account; nothing has moved
    TAKEN = 2  # in: a part of a frozen sum is paid to us
    LET_GO = 3  # out: a part of a frozen sum is its owner's again; nothing has moved


# Of these money moves from account to account, so that a bill has a line of them.
MOVING = frozenset({Way.PAID, Way.TAKEN})


class Movement(NamedTuple):
    """Money to be moved. `account` is whose; `at_us` is the business moment of the asking.

    Where `holder` is given, money moves only if the account stands in that real name.
    `seller_id` says in whose book it stands: with it, what the gateway tells by itself is found.
    `sent_us` is when it was last handed over, 0 where it never was. `of` is the movement that
    froze the sum it takes from or lets go of, and `of_ref` the gateway's own number of that.
    """

    id: UUID
    account: str
    amount_minor: int
    currency: str
    attempt: int
    at_us: int
    holder: str = ""
    seller_id: int = 0
    sent_us: int = 0
    way: Way = Way.PAID
    of: UUID | None = None
    of_ref: str = ""


class Payee(NamedTuple):
    """Whose account a movement goes to, as a gateway knows people; `kind` is its word for how."""

    identity: str
    kind: str
    name: str


class Query(NamedTuple):
    """What became of one movement, asked at `at_us`; the rest is as it was asked to move.

    Of a sum to be frozen: CONFIRMED while it stands so, FAILED once nothing of it is frozen.
    """

    id: UUID
    at_us: int
    direction: Direction = Direction.OUT
    amount_minor: int = 0
    attempt: int = 0
    seller_id: int = 0
    way: Way = Way.PAID
    of: UUID | None = None
    of_ref: str = ""

    @classmethod
    def about(cls, movement: Movement, direction: Direction) -> Query:
        return cls(
            movement.id, movement.at_us, direction, movement.amount_minor, movement.attempt,
            movement.seller_id, movement.way, movement.of, movement.of_ref,
        )  # fmt: skip


class Answer(NamedTuple):
    """`gateway_ref` is the gateway's own number, "" where it gave none; `said` its words."""

    id: UUID
    result: Result
    attempt: int
    gateway_ref: str
    said: str


_SHOWN = "SCAN "
# For so long a code that is shown can be paid by.
CODE_HOURS = 2


def shown(code: str) -> str:
    """The words of an answer that shows a code to pay by."""
    return f"{_SHOWN}{code}"


def code_shown(said: str) -> str:
    """The address that the words of an answer show to pay at; "" where they show none."""
    code = said.removeprefix(_SHOWN)
    return code if code != said and code.startswith("https://") else ""


class BillLine(NamedTuple):
    """One movement in the gateway's own book."""

    id: UUID
    direction: Direction
    account: str
    amount_minor: int
    currency: str
    gateway_ref: str


class PaymentGateway(Protocol):
    """Answers come in any order; an answer may come twice, and one may be missing.

    `known_after_us` is how long after it was asked to move something a gateway may still say that
    it never heard of it.
    """

    name: str
    known_after_us: int

    def now_us(self) -> int:
        """Its clock: before it nothing that is asked from now on happens. 0: it has none."""
        ...

    def transfer_out(self, movements: Sequence[Movement]) -> list[Answer]:
        """Pay out, or let go of what is frozen."""
        ...

    def collect(self, movements: Sequence[Movement]) -> list[Answer]:
        """Take in, freeze, or take in of what is frozen."""
        ...

    def give_up(self, movements: Sequence[Movement]) -> list[Answer]:
        """Let what was to be taken in not come any more; say what became of it.

        FAILED: it was closed. NOT_FOUND: nobody ever began to pay it, and it was called off.
        """
        ...

    def query(self, asked: Sequence[Query]) -> list[Answer]:
        """Say what became of movements; moves nothing."""
        ...

    def bill(self) -> list[BillLine]:
        """Every movement of money that took place, for reconciliation."""
        ...
