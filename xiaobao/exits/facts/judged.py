"""What an exit is judged on, and what comes of it: columns, one row per thing or per seller."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao.kernel.columns import Columns, Int, Mask


@dataclass(frozen=True, slots=True)
class Things(Columns):
    """All that could stand in the way of sellers' exits, one row each.

    `basis_minor` is what it is about in money; its exposure is a share of it. It ends at
    `until_us` where its own facts say when, else so long after `since_us` as the pack says, and
    never before `least_us`. `locked_minor` is locked for it elsewhere already.
    """

    seller_id: Int
    kind: Int  # Blocker
    subject_id: Int  # an order, a claim, a violation; 0 for the shop as a whole
    basis_minor: Int
    locked_minor: Int
    since_us: Int
    until_us: Int  # FAR_US where its own facts do not say
    least_us: Int
    actor: Int  # Actor


@dataclass(frozen=True, slots=True)
class Judged(Columns):
    """Things as they stand at one moment; those that ended hold nothing."""

    ends_us: Int
    held_minor: Int  # of what is free in the deposit
    is_standing: Mask
    is_waited_for: Mask
    version: Int  # of the terms it was judged by


@dataclass(frozen=True, slots=True)
class Standings(Columns):
    """What sellers have and are asked for, one row per seller."""

    seller_id: Int
    deposit_minor: Int
    required_minor: Int
    counted_elsewhere_minor: Int  # reserve and cover that count towards the requirement
    debt_minor: Int


@dataclass(frozen=True, slots=True)
class Plan(Columns):
    """What may leave now and what stays, row for row; the three sum to the deposit."""

    seller_id: Int
    set_off_minor: Int  # repays the debt
    kept_minor: Int
    free_minor: Int
    is_waiting: Mask  # something stands that the pack waits for


@dataclass(frozen=True, slots=True)
class Exits(Columns):
    """Exits as they stand, one row each; a moment that is not known is FAR_US."""

    seller_id: Int
    number: Int
    market_id: Int
    scope: Int
    reason: Int
    state: Int
    marks: Int
    seq: Int  # events so far
    tranches: Int
    payments: Int
    asked_minor: Int  # 0 for all
    locked_minor: Int  # approved, and not on its way yet
    sent_minor: Int  # on its way or paid
    paid_minor: Int
    interest_minor: Int
    held_minor: Int  # kept at the last check, thing by thing
    terms_us: Int  # the moment whose terms govern
    drafted_us: Int
    submitted_us: Int
    closing_us: Int  # from when a quiet time that begins with closing counts
    quiet_until_us: Int
    review_due_us: Int
    approved_us: Int
    payout_due_us: Int
    ended_us: Int
    next_us: Int  # when something is to be done about it


@dataclass(frozen=True, slots=True)
class Payments(Columns):
    """Money on its way back to sellers."""

    seller_id: Int
    payment_hi: Int
    payment_lo: Int
    market_id: Int
    number: Int  # of the exit; 0 for released reserve
    kind: Int  # PaymentKind
    amount_minor: Int
    state: Int  # advances' PayoutState
    attempts: Int
    queries: Int
    due_us: Int  # by when it should have arrived
    next_us: Int
    lodgement_hi: Int  # the frozen sum of which it is let go; 0 where it is paid
    lodgement_lo: Int
