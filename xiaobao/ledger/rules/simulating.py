"""A whole batch on columns: let every posting stand, and see whether any book objects.

Were every posting of a book accepted, its running balances would be these sums. If none of them
passes a floor or a ceiling, and no key or hold is asked for twice in a way that could be refused,
then by induction each posting is accepted in turn: the simulation is the sequential result. The
books where something objects are left to be walked; no other book can notice.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import Columns, Int, Mask, in_order
from xiaobao.ledger.facts import (
    CEILINGS,
    FLOORS,
    Account,
    Books,
    Holds,
    HoldState,
    Op,
    Postings,
)
from xiaobao.ledger.rules.steps import Found, Steps

if TYPE_CHECKING:
    from numpy.typing import NDArray

_FLOOR = np.array([FLOORS[a] for a in Account], np.int64)
_CEILING = np.array([CEILINGS[a] for a in Account], np.int64)
_ACCOUNTS = len(Account)
# With balances within 2**62 either way, sums that stay under this cannot overflow.
_MOST_IN_A_BATCH = 2.0**60
_STATE_AFTER = np.array(
    [HoldState.OPEN, HoldState.OPEN, HoldState.CAPTURED, HoldState.RELEASED, HoldState.EXPIRED],
    np.int64,
)
_U = np.uint64


@dataclass(frozen=True, slots=True)
class _Rest(Columns):
    """What each posting moves once holds are known: `rest` goes back to `back_to` after it."""

    amount: Int
    rest: Int
    back_to: Int


def simulated(
    asked: Postings, live: Int, book: Int, books: Books, holds: Holds
) -> tuple[Found, Int]:
    """What stands in the books that do not object, and the rows of those that do."""
    moving = asked.amount_minor[live].astype(float).sum() + holds.amount_minor.astype(float).sum()
    if moving > _MOST_IN_A_BATCH:
        return Found.none(books), live
    rows = live[in_order(book[live], len(books))]
    place = book[rows]
    p = asked.take(rows)
    objects = np.zeros(len(books), bool)
    objects[place[_repeated(_mixed(p.seller_id, p.cause_hi, p.cause_lo, p.leg))]] = True
    at = clock(p.at_us, place, books.last_us)
    moved, made, resolved = _held(p, place, at, holds, objects)
    steps = _laid_out(rows, place, p, at, moved)
    steps, balance = _run(steps, books, objects)
    if objects.any():
        steps = steps.take(~objects[steps.book])
        balance = np.where(objects[:, None], books.balance, balance)
        made = _kept(made, books, objects)
        resolved = _kept(resolved, books, objects)
    return Found(steps, balance, made, resolved), live[objects[book[live]]]


def _kept(holds: Holds, books: Books, objects: Mask) -> Holds:
    return holds.take(~objects[np.searchsorted(books.seller_id, holds.seller_id)])


def _mixed(*parts: Int) -> NDArray[np.uint64]:
    """A hash of each row: two rows that meet in one are merely walked."""
    state = np.zeros(len(parts[0]), np.uint64)
    for part in parts:
        state = (state ^ (state >> _U(29))) * _U(0xBF58476D1CE4E5B9) + part.view(np.uint64)
        state *= _U(0x94D049BB133111EB)
    return state ^ (state >> _U(32))


def names_to_read(p: Postings) -> Int:
    """The rows whose hold must be looked up: they resolve one that no row of the batch makes."""
    makes = np.flatnonzero(p.op == Op.HOLD)
    resolves = np.flatnonzero(p.op > Op.HOLD)
    if len(makes) and len(resolves):
        made = _mixed(p.seller_id[makes], p.hold_hi[makes], p.hold_lo[makes])
        asked = _mixed(p.seller_id[resolves], p.hold_hi[resolves], p.hold_lo[resolves])
        resolves = resolves[~np.isin(asked, made)]
    return resolves


def _repeated(key: NDArray[np.uint64]) -> Int:
    ordered = np.sort(key)
    if not (ordered[1:] == ordered[:-1]).any():
        return np.zeros(0, np.int64)
    order = np.argsort(key)
    again = key[order[1:]] == key[order[:-1]]
    repeated: Int = order[1:][again]
    return repeated


def clock(at: Int, place: Int, last_us: Int) -> Int:
    """Each posting's moment in its book, which never runs back; rows ordered by book."""
    at = np.maximum(at, last_us[place])
    if not ((at[1:] < at[:-1]) & (place[1:] == place[:-1])).any():
        return at
    moments, rank = np.unique(at, return_inverse=True)
    # The rank keeps the product small; the book's place keeps its neighbours' moments out.
    latest: Int = moments[np.maximum.accumulate(place * len(moments) + rank) % len(moments)]
    return latest


def _held(
    p: Postings, place: Int, at: Int, holds: Holds, objects: Mask
) -> tuple[_Rest, Holds, Holds]:
    """What the hold ops move, the holds made and the holds resolved.

    Regular is: a new hold, a hold with its one resolution after it, or one resolution of a hold
    that stands open. Whatever else is asked of a hold, its book objects.
    """
    amount = p.amount_minor.copy()
    rest, back_to = np.zeros(len(p), np.int64), p.source
    ops = np.flatnonzero(p.op != Op.MOVE)
    if len(ops) == 0:
        return _Rest(amount, rest, back_to), Holds.none(), Holds.none()
    key = _mixed(p.seller_id[ops], p.hold_hi[ops], p.hold_lo[ops])
    order = np.argsort(key, kind="stable")
    ops, key = ops[order], key[order]
    start = np.flatnonzero(np.concatenate([[True], key[1:] != key[:-1]]))
    count = np.diff(np.append(start, len(key)))
    lead = ops[start]
    is_new = p.op[lead] == Op.HOLD
    there, stands = _matched(p, lead, key[start], holds)
    # The posting that resolves the hold; the lead itself stands in where there is none.
    resolver = np.where(is_new & (count > 1), ops[np.minimum(start + 1, len(ops) - 1)], lead)
    kept = _group_holds(p, lead, is_new, there, holds)
    regular = np.where(is_new, ~stands, stands & (kept.state == HoldState.OPEN))
    regular &= (count <= 1 + is_new) & _alike(p, lead, resolver)
    regular &= _resolvable(p, at, lead, resolver, kept) & (~is_new | (at[lead] < kept.expires_us))
    objects[place[ops[np.repeat(~regular, count)]]] = True

    is_whole = (p.op[resolver] == Op.RELEASE) | (p.op[resolver] == Op.EXPIRE)
    amount[resolver] = np.where(is_whole, kept.amount_minor, amount[resolver])
    is_capture = p.op[resolver] == Op.CAPTURE
    rest[resolver] = np.where(is_capture, kept.amount_minor - amount[resolver], 0)
    back_to = back_to.copy()
    back_to[resolver] = kept.source
    after = Holds(
        **kept.as_dict()
        | {
            "state": _STATE_AFTER[p.op[resolver]],
            "captured_minor": np.where(is_capture, amount[resolver], 0),
        }
    )
    # In the order of their postings: neighbours in time are neighbours in the index.
    told = np.argsort(lead)
    made, resolved = told[is_new[told]], told[(~is_new & stands)[told]]
    return _Rest(amount, rest, back_to), after.take(made), after.take(resolved)


def _matched(p: Postings, lead: Int, key: NDArray[np.uint64], holds: Holds) -> tuple[Int, Mask]:
    """For each group the place of its hold among those that stand, and whether it has one."""
    if len(holds) == 0:
        return np.zeros(len(lead), np.int64), np.zeros(len(lead), bool)
    theirs = _mixed(holds.seller_id, holds.hold_hi, holds.hold_lo)
    order = np.argsort(theirs, kind="stable")
    there = order[np.minimum(np.searchsorted(theirs[order], key), len(order) - 1)]
    stands = (
        (holds.seller_id[there] == p.seller_id[lead])
        & (holds.hold_hi[there] == p.hold_hi[lead])
        & (holds.hold_lo[there] == p.hold_lo[lead])
    )
    return there, stands


def _group_holds(p: Postings, lead: Int, is_new: Mask, there: Int, holds: Holds) -> Holds:
    """Each group's hold: as its first posting makes it, or as it stands."""
    asked = {
        "amount_minor": p.amount_minor, "source": p.source, "expires_us": p.expires_us,
        "cause_hi": p.cause_hi, "cause_lo": p.cause_lo,
    }  # fmt: skip
    columns = {
        name: np.where(is_new, column[lead], getattr(holds, name)[there] if len(holds) else 0)
        for name, column in asked.items()
    }
    state = np.where(is_new, HoldState.OPEN, holds.state[there] if len(holds) else 0)
    return Holds(
        seller_id=p.seller_id[lead], hold_hi=p.hold_hi[lead], hold_lo=p.hold_lo[lead],
        state=state, captured_minor=np.zeros(len(lead), np.int64), **columns,
    )  # fmt: skip


def _alike(p: Postings, lead: Int, resolver: Int) -> Mask:
    """That both postings of a group name one hold: their hashes might merely meet."""
    alike: Mask = (
        (p.seller_id[lead] == p.seller_id[resolver])
        & (p.hold_hi[lead] == p.hold_hi[resolver])
        & (p.hold_lo[lead] == p.hold_lo[resolver])
    )
    return alike


def _resolvable(p: Postings, at: Int, lead: Int, resolver: Int, kept: Holds) -> Mask:
    op, amount, moment = p.op[resolver], p.amount_minor[resolver], at[resolver]
    is_due = moment >= kept.expires_us
    is_whole = ((amount == 0) | (amount == kept.amount_minor)) & (
        p.target[resolver] == kept.source
    )
    capture = (op == Op.CAPTURE) & (amount <= kept.amount_minor) & ~is_due
    release = (op == Op.RELEASE) & is_whole & ~is_due
    expire = (op == Op.EXPIRE) & is_whole & is_due
    # A lone hold stands in for the resolution that it does not have.
    ends: Mask = capture | release | expire | ((op == Op.HOLD) & (resolver == lead))
    return ends


def _laid_out(rows: Int, place: Int, p: Postings, at: Int, moved: _Rest) -> Steps:
    """Every movement in order; balances come later."""
    has_rest = moved.rest > 0
    zeros = np.zeros(len(rows), np.int64)
    plain = Steps(
        row=rows, is_return=zeros.astype(bool), book=place, source=p.source, target=p.target,
        amount_minor=moved.amount, source_after=zeros, target_after=zeros, at_us=at,
    )  # fmt: skip
    if not has_rest.any():
        return plain
    back = Steps(
        row=rows, is_return=~zeros.astype(bool), book=place,
        source=np.full(len(rows), int(Account.LOCKED)), target=moved.back_to,
        amount_minor=moved.rest, source_after=zeros, target_after=zeros, at_us=at,
    )  # fmt: skip
    # Place 2i is posting i's own step, 2i+1 what it gave back.
    both = np.sort(np.concatenate([np.arange(len(rows)) * 2, np.flatnonzero(has_rest) * 2 + 1]))
    return Steps.concat([plain, back]).take(both // 2 + both % 2 * len(rows))


def _run(steps: Steps, books: Books, objects: Mask) -> tuple[Steps, Int]:
    """Balances after each step and after all; marks the books that object to one."""
    count = len(steps)
    side = np.empty(2 * count, np.int64)
    side[0::2] = steps.book * _ACCOUNTS + steps.source
    side[1::2] = steps.book * _ACCOUNTS + steps.target
    change = np.empty(2 * count, np.int64)
    change[0::2] = -steps.amount_minor
    change[1::2] = steps.amount_minor
    order = in_order(side, len(books) * _ACCOUNTS)
    side, change = side[order], change[order]
    total = np.cumsum(change)
    is_first = np.ones(2 * count, bool)
    is_first[1:] = side[1:] != side[:-1]
    first = np.flatnonzero(is_first)
    balance = books.balance.reshape(-1).copy()
    base = balance[side[first]] - (total[first] - change[first])
    last = np.append(first[1:], 2 * count) - 1
    ran = total + np.repeat(base, last - first + 1)
    balance[side[first]] = ran[last]
    after = np.empty(2 * count, np.int64)
    after[order] = ran
    too_low = after[0::2] < _FLOOR[steps.source]
    too_high = after[1::2] > _CEILING[steps.target]
    objects[steps.book[too_low | too_high]] = True
    done = Steps(**steps.as_dict() | {"source_after": after[0::2], "target_after": after[1::2]})
    return done, balance.reshape(-1, _ACCOUNTS)
