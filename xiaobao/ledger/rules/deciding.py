"""The decision on a batch: shape first, then what stands already, then order, holds and floors."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import FAR_US, Int, Mask, first_match
from xiaobao.ledger.facts import (
    LEGS,
    Account,
    Books,
    Decision,
    Entries,
    Holds,
    Op,
    Outcome,
    Postings,
    Why,
)
from xiaobao.ledger.rules.simulating import simulated
from xiaobao.ledger.rules.steps import Found, Steps
from xiaobao.ledger.rules.walking import same_content, walk

if TYPE_CHECKING:
    from collections.abc import Callable

_ACCOUNTS = len(Account)


def _unknown_account(p: Postings) -> Mask:
    known = (p.source >= 0) & (p.source < _ACCOUNTS) & (p.target >= 0) & (p.target < _ACCOUNTS)
    unknown: Mask = ~known
    return unknown


def _same_account(p: Postings) -> Mask:
    same: Mask = p.source == p.target
    return same


def _not_positive(p: Postings) -> Mask:
    is_whole = (p.op == Op.RELEASE) | (p.op == Op.EXPIRE)
    return np.where(is_whole, p.amount_minor < 0, p.amount_minor <= 0)


def _wrong_hold_account(p: Postings) -> Mask:
    """Locked money moves by holds alone; a debt is no money to hold."""
    from_locked, to_locked = p.source == Account.LOCKED, p.target == Account.LOCKED
    is_hold = p.op == Op.HOLD
    plain = (p.op == Op.MOVE) & (from_locked | to_locked)
    making = is_hold & (~to_locked | (p.source == Account.FUND))
    resolving = (p.op != Op.MOVE) & ~is_hold & ~from_locked
    wrong: Mask = plain | making | resolving
    return wrong


# In the order in which a posting is asked; the first that holds is its refusal.
SHAPES: dict[Outcome, Callable[[Postings], Mask]] = {
    Outcome.UNKNOWN_ACCOUNT: _unknown_account,
    Outcome.SAME_ACCOUNT: _same_account,
    Outcome.NOT_POSITIVE: _not_positive,
    Outcome.WRONG_HOLD_ACCOUNT: _wrong_hold_account,
}


def decide(
    asked: Postings,
    books: Books,
    holds: Holds,
    stored: Entries,
    *,
    walked: bool = False,
) -> Decision:
    """Decide every posting as if they came one by one, in the order given.

    `books` are those of the sellers asked for that have one, ordered by seller. `holds` are those
    named that stand already, `stored` the entries that stand under the keys asked for: what is
    left out is taken not to stand. `walked` decides every book one by one, none on columns.
    """
    assert is_sound(asked), (
        "integers; legs from 0 to LEGS-1; ops up to EXPIRE; a hold op names its hold"
    )
    outcome, book = _shape(asked, books)
    _mark_stored(asked, stored, outcome)
    live = np.flatnonzero(outcome == Outcome.POSTED)
    found, left = Found.none(books), live
    if len(live) and not walked:
        found, left = simulated(asked, live, book, books, holds)
    if len(left):
        found = found.joined(walk(asked, left, book, books, holds, outcome))
    return _decision(asked, books, found, outcome)


def accounts_moved(p: Postings) -> list[Account]:
    """The accounts whose balances may decide: all of them where holds, which name one, move."""
    if (p.op != Op.MOVE).any():
        return list(Account)
    is_named = np.zeros(_ACCOUNTS, np.bool_)
    for side in (p.source, p.target):
        is_named[side[(side >= 0) & (side < _ACCOUNTS)]] = True
    return [account for account in Account if is_named[account]]


def is_sound(p: Postings) -> bool:
    """Whether this can be asked at all: another shape is a mistake in the code that asks."""
    if any(column.dtype.kind != "i" for column in p.as_dict().values()):
        return False
    legs = (p.leg >= 0) & (p.leg < LEGS)
    ops = (p.op >= Op.MOVE) & (p.op <= Op.EXPIRE)
    names = ((p.hold_hi | p.hold_lo) != 0) == (p.op != Op.MOVE)
    return bool((legs & ops & names).all())


def _shape(asked: Postings, books: Books) -> tuple[Int, Int]:
    """Each posting's refusal by its shape (0: none), and the place of its book."""
    first = first_match([test(asked) for test in SHAPES.values()], len(asked))
    if len(books) == 0:
        return np.full(len(asked), int(Outcome.UNKNOWN_BOOK)), np.zeros(len(asked), np.int64)
    codes = np.array([Outcome.POSTED, *SHAPES], np.int64)
    book = np.minimum(np.searchsorted(books.seller_id, asked.seller_id), len(books) - 1)
    is_known = books.seller_id[book] == asked.seller_id
    return np.where(is_known, codes[first], Outcome.UNKNOWN_BOOK), book


def _mark_stored(asked: Postings, stored: Entries, outcome: Int) -> None:
    """A key that stands already is a replay, or stands with other content."""
    if len(stored) == 0:
        return
    keys = zip(
        stored.seller_id.tolist(), stored.cause_hi.tolist(), stored.cause_lo.tolist(),
        stored.leg.tolist(), strict=True,
    )  # fmt: skip
    standing = dict(zip(keys, range(len(stored)), strict=True))
    content = list(
        zip(
            stored.op.tolist(), stored.source.tolist(), stored.target.tolist(),
            stored.amount_minor.tolist(), stored.why.tolist(), stored.hold_hi.tolist(),
            stored.hold_lo.tolist(), stored.expires_us.tolist(), strict=True,
        )
    )  # fmt: skip
    for row in np.flatnonzero(outcome == Outcome.POSTED).tolist():
        key = (
            int(asked.seller_id[row]), int(asked.cause_hi[row]), int(asked.cause_lo[row]),
            int(asked.leg[row]),
        )  # fmt: skip
        there = standing.get(key)
        if there is not None:
            wanted = (
                int(asked.op[row]), int(asked.source[row]), int(asked.target[row]),
                int(asked.amount_minor[row]), int(asked.why[row]), int(asked.hold_hi[row]),
                int(asked.hold_lo[row]), int(asked.expires_us[row]),
            )  # fmt: skip
            is_same = same_content(wanted, content[there])
            outcome[row] = Outcome.REPLAY if is_same else Outcome.OTHER_CONTENT


def _decision(asked: Postings, books: Books, found: Found, outcome: Int) -> Decision:
    """Number the steps inside their books and write them out as entries."""
    s: Steps = found.steps
    count = np.bincount(s.book, minlength=len(books))
    before = np.cumsum(count) - count
    rank = np.arange(len(s)) - before[s.book]
    touched = np.flatnonzero(count)
    last_us = books.last_us.copy()
    last_us[touched] = s.at_us[before[touched] + count[touched] - 1]
    is_hold = asked.op[s.row] == Op.HOLD
    entries = Entries(
        seller_id=books.seller_id[s.book],
        seq=books.seq[s.book] + rank + 1,
        at_us=s.at_us,
        amount_minor=s.amount_minor,
        source_after=s.source_after,
        target_after=s.target_after,
        expires_us=np.where(is_hold, asked.expires_us[s.row], FAR_US),
        cause_hi=asked.cause_hi[s.row],
        cause_lo=asked.cause_lo[s.row],
        hold_hi=asked.hold_hi[s.row],
        hold_lo=asked.hold_lo[s.row],
        leg=asked.leg[s.row] + LEGS * s.is_return,
        op=np.where(s.is_return, Op.RETURN, asked.op[s.row]),
        source=s.source,
        target=s.target,
        why=np.where(s.is_return, Why.EXPOSURE_FREED, asked.why[s.row]),
    )
    after = Books(
        seller_id=books.seller_id, seq=books.seq + count, last_us=last_us, balance=found.balance
    )
    return Decision(outcome, entries, after.take(touched), found.made, found.resolved)
