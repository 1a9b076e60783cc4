"""Shapes of the outbox: what can be told, and an event as a row; nothing here reads or writes."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum

from xiaobao.kernel.columns import Columns, Int


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
    CLAIM_OWED_BACK = 518  # fraud of the buyer was ruled: what was paid is owed to the fund
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
