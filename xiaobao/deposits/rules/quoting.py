"""The quote: base, exposure, risk, special, and the rules that bound their sum; pure columns."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits.facts import DepositFacts, LastQuote, Quote
from xiaobao.kernel.clocks import days_of, midnight_of, next_midnight
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.money import WHOLE_BPS, share_of

if TYPE_CHECKING:
    from xiaobao.deposits.terms import DepositRules, DepositTerms
    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int, Mask


def quote(
    before: LastQuote, facts: DepositFacts, terms: DepositTerms, sizing: DepositRules
) -> Quote:
    """The deposit of every seller, row for row.

    max(base, exposure) + risk + special; not above the turnover ceiling; not lower than last
    time in arrears, not higher without; nothing while the zero start lasts.
    """
    exposure = exposure_beyond_base(facts, terms, sizing)
    risk = risk_of_breaches(facts, sizing) + risk_of_advances(facts, terms, sizing)
    asked = terms.base_minor + exposure + risk + terms.special_minor
    bounded = np.minimum(asked, ceiling(facts, terms, sizing, asked))
    kept = against_last_time(before, facts, sizing, bounded) - bounded
    is_zero = starts_at_zero(before, facts, sizing)
    kept = np.where(is_zero, 0, kept)
    zero = np.where(is_zero, -bounded, 0)
    return Quote(
        seller_id=facts.seller_id, base_minor=terms.base_minor, exposure_minor=exposure,
        risk_minor=risk, special_minor=terms.special_minor, ceiling_minor=bounded - asked,
        kept_minor=kept, zero_start_minor=zero, required_minor=bounded + kept + zero,
        is_zero_start=is_zero,
    )  # fmt: skip


def exposure_beyond_base(facts: DepositFacts, terms: DepositTerms, sizing: DepositRules) -> Int:
    exposure = share_of(facts.open_goods_minor, terms.exposure_bps, sizing.rounding)
    beyond: Int = np.maximum(exposure - terms.base_minor, 0)
    return beyond


def breaches_too_often(facts: DepositFacts, sizing: DepositRules) -> Mask:
    return facts.breaches * WHOLE_BPS > sizing.risk_free_breach_bps * facts.orders


def risk_of_breaches(facts: DepositFacts, sizing: DepositRules) -> Int:
    risk = share_of(facts.breach_minor, sizing.risk_breach_bps, sizing.rounding)
    return np.where(breaches_too_often(facts, sizing), risk, 0)


def risk_of_advances(facts: DepositFacts, terms: DepositTerms, sizing: DepositRules) -> Int:
    risk = share_of(terms.base_minor, sizing.risk_advance_bps, sizing.rounding)
    return np.where(facts.debt_minor > terms.base_minor, risk, 0)


def ceiling(facts: DepositFacts, terms: DepositTerms, sizing: DepositRules, asked: Int) -> Int:
    """The most that may be asked for: never below the base and the special part."""
    share = share_of(facts.goods_minor, sizing.turnover_ceiling_bps, sizing.rounding)
    least = terms.base_minor + terms.special_minor
    return np.where(sizing.has_turnover_ceiling, np.maximum(share, least), asked)


def in_arrears(facts: DepositFacts) -> Mask:
    return (facts.debt_minor > 0) | facts.is_short


def against_last_time(
    before: LastQuote, facts: DepositFacts, sizing: DepositRules, bounded: Int
) -> Int:
    """Arrears now: not lower than last time; none: not higher. A zero start is no last time."""
    arrears = in_arrears(facts)
    comparable = before.is_quoted & ~before.is_zero_start
    raised = np.maximum(bounded, before.required_minor)
    lowered = np.minimum(bounded, before.required_minor)
    return np.where(
        comparable & arrears & sizing.is_not_lowered_in_arrears,
        raised,
        np.where(comparable & ~arrears & sizing.is_not_raised_without_arrears, lowered, bounded),
    )


def starts_at_zero(before: LastQuote, facts: DepositFacts, sizing: DepositRules) -> Mask:
    """Until enough midnights after the first sale, while sales are small; once over, for good."""
    is_early = ~facts.has_sold | (facts.midnights_since_sale < sizing.zero_start_days)
    is_small = facts.goods_minor <= sizing.zero_start_sales_most_minor
    still = ~before.is_quoted | before.is_zero_start
    return (sizing.zero_start_days > 0) & is_early & is_small & still


def midnights_since(first_sale_us: Int, at_us: Int, zone: Zone) -> Int:
    """How often 00:00 has struck between the first sale and now; 0 where there was none."""
    sold = np.where(first_sale_us < FAR_US, first_sale_us, at_us)
    nights: Int = np.maximum(days_of(at_us, zone) - days_of(sold, zone), 0)
    return nights


def next_quotes(at_us: Int, is_zero_start: Mask, sizing: DepositRules, zone: Zone) -> Int:
    """When each is quoted again: on the pack's day of the month, every night in a zero start."""
    today = days_of(at_us, zone).astype("datetime64[D]")
    month = today.astype("datetime64[M]")
    here = month.astype("datetime64[D]") + (sizing.resize_day - 1)
    later = (month + 1).astype("datetime64[D]") + (sizing.resize_day - 1)
    # At 00:00 of the day itself this month's quote is being made: the next is a month later.
    day = np.where(here > today, here, later).astype(np.int64)
    return np.where(is_zero_start, next_midnight(at_us, zone), midnight_of(day, zone))
