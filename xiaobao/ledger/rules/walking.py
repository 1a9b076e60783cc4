"""One posting after another in plain integers: what sequential meaning is, in so many words.

Of a batch only the books in which something may be refused are decided here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.ledger.facts import (
    CEILINGS,
    FLOORS,
    Account,
    Books,
    Holds,
    HoldState,
    Op,
    Outcome,
    Postings,
)
from xiaobao.ledger.rules.steps import Found, Steps

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int

# op, source, target, amount, why, hold_hi, hold_lo, expires_us
Content = tuple[int, int, int, int, int, int, int, int]

_FLOOR = [FLOORS[a] for a in Account]
_CEILING = [CEILINGS[a] for a in Account]
_LOCKED = int(Account.LOCKED)
_MOVE, _HOLD, _CAPTURE, _EXPIRE = int(Op.MOVE), int(Op.HOLD), int(Op.CAPTURE), int(Op.EXPIRE)
_RESOLVED_AS = {
    int(Op.CAPTURE): int(HoldState.CAPTURED),
    int(Op.RELEASE): int(HoldState.RELEASED),
    int(Op.EXPIRE): int(HoldState.EXPIRED),
}
_POSTED = int(Outcome.POSTED)


def same_content(wanted: Content, standing: Content) -> bool:
    """Whether a posting asks for what stands already; its moment does not count.

    A release of 0 asks for whatever was held, and only a hold has an end.
    """
    op, source, target, amount, why, hold_hi, hold_lo, expires = wanted
    if op in (Op.RELEASE, Op.EXPIRE) and amount == 0:
        amount = standing[3]
    if op != _HOLD:
        expires = standing[7]
    return (op, source, target, amount, why, hold_hi, hold_lo, expires) == standing


class _Hold:
    """One hold while the batch is walked."""

    __slots__ = ("amount", "captured", "expires", "is_new", "name", "source", "state")

    def __init__(self, name: tuple[int, ...], amount: int, source: int, expires: int) -> None:
        # name: seller, hold halves, cause halves
        self.name = name
        self.amount = amount
        self.source = source
        self.expires = expires
        self.state = int(HoldState.OPEN)
        self.captured = 0
        self.is_new = True

    def row(self) -> tuple[int, ...]:
        """As the columns of Holds."""
        seller, hold_hi, hold_lo, cause_hi, cause_lo = self.name
        return (
            seller, hold_hi, hold_lo, self.amount, self.source, self.state, self.captured,
            self.expires, cause_hi, cause_lo,
        )  # fmt: skip


class _Walk:
    """The books, holds and keys as they stand after each posting so far."""

    def __init__(self, holds: dict[tuple[int, ...], _Hold]) -> None:
        self.holds = holds
        self.touched: dict[tuple[int, ...], _Hold] = {}
        self.keys: dict[tuple[int, int, int, int], Content] = {}
        self.steps: list[tuple[int, ...]] = []

    def replay(self, key: tuple[int, int, int, int], content: Content) -> int:
        """POSTED where the key is new in this batch."""
        standing = self.keys.get(key)
        if standing is None:
            return _POSTED
        return int(Outcome.REPLAY if same_content(content, standing) else Outcome.OTHER_CONTENT)

    def hold_refusal(self, hold: tuple[int, ...], content: Content, at: int) -> int:
        op, _, target, amount = content[:4]
        if op == _MOVE:
            return _POSTED
        held = self.holds.get(hold)
        if op == _HOLD:
            if held is not None:
                return int(Outcome.HOLD_EXISTS)
            return int(Outcome.HOLD_EXPIRED) if at >= content[7] else _POSTED
        if held is None:
            return int(Outcome.UNKNOWN_HOLD)
        return int(_amount_refusal(held, op, target, amount) or _state_refusal(held, op, at))

    def amount(self, hold: tuple[int, ...], content: Content) -> int:
        """What moves: a release and an expiry free all that is held."""
        is_whole = content[0] not in (_MOVE, _HOLD, _CAPTURE)
        return self.holds[hold].amount if is_whole else content[3]

    def make(self, hold: tuple[int, ...], made: _Hold) -> None:
        self.holds[hold] = made
        self.touched[hold] = made

    def resolve(self, hold: tuple[int, ...], op: int, amount: int) -> _Hold:
        held = self.holds[hold]
        held.state = _RESOLVED_AS[op]
        held.captured = amount if op == _CAPTURE else 0
        self.touched[hold] = held
        return held


def _amount_refusal(held: _Hold, op: int, target: int, amount: int) -> int:
    if op != _CAPTURE and target != held.source:
        return Outcome.WRONG_HOLD_ACCOUNT
    if amount > held.amount:
        return Outcome.EXCEEDS_HOLD
    if op != _CAPTURE and 0 < amount < held.amount:
        return Outcome.NOT_WHOLE_HOLD
    return _POSTED


def _state_refusal(held: _Hold, op: int, at: int) -> int:
    if held.state == HoldState.EXPIRED and op != _EXPIRE:
        # The answer does not depend on whether the sweep has passed already.
        return Outcome.HOLD_EXPIRED
    if held.state != HoldState.OPEN:
        return Outcome.HOLD_RESOLVED
    if op == _EXPIRE:
        return Outcome.HOLD_NOT_DUE if at < held.expires else _POSTED
    return Outcome.HOLD_EXPIRED if at >= held.expires else _POSTED


def walk(asked: Postings, rows: Int, book: Int, books: Books, holds: Holds, outcome: Int) -> Found:
    """Decide these rows in order; refusals and replays are written into `outcome`."""
    part = asked.take(rows)
    places = book[rows].tolist()
    so_far = _Walk(_standing(holds))
    balance: dict[int, list[int]] = {}
    clock: dict[int, int] = {}
    for place in set(places):
        balance[place] = books.balance[place].tolist()
        clock[place] = int(books.last_us[place])
    sellers, moments = part.seller_id.tolist(), part.at_us.tolist()
    keys = zip(places, part.cause_hi.tolist(), part.cause_lo.tolist(), part.leg.tolist(),
               strict=True)  # fmt: skip
    contents = zip(
        part.op.tolist(), part.source.tolist(), part.target.tolist(),
        part.amount_minor.tolist(), part.why.tolist(), part.hold_hi.tolist(),
        part.hold_lo.tolist(), part.expires_us.tolist(), strict=True,
    )  # fmt: skip
    for row, key, content, seller, moment in zip(
        rows.tolist(), keys, contents, sellers, moments, strict=True
    ):
        place = key[0]
        at = max(moment, clock[place])
        result = _one(so_far, row, key, content, seller, at, balance[place])
        if result == _POSTED:
            clock[place] = at
        else:
            outcome[row] = result
    return _found(so_far, books, balance)


def _one(
    walk: _Walk,
    row: int,
    key: tuple[int, int, int, int],
    content: Content,
    seller: int,
    at: int,
    balance: list[int],
) -> int:
    """Decide one posting and, where it stands, move."""
    hold = (seller, *content[5:7])
    refusal = walk.replay(key, content) or walk.hold_refusal(hold, content, at)
    if refusal:
        return refusal
    source, target = content[1:3]
    amount = walk.amount(hold, content)
    if balance[source] - amount < _FLOOR[source]:
        return int(Outcome.INSUFFICIENT)
    if balance[target] + amount > _CEILING[target]:
        return int(Outcome.ABOVE_CEILING)
    content = (*content[:3], amount, *content[4:])
    walk.keys[key] = content
    _move(walk, (row, 0, key[0]), (source, target, amount), at, balance)
    if content[0] == _HOLD:
        walk.make(hold, _Hold((*hold, key[1], key[2]), amount, source, content[7]))
    elif content[0] != _MOVE:
        held = walk.resolve(hold, content[0], amount)
        if held.amount > amount:
            rest = held.amount - amount
            _move(walk, (row, 1, key[0]), (_LOCKED, held.source, rest), at, balance)
    return _POSTED


def _move(
    walk: _Walk,
    step: tuple[int, int, int],
    move: tuple[int, int, int],
    at: int,
    balance: list[int],
) -> None:
    source, target, amount = move
    balance[source] -= amount
    balance[target] += amount
    walk.steps.append((*step, *move, balance[source], balance[target], at))


def _standing(holds: Holds) -> dict[tuple[int, ...], _Hold]:
    found: dict[tuple[int, ...], _Hold] = {}
    for row in zip(*(column.tolist() for column in holds.as_dict().values()), strict=True):
        seller, hi, lo, amount, source, state, captured, expires, cause_hi, cause_lo = row
        held = _Hold((seller, hi, lo, cause_hi, cause_lo), amount, source, expires)
        held.state, held.captured, held.is_new = state, captured, False
        found[seller, hi, lo] = held
    return found


def _found(walk: _Walk, books: Books, balance: dict[int, list[int]]) -> Found:
    none = Found.none(books)
    after = none.balance
    for place, amounts in balance.items():
        after[place] = amounts
    if not walk.steps:
        return none
    table = np.array(walk.steps, np.int64).T
    steps = Steps(
        **{
            name: column.astype(bool) if name == "is_return" else column
            for name, column in zip(Steps.names(), table, strict=True)
        }
    )
    touched = list(walk.touched.values())
    return Found(
        steps.take(np.argsort(steps.book, kind="stable")),
        after,
        _columns([held for held in touched if held.is_new]),
        _columns([held for held in touched if not held.is_new]),
    )


def _columns(holds: list[_Hold]) -> Holds:
    if not holds:
        return Holds.none()
    table = np.array([held.row() for held in holds], np.int64).T
    return Holds(**dict(zip(Holds.names(), table, strict=True)))
