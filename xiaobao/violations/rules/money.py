"""Penalty money: held while it may be appealed, then taken; never more than the violation asks."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import FAR_US, Columns, Int, drawn_within, groups_of
from xiaobao.kernel.references import causes_of
from xiaobao.ledger.facts import Account, Op, Postings, Why
from xiaobao.violations.facts import CauseKind

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Mask


@dataclass(frozen=True, slots=True)
class Money(Columns):
    """The money of violations, one row each."""

    seller_id: Int
    violation_id: Int
    recorded_us: Int
    penalty_minor: Int
    held_minor: Int
    deposit_minor: Int  # free in the seller's book


@dataclass(frozen=True, slots=True)
class Taken(Columns):
    """Where each penalty was taken from; the fund's part is the seller's debt."""

    hold_minor: Int
    deposit_minor: Int
    fund_minor: Int


def to_hold(money: Money) -> Int:
    """How much of each penalty the free deposit can hold, first come first served."""
    return drawn_within(money.penalty_minor, groups_of(money.seller_id), money.deposit_minor)


def taken(money: Money) -> Taken:
    """What is held, then what is free; the rest the fund is owed."""
    rest = money.penalty_minor - money.held_minor
    free = drawn_within(rest, groups_of(money.seller_id), money.deposit_minor)
    return Taken(money.held_minor, free, rest - free)


def held_under(money: Money) -> tuple[Int, Int]:
    """The name of a violation's hold, and its cause."""
    return causes_of(CauseKind.HELD, money.recorded_us, money.seller_id, money.violation_id)


def taken_under(seller_id: Int, violation_id: Int, recorded_us: Int) -> tuple[Int, Int]:
    """The cause under which penalty money is taken."""
    return causes_of(CauseKind.TAKEN, recorded_us, seller_id, violation_id)


def holding(money: Money, held: Int, at_us: Int) -> Postings:
    """Lock the money of violations that may be appealed."""
    some = held > 0
    rows = money.take(some)
    high, low = held_under(rows)
    none = np.zeros(len(rows), np.int64)
    return Postings(
        seller_id=rows.seller_id, cause_hi=high, cause_lo=low, leg=none, op=none + Op.HOLD,
        source=none + Account.DEPOSIT, target=none + Account.LOCKED, amount_minor=held[some],
        why=none + Why.EXPOSURE_LOCKED, hold_hi=high, hold_lo=low, expires_us=none + FAR_US,
        at_us=at_us[some],
    )  # fmt: skip


def freeing(money: Money, at_us: Int) -> Postings:
    """Give what is held back to the deposit."""
    some = money.held_minor > 0
    return _of_hold(money.take(some), Op.RELEASE, Account.DEPOSIT, Why.EXPOSURE_FREED, at_us[some])


def _of_hold(rows: Money, op: Op, target: Account, why: Why, at_us: Int) -> Postings:
    hold_hi, hold_lo = held_under(rows)
    high, low = taken_under(rows.seller_id, rows.violation_id, rows.recorded_us)
    none = np.zeros(len(rows), np.int64)
    return Postings(
        seller_id=rows.seller_id, cause_hi=high, cause_lo=low, leg=none, op=none + op,
        source=none + Account.LOCKED, target=none + target, amount_minor=rows.held_minor,
        why=none + why, hold_hi=hold_hi, hold_lo=hold_lo, expires_us=none + FAR_US, at_us=at_us,
    )  # fmt: skip


def taking(money: Money, takes: Taken, at_us: Int) -> Postings:
    """Take penalties: held money, then free deposit, then the fund, which the seller owes."""
    held: Mask = takes.hold_minor > 0
    captures = _of_hold(money.take(held), Op.CAPTURE, Account.PENALTY, Why.PENALTY, at_us[held])
    amounts = np.stack([takes.deposit_minor, takes.fund_minor], axis=1)
    sources = np.array([Account.DEPOSIT, Account.FUND])
    row, leg = np.nonzero(amounts)
    high, low = taken_under(money.seller_id, money.violation_id, money.recorded_us)
    none = np.zeros(len(row), np.int64)
    moves = Postings.moves(
        seller_id=money.seller_id[row], cause_hi=high[row], cause_lo=low[row], leg=leg + 1,
        source=sources[leg], target=none + Account.PENALTY, amount_minor=amounts[row, leg],
        why=none + Why.PENALTY, at_us=at_us[row],
    )  # fmt: skip
    return Postings.concat([captures, moves])
