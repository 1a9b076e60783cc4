"""Buyers are paid first: breaches that pay by themselves, and whatever a higher room has ruled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances import rules, store
from xiaobao.advances.facts import Owed, SettleReport
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import uuid_of
from xiaobao.ledger import acts as ledger
from xiaobao.orders import acts as orders
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind

if TYPE_CHECKING:
    from xiaobao.advances.facts import Split
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.ledger.facts import Balances
    from xiaobao.orders.facts import Breaches


class BookMissing(Problem):
    """A seller without a book cannot be charged."""

    code = "advances.book_missing"
    zh = "卖家 {seller_id} 没有账本：先让卖家加入消保（xiaobao sellers enrol）"
    en = "seller {seller_id} has no book: enrol the seller first (xiaobao sellers enrol)"


class CompensationDiffers(Problem):
    """The same cause was compensated before, with another amount."""

    code = "advances.compensation_differs"
    zh = "事由 {cause} 已赔付买家 {paid_minor}，不能再按 {asked_minor} 赔付：另立事由"
    en = "cause {cause} paid the buyer {paid_minor} before, not {asked_minor}: name another cause"


@transaction.atomic
def settle_due_breaches(*, until_us: int, limit: int = 8192) -> SettleReport:
    """Find the breaches that are due and pay those that pay by themselves, in their order.

    The longest overdue come first, at most `limit` of them: call again until none is found.
    """
    found = orders.find_breaches(until_us=until_us, limit=limit)
    if len(found) == 0:
        return SettleReport()
    tell(
        EventKind.BREACH_FOUND, found.seller_id, found.cause_hi, found.cause_lo,
        at_us=found.due_us, subject_id=found.order_id, party_id=found.buyer_id,
        amount_minor=found.buyer_minor,
    )  # fmt: skip
    owed = _owed_for(found)
    return replace(_advance(owed, _lock_books(owed.seller_id)), found=len(found))


@transaction.atomic
def compensate(owed: Owed) -> SettleReport:
    """Pay what is owed, cause by cause; a cause that was paid before is left as it stands.

    :raises BookMissing: if a seller has no book
    :raises CompensationDiffers: if a cause was paid before with another amount
    """
    assert (owed.buyer_minor >= 0).all(), "nobody owes less than nothing"
    assert (owed.platform_minor >= 0).all(), "nobody owes less than nothing"
    # The books are locked before looking for what stands: two callers cannot both find nothing.
    books = _lock_books(owed.seller_id)
    return replace(_advance(owed.take(~_is_known(owed)), books), found=len(owed))


def _owed_for(found: Breaches) -> Owed:
    """The breaches that pay by themselves, and pay anything."""
    paying = found.take(found.is_paid_by_itself & (found.buyer_minor + found.platform_minor > 0))
    return Owed(
        seller_id=paying.seller_id,
        cause_hi=paying.cause_hi,
        cause_lo=paying.cause_lo,
        market_id=paying.market_id,
        subject_id=paying.order_id,
        buyer_id=paying.buyer_id,
        buyer_minor=paying.buyer_minor,
        platform_minor=paying.platform_minor,
        at_us=paying.due_us,
    )


def _is_known(owed: Owed) -> Mask:
    """Which causes were compensated before, or stand twice in this batch.

    :raises CompensationDiffers: if the amount is another
    """
    known = store.splits_under(owed.seller_id, owed.cause_hi, owed.cause_lo)
    keys = ("seller_id", "cause_hi", "cause_lo")
    stand = zip(*(known[k].tolist() for k in keys), strict=True)
    paid = dict(zip(stand, known["buyer_minor"].tolist(), strict=True))
    is_known = np.zeros(len(owed), np.bool_)
    rows = zip(*(getattr(owed, k).tolist() for k in keys), strict=True)
    for row, (key, asked) in enumerate(zip(rows, owed.buyer_minor.tolist(), strict=True)):
        is_known[row] = key in paid
        if paid.setdefault(key, asked) != asked:
            raise CompensationDiffers(
                cause=uuid_of(key[1], key[2]), paid_minor=paid[key], asked_minor=asked
            )
    return is_known


def _lock_books(seller_id: Int) -> Balances:
    """:raises BookMissing: if a seller has none"""
    books = ledger.hold_books(seller_id)
    missing = np.setdiff1d(seller_id, books.seller_id)
    if len(missing):
        raise BookMissing(seller_id=int(missing[0]))
    return books


def _advance(owed: Owed, books: Balances) -> SettleReport:
    """Decide who bears what, record it, and set the payouts going; the books are locked."""
    if len(owed) == 0:
        return SettleReport()
    at = np.searchsorted(books.seller_id, owed.seller_id)
    own = rules.from_own_money(owed, books.reserve[at], books.deposit[at])
    split = rules.covered(own, _cover_drawn(owed, own))
    ledger.post_all(rules.postings_of(owed, split))
    store.add_splits(owed, split)
    store.add_payouts(owed.take(owed.buyer_minor > 0))
    tell(
        EventKind.COMPENSATION_ADVANCED, owed.seller_id, owed.cause_hi, owed.cause_lo,
        at_us=owed.at_us, subject_id=owed.subject_id, party_id=owed.buyer_id,
        amount_minor=owed.buyer_minor,
    )  # fmt: skip
    last_us = np.zeros(len(books), np.int64)
    np.maximum.at(last_us, at, owed.at_us)
    charged = last_us > 0
    deposits.check_shortfalls(books.seller_id[charged], at_us=last_us[charged])
    return SettleReport(
        paid=len(owed),
        buyers_minor=int(owed.buyer_minor.sum()),
        platform_minor=int(owed.platform_minor.sum()),
        advanced_minor=int(split.buyer_fund_minor.sum() + split.platform_fund_minor.sum()),
    )


def _cover_drawn(owed: Owed, own: Split) -> Int:
    """What insurance pays of each row; few sellers have any, and then only for what is left."""
    wanted = own.buyer_fund_minor + own.platform_fund_minor
    asking = wanted > 0
    asking[asking] = deposits_now.cover_available(owed.seller_id[asking], owed.at_us[asking]) > 0
    drawn = np.zeros(len(owed), np.int64)
    if not asking.any():
        return drawn
    drawn[asking] = deposits.draw_cover(
        owed.seller_id[asking], wanted[asking], owed.cause_hi[asking], owed.cause_lo[asking],
        at_us=owed.at_us[asking],
    )  # fmt: skip
    return drawn
