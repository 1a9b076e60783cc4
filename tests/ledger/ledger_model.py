"""The ledger as one would tell it to a friend: one posting at a time, in dicts."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger.facts import Account, Op, Outcome, Postings

ZEROS: dict[int, int] = {int(account): 0 for account in Account}
WHOLE = (Op.RELEASE, Op.EXPIRE)
FINAL = {Op.CAPTURE: "captured", Op.RELEASE: "released", Op.EXPIRE: "expired"}


@dataclass(frozen=True)
class Asked:
    """One posting with plain fields; `cause` and `hold` are small numbers."""

    seller: int
    cause: int
    leg: int = 0
    op: int = Op.MOVE
    source: int = Account.OUTSIDE
    target: int = Account.DEPOSIT
    amount: int = 1
    why: int = 1
    hold: int = 0
    expires: int = FAR_US
    at: int = 0


def postings(rows: list[Asked]) -> Postings:
    def column(name: str) -> Any:
        return np.array([getattr(row, name) for row in rows], np.int64)

    return Postings(
        seller_id=column("seller"), cause_hi=column("cause"), cause_lo=column("cause") * 7,
        leg=column("leg"), op=column("op"), source=column("source"), target=column("target"),
        amount_minor=column("amount"), why=column("why"), hold_hi=column("hold"),
        hold_lo=column("hold") * 3, expires_us=column("expires"), at_us=column("at"),
    )  # fmt: skip


@dataclass
class Held:
    amount: int
    source: int
    expires: int
    cause: int
    state: str = "open"
    captured: int = 0


@dataclass
class Ledger:
    """Balances, holds and what stands; `lines` are (seller, cause, leg, op, from, to, amount)."""

    balance: dict[int, dict[int, int]] = field(default_factory=dict)
    clock: dict[int, int] = field(default_factory=dict)
    holds: dict[tuple[int, int], Held] = field(default_factory=dict)
    stands: dict[tuple[int, int, int], Asked] = field(default_factory=dict)
    lines: list[tuple[int, int, int, int, int, int, int]] = field(default_factory=list)

    def open(self, seller: int, at: int = 0) -> None:
        self.balance.setdefault(seller, dict(ZEROS))
        self.clock.setdefault(seller, at)

    def post(self, p: Asked) -> Outcome:  # noqa: C901 -- told in one go, to be read in one go
        refusal = self.shape(p) or self.key(p)
        if refusal:
            return refusal
        at = max(p.at, self.clock[p.seller])
        amount = p.amount
        if p.op != Op.MOVE:
            refusal = self.hold(p, at)
            if refusal:
                return refusal
            if p.op in WHOLE:
                amount = self.holds[p.seller, p.hold].amount
        book = self.balance[p.seller]
        if p.source not in (Account.OUTSIDE, Account.FUND) and book[p.source] < amount:
            return Outcome.INSUFFICIENT
        if p.target == Account.FUND and book[Account.FUND] + amount > 0:
            return Outcome.ABOVE_CEILING
        self.clock[p.seller] = at
        self.stands[p.seller, p.cause, p.leg] = p
        self.move(p, p.leg, p.op, p.source, p.target, amount)
        if p.op == Op.HOLD:
            self.holds[p.seller, p.hold] = Held(amount, p.source, p.expires, p.cause)
        elif p.op != Op.MOVE:
            held = self.holds[p.seller, p.hold]
            held.state = FINAL[Op(p.op)]
            if p.op == Op.CAPTURE:
                held.captured = amount
                if amount < held.amount:
                    rest = held.amount - amount
                    self.move(p, p.leg + 16384, Op.RETURN, Account.LOCKED, held.source, rest)
        return Outcome.POSTED

    def move(self, p: Asked, leg: int, op: int, source: int, target: int, amount: int) -> None:
        self.balance[p.seller][source] -= amount
        self.balance[p.seller][target] += amount
        self.lines.append((p.seller, p.cause, leg, int(op), int(source), int(target), amount))

    def shape(self, p: Asked) -> Outcome:
        if p.seller not in self.balance:
            return Outcome.UNKNOWN_BOOK
        if not (0 <= p.source <= 7 and 0 <= p.target <= 7):
            return Outcome.UNKNOWN_ACCOUNT
        if p.source == p.target:
            return Outcome.SAME_ACCOUNT
        if p.amount < 0 or (p.amount == 0 and p.op not in WHOLE):
            return Outcome.NOT_POSITIVE
        locked_in = p.target == Account.LOCKED
        locked_out = p.source == Account.LOCKED
        fits = {
            Op.MOVE: not locked_in and not locked_out,
            Op.HOLD: locked_in and p.source != Account.FUND,
        }.get(Op(p.op), locked_out)
        return Outcome.POSTED if fits else Outcome.WRONG_HOLD_ACCOUNT

    def key(self, p: Asked) -> Outcome:
        there = self.stands.get((p.seller, p.cause, p.leg))
        if there is None:
            return Outcome.POSTED
        same = (p.op, p.source, p.target, p.why, p.hold) == (
            there.op, there.source, there.target, there.why, there.hold
        )  # fmt: skip
        if p.op == Op.HOLD:
            same = same and p.expires == there.expires
        if p.op not in WHOLE:
            same = same and p.amount == there.amount
        elif same:
            same = p.amount in (0, self.holds[p.seller, p.hold].amount)
        return Outcome.REPLAY if same else Outcome.OTHER_CONTENT

    def hold(self, p: Asked, at: int) -> Outcome:  # noqa: C901, PLR0911 -- as above
        held = self.holds.get((p.seller, p.hold))
        if p.op == Op.HOLD:
            if held:
                return Outcome.HOLD_EXISTS
            return Outcome.POSTED if at < p.expires else Outcome.HOLD_EXPIRED
        if held is None:
            return Outcome.UNKNOWN_HOLD
        if p.op in WHOLE and p.target != held.source:
            return Outcome.WRONG_HOLD_ACCOUNT
        if p.amount > held.amount:
            return Outcome.EXCEEDS_HOLD
        if p.op in WHOLE and 0 < p.amount < held.amount:
            return Outcome.NOT_WHOLE_HOLD
        if held.state == "expired" and p.op != Op.EXPIRE:
            return Outcome.HOLD_EXPIRED
        if held.state != "open":
            return Outcome.HOLD_RESOLVED
        if p.op == Op.EXPIRE:
            return Outcome.POSTED if at >= held.expires else Outcome.HOLD_NOT_DUE
        return Outcome.POSTED if at < held.expires else Outcome.HOLD_EXPIRED
