"""Penalty money moves: taken once nobody can appeal, given back in full, or waived."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances import rules as advances
from xiaobao.advances.facts import Borne
from xiaobao.deposits import acts as deposits
from xiaobao.ledger import acts as ledger
from xiaobao.ledger.facts import Why
from xiaobao.violations import rules
from xiaobao.violations.acts import reading

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.violations.facts import Cases


def take(cases: Cases, at_us: Int) -> Cases:
    """Take what each violation asks for: what is held, then what is free; the rest is owed.

    Nothing where the platform missed its clock.
    """
    asks = (cases.penalty_minor > 0) & ~cases.is_waived
    if not asks.any():
        return cases
    asking = cases.take(asks)
    ledger.hold_books(asking.seller_id)
    money = reading.money_of(asking)
    takes = rules.taken(money)
    ledger.post_all(rules.taking(money, takes, at_us[asks]))
    deposits.check_shortfalls(asking.seller_id, at_us=at_us[asks])
    columns = {
        "held_minor": np.zeros(len(asking), np.int64), "taken_hold_minor": takes.hold_minor,
        "taken_deposit_minor": takes.deposit_minor, "taken_fund_minor": takes.fund_minor,
    }  # fmt: skip
    return _put(cases, asks, columns)


def waive(cases: Cases, at_us: Int) -> Cases:
    """The platform was late: what is held is free again, and nothing will be taken."""
    return replace(_free(cases, at_us), is_waived=np.ones(len(cases), np.bool_))


def give_back(cases: Cases, at_us: Int) -> Cases:
    """Free what is held, and give back what was taken, as the seller bore it.

    What the seller's free money and hold bore comes back to the deposit; what the fund was owed
    is struck out, or returned where it was repaid. What was taken stays on the row: it says what
    was given back.
    """
    return _return_taken(_free(cases, at_us), at_us)


def _free(cases: Cases, at_us: Int) -> Cases:
    holds = cases.held_minor > 0
    if not holds.any():
        return cases
    ledger.post_all(rules.freeing(reading.money_of(cases), at_us))
    deposits.check_shortfalls(cases.seller_id[holds], at_us=at_us[holds])
    return replace(cases, held_minor=np.zeros(len(cases), np.int64))


def _return_taken(cases: Cases, at_us: Int) -> Cases:
    bore = cases.taken_hold_minor + cases.taken_deposit_minor + cases.taken_fund_minor > 0
    if not bore.any():
        return cases
    assert len(cases) == 1, "violations are revoked one by one"
    books = ledger.hold_books(cases.seller_id)
    high, low = rules.taken_under(cases.seller_id, cases.violation_id, cases.recorded_us)
    none = np.zeros(1, np.int64)
    borne = Borne(
        seller_id=cases.seller_id, cause_hi=high, cause_lo=low, reserve_minor=none,
        deposit_minor=cases.taken_hold_minor + cases.taken_deposit_minor, cover_minor=none,
        fund_minor=cases.taken_fund_minor,
    )  # fmt: skip
    restored = advances.restoration(borne, -books.fund)
    back = advances.restoration_postings(borne, restored, int(at_us[0]))
    ledger.post_all(replace(back, why=np.full(len(back), Why.PENALTY_RETURNED.value)))
    deposits.check_shortfalls(cases.seller_id, at_us=at_us)
    return cases


def _put(cases: Cases, where: Mask, columns: dict[str, Int]) -> Cases:
    changed = {}
    for name, values in columns.items():
        column = getattr(cases, name).copy()
        column[where] = values
        changed[name] = column
    return replace(cases, **changed)
