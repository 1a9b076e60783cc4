"""Sums that stay frozen with their sellers: what is taken of them, let go of, and lost; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import drawn_within, groups_of
from xiaobao.ledger.facts import Account, Postings, Why

if TYPE_CHECKING:
    from xiaobao.deposits.facts import Authorisations
    from xiaobao.kernel.columns import Int, Mask


def standing_minor(frozen: Authorisations) -> Int:
    """What stands frozen at the gateway, as far as is known."""
    rest: Int = frozen.amount_minor - frozen.taken_minor - frozen.let_go_minor - frozen.lost_minor
    return rest


def free_minor(frozen: Authorisations) -> Int:
    """What stands frozen and is neither being taken nor let go of."""
    rest: Int = standing_minor(frozen) - frozen.taking_minor - frozen.leaving_minor
    return rest


def to_take(
    frozen: Authorisations, deposit_minor: Int, locked_minor: Int, is_leaving: Mask
) -> Int:
    """What is to be taken of each, as the books stand; the first of a seller's rows give first.

    What is frozen may be the seller's own money and no more: its deposit, free or locked. So what
    was lodged in cash is used up first, and the rest of what is owed is taken. Of sums that end
    soon what only locked money stands for is taken too: a claim outlives them. Of who leaves, or
    has left, all of them is: what is there yet is held, and nothing is lodged anew.

    The two balances, and whether it leaves, are the same on all rows of one seller.
    """
    seller = groups_of(frozen.seller_id)
    free = free_minor(frozen)
    own = deposit_minor + locked_minor
    owed = drawn_within(free, seller, np.maximum(_sums(free, seller) - own, 0))
    ending = np.where(frozen.is_told, free - owed, 0)
    may_end = np.where(is_leaving, 0, deposit_minor)
    secured = drawn_within(ending, seller, np.maximum(_sums(ending, seller) - may_end, 0))
    taken: Int = owed + secured
    return taken


def _sums(values: Int, group: Int) -> Int:
    """The sum of each row's group."""
    total = np.zeros(len(values), np.int64)
    np.add.at(total, group, values)
    return total[group]


def let_go(frozen: Authorisations, wanted_minor: int) -> Int:
    """What is let go of each of one seller's sums, the first first, towards what is wanted."""
    none = np.zeros(len(frozen), np.int64)
    return drawn_within(free_minor(frozen), none, none + wanted_minor)


def lost_postings(
    seller_id: Int, hi: Int, lo: Int, lost_minor: Int, deposit_minor: Int, at_us: int
) -> Postings:
    """A frozen sum ended: what of it was free is no deposit any more, the rest the seller owes.

    Locked money stays locked: whoever it is locked for is paid, and the fund bears it meanwhile.
    """
    from_deposit = np.minimum(lost_minor, deposit_minor)
    amounts = np.stack([from_deposit, lost_minor - from_deposit], axis=1)
    row, leg = np.nonzero(amounts)
    return Postings.moves(
        seller_id=seller_id[row], cause_hi=hi[row], cause_lo=lo[row], leg=leg,
        source=np.where(leg == 0, Account.DEPOSIT, Account.FUND).astype(np.int64),
        target=np.full(len(row), Account.OUTSIDE, np.int64), amount_minor=amounts[row, leg],
        why=np.full(len(row), Why.DEPOSIT_LOST, np.int64),
        at_us=np.full(len(row), at_us, np.int64),
    )  # fmt: skip


def found_postings(seller_id: Int, hi: Int, lo: Int, amount_minor: Int, at_us: Int) -> Postings:
    """What was held for lost was taken after all: it stands as deposit again, and repays."""
    none = np.zeros(len(seller_id), np.int64)
    return Postings.moves(
        seller_id=seller_id, cause_hi=hi, cause_lo=lo, leg=none, source=none + Account.OUTSIDE,
        target=none + Account.DEPOSIT, amount_minor=amount_minor, why=none + Why.DEPOSIT_LOST,
        at_us=at_us,
    )  # fmt: skip
