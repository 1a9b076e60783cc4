"""When breaches of a period become a violation, and which period a moment lies in; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.kernel.money import WHOLE_BPS

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.orders.facts import BreachRates
    from xiaobao.violations.terms import BreachTerms

# 1970-01-05 was a Monday: periods of whole weeks begin on Mondays.
_MONDAY = 4


def over_threshold(rates: BreachRates, terms: BreachTerms) -> Mask:
    """So many breaches, and such a share of the orders: both, so that few orders prove little."""
    is_many = rates.breaches >= terms.least_breaches
    over: Mask = is_many & (rates.breaches * WHOLE_BPS >= terms.share_bps * rates.orders)
    return over


def period_of(day: Int, days: Int) -> Int:
    """The first day of the period that a day lies in."""
    first: Int = (day - _MONDAY) // days * days + _MONDAY
    return first
