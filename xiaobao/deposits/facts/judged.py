"""Codes and columns of deposits: quotes, clocks, money on its way, frozen sums."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING, NamedTuple

from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

RULES_VERSION = 1


class CauseKind(IntEnum):
    """Kinds of the causes that this room names; each kind's parts stand beside it."""

    QUOTED = 201  # seller
    LADDER_MOVED = 202  # seller, number of the event
    LODGED = 203  # seller, key
    WITHHELD = 204  # seller, key
    RELEASED = 205  # seller, key
    RELEASE_PAID = 206  # seller, key
    PREMIUM = 207  # seller, cover
    TAKEN = 208  # lodgement, number of the taking
    LOST = 209  # lodgement


class LadderStep(IntEnum):
    """What an unpaid shortfall leads to, step by step; also the key of the ladder's table."""

    NONE = 0
    LONGER_SETTLEMENT = 1  # 账期延长
    NO_CAMPAIGNS = 2  # 限制营销活动
    HIDDEN = 3  # 店铺屏蔽
    SUPERVISED = 4  # 店铺监管
    PAYMENT_CONTROLLED = 5  # 支付账户管控


class Line(IntEnum):
    """The lines of a quote, in the order in which they are reckoned; they sum to the whole."""

    BASE = 1
    EXPOSURE = 2  # what open orders ask for beyond the base
    RISK = 3
    SPECIAL = 4
    CEILING = 5  # ≤ 0: not more than a share of turnover
    KEPT = 6  # the rule about last time's amount: above 0 in arrears, below 0 without
    ZERO_START = 7  # ≤ 0: a new seller begins without a deposit


class LadderEvent(IntEnum):
    """What happened on the ladder."""

    FELL_SHORT = 1
    CLIMBED = 2
    CLEARED = 3
    ENDED = 4  # the seller left the guarantee, short or not


class LodgementState(IntEnum):
    """Where a lodgement stands with the gateway."""

    REQUESTED = 1
    CONFIRMED = 2
    FAILED = 3
    UNKNOWN = 4


class Heard(IntEnum):
    """How it was heard that a lodgement came in: each is believed where those before it are."""

    TOLD = 1  # the gateway said so by itself, of whatever moment
    ASKED = 2  # it answered so just now
    ENDING = 3  # it answered so to the run, which alone calls off


@dataclass(frozen=True, slots=True)
class DepositFacts(Columns):
    """What a quote is judged on, one row per seller."""

    seller_id: Int
    orders: Int  # in the window
    goods_minor: Int  # sold in the window
    open_orders: Int  # paid for and not completed at the moment of the quote
    open_goods_minor: Int
    breaches: Int  # in the window
    breach_minor: Int  # paid to buyers for them
    has_sold: Mask
    midnights_since_sale: Int  # in the market's zone, since the first sale; 0 where none
    debt_minor: Int
    is_short: Mask  # a shortfall is running


@dataclass(frozen=True, slots=True)
class LastQuote(Columns):
    """What the quote before said; zeros where there was none."""

    is_quoted: Mask
    is_zero_start: Mask
    required_minor: Int


@dataclass(frozen=True, slots=True)
class Quote(Columns):
    """The deposit asked for, line by line; `required_minor` is the sum of the lines."""

    seller_id: Int
    base_minor: Int
    exposure_minor: Int
    risk_minor: Int
    special_minor: Int
    ceiling_minor: Int
    kept_minor: Int
    zero_start_minor: Int
    required_minor: Int
    is_zero_start: Mask


@dataclass(frozen=True, slots=True)
class Requirements(Columns):
    """What is asked of sellers now and which clocks run; FAR_US where a clock does not run."""

    seller_id: Int
    market_id: Int
    required_minor: Int
    is_zero_start: Mask
    quoted_us: Int  # FAR_US where never
    next_quote_us: Int
    short_since_us: Int
    top_up_due_us: Int
    step: Int  # LadderStep
    next_due_us: Int
    seq: Int  # of the last ladder event


@dataclass(frozen=True, slots=True)
class Ladder(Columns):
    """Where a seller stands on the ladder."""

    short_since_us: Int
    top_up_due_us: Int
    step: Int
    next_due_us: Int


@dataclass(frozen=True, slots=True)
class Mixes(Columns):
    """What sellers chose in place of cash; FAR_US where no instalment is due.

    Of a plan `deferred_minor` is not due yet and `unpaid_minor` not lodged: the smaller of them is
    no shortfall yet.
    """

    seller_id: Int
    deferred_minor: Int
    instalment_minor: Int
    unpaid_minor: Int
    due_us: Int
    reserve_bps: Int


@dataclass(frozen=True, slots=True)
class Lodgements(Columns):
    """Money on its way in, one row each."""

    seller_id: Int
    lodgement_hi: Int
    lodgement_lo: Int
    amount_minor: Int
    state: Int  # LodgementState
    asked_us: Int
    attempts: Int  # how often the gateway was asked what became of it
    is_ending: Mask  # it is being called off at the gateway, or may have been
    is_frozen: Mask  # it stays frozen in the seller's own account


@dataclass(frozen=True, slots=True)
class Authorisations(Columns):
    """Sums frozen in sellers' own accounts, and what became of their parts; one row each.

    What is in none of the five is free to be taken or let go of; nothing of a sum is in two.
    """

    seller_id: Int
    lodgement_hi: Int
    lodgement_lo: Int
    amount_minor: Int
    taken_minor: Int  # paid to the platform
    taking_minor: Int  # asked for, and not yet known to be paid
    let_go_minor: Int  # the seller's own again
    leaving_minor: Int  # to be let go of, and not yet known to be
    lost_minor: Int  # ended at the gateway before it was taken
    besides_minor: Int  # no part of the sum: came when all of it was let go of, and goes back
    takings: Int  # how many were asked for
    is_told: Mask  # that it ends soon: what is locked is taken in
    frozen_us: Int
    ends_us: Int


@dataclass(frozen=True, slots=True)
class Takings(Columns):
    """Parts of frozen sums to be paid to the platform, one row each."""

    seller_id: Int
    taking_hi: Int
    taking_lo: Int
    lodgement_hi: Int
    lodgement_lo: Int
    amount_minor: Int
    state: Int  # LodgementState; REQUESTED: nothing of it is at the gateway
    attempts: Int
    queries: Int  # since it was last sent
    next_us: Int
    sent_us: Int  # 0 where it never was


class Moved(NamedTuple):
    """One movement beside the gateway's own book, of whichever room; `at` is when it ended.

    `is_frozen`: it stays frozen in its payer's account. `of` is the frozen sum it is a part of.
    """

    seller_id: int
    id: UUID
    amount_minor: int
    state: int  # LodgementState, or advances' PayoutState
    at: datetime | None
    is_frozen: bool = False
    of: UUID | None = None


@dataclass(frozen=True, slots=True)
class CoverAsked(Columns):
    """Rows that want cover, each with the cover in force at its moment; 0 where there is none."""

    cover_id: Int
    left_minor: Int
    is_drawn: Mask  # this cause drew before
    drawn_minor: Int  # what it drew then
