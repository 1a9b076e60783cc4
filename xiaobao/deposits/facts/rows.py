"""Rows for pages and commands about deposits, and what their codes are called."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.deposits.facts.judged import LadderEvent, LadderStep, Line, LodgementState

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID


@dataclass(frozen=True)
class LineRow:
    """One line of a quote as people read it; `saves_minor` is what the advice would save."""

    code: Line
    amount_minor: int
    clause: str
    zh: str
    en: str
    lower_zh: str
    lower_en: str
    saves_minor: int


@dataclass(frozen=True)
class QuoteRow:
    """A quote explained."""

    seller_id: int
    quoted_at: datetime
    currency: str
    required_minor: int
    is_zero_start: bool
    lines: tuple[LineRow, ...]
    terms_version: int
    rules_version: int
    next_quote_at: datetime | None


@dataclass(frozen=True)
class DepositRow:
    """A seller's deposit on one page: asked for, there, held, owed, and the clocks."""

    seller_id: int
    currency: str
    required_minor: int
    available_minor: int  # what counts towards the requirement, and nothing holds
    deposit_minor: int
    reserve_minor: int
    cover_minor: int  # insured limit left
    cover_counted_minor: int
    locked_minor: int
    debt_minor: int
    refunds_minor: int
    shortfall_minor: int
    is_zero_start: bool
    step: LadderStep
    quoted_at: datetime
    next_quote_at: datetime | None
    short_since: datetime | None
    top_up_due_at: datetime | None
    next_due_at: datetime | None
    frozen_minor: int = 0  # of it, what stands frozen in the seller's own account
    # Of what is locked, approved to leave with a whole exit and not sent yet: it counts too.
    leaving_minor: int = 0


@dataclass(frozen=True)
class LodgementRow:
    lodgement: UUID
    amount_minor: int
    state: LodgementState
    asked_at: datetime
    answered_at: datetime | None
    gateway_ref: str
    answer: str
    is_frozen: bool = False


@dataclass(frozen=True)
class FrozenRow:
    """A sum frozen in a seller's own account; the parts sum to the whole."""

    seller_id: int
    lodgement: UUID
    amount_minor: int
    frozen_minor: int  # what of it stands frozen
    taking_minor: int  # of that, what is being taken
    leaving_minor: int  # of that, what is being let go of
    taken_minor: int
    let_go_minor: int
    lost_minor: int
    frozen_at: datetime
    ends_at: datetime
    gateway_ref: str


@dataclass(frozen=True)
class FrozenTotals:
    """All sums that were ever frozen: the four that follow `amount_minor` sum to it."""

    sellers: int
    sums: int
    amount_minor: int
    frozen_minor: int
    taken_minor: int
    let_go_minor: int
    lost_minor: int
    takings: int  # how many parts came


@dataclass(frozen=True)
class TakingRow:
    """A part of a frozen sum that was asked for."""

    seller_id: int
    taking: UUID
    lodgement: UUID
    amount_minor: int
    state: LodgementState
    asked_at: datetime
    ended_at: datetime | None
    attempts: int
    answer: str


@dataclass(frozen=True)
class LadderRow:
    seq: int
    event: LadderEvent
    step: LadderStep
    shortfall_minor: int
    happened_at: datetime


@dataclass(frozen=True)
class CoverRow:
    name: str
    insurer: str
    limit_minor: int
    drawn_minor: int
    premium_minor: int  # taken from the deposit; 0 where the seller paid the insurer
    begins_at: datetime
    ends_at: datetime


# zh, en; the glossary's words.
STEP_WORDS = {
    LadderStep.NONE: ("无", "none"),
    LadderStep.LONGER_SETTLEMENT: ("账期延长", "longer settlement"),
    LadderStep.NO_CAMPAIGNS: ("限制参加营销活动", "no campaigns"),
    LadderStep.HIDDEN: ("店铺屏蔽", "shop hidden"),
    LadderStep.SUPERVISED: ("店铺监管", "shop supervised"),
    LadderStep.PAYMENT_CONTROLLED: ("支付账户管控", "payment account controlled"),
}
LINE_WORDS = {
    Line.BASE: ("基础保证金", "base"),
    Line.EXPOSURE: ("在途敞口", "open exposure"),
    Line.RISK: ("风险保证金", "risk"),
    Line.SPECIAL: ("特殊保证金", "special"),
    Line.CEILING: ("销售额上限", "turnover ceiling"),
    Line.KEPT: ("与上次比较", "compared with last time"),
    Line.ZERO_START: ("新店零起步", "zero start"),
}
STATE_WORDS = {
    LodgementState.REQUESTED: ("已申请", "requested"),
    LodgementState.CONFIRMED: ("已到账", "confirmed"),
    LodgementState.FAILED: ("失败", "failed"),
    LodgementState.UNKNOWN: ("等待支付确认", "waiting for the payment"),
}
