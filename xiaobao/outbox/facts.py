"""Shapes of the outbox: what can be told, an event as a row, and its way to subscribers."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from xiaobao.kernel.columns import Columns, Int

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


class EventKind(IntEnum):
    """What happened that somebody outside must hear of; `name_of` gives the name they see."""

    BREACH_FOUND = 101  # subject: order; party: buyer
    DEPOSIT_QUOTED = 201
    DEPOSIT_CONFIRMED = 202
    DEPOSIT_FAILED = 203
    DEPOSIT_SHORT = 204
    DEPOSIT_MET = 205
    DEPOSIT_LADDER_CLIMBED = 206
    DEPOSIT_SETTLEMENT_WITHHELD = 207
    DEPOSIT_ENDING = 208  # a frozen sum ends soon: another is to be frozen in its place
    DEPOSIT_TAKEN = 209  # a part of a frozen sum was paid to the platform
    DEPOSIT_LOST = 210  # a frozen sum ended before it was taken
    COMPENSATION_ADVANCED = 301  # subject: order; party: buyer
    COMPENSATION_REVERSED = 302
    PAYOUT_CONFIRMED = 303
    PAYOUT_FAILED = 304
    PAYOUT_UNKNOWN = 305
    DEBT_RECOVERED = 306
    PENALTY_SWEPT = 307
    SELLER_INVITED = 401
    SELLER_SIGNED = 402
    SELLER_ENROLLED = 403
    SELLER_RESTRICTED = 404
    SELLER_LIFTED = 405
    SELLER_POLICY_ANNOUNCED = 406  # subject: pack; amount: what it would have cost more
    SELLER_POLICY_ACCEPTED = 407
    SELLER_POLICY_OBJECTED = 408
    SELLER_POLICY_WITHDRAWN = 409
    SELLER_PAYEE_CHANGED = 410  # money back goes to another account, or in another name
    CLAIM_FILED = 501  # of claims all: subject: claim; party: buyer
    CLAIM_ANSWERED = 502
    CLAIM_OFFERED = 503
    CLAIM_EVIDENCE_ADDED = 504
    CLAIM_EVIDENCE_ASKED = 505  # somebody has to show something by a moment
    CLAIM_UNDER_REVIEW = 506
    CLAIM_SETTLED = 507
    CLAIM_WITHDRAWN = 508
    CLAIM_LAPSED = 509
    CLAIM_SUSPENDED = 510
    CLAIM_RESUMED = 511
    CLAIM_REOPENED = 512
    CLAIM_RULED = 513
    CLAIM_PAID = 514
    CLAIM_APPEALED = 515
    CLAIM_CLOSED = 516
    CLAIM_OVERDUE = 517  # the platform missed its own clock
    CLAIM_OWED_BACK = 518  # by the buyer: what was paid, fraud being ruled; a test that was lost
    CLAIM_STOP_ASKED = 519  # by one party: the other has to agree
    CLAIM_STOP_ACCEPTED = 520
    CLAIM_GOODS_OWED = 521  # the seller has to repair or replace by a moment
    CLAIM_GOODS_DONE = 522
    EXIT_SUBMITTED = 801  # of exits all: subject: the exit's number
    EXIT_UNDER_REVIEW = 802
    EXIT_OVERDUE = 803  # the platform missed its own clock
    EXIT_APPROVED = 804
    EXIT_REFUSED = 805
    EXIT_CANCELLED = 806
    EXIT_PAYING = 807
    EXIT_PAYMENT_CONFIRMED = 808
    EXIT_PAYMENT_FAILED = 809
    EXIT_ENDED = 810
    EXIT_FORCED = 811
    EXIT_RELIEF_OFFERED = 812
    EXIT_CONSULT_OVERDUE = 813  # a specialist owes an answer
    VIOLATION_RECORDED = 901  # of violations all: subject: violation; the seller is told by it
    VIOLATION_APPEALED = 902
    VIOLATION_CONFIRMED = 903
    VIOLATION_REVOKED = 904
    VIOLATION_OVERDUE = 905  # the platform missed its own clock for the appeal
    PENALTY_BEGUN = 906  # of penalties: subject: the local day that brought it
    PENALTY_ENDED = 907
    PENALTY_REVOKED = 908
    SELLER_FORCED_OUT = 909  # decided, to be carried out once the time to appeal is over


# Each room's events begin with its word, so a listener can ask for all of one room.
_ROOMS = {
    1: "breach", 2: "deposit", 3: "compensation", 4: "seller", 5: "claim", 8: "exit",
    9: "violation",
}  # fmt: skip
_NAMES = {
    EventKind.PAYOUT_CONFIRMED: "payout.confirmed",
    EventKind.PAYOUT_FAILED: "payout.failed",
    EventKind.PAYOUT_UNKNOWN: "payout.unknown",
    EventKind.DEBT_RECOVERED: "debt.recovered",
    EventKind.PENALTY_SWEPT: "penalty.swept",
    EventKind.PENALTY_BEGUN: "penalty.begun",
    EventKind.PENALTY_ENDED: "penalty.ended",
    EventKind.PENALTY_REVOKED: "penalty.revoked",
    EventKind.SELLER_FORCED_OUT: "seller.forced_out",
}


def name_of(kind: EventKind) -> str:
    """The dotted name, as in `breach.found`."""
    if kind in _NAMES:
        return _NAMES[kind]
    room = _ROOMS[kind // 100]
    return f"{room}.{kind.name.lower().removeprefix(room + '_')}"


@dataclass(frozen=True, slots=True)
class Events(Columns):
    """Events as told. `subject_id` and `party_id` mean what the kind says; 0 where nothing."""

    seller_id: Int
    kind: Int
    event_hi: Int  # names the event: one per kind and cause
    event_lo: Int
    cause_hi: Int
    cause_lo: Int
    subject_id: Int
    party_id: Int
    amount_minor: Int
    happened_us: Int
    recorded_us: Int


class DeliveryState(IntEnum):
    """How far one event is on its way to one subscriber."""

    WAITING = 0
    DELIVERED = 1
    DEAD = 2  # given up after the last attempt; replayed on demand
    DROPPED = 3  # the subscription ended first


class Trouble(IntEnum):
    """Why an attempt failed; NONE where the subscriber took it."""

    NONE = 0
    REFUSED = 1  # answered with another status than 2xx
    GONE = 2  # answered 410: no more of anything
    NOT_REACHED = 3  # no name, no connection, no certificate
    TOO_SLOW = 4
    NOT_ALLOWED = 5  # the address is not one that may be spoken to
    ANSWER_TOO_LARGE = 6


@dataclass(frozen=True)
class Words:
    """One thing in both languages."""

    zh: str
    en: str


STATE_WORDS = {
    DeliveryState.WAITING: Words("待送达", "waiting"),
    DeliveryState.DELIVERED: Words("已送达", "delivered"),
    DeliveryState.DEAD: Words("已放弃", "given up"),
    DeliveryState.DROPPED: Words("已取消", "dropped"),
}
TROUBLE_WORDS = {
    Trouble.NONE: Words("", ""),
    Trouble.REFUSED: Words("对方拒绝", "refused"),
    Trouble.GONE: Words("对方已停用", "gone"),
    Trouble.NOT_REACHED: Words("无法连接", "not reached"),
    Trouble.TOO_SLOW: Words("超时", "too slow"),
    Trouble.NOT_ALLOWED: Words("地址不允许", "address not allowed"),
    Trouble.ANSWER_TOO_LARGE: Words("回应过大", "answer too large"),
}


@dataclass(frozen=True)
class Subscription:
    """Who is told of what, and where."""

    subscription: int
    name: str
    url: str
    patterns: tuple[str, ...]  # dotted names of events, or a beginning with `.*`, or `*`
    only_seller: int  # 0: of all sellers
    is_of_shop: bool  # that shop's own; otherwise the platform's
    generation: int  # of its secret
    old_until: datetime | None  # until when the secret before signs as well
    unanswered: int  # sets of messages in a row to which nobody answered
    rests_until: datetime | None  # nothing is sent to it before; then one message at a time
    made_at: datetime
    ended_at: datetime | None


class Waiting(NamedTuple):
    """A delivery that waits, and is due as all of its seller's before it are."""

    seller_id: int
    event: UUID


@dataclass(frozen=True)
class Delivery:
    """One event on its way to one subscriber, ready to be sent."""

    subscription: int
    seller_id: int
    event: UUID
    kind: EventKind
    subject_id: int
    party_id: int
    amount_minor: int
    happened_at: datetime
    recorded_at: datetime
    attempts: int  # this one among them, since it was told or replayed
    tries: int  # the same, ever


@dataclass(frozen=True)
class DeliveryRow:
    """One delivery, for lists."""

    number: int  # the later it was told, the larger
    subscription: int
    subscriber: str
    seller_id: int
    event: UUID
    kind: EventKind
    state: DeliveryState
    attempts: int
    last_status: int
    last_trouble: Trouble
    next_at: datetime | None
    done_at: datetime | None

    @property
    def event_name(self) -> str:
        return name_of(self.kind)


@dataclass(frozen=True)
class Attempt:
    """What came of one attempt."""

    status: int  # 0 where there was no answer
    trouble: Trouble
    took_ms: int
    answer: str  # how the answer begins


@dataclass(frozen=True)
class Followed:
    """What follows from an attempt: the state it leaves its delivery in, and when it was."""

    state: DeliveryState
    next_at: datetime  # when it is tried again, where it is
    at: datetime
