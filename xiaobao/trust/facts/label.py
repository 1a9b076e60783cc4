"""Shapes of trust: what a shop's record is told from, and the label that is signed over it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.kernel.columns import Columns, Int, Mask

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import PromiseRow
    from xiaobao.sellers.facts import SellerRow
    from xiaobao.violations.facts import RegisterRow

FORMAT = "xiaobao.label/1"
# Orders of the last 90 days, claims of the last 180: a claim takes its time.
KEPT_DAYS, PAYOUT_DAYS = 90, 180
# A label is for the day: whoever keeps one longer asks again.
VALID_HOURS = 24
# Of the requirement, in per cent; how far above stays the shop's own matter.
MOST_HEADROOM = 200


@dataclass(frozen=True, slots=True)
class Records(Columns):
    """What is counted of each shop, one row each."""

    orders: Int  # of which it is known whether the promise was kept
    broken: Int  # a breach was found, or a claim ended with money for the buyer
    required_minor: Int
    available_minor: Int


@dataclass(frozen=True, slots=True)
class Standings(Columns):
    """What the records come to, one row each."""

    kept_bps: Int  # of the orders whose outcome is known; 0 where there are none
    least_bps: Int  # the true share is above this, 97.5 times in a hundred
    headroom_percent: Int  # of the requirement that is there, at most MOST_HEADROOM
    is_met: Mask


@dataclass(frozen=True)
class LabelRow:
    """A shop as anybody may check it, at one moment."""

    seller: SellerRow
    market: str
    at: datetime
    promises: tuple[PromiseRow, ...]
    items_covered: int
    is_quoted: bool
    is_met: bool
    headroom_percent: int
    orders: int
    broken: int
    kept_bps: int
    least_bps: int
    claims_paid: int
    median_hours: int | None  # from filing a claim to the money being on its way
    penalty: RegisterRow | None  # the last one published, where it may be told of this shop
    is_penalty_nameless: bool  # those of natural persons are published without their names
