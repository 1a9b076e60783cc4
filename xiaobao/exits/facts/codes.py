"""Codes of this room: scopes, reasons, states, events, blockers; who has to act."""

from __future__ import annotations

from enum import IntEnum, IntFlag


class CauseKind(IntEnum):
    """Kinds of the causes that this room names; each kind's parts stand beside it."""

    ACT = 1001  # seller, key
    EVENT = 1002  # the moment; seller, number of the exit, number of the event
    TRANCHE = 1003  # seller, number of the exit, number of the tranche
    FREED = 1004  # as TRANCHE, of the hold that is freed
    PAYMENT = 1005  # seller, number of the exit, number of the payment
    CONSULT_LATE = 1006  # the moment; seller, number, words


class Scope(IntEnum):
    """How much of the deposit is asked back, and whether the seller stays."""

    PART = 1  # what is above the requirement; the seller stays
    WHOLE = 2  # all of it; the enrolment ends
    FORCED = 3  # the platform ends the enrolment; what nothing holds goes back all the same


class Reason(IntEnum):
    """Why a seller asks its deposit back."""

    OWN_WISH = 1
    POLICY_CHANGE = 2  # 政策调整: the rules before the change govern
    HARDSHIP = 3  # 经营困难: relief is offered first
    VIOLATION = 4  # 违规
    MISTAKE = 5  # 误操作: joined by mistake, within the grace time


class ExitState(IntEnum):
    DRAFT = 1
    SUBMITTED = 2  # relief was offered, and is not answered yet
    CHECKED = 3
    QUIET = 4  # waits for what the pack waits for
    UNDER_REVIEW = 5
    APPROVED = 6  # locked, and not on its way yet
    PAYING = 7
    PAID = 8
    REFUSED = 9
    CANCELLED = 10


class ExitEvent(IntEnum):
    """What happens in the life of an exit; `rules.lifecycle` says where each may happen."""

    DRAFTED = 1
    SUBMITTED = 2
    OFFERS_MADE = 3
    OFFERS_DECLINED = 4
    OFFER_TAKEN = 5
    CHECKED = 6
    QUIET_BEGUN = 7
    REVIEW_BEGUN = 8
    REVIEW_LATE = 9  # the platform missed its own clock
    APPROVED = 10
    REFUSED = 11
    CANCELLED = 12
    PAYING_BEGUN = 13
    TAIL_ENDED = 14  # something that was held is free
    PAYMENT_CONFIRMED = 15
    PAYMENT_FAILED = 16
    INTEREST_OWED = 17
    PAID = 18
    FORCED = 19
    CAME_BACK = 20  # a part of what had been let go of: it is here, and transferred


class Mark(IntFlag):
    """What is marked on an exit."""

    LATE = 1  # of the platform's review
    ENROLMENT_ENDED = 2
    OFFERED = 4


class Blocker(IntEnum):
    """What can stand in the way; also the keys of the pack's table of conditions."""

    OPEN_TRADE = 1
    REFUND = 2
    CLAIM = 3
    QUIET = 4
    ARREARS = 5
    VIOLATION = 6
    SALES = 7
    FRAUD = 8


class Actor(IntEnum):
    """Who can end a blocker sooner; where nobody can, time alone does."""

    TIME = 0
    SELLER = 1
    BUYER = 2
    PLATFORM = 3


class PaymentKind(IntEnum):
    """What a payment back to a seller is."""

    DEPOSIT = 1
    INTEREST = 2  # owed by the platform for being late
    RESERVE = 3  # settlement that was withheld, released by its clock
