"""What acts read before they decide: clocks, books of terms, money; nothing is written here."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypeVar

import numpy as np

from xiaobao.kernel.clocks import zone_of
from xiaobao.kernel.columns import Columns
from xiaobao.ledger import queries as ledger
from xiaobao.promises import queries as promises
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import ClockTerms
from xiaobao.violations import rules
from xiaobao.violations.acts.problems import ViolationNotRuled
from xiaobao.violations.terms import ClassTerms, StepTerms

if TYPE_CHECKING:
    from xiaobao.kernel.books import Book
    from xiaobao.kernel.columns import Int
    from xiaobao.promises.facts import ClockKind
    from xiaobao.violations.facts import Cases

T = TypeVar("T", bound=Columns)


def terms_at(
    terms: type[T], market_id: int, moments_us: Int, keys: Int, words: dict[int, str]
) -> T:
    """The terms in force for each row.

    :raises ViolationNotRuled: where the pack had none, naming what is missing
    """
    book = promises.book_of(terms, market_id)
    _, found = book.positions(moments_us, keys)
    if not found.all():
        missing = int(keys[np.flatnonzero(~found)[0]])
        market = promises.market_of(market_id).name
        raise ViolationNotRuled(market=market, what=words.get(missing, str(missing)))
    return book.in_force(moments_us, keys)


def clock_due(market_id: int, clock: ClockKind, since_us: Int) -> Int:
    """When a clock of this market, started then, runs out.

    :raises ViolationNotRuled: where the pack sets no such clock
    """
    market = promises.market_of(market_id)
    keys = np.full(len(since_us), clock.value, np.int64)
    terms = terms_at(ClockTerms, market_id, since_us, keys, {clock.value: clock.name.lower()})
    return due_of(since_us, terms, zone=zone_of(market.zone), calendar=calendar_of(market.zone))


def class_book(market_id: int) -> Book[ClassTerms]:
    return promises.book_of(ClassTerms, market_id)


def step_book(market_id: int) -> Book[StepTerms]:
    return promises.book_of(StepTerms, market_id)


def money_of(cases: Cases) -> rules.Money:
    """The money of these violations beside what is free in their sellers' books."""
    books = ledger.balances(np.unique(cases.seller_id))
    return rules.Money(
        seller_id=cases.seller_id, violation_id=cases.violation_id,
        recorded_us=cases.recorded_us, penalty_minor=cases.penalty_minor,
        held_minor=cases.held_minor,
        deposit_minor=books.deposit[np.searchsorted(books.seller_id, cases.seller_id)],
    )  # fmt: skip
