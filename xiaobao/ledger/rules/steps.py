"""What both ways of deciding, on columns and one by one, hand on: steps, balances, holds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from xiaobao.kernel.columns import Columns, Int, Mask
from xiaobao.ledger.facts import Books, Holds


@dataclass(frozen=True, slots=True)
class Steps(Columns):
    """Movements that stand, ordered by book and inside it by time: `row` is the posting's place.

    A partial capture makes two: its own, and one that `is_return`.
    """

    row: Int
    is_return: Mask
    book: Int
    source: Int
    target: Int
    amount_minor: Int
    source_after: Int
    target_after: Int
    at_us: Int


@dataclass(frozen=True)
class Found:
    """Steps, every book's balances after them, and the holds they made and resolved."""

    steps: Steps
    balance: Int
    made: Holds
    resolved: Holds

    @classmethod
    def none(cls, books: Books) -> Found:
        empty = np.zeros(0, np.int64)
        steps = Steps(**dict.fromkeys(Steps.names(), empty) | {"is_return": empty.astype(bool)})
        return cls(steps, books.balance.copy(), Holds.none(), Holds.none())

    def joined(self, other: Found) -> Found:
        """Both together; they share no book, and where `other` has steps its balances count."""
        if len(self.steps) == 0:
            steps = other.steps
        else:
            both = Steps.concat([self.steps, other.steps])
            steps = both.take(np.argsort(both.book, kind="stable"))
        balance = self.balance.copy()
        theirs = np.unique(other.steps.book)
        balance[theirs] = other.balance[theirs]
        return Found(
            steps,
            balance,
            Holds.concat([self.made, other.made]),
            Holds.concat([self.resolved, other.resolved]),
        )
