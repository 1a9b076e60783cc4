"""Shapes of advances: what is owed, who bore it, payouts and what the gateway answered."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from numpy.typing import NDArray


class CauseKind(IntEnum):
    """Kinds of the causes that this room names itself; compensation keeps its breach's own."""

    REVERSAL = 301
    RECOVERY = 302
    PENALTY_SWEEP = 303
    ATTEMPT = 304  # one attempt at a payout, for the events that tell of it


class Leg(IntEnum):
    """The legs a compensation's cause posts, each at most once."""

    RESERVE_TO_BUYER = 0
    DEPOSIT_TO_BUYER = 1
    COVER_TO_BUYER = 2
    FUND_TO_BUYER = 3
    RESERVE_TO_PLATFORM = 4
    DEPOSIT_TO_PLATFORM = 5
    COVER_TO_PLATFORM = 6
    FUND_TO_PLATFORM = 7
    BUYER_PAID = 8
    LOCKED_TO_BUYER = 9
    LOCKED_TO_PLATFORM = 10
    GRANT_TO_BUYER = 11  # the fund's own, no debt of the seller
    HOLD_FREED = 12
    PAYOUT_STOPPED = 13  # in the place of BUYER_PAID


class PayoutState(IntEnum):
    """Where a payout stands; `rules.NEXT_STATES` says what may follow."""

    CREATED = 0
    SENT = 1  # written before the gateway is called: from here on only a query tells
    CONFIRMED = 2
    FAILED = 3  # no money moved; sent again under the same id when its time comes
    UNKNOWN = 4  # money may have moved; asked about, never sent again blindly
    RECONCILED = 5  # confirmed, and found in the gateway's own book
    STOPPED = 6  # nothing moved, nothing will: the buyer's fraud was ruled before
    PAID_UNOWED = 7  # stopped, and the gateway had moved it all the same: to be asked back


class PayoutAnswer(IntEnum):
    """What the gateway said of one payout."""

    CONFIRMED = 1
    FAILED = 2
    UNKNOWN = 3


@dataclass(frozen=True, slots=True)
class Owed(Columns):
    """What sellers owe, one row per cause, in the order in which it is to be borne.

    `subject_id` is what it is about (an order, a claim); `buyer_minor` goes to the buyer,
    `platform_minor` is the punitive part. `at_us` is the moment of decision.
    """

    seller_id: Int
    cause_hi: Int
    cause_lo: Int
    market_id: Int
    subject_id: Int
    buyer_id: Int
    buyer_minor: Int
    platform_minor: Int
    at_us: Int


@dataclass(frozen=True, slots=True)
class Backing(Columns):
    """What stands behind each row before the seller's other money; all 0 where nothing does.

    `locked_minor` is what the hold of this name locks in the deposit, whatever is owed: what is
    not drawn goes back. `granted_minor` of the buyer's part the fund bears for good. Where the
    platform's part `is_borne_again` it takes the place of what was reversed: it is no penalty.
    """

    hold_hi: Int
    hold_lo: Int
    locked_minor: Int
    granted_minor: Int
    is_borne_again: Mask

    @classmethod
    def none(cls, count: int) -> Backing:
        zero = np.zeros(count, np.int64)
        return cls(zero, zero, zero, zero, np.zeros(count, np.bool_))


@dataclass(frozen=True, slots=True)
class Available(Columns):
    """What each row's seller has to bear it with; the same on all rows of one seller."""

    reserve_minor: Int
    deposit_minor: Int
    cover_minor: Int


@dataclass(frozen=True, slots=True)
class Split(Columns):
    """Who bears how much of each row; the buyer's six sum to what the buyer is owed.

    What was locked for the row is the deposit's too.
    """

    buyer_locked_minor: Int
    platform_locked_minor: Int
    buyer_grant_minor: Int
    buyer_reserve_minor: Int
    buyer_deposit_minor: Int
    buyer_cover_minor: Int
    buyer_fund_minor: Int
    platform_reserve_minor: Int
    platform_deposit_minor: Int
    platform_cover_minor: Int
    platform_fund_minor: Int


@dataclass(frozen=True, slots=True)
class Borne(Columns):
    """What each source bore for one cause, both parts together, for a reversal."""

    seller_id: Int
    cause_hi: Int
    cause_lo: Int
    reserve_minor: Int
    deposit_minor: Int
    cover_minor: Int
    fund_minor: Int


@dataclass(frozen=True, slots=True)
class Restored(Columns):
    """What a reversal gives back for one cause.

    `cancelled_minor` of the debt is struck out; where the seller repaid the debt in the meantime,
    `returned_minor` goes to the deposit instead.
    """

    reserve_minor: Int
    deposit_minor: Int
    cover_minor: Int
    cancelled_minor: Int
    returned_minor: Int


@dataclass(frozen=True, slots=True)
class DuePayouts(Columns):
    """Payouts whose time has come: to be sent, or (`is_query`) asked about."""

    seller_id: Int
    payout_hi: Int
    payout_lo: Int
    market_id: Int
    buyer_id: Int
    amount_minor: Int
    attempt: Int  # counted from 1
    due_us: Int
    is_query: Mask
    sent_us: Int  # when it was last handed to the gateway; 0 where it never was


@dataclass(frozen=True, slots=True)
class Payouts(Columns):
    """Payouts as they stand."""

    seller_id: Int
    payout_hi: Int
    payout_lo: Int
    market_id: Int
    buyer_id: Int
    amount_minor: Int
    state: Int  # PayoutState
    attempts: Int
    queries: Int  # since the last attempt


@dataclass(frozen=True, slots=True)
class PayoutAnswers(Columns):
    """What the gateway answered, one row per answer; the same answer may come twice."""

    seller_id: Int
    payout_hi: Int
    payout_lo: Int
    attempt: Int  # which one it is about
    answer: Int  # PayoutAnswer
    at_us: Int
    gateway_ref: NDArray[Any]  # str: the gateway's own number, "" where it gave none
    said: NDArray[Any]  # str: the gateway's words or code


@dataclass(frozen=True)
class SettleReport:
    """What one settlement did, in minor units, whatever the currency."""

    found: int = 0  # breaches found, or causes asked to be paid
    paid: int = 0  # of which were paid now
    buyers_minor: int = 0
    platform_minor: int = 0
    advanced_minor: int = 0  # borne by the fund: new debt

    def __add__(self, other: SettleReport) -> SettleReport:
        return SettleReport(
            self.found + other.found,
            self.paid + other.paid,
            self.buyers_minor + other.buyers_minor,
            self.platform_minor + other.platform_minor,
            self.advanced_minor + other.advanced_minor,
        )


@dataclass(frozen=True)
class MoneyMoved:
    """In how many books an act moved money, and how much."""

    books: int = 0
    amount_minor: int = 0

    def __add__(self, other: MoneyMoved) -> MoneyMoved:
        return MoneyMoved(self.books + other.books, self.amount_minor + other.amount_minor)


@dataclass(frozen=True)
class AnswersReport:
    """What became of the answers recorded; an answer already known counts nowhere."""

    confirmed: int = 0
    failed: int = 0
    unknown: int = 0
    paid_minor: int = 0

    def __add__(self, other: AnswersReport) -> AnswersReport:
        return AnswersReport(
            self.confirmed + other.confirmed,
            self.failed + other.failed,
            self.unknown + other.unknown,
            self.paid_minor + other.paid_minor,
        )


@dataclass(frozen=True)
class PayoutTotals:
    market_id: int
    state: PayoutState
    count: int
    amount_minor: int


@dataclass(frozen=True)
class SplitTotals:
    """Since the beginning, in the market's currency; the first two sum to the next five."""

    market_id: int
    paid: int  # compensations
    buyers_minor: int
    platform_minor: int
    reserve_minor: int
    deposit_minor: int
    cover_minor: int
    fund_minor: int  # advanced
    granted_minor: int  # borne by the fund for good
    recovered_minor: int
    reversed_minor: int


@dataclass(frozen=True)
class PayoutRow:
    payout: UUID
    buyer_id: int
    market_id: int
    amount_minor: int
    state: PayoutState
    attempts: int
    created_at: datetime
    next_at: datetime | None
    ended_at: datetime | None
    gateway_ref: str
    said: str


@dataclass(frozen=True)
class PayoutEventRow:
    happened_at: datetime
    state: PayoutState
    attempt: int
    gateway_ref: str
    said: str


# zh, en; the glossary's words.
STATE_WORDS = {
    PayoutState.CREATED: ("待打款", "created"),
    PayoutState.SENT: ("已发出", "sent"),
    PayoutState.CONFIRMED: ("已到账", "confirmed"),
    PayoutState.FAILED: ("失败待重试", "failed, to be retried"),
    PayoutState.UNKNOWN: ("结果未知", "unknown"),
    PayoutState.RECONCILED: ("已对账", "reconciled"),
    PayoutState.STOPPED: ("已停止", "stopped"),
    PayoutState.PAID_UNOWED: ("停止后仍到账", "paid though stopped"),
}
