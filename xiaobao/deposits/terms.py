"""The numbers of the deposit: base by category, how it is sized, and the ladder of a shortfall."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xiaobao.deposits.facts import LadderStep
from xiaobao.kernel.columns import Columns, Int, Mask


@dataclass(frozen=True, slots=True)
class DepositTerms(Columns):
    """What a category asks for; key 0 (`general`) governs every category without a row."""

    TABLE: ClassVar[str] = "deposit"
    KEY: ClassVar[type[LadderStep] | None] = None
    KEY_IS_CATEGORY: ClassVar[bool] = True

    version: Int
    base_minor: Int
    special_minor: Int  # on top, for the category's own dangers
    exposure_bps: Int  # share of goods paid for and not yet completed that may come to be owed


@dataclass(frozen=True, slots=True)
class DepositRules(Columns):
    """How the deposit is sized, when, and what counts towards it; one row at a time."""

    TABLE: ClassVar[str] = "deposit_rules"
    KEY: ClassVar[type[LadderStep] | None] = None

    version: Int
    resize_day: Int  # of the month, 1 to 28, at 00:00 in the market's zone
    window_days: Int  # turnover and breaches of this many days before the quote are judged
    zero_start_days: Int  # the base is due at this many midnights after the first sale; 0: at once
    zero_start_sales_most_minor: Int  # sales above this end the zero start the same night
    risk_free_breach_bps: Int  # breaches per order up to here cost nothing
    risk_breach_bps: Int  # of what was paid for breaches in the window; 20000 is twice
    risk_advance_bps: Int  # of the base, once the debt exceeds it
    is_not_lowered_in_arrears: Mask  # arrears now: not lower than before
    is_not_raised_without_arrears: Mask  # none: not higher than before
    has_turnover_ceiling: Mask
    turnover_ceiling_bps: Int  # of the window's turnover; the base is asked for all the same
    is_reserve_counted: Mask  # withheld settlement counts as lodged
    is_cover_counted: Mask  # insured limit counts as lodged
    cover_most_bps: Int  # of the requirement, at most, by cover
    cover_price_bps: Int  # of the insured limit, a year, charged for its span
    frozen_days: Int  # a sum frozen in the seller's own account stands so long, then is asked anew
    frozen_look_days: Int  # so often a sum that stands is asked about: it may be closed early
    frozen_notice_days: Int  # so long before, the seller is told, and what is locked is taken in
    top_up_hours: Int  # from falling short until the first step of the ladder may follow
    rounding: Int  # kernel.money.Rounding


@dataclass(frozen=True, slots=True)
class LadderTerms(Columns):
    """When each step of the ladder follows and what it does; keyed by the step."""

    TABLE: ClassVar[str] = "deposit_ladder"
    KEY: ClassVar[type[LadderStep] | None] = LadderStep

    version: Int
    after_hours: Int  # from the end of the top-up time
    settlement_days: Int  # how long settlements are held back at this step
    withhold_bps: Int  # of each settlement, into the reserve, until the shortfall is made good
    is_restricting: Mask  # the seller's standing becomes restricted
