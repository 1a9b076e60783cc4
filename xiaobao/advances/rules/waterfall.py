"""The waterfall: locked, reserve, deposit, cover, fund; the buyer first, then the platform."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances.facts import Available, Backing, Leg, Owed, Split
from xiaobao.kernel.columns import FAR_US, drawn_within, groups_of
from xiaobao.ledger.facts import Account, Op, Postings, Why

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

# Leg, source, target, why; in the order of the columns of a split. What an insurer's cover pays
# comes from outside the book, as does what the fund bears for good. What is locked for a row and
# the buyer does not take goes back to the deposit when the hold is captured, and on from there.
_BUYERS, _PENALTY = Account.BUYERS, Account.PENALTY
LEGS = (
    (Leg.LOCKED_TO_BUYER, Account.LOCKED, _BUYERS, Why.COMPENSATION),
    (Leg.LOCKED_TO_PLATFORM, Account.DEPOSIT, _PENALTY, Why.PENALTY),
    (Leg.GRANT_TO_BUYER, Account.OUTSIDE, _BUYERS, Why.FUND_GRANTED),
    (Leg.RESERVE_TO_BUYER, Account.RESERVE, _BUYERS, Why.COMPENSATION),
    (Leg.DEPOSIT_TO_BUYER, Account.DEPOSIT, _BUYERS, Why.COMPENSATION),
    (Leg.COVER_TO_BUYER, Account.OUTSIDE, _BUYERS, Why.COVER_DRAWN),
    (Leg.FUND_TO_BUYER, Account.FUND, _BUYERS, Why.ADVANCE),
    (Leg.RESERVE_TO_PLATFORM, Account.RESERVE, _PENALTY, Why.PENALTY),
    (Leg.DEPOSIT_TO_PLATFORM, Account.DEPOSIT, _PENALTY, Why.PENALTY),
    (Leg.COVER_TO_PLATFORM, Account.OUTSIDE, _PENALTY, Why.COVER_DRAWN),
    (Leg.FUND_TO_PLATFORM, Account.FUND, _PENALTY, Why.PENALTY),
)


def waterfall(owed: Owed, available: Available, backing: Backing | None = None) -> Split:
    """Who bears each row, as if the rows had come one after another."""
    behind = Backing.none(len(owed)) if backing is None else backing
    own = from_own_money(owed, behind, available.reserve_minor, available.deposit_minor)
    wanted = own.buyer_fund_minor + own.platform_fund_minor
    cover = drawn_within(wanted, groups_of(owed.seller_id), available.cover_minor)
    return covered(own, cover)


def from_own_money(owed: Owed, behind: Backing, reserve_minor: Int, deposit_minor: Int) -> Split:
    """What the seller's own money bears; all the rest is the fund's as yet.

    Within a row the buyer's part is drawn before the platform's, so the two stand as neighbours
    in one sequence of draws. The buyer is whole whatever is there. What each row's hold does not
    give to that row is free before any row draws on the deposit.
    """
    buyer = owed.buyer_minor - behind.granted_minor
    buyer_locked = np.minimum(behind.locked_minor, buyer)
    platform_locked = np.minimum(behind.locked_minor - buyer_locked, owed.platform_minor)
    wanted = np.empty(2 * len(owed), np.int64)
    wanted[0::2], wanted[1::2] = buyer - buyer_locked, owed.platform_minor - platform_locked
    groups = groups_of(owed.seller_id)
    seller = np.repeat(groups, 2)
    freed = np.zeros(len(owed) + 1, np.int64)
    np.add.at(freed, groups, behind.locked_minor - buyer_locked - platform_locked)
    reserve = drawn_within(wanted, seller, np.repeat(reserve_minor, 2))
    free = np.repeat(deposit_minor + freed[groups], 2)
    deposit = drawn_within(wanted - reserve, seller, free)
    fund = wanted - reserve - deposit
    none = np.zeros(len(owed), np.int64)
    return Split(
        buyer_locked_minor=buyer_locked,
        platform_locked_minor=platform_locked,
        buyer_grant_minor=behind.granted_minor,
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


def postings_of(owed: Owed, split: Split, backing: Backing | None = None) -> Postings:
    """The movements that a split means: holds are resolved first, then cause by cause.

    Nothing is posted for nothing.
    """
    behind = Backing.none(len(owed)) if backing is None else backing
    amounts = np.stack(list(split.as_dict().values()), axis=1)
    row, column = np.nonzero(amounts)
    leg, source, target, why = np.array(LEGS, np.int64)[column].T
    is_again = behind.is_borne_again[row] & (why == Why.PENALTY)
    moves = Postings.moves(
        seller_id=owed.seller_id[row],
        cause_hi=owed.cause_hi[row],
        cause_lo=owed.cause_lo[row],
        leg=leg,
        source=source,
        target=target,
        amount_minor=amounts[row, column],
        why=np.where(is_again, Why.BORNE_AGAIN, why),
        at_us=owed.at_us[row],
    )
    is_capture = moves.leg == Leg.LOCKED_TO_BUYER
    if not behind.locked_minor.any():
        return moves
    return Postings.concat([_holds_resolved(owed, split, behind), moves.take(~is_capture)])


def _holds_resolved(owed: Owed, split: Split, behind: Backing) -> Postings:
    """Each row's hold captured for the buyer; freed where the buyer takes nothing of it."""
    held = behind.locked_minor > 0
    rows, named = owed.take(held), behind.take(held)
    taken = split.buyer_locked_minor[held]
    takes = taken > 0
    return Postings(
        seller_id=rows.seller_id,
        cause_hi=rows.cause_hi,
        cause_lo=rows.cause_lo,
        leg=np.where(takes, Leg.LOCKED_TO_BUYER, Leg.HOLD_FREED),
        op=np.where(takes, Op.CAPTURE, Op.RELEASE),
        source=np.full(len(rows), Account.LOCKED, np.int64),
        target=np.where(takes, Account.BUYERS, Account.DEPOSIT),
        amount_minor=np.where(takes, taken, named.locked_minor),
        why=np.where(takes, Why.COMPENSATION, Why.EXPOSURE_FREED),
        hold_hi=named.hold_hi,
        hold_lo=named.hold_lo,
        expires_us=np.full(len(rows), FAR_US),
        at_us=rows.at_us,
    )


def paid_postings(
    seller_id: Int, payout_hi: Int, payout_lo: Int, amount_minor: Int, at_us: Int
) -> Postings:
    """The money has left for the buyer: the last leg of the cause that owed it."""
    return _off_the_book(
        seller_id, payout_hi, payout_lo, amount_minor, at_us, Leg.BUYER_PAID, Why.BUYER_PAID
    )


def stopped_postings(
    seller_id: Int, payout_hi: Int, payout_lo: Int, amount_minor: Int, at_us: Int
) -> Postings:
    """Nothing is owed to the buyer any more, and nothing left: it is the fund's again."""
    return _off_the_book(
        seller_id, payout_hi, payout_lo, amount_minor, at_us, Leg.PAYOUT_STOPPED,
        Why.PAYOUT_STOPPED,
    )  # fmt: skip


def _off_the_book(
    seller_id: Int, payout_hi: Int, payout_lo: Int, amount_minor: Int, at_us: Int, leg: Leg,
    why: Why,
) -> Postings:  # fmt: skip
    none = np.zeros(len(seller_id), np.int64)
    return Postings.moves(
        seller_id=seller_id,
        cause_hi=payout_hi,
        cause_lo=payout_lo,
        leg=none + leg,
        source=none + Account.BUYERS,
        target=none + Account.OUTSIDE,
        amount_minor=amount_minor,
        why=none + why,
        at_us=at_us,
    )
