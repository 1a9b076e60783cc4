"""Sixteen processes post, hold, capture, release and expire on fifty sellers at once.

Each remembers what it asked and what it was told. What was told to have been posted, and nothing
else, must be what the books say at the end. `XIAOBAO_LEDGER_TURNS=6000` makes it minutes.
"""

from __future__ import annotations

import multiprocessing
import os
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import numpy as np
import pytest
from django.db import connections

from tests.ledger.ledger_model import Asked, Ledger, postings
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import acts, queries
from xiaobao.ledger.facts import Account, Op, Outcome

if TYPE_CHECKING:
    from numpy.random import Generator

TURNS = int(os.environ.get("XIAOBAO_LEDGER_TURNS", "30"))
PROCESSES, SELLERS = 16, np.arange(1, 51)
START = datetime(2026, 1, 1, tzinfo=UTC)
START_US = int(START.timestamp()) * 1_000_000
LODGED = 5_000
SIZES = (1, 1, 1, 5, 12, 40, 120)
# Told by every process, under one cause each: the first to come posts it.
SHARED = 10**9
Told = list[tuple[Asked, int]]


def asked(chance: Generator, number: int, at: int) -> Asked:
    """Something of all that can be asked; holds are named by the cause that made them."""
    seller, amount = int(chance.choice(SELLERS)), int(chance.integers(1, 90))
    what = chance.random()
    if what < 0.1:
        cause = int(chance.integers(1, 8))
        other = int(chance.random() < 0.1)
        return Asked(seller, SHARED + cause, amount=cause + other, at=START_US)
    if what < 0.45:
        source, target = chance.permutation([0, 1, 3, 5])[:2].tolist()
        return Asked(seller, number, source=source, target=target, amount=amount, at=at)
    if what < 0.7:
        ends = at + int(chance.integers(1, 4000))
        return Asked(
            seller, number, op=Op.HOLD, source=int(chance.choice([1, 3])), target=Account.LOCKED,
            amount=amount, hold=number, expires=ends, at=at,
        )  # fmt: skip
    return Asked(seller, number, source=Account.FUND, target=Account.BUYERS, amount=amount, at=at)


def resolving(made: Asked, chance: Generator, number: int, at: int) -> Asked:
    """A ruling or a withdrawal, of a hold that somebody else may resolve first."""
    if chance.random() < 0.6:
        amount = max(1, made.amount - int(chance.integers(0, 30)))
        op, target = Op.CAPTURE, int(Account.BUYERS)
    else:
        amount, op, target = 0, Op.RELEASE, made.source
    return Asked(
        made.seller, number, op=op, source=Account.LOCKED, target=target, amount=amount,
        hold=made.hold, at=at,
    )  # fmt: skip


def write(process: int) -> tuple[Told, int]:
    """One process's life: what it asked with what it was told, and the holds that it expired."""
    chance = np.random.default_rng(process)
    told: Told = []
    known: list[Asked] = []
    expired, number = 0, (process + 1) * 10**6
    for turn in range(TURNS):
        rows = []
        for _ in range(int(chance.choice(SIZES))):
            number += 1
            at = START_US + turn * 100 + int(chance.integers(0, 100))
            if known and chance.random() < 0.35:
                # Its own, often asked twice.
                made = known[int(chance.integers(max(0, len(known) - 30), len(known)))]
                rows.append(resolving(made, chance, number, at))
            else:
                rows.append(asked(chance, number, at))
        if told and chance.random() < 0.2:
            rows += [told[int(n)][0] for n in chance.integers(0, len(told), 5)]
        outcomes = acts.post(postings(rows)).outcome.tolist()
        told += zip(rows, outcomes, strict=True)
        known += [r for r, o in zip(rows, outcomes, strict=True) if r.op == Op.HOLD and not o]
        if turn % 7 == process % 7:
            expired += acts.expire_holds(START_US + turn * 100, limit=50)
    connections.close_all()
    return told, expired


def lived_again(told: Told) -> tuple[Ledger, int]:
    """What the postings that stood come to, and how many of their holds nobody resolved.

    In what order they came decides only what was refused: with money enough for any order they
    are told anew, holds before what became of them.
    """
    model = Ledger()
    plenty: dict[int, int] = dict.fromkeys(
        (Account.DEPOSIT, Account.RESERVE, Account.BUYERS), 10**9
    )
    for seller in SELLERS.tolist():
        model.open(seller)
        model.balance[seller] |= plenty
    stood = [row for row, outcome in told if outcome == Outcome.POSTED]
    for row in sorted(stood, key=lambda row: row.op):
        outcome = model.post(Asked(**{**row.__dict__, "at": 0}))
        assert outcome == Outcome.POSTED, f"told twice that it was posted: {row}, {outcome}"
    left = [(name, held) for name, held in model.holds.items() if held.state == "open"]
    for (seller, hold), held in left:
        expiry = Asked(
            seller, 10**12 + hold, op=Op.EXPIRE, source=Account.LOCKED, target=held.source,
            amount=0, hold=hold, at=held.expires,
        )  # fmt: skip
        assert model.post(expiry) == Outcome.POSTED
    for book in model.balance.values():
        for account, amount in plenty.items():
            book[account] -= amount
    return model, len(left)


@pytest.mark.usefixtures("committed")
def test_sixteen_processes_lose_nothing_and_double_nothing() -> None:
    acts.open_books(SELLERS, "CNY", at=START)
    first = [Asked(int(s), 1, amount=LODGED, at=START_US) for s in SELLERS]
    acts.post_all(postings(first))
    connections.close_all()
    with multiprocessing.get_context("fork").Pool(PROCESSES) as pool:
        lives = pool.map(write, range(PROCESSES), chunksize=1)
    expired = sum(count for _, count in lives)
    while (now := acts.expire_holds(FAR_US - 1)) > 0:
        expired += now

    told = [(row, int(Outcome.POSTED)) for row in first]
    told += [one for life, _ in lives for one in life]
    assert {Outcome(outcome) for _, outcome in told} >= {
        Outcome.POSTED, Outcome.REPLAY, Outcome.OTHER_CONTENT, Outcome.INSUFFICIENT,
        Outcome.HOLD_RESOLVED, Outcome.HOLD_EXPIRED,
    }  # fmt: skip
    model, left = lived_again(told)
    assert expired == left
    assert queries.check() == []
    assert fetch_rows("SELECT count(*) FROM ledger_posting") == [(len(model.lines),)]
    found = queries.balances(SELLERS)
    for place, seller in enumerate(SELLERS.tolist()):
        book = {int(a): int(getattr(found, a.name.lower())[place]) for a in Account}
        assert book == model.balance[seller]
