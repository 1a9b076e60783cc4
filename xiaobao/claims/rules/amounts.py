"""What is due: the price and freight not given back yet, and on top the most of three.

The law, the platform's rule and the seller's own promises are each asked; the highest counts
(Taobao dispute rules, article 15; judicial interpretation on online consumption, article 10).
What breaches of the same promise paid before is deducted from it, and no sum exceeds what the
buyer asks for.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import Ask, Basis, Ground
from xiaobao.claims.rules.law import GROUNDS
from xiaobao.kernel.columns import Columns, Int, Mask, chosen
from xiaobao.kernel.money import clamp, share_of

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts
    from xiaobao.claims.rules.law import Law, Rows
    from xiaobao.claims.terms import AwardTerms, ClaimTerms

_BASIS = np.zeros(max(Ground) + 1, np.int64)
_BASIS[[Ground.LAW, Ground.RULE, Ground.PROMISE]] = (Basis.LAW, Basis.RULE, Basis.PROMISE)
_BASIS[[Ground.PROMISE_HIGHER, Ground.PROMISE_HIGHEST]] = Basis.PROMISE

# A replacement or a repair is owed in goods.
IN_GOODS = 1 << Ask.REPLACEMENT | 1 << Ask.REPAIR
# A cap this high is none: no price is above it.
OUT_OF_REACH_MINOR = 10**14


@dataclass(frozen=True, slots=True)
class Award(Columns):
    """What is paid on top of the price, before what was paid already is deducted."""

    highest_minor: Int
    basis: Int  # Basis
    row: Int  # of the awards table, which gave it; -1 for none


@dataclass(frozen=True, slots=True)
class Due(Columns):
    """What is due to the buyer, and beside it."""

    refund_minor: Int
    freight_minor: Int
    compensation_minor: Int
    punitive_minor: Int
    fund_minor: Int


def asks_price(f: ClaimFacts, t: ClaimTerms) -> Mask:
    asks: Mask = (t.price_asks >> f.ask & 1) != 0
    return asks | (f.is_goods_late & in_goods(f.ask))


def in_goods(ask: Int) -> Mask:
    """Which claims ask for a repair or a replacement."""
    mask: Mask = (IN_GOODS >> ask & 1) != 0
    return mask


def price_left(f: ClaimFacts) -> Int:
    """What was really paid for the goods, less what was given back of it."""
    left: Int = np.maximum(f.goods_minor - f.refunded_minor, 0)
    return left


def goods_in_reason(f: ClaimFacts, t: ClaimTerms) -> Int:
    """The price that a multiple is taken of: of as many units as a household reasonably uses.

    Rounded down: what exceeds the reasonable number is not multiplied, not even by a part.
    """
    left = np.maximum(t.reasonable_units - f.before_units, 0)
    within = np.minimum(f.units, left)
    part = f.goods_minor * within // np.maximum(f.units, 1)
    goods: Int = chosen(t.reasonable_units > 0, part, f.goods_minor)
    return goods


def awarded(a: AwardTerms, f: ClaimFacts, t: ClaimTerms) -> Int:
    """What one row of the awards table gives to who asks for it; 0 where it was not promised.

    For reasonable use small purchases of one buyer are taken together: the least is paid once.
    """
    is_given = (a.needs_promise == 0) | (f.promises >> a.needs_promise & 1 != 0)
    summed = a.is_for_reasonable_use & (f.before_units > 0)
    base = chosen(a.is_for_reasonable_use, goods_in_reason(f, t), f.goods_minor)
    base = base + chosen(summed, f.before_goods_minor, 0)
    of_price = clamp(share_of(base, a.price_bps, a.rounding), a.least_minor, a.most_minor)
    of_loss = share_of(f.loss_minor, a.loss_bps, a.rounding)
    gross = np.minimum(np.maximum(of_price, of_loss), a.most_minor)
    net = np.maximum(gross - chosen(summed, f.before_paid_minor, 0), 0)
    return chosen(is_given, net, 0)


def highest(f: ClaimFacts, t: ClaimTerms, rows: Rows, law: Law) -> Award:
    """The most of law, platform rule and own promises; on a tie the law comes first."""
    none = np.zeros(len(f), np.int64)
    found = Award(none.copy(), none.copy(), none - 1)
    for ground, name in GROUNDS.items():
        at = getattr(rows, name)
        # Most claims ask for the price alone: only the others are taken apart.
        here = law.asked(at, f.ask)
        if len(here) == 0:
            continue
        part = (f, t) if len(here) == len(f) else (f.take(here), t.take(here))
        sums = awarded(law.awards_at(at[here]), *part)
        is_more = sums > found.highest_minor[here]
        better = here[is_more]
        found.highest_minor[better] = sums[is_more]
        found.basis[better] = _BASIS[ground]
        found.row[better] = at[better]
    return found


def due(f: ClaimFacts, t: ClaimTerms, award: Award, law: Law, is_due: Mask) -> Due:
    """What is paid where `is_due`: no more than is left, and no more than is asked for."""
    price = is_due & asks_price(f, t)
    refund = chosen(price, price_left(f), 0)
    freight = chosen(price & t.is_freight_returned, f.freight_minor, 0)
    on_top = chosen(is_due, np.maximum(award.highest_minor - f.compensated_minor, 0), 0)
    # The price comes first: what is asked for is filled in this order.
    asked = chosen(f.asked_minor > 0, f.asked_minor, refund + freight + on_top)
    refund = np.minimum(refund, asked)
    freight = np.minimum(freight, asked - refund)
    on_top = np.minimum(on_top, asked - refund - freight)
    punitive = np.zeros(len(f), np.int64)
    rows = np.flatnonzero((award.row >= 0) & (on_top > 0))
    if len(rows):
        given = law.awards_at(award.row[rows])
        punitive[rows] = share_of(on_top[rows], given.platform_bps, given.rounding)
    paid = refund + freight + on_top
    fund = share_of(paid, t.fund_bps, t.rounding) if t.fund_bps.any() else paid * 0
    return Due(refund, freight, on_top, punitive, fund)
