"""Shapes of the ledger: accounts, postings as columns, outcomes; nothing here reads or writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from itertools import chain
from operator import attrgetter
from typing import TYPE_CHECKING, Self

import numpy as np

from xiaobao.kernel.columns import FAR_US, Columns, Int

if TYPE_CHECKING:
    from collections.abc import Sequence


class Account(IntEnum):
    """The accounts of a seller's book; their balances always sum to zero."""

    OUTSIDE = 0  # free: what came in less what went out
    DEPOSIT = 1  # >= 0: lodged and free
    LOCKED = 2  # >= 0: the sum of open holds
    RESERVE = 3  # >= 0: rolling reserve and pending settlement withheld
    FUND = 4  # <= 0: drawn from the guarantee fund, the seller's debt
    BUYERS = 5  # >= 0: owed to buyers, not yet confirmed paid
    REFUNDS = 6  # >= 0: owed back to the seller, not yet confirmed paid
    PENALTY = 7  # >= 0: punitive part and penalty money, swept to the fund


# What each account may not fall below (FREE: no floor) or rise above.
FREE = 2**62
FLOORS = dict.fromkeys(Account, 0) | {Account.OUTSIDE: -FREE, Account.FUND: -FREE}
CEILINGS = dict.fromkeys(Account, FREE) | {Account.FUND: 0}


class Op(IntEnum):
    """What a posting does about a hold."""

    MOVE = 0  # plain: source -> target
    HOLD = 1  # source -> LOCKED under the name of the hold
    CAPTURE = 2  # LOCKED -> target, at most what is held; the rest goes back to the hold's source
    RELEASE = 3  # LOCKED -> the hold's source, all of it
    EXPIRE = 4  # as RELEASE, because the hold's time ran out
    RETURN = 5  # written by the ledger itself: what a partial capture gave back


class Why(IntEnum):
    """What a posting is for; the words stand in the glossary and on statements."""

    DEPOSIT_LODGED = 1
    SETTLEMENT_WITHHELD = 2
    SETTLEMENT_RELEASED = 3
    COMPENSATION = 4
    PENALTY = 5
    COVER_DRAWN = 6
    ADVANCE = 7
    DEBT_RECOVERED = 8
    BUYER_PAID = 9
    PENALTY_SWEPT = 10
    EXPOSURE_LOCKED = 11
    EXPOSURE_FREED = 12
    EXIT_LOCKED = 13
    REFUND_OWED = 14
    REFUND_PAID = 15
    REVERSAL = 16
    FUND_GRANTED = 17  # borne by the guarantee fund for good: no debt
    BORNE_AGAIN = 18  # what a new ruling leaves the seller to bear of what was reversed
    PAYOUT_STOPPED = 19  # never sent: the buyer's fraud was ruled before
    LATE_BORNE = 20  # left unowed and not got back: borne by the guarantee fund
    LATE_LEFT = 21  # the same sum, as it left: the book is as it was
    INTEREST_OWED = 31  # by the platform, for being late; from its own money
    PREMIUM_PAID = 32
    DEPOSIT_LOST = 33  # frozen with the seller, and its own again before it was taken
    PENALTY_RETURNED = 41  # of a violation that was revoked


class Outcome(IntEnum):
    """What became of one posting. POSTED and REPLAY mean the book now says it, once."""

    POSTED = 0
    REPLAY = 1  # the same cause and leg with the same content stands already: nothing moved
    OTHER_CONTENT = 2  # the same cause and leg stands with another content
    INSUFFICIENT = 3  # the source would fall below its floor
    ABOVE_CEILING = 4  # the target would rise above its ceiling (a debt repaid beyond zero)
    UNKNOWN_BOOK = 5
    UNKNOWN_ACCOUNT = 6
    SAME_ACCOUNT = 7
    NOT_POSITIVE = 8
    UNKNOWN_HOLD = 9
    HOLD_RESOLVED = 10
    HOLD_EXPIRED = 11
    EXCEEDS_HOLD = 12
    HOLD_EXISTS = 13
    HOLD_NOT_DUE = 14  # an EXPIRE before the hold's time has run out
    WRONG_HOLD_ACCOUNT = 15  # LOCKED moved without a hold, or a hold op that does not name LOCKED
    NOT_WHOLE_HOLD = 16  # a RELEASE or EXPIRE of less than what is held


class HoldState(IntEnum):
    """A hold is open until one posting resolves it, once."""

    OPEN = 0
    CAPTURED = 1
    RELEASED = 2
    EXPIRED = 3


class CauseKind(IntEnum):
    """Kinds of the causes that this room names itself."""

    HOLD_EXPIRED = 601


# Doors number their legs 0..LEGS-1; what a partial capture gave back stands at its leg + LEGS.
LEGS = 16_384


@dataclass(frozen=True, slots=True)
class Postings(Columns):
    """Movements asked for, in the order in which they are meant.

    `cause_hi`, `cause_lo` and `leg` are the idempotency key inside the seller's book: one cause
    posts each of its legs once. `hold_hi`, `hold_lo` name the hold for every op but MOVE (zeros
    there). `expires_us` is FAR_US for a hold without an end. `at_us` is the business moment.
    A RELEASE or EXPIRE may say 0 for "all that is held".
    """

    seller_id: Int
    cause_hi: Int
    cause_lo: Int
    leg: Int
    op: Int
    source: Int
    target: Int
    amount_minor: Int
    why: Int
    hold_hi: Int
    hold_lo: Int
    expires_us: Int
    at_us: Int

    @classmethod
    def concat(cls, parts: Sequence[Self]) -> Self:
        """As of any columns, in a third of the time: all are of one type, and joined at once."""
        columns = zip(*map(_COLUMNS, parts), strict=True)
        joined = np.concatenate(list(chain.from_iterable(columns)))
        return cls(*joined.reshape(len(cls.names()), -1))

    @classmethod
    def moves(
        cls,
        *,
        seller_id: Int,
        cause_hi: Int,
        cause_lo: Int,
        leg: Int,
        source: Int,
        target: Int,
        amount_minor: Int,
        why: Int,
        at_us: Int,
    ) -> Postings:
        """Plain movements: no holds."""
        none = np.zeros(len(seller_id), np.int64)
        return cls(
            seller_id=seller_id, cause_hi=cause_hi, cause_lo=cause_lo, leg=leg,
            op=none, source=source, target=target, amount_minor=amount_minor, why=why,
            hold_hi=none, hold_lo=none, expires_us=none + FAR_US, at_us=at_us,
        )  # fmt: skip


_COLUMNS = attrgetter(*Postings.names())


@dataclass(frozen=True, slots=True)
class Balances(Columns):
    """Books as they stand, one row per seller asked for that has a book."""

    seller_id: Int
    seq: Int
    outside: Int
    deposit: Int
    locked: Int
    reserve: Int
    fund: Int
    buyers: Int
    refunds: Int
    penalty: Int


@dataclass(frozen=True, slots=True)
class Books(Columns):
    """Books as a batch finds or leaves them: `balance` has one column per account."""

    seller_id: Int
    seq: Int
    last_us: Int
    balance: Int


@dataclass(frozen=True, slots=True)
class Holds(Columns):
    """Holds as they stand; `captured_minor` is 0 unless CAPTURED."""

    seller_id: Int
    hold_hi: Int
    hold_lo: Int
    amount_minor: Int
    source: Int
    state: Int
    captured_minor: Int
    expires_us: Int
    cause_hi: Int
    cause_lo: Int

    @classmethod
    def none(cls) -> Holds:
        return cls(**dict.fromkeys(cls.names(), np.zeros(0, np.int64)))


@dataclass(frozen=True, slots=True)
class Entries(Columns):
    """Postings as the book says them: numbered, and with both balances after them.

    `at_us` is the book's moment: never before that of the entry above it.
    """

    seller_id: Int
    seq: Int
    at_us: Int
    amount_minor: Int
    source_after: Int
    target_after: Int
    expires_us: Int
    cause_hi: Int
    cause_lo: Int
    hold_hi: Int
    hold_lo: Int
    leg: Int
    op: Int
    source: Int
    target: Int
    why: Int

    @classmethod
    def none(cls) -> Entries:
        return cls(**dict.fromkeys(cls.names(), np.zeros(0, np.int64)))


@dataclass(frozen=True)
class Decision:
    """What a batch comes to: an outcome per posting, and what is to be recorded.

    `books` are those with new entries, as they stand after them; `made` holds are new, `resolved`
    ones stood before.
    """

    outcome: Int
    entries: Entries
    books: Books
    made: Holds
    resolved: Holds


@dataclass(frozen=True)
class Broken:
    """One breach of one law: what the law wants and what stands; `detail` says where."""

    law: str
    seller_id: int
    detail: str
    expected: int
    found: int
    zh: str  # the law in words
    en: str

    def says(self, language: str = "zh") -> str:
        if language.startswith("en"):
            return (
                f"{self.en}: seller {self.seller_id}, {self.detail}: "
                f"expected {self.expected}, found {self.found}"
            )
        return (
            f"{self.zh}：卖家 {self.seller_id}，{self.detail}："
            f"应为 {self.expected}，实为 {self.found}"
        )


@dataclass(frozen=True)
class Receipt:
    """One outcome per posting, in the order given."""

    outcome: Int

    @property
    def posted(self) -> int:
        return int((self.outcome == Outcome.POSTED).sum())

    def counts(self) -> dict[str, int]:
        return {
            o.name.lower(): int((self.outcome == o).sum())
            for o in Outcome
            if (self.outcome == o).any()
        }


def outcomes(values: Sequence[int]) -> list[Outcome]:
    return [Outcome(v) for v in values]
