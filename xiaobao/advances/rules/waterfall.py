"""The waterfall: reserve, deposit, cover, fund; the buyer first, then the platform."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances.facts import Available, Leg, Owed, Split
from xiaobao.kernel.columns import drawn_within, groups_of
from xiaobao.ledger.facts import Account, Postings, Why

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

# Leg, source, target, why; in the order of the columns of a split. What an insurer's cover pays
# comes from outside the book.
_BUYERS, _PENALTY = Account.BUYERS, Account.PENALTY
LEGS = (
    (Leg.RESERVE_TO_BUYER, Account.RESERVE, _BUYERS, Why.COMPENSATION),
    (Leg.DEPOSIT_TO_BUYER, Account.DEPOSIT, _BUYERS, Why.COMPENSATION),
    (Leg.COVER_TO_BUYER, Account.OUTSIDE, _BUYERS, Why.COVER_DRAWN),
    (Leg.FUND_TO_BUYER, Account.FUND, _BUYERS, Why.ADVANCE),
    (Leg.RESERVE_TO_PLATFORM, Account.RESERVE, _PENALTY, Why.PENALTY),
    (Leg.DEPOSIT_TO_PLATFORM, Account.DEPOSIT, _PENALTY, Why.PENALTY),
    (Leg.COVER_TO_PLATFORM, Account.OUTSIDE, _PENALTY, Why.COVER_DRAWN),
    (Leg.FUND_TO_PLATFORM, Account.FUND, _PENALTY, Why.PENALTY),
)


def waterfall(owed: Owed, available: Available) -> Split:
    """Who bears each row, as if the rows had come one after another."""
    own = from_own_money(owed, available.reserve_minor, available.deposit_minor)
    wanted = own.buyer_fund_minor + own.platform_fund_minor
    cover = drawn_within(wanted, groups_of(owed.seller_id), available.cover_minor)
    return covered(own, cover)


def from_own_money(owed: Owed, reserve_minor: Int, deposit_minor: Int) -> Split:
    """What the seller's own money bears; all the rest is the fund's as yet.

    Within a row the buyer's part is drawn before the platform's, so the two stand as neighbours
    in one sequence of draws. The buyer is whole whatever is there.
    """
    wanted = np.empty(2 * len(owed), np.int64)
    wanted[0::2], wanted[1::2] = owed.buyer_minor, owed.platform_minor
    seller = np.repeat(groups_of(owed.seller_id), 2)
    reserve = drawn_within(wanted, seller, np.repeat(reserve_minor, 2))
    deposit = drawn_within(wanted - reserve, seller, np.repeat(deposit_minor, 2))
    fund = wanted - reserve - deposit
    none = np.zeros(len(owed), np.int64)
    return Split(
        buyer_reserve_minor=reserve[0::2],
        buyer_deposit_minor=deposit[0::2],
        buyer_cover_minor=none,
        buyer_fund_minor=fund[0::2],
        platform_reserve_minor=reserve[1::2],
        platform_deposit_minor=deposit[1::2],
        platform_cover_minor=none,
        platform_fund_minor=fund[1::2],
    )


def covered(own: Split, cover_minor: Int) -> Split:
    """The same with what each row draws from insurance cover, for the buyer first."""
    for_buyer = np.minimum(cover_minor, own.buyer_fund_minor)
    for_platform = cover_minor - for_buyer
    return replace(
        own,
        buyer_cover_minor=for_buyer,
        buyer_fund_minor=own.buyer_fund_minor - for_buyer,
        platform_cover_minor=for_platform,
        platform_fund_minor=own.platform_fund_minor - for_platform,
    )


def postings_of(owed: Owed, split: Split) -> Postings:
    """The movements that a split means, cause by cause; nothing is posted for nothing."""
    amounts = np.stack(list(split.as_dict().values()), axis=1)
    row, column = np.nonzero(amounts)
    leg, source, target, why = np.array(LEGS, np.int64)[column].T
    return Postings.moves(
        seller_id=owed.seller_id[row],
        cause_hi=owed.cause_hi[row],
        cause_lo=owed.cause_lo[row],
        leg=leg,
        source=source,
        target=target,
        amount_minor=amounts[row, column],
        why=why,
        at_us=owed.at_us[row],
    )


def paid_postings(
    seller_id: Int, payout_hi: Int, payout_lo: Int, amount_minor: Int, at_us: Int
) -> Postings:
    """The money has left for the buyer: the last leg of the cause that owed it."""
    none = np.zeros(len(seller_id), np.int64)
    return Postings.moves(
        seller_id=seller_id,
        cause_hi=payout_hi,
        cause_lo=payout_lo,
        leg=none + Leg.BUYER_PAID,
        source=none + Account.BUYERS,
        target=none + Account.OUTSIDE,
        amount_minor=amount_minor,
        why=none + Why.BUYER_PAID,
        at_us=at_us,
    )
