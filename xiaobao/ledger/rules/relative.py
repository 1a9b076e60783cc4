"""A few plain movements before their books are read: what each comes to, from wherever it begins.

Running sums from zero say how far each balance falls and rises on the way. Whoever holds the books
adds their balances: where all stay within floors and ceilings, every movement stands.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.ledger.facts import LEGS, Account, Op, Postings
from xiaobao.ledger.rules.simulating import clock
from xiaobao.ledger.rules.straight import FIRST_US, LAST_US, MOST

_ACCOUNTS = len(Account)


@dataclass(frozen=True, slots=True)
class Moves(Columns):
    """Movements by book and in order: `rank` counts from 1; balances are those beyond the book's.

    `at_us` is the latest moment of the movements of its book so far.
    """

    seller_id: Int
    rank: Int
    at_us: Int
    amount_minor: Int
    source_run: Int
    target_run: Int
    cause_hi: Int
    cause_lo: Int
    leg: Int
    source: Int
    target: Int
    why: Int


@dataclass(frozen=True)
class Relative:
    """The movements, and what each book comes to by them: one column per account.

    `least` and `most` are how far a balance falls and rises on the way.
    """

    moves: Moves
    seller_id: Int
    count: Int
    last_us: Int
    change: Int
    least: Int
    most: Int


def is_plain(p: Postings) -> bool:
    """Whether these are sound movements, of which the books alone can refuse any."""
    return bool(plain(p).all())


def plain(p: Postings) -> Mask:
    """Which of these are sound movements, so small that their sums cannot overflow."""
    if p.seller_id.dtype != np.int64:
        return np.zeros(len(p), bool)
    locked = (p.source == Account.LOCKED) | (p.target == Account.LOCKED)
    known = (p.source >= 0) & (p.source < _ACCOUNTS) & (p.target >= 0) & (p.target < _ACCOUNTS)
    sound: Mask = (p.op == Op.MOVE) & ((p.hold_hi | p.hold_lo) == 0) & (p.source != p.target)
    sound &= known & ~locked & (p.amount_minor > 0) & (p.amount_minor <= MOST // len(p))
    sound &= (p.leg >= 0) & (p.leg < LEGS) & (p.at_us > FIRST_US) & (p.at_us < LAST_US)
    return sound


def relative(asked: Postings) -> Relative:
    """What plain movements come to in books not read yet; keys are for the index to compare."""
    p = asked.take(np.argsort(asked.seller_id, kind="stable"))
    seller_id, first, count = np.unique(p.seller_id, return_index=True, return_counts=True)
    place = np.repeat(np.arange(len(seller_id)), count)
    at = clock(p.at_us, place, np.full(len(seller_id), FIRST_US))
    # Both sides of each movement in order, and one running sum for each account of each book.
    side = place.repeat(2) * _ACCOUNTS + np.stack([p.source, p.target], axis=1).reshape(-1)
    change = np.stack([-p.amount_minor, p.amount_minor], axis=1).reshape(-1)
    order = np.argsort(side, kind="stable")
    start = np.flatnonzero(np.diff(side[order], prepend=-1))
    total = np.cumsum(change[order])
    before = total[start] - change[order][start]
    run = total - np.repeat(before, np.diff(np.append(start, len(total))))
    after = np.empty_like(run)
    after[order] = run
    sums = np.zeros((3, len(seller_id) * _ACCOUNTS), np.int64)
    sums[:, side[order][start]] = (
        run[np.append(start[1:], len(run)) - 1],
        np.minimum.reduceat(run, start),
        np.maximum.reduceat(run, start),
    )
    moves = Moves(
        seller_id=p.seller_id, rank=np.arange(len(p)) - first[place] + 1, at_us=at,
        amount_minor=p.amount_minor, source_run=after[0::2], target_run=after[1::2],
        cause_hi=p.cause_hi, cause_lo=p.cause_lo, leg=p.leg, source=p.source, target=p.target,
        why=p.why,
    )  # fmt: skip
    by_book = sums.reshape(3, -1, _ACCOUNTS)
    return Relative(moves, seller_id, count, at[first + count - 1], *by_book)
