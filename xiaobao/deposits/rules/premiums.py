"""What insurance cover costs its seller, and how that leaves the deposit."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import DAY_US
from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.ledger.facts import Account, Postings, Why

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

DAYS_A_YEAR = 365


def premium_minor(limit_minor: int, yearly_bps: int, span_us: int) -> int:
    """A share of the limit a year, for this span; rounds up, so the insurer is not a fen short."""
    return -(-limit_minor * yearly_bps * span_us // (WHOLE_BPS * DAYS_A_YEAR * DAY_US))


def premium_postings(
    seller_id: Int, cause_hi: Int, cause_lo: Int, premium: Int, at_us: int
) -> Postings:
    """From the free deposit to the insurer."""
    none = np.zeros(len(seller_id), np.int64)
    return Postings.moves(
        seller_id=seller_id, cause_hi=cause_hi, cause_lo=cause_lo, leg=none,
        source=none + Account.DEPOSIT, target=none + Account.OUTSIDE, amount_minor=premium,
        why=none + Why.PREMIUM_PAID, at_us=none + at_us,
    )  # fmt: skip
