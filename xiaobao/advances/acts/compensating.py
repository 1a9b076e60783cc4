"""Buyers are paid first: breaches that pay by themselves, and whatever a higher room has ruled."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances import rules, store
from xiaobao.advances.facts import Backing, Owed, SettleReport
from xiaobao.database import sets
from xiaobao.deposits import acts as deposits
from xiaobao.deposits import queries as deposits_now
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import EVERYBODY, uuid_of
from xiaobao.ledger import acts as ledger
from xiaobao.orders import acts as orders
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from xiaobao.advances.facts import Split
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.kernel.references import Part
    from xiaobao.ledger.facts import Balances
    from xiaobao.orders.facts import Breaches


class BookMissing(Problem):
    """A seller without a book cannot be charged."""

    code = "advances.book_missing"
    zh = "卖家 {seller_id} 没有账本：先让卖家加入消保（xiaobao sellers enrol）"
    en = "seller {seller_id} has no book: enrol the seller first (xiaobao sellers enrol)"


class CompensationDiffers(Problem):
    """The same cause was compensated before, with another amount or to another buyer."""

    code = "advances.compensation_differs"
    zh = (
        "事由 {cause} 已赔付买家 {paid_buyer} {paid_minor}、平台 {paid_platform}，"
        "不能再按买家 {asked_buyer} {asked_minor}、平台 {asked_platform} 赔付：另立事由"
    )
    en = (
        "cause {cause} paid buyer {paid_buyer} {paid_minor} and the platform {paid_platform} "
        "before, not buyer {asked_buyer} {asked_minor} and the platform {asked_platform}: "
        "name another cause"
    )


@transaction.atomic
def settle_due_breaches(
    *, until_us: int, limit: int = 8192, part: Part = EVERYBODY
) -> SettleReport:
    """Find the breaches that are due and pay those that pay by themselves, in their order.

    The longest overdue come first, at most `limit` of them: call again until none is found.
    """
    found = orders.find_breaches(until_us=until_us, limit=limit, part=part)
    if len(found) == 0:
        return SettleReport()
    tell(
        EventKind.BREACH_FOUND, found.seller_id, found.cause_hi, found.cause_lo,
        at_us=found.due_us, subject_id=found.order_id, party_id=found.buyer_id,
        amount_minor=found.buyer_minor,
    )  # fmt: skip
    paying = found.take(found.is_paid_by_itself & (found.buyer_minor + found.platform_minor > 0))
    owed = _owed_for(paying)
    if len(owed) == 0:
        return SettleReport(found=len(found))
    # What the platform was too late for the fund bears for good.
    behind = Backing.none(len(owed))
    granted = np.where(paying.is_platforms, owed.buyer_minor, 0)
    split = _advance(owed, _lock_books(owed.seller_id), replace(behind, granted_minor=granted))
    return replace(_report(owed, split), found=len(found))


@sets.one_transaction()
def compensate(owed: Owed, backing: Backing | None = None) -> SettleReport:
    """Pay what is owed, cause by cause; a cause that was paid before is left as it stands.

    What is locked for a row is drawn first, and what of it is not drawn is free again.

    :raises BookMissing: if a seller has no book
    :raises CompensationDiffers: if a cause was paid before with another amount
    """
    assert (owed.buyer_minor >= 0).all(), "nobody owes less than nothing"
    assert (owed.platform_minor >= 0).all(), "nobody owes less than nothing"
    # The books are locked before looking for what stands: two callers cannot both find nothing.
    books = _lock_books(owed.seller_id)
    is_new = ~_is_known(owed)
    behind = Backing.none(len(owed)) if backing is None else backing
    new = owed.take(is_new)
    if len(new) == 0:
        return SettleReport(found=len(owed))
    split = _advance(new, books, behind.take(is_new))
    return replace(_report(new, split), found=len(owed))


def advanced_under(seller_id: Int, cause_hi: Int, cause_lo: Int) -> Int:
    """What the fund advanced of each of these causes: debt, as it was when they were paid.

    0 where nothing was paid; for the transaction that paid them.
    """
    known = store.splits_under(seller_id, cause_hi, cause_lo)
    fund = dict(zip(_rows(known, _KEYS), known["fund_minor"].tolist(), strict=True))
    asked = zip(seller_id.tolist(), cause_hi.tolist(), cause_lo.tolist(), strict=True)
    return np.array([fund.get(key, 0) for key in asked], np.int64)


def _owed_for(paying: Breaches) -> Owed:
    """What these breaches owe."""
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

    :raises CompensationDiffers: if an amount or the buyer is another
    """
    known = store.splits_under(owed.seller_id, owed.cause_hi, owed.cause_lo)
    paid = dict(zip(_rows(known, _KEYS), _rows(known, _CONTENT), strict=True))
    is_known = np.zeros(len(owed), np.bool_)
    asked_of = owed.as_dict()
    rows = zip(_rows(asked_of, _KEYS), _rows(asked_of, _CONTENT), strict=True)
    for row, (key, asked) in enumerate(rows):
        is_known[row] = key in paid
        stands = paid.setdefault(key, asked)
        if stands != asked:
            raise CompensationDiffers(
                cause=uuid_of(key[1], key[2]), paid_buyer=stands[0], paid_minor=stands[1],
                paid_platform=stands[2], asked_buyer=asked[0], asked_minor=asked[1],
                asked_platform=asked[2],
            )  # fmt: skip
    return is_known


_KEYS = ("seller_id", "cause_hi", "cause_lo")
_CONTENT = ("buyer_id", "buyer_minor", "platform_minor")


def _rows(columns: Mapping[str, Int], names: Sequence[str]) -> Iterator[tuple[int, ...]]:
    return zip(*(columns[name].tolist() for name in names), strict=True)


def _lock_books(seller_id: Int) -> Balances:
    """:raises BookMissing: if a seller has none"""
    books = ledger.hold_books(seller_id)
    missing = np.setdiff1d(seller_id, books.seller_id)
    if len(missing):
        raise BookMissing(seller_id=int(missing[0]))
    return books


def _advance(owed: Owed, books: Balances, behind: Backing) -> Split:
    """Decide who bears what, record it, and set the payouts going; the books are locked."""
    at = np.searchsorted(books.seller_id, owed.seller_id)
    own = rules.from_own_money(owed, behind, books.reserve[at], books.deposit[at])
    split = rules.covered(own, _cover_drawn(owed, own))
    ledger.post_all(rules.postings_of(owed, split, behind))
    store.add_splits(owed, split)
    # Where the part is punitive alone, no buyer is paid anything.
    paid = owed.take(owed.buyer_minor > 0)
    store.add_payouts(paid)
    tell(
        EventKind.COMPENSATION_ADVANCED, paid.seller_id, paid.cause_hi, paid.cause_lo,
        at_us=paid.at_us, subject_id=paid.subject_id, party_id=paid.buyer_id,
        amount_minor=paid.buyer_minor,
    )  # fmt: skip
    last_us = np.zeros(len(books), np.int64)
    np.maximum.at(last_us, at, owed.at_us)
    charged = last_us > 0
    deposits.check_shortfalls(books.seller_id[charged], at_us=last_us[charged])
    return split


def _report(owed: Owed, split: Split) -> SettleReport:
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
