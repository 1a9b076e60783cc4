"""The law of claims on the facts given: what is proposed and why, and what a claim could cost."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.facts import Ask, Basis, MayAsk, Proposal
from xiaobao.claims.rules import asking, explaining, proposing
from xiaobao.claims.rules.law import Law, law_of
from xiaobao.claims.terms import AwardTerms, BurdenTerms, ClaimRules, ClaimTerms, CostOfTestTerms
from xiaobao.kernel.clocks import zone_of
from xiaobao.promises import queries as promises
from xiaobao.promises.rules.clocks import calendar_of

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts, Explanation
    from xiaobao.claims.rules.asking import Asked
    from xiaobao.kernel.columns import Int

_TABLES: tuple[Any, ...] = (ClaimTerms, BurdenTerms, AwardTerms, ClaimRules)
_NEEDED: tuple[Any, ...] = (ClaimTerms, BurdenTerms, ClaimRules)
# Joined once for each set of books; books stay the same until something is published.
_joined: dict[int, tuple[tuple[Any, ...], Law]] = {}


def law_in(market_id: int) -> Law:
    """All terms about claims of a market.

    :raises MarketUnknown: if there is none of this number
    """
    books = promises.books_of(_TABLES, market_id)
    known = _joined.get(market_id)
    if known is None or known[0] is not books:
        zone = promises.market_of(market_id).zone
        law = law_of(*books, zone=zone_of(zone), calendar=calendar_of(zone))
        known = _joined[market_id] = (books, law)
    return known[1]


def proposal_for(facts: ClaimFacts) -> Proposal:
    """What the rules propose for each claim, under the terms of its order's time."""
    if len(facts) == 1:
        return proposing.propose(facts, law_in(int(facts.market_id[0])))
    found: dict[str, Any] = {}
    for market_id in np.unique(facts.market_id).tolist():
        here = np.flatnonzero(facts.market_id == market_id)
        part = proposing.propose(facts.take(here), law_in(market_id)).as_dict()
        for name, column in part.items():
            found.setdefault(name, np.zeros(len(facts), column.dtype))[here] = column
    return Proposal(**found) if found else _none()


def _none() -> Proposal:
    """No claims, nothing proposed."""
    return Proposal.of(
        **{
            name: np.zeros(0, np.bool_ if name.startswith("is_") else np.int64)
            for name in Proposal.names()
        }
    )


def exposure_of(facts: ClaimFacts) -> Int:
    """The most that each claim could cost its seller, under the terms of its order's time."""
    if len(facts) == 1:
        return proposing.exposure(facts, law_in(int(facts.market_id[0])))
    exposure = np.zeros(len(facts), np.int64)
    for market_id in np.unique(facts.market_id).tolist():
        here = np.flatnonzero(facts.market_id == market_id)
        exposure[here] = proposing.exposure(facts.take(here), law_in(market_id))
    return exposure


def wider_asks_of(facts: ClaimFacts) -> list[MayAsk]:
    """What the buyer of one claim could ask for instead that brings more, the most first."""
    return _offered(asking.wider(facts, law_in(int(facts.market_id[0]))), 1)[0]


def asks_of(facts: ClaimFacts) -> list[list[MayAsk]]:
    """What may be asked for with each claim of one market, what brings most first."""
    every = asking.every_ask(facts)
    return _offered(asking.asked(every, law_in(int(facts.market_id[0]))), len(facts))


def _offered(found: Asked, count: int) -> list[list[MayAsk]]:
    """Every ask of so many claims, one ask after another, as offered to each of them."""
    totals = asking.total_of(found).tolist()
    offered: list[list[MayAsk]] = [[] for _ in range(count)]
    for row in np.flatnonzero(found.is_offered).tolist():
        offered[row % count].append(
            MayAsk(
                list(Ask)[row // count], totals[row], int(found.on_top_minor[row]),
                Basis(int(found.basis[row])),
                promises.clause_of(int(found.award_version[row] or found.terms_version[row])),
            )
        )  # fmt: skip
    return [sorted(one, key=lambda may: (-may.amount_minor, may.ask)) for one in offered]


def parts_of(facts: ClaimFacts, paid_minor: Int) -> tuple[Int, Int, Int]:
    """A sum that the parties agreed on as price, freight, and what comes on top of both."""
    parts = np.zeros((3, len(facts)), np.int64)
    for market_id in np.unique(facts.market_id).tolist():
        here = np.flatnonzero(facts.market_id == market_id)
        parts[:, here] = proposing.parted(facts.take(here), paid_minor[here], law_in(market_id))
    return parts[0], parts[1], parts[2]


def explained(facts: ClaimFacts, proposal: Proposal) -> list[Explanation]:
    """Each proposal in words: its lines with clause and arithmetic, and what would change it."""
    found: dict[int, Explanation] = {}
    for market_id in np.unique(facts.market_id).tolist():
        here = np.flatnonzero(facts.market_id == market_id)
        law, market = law_in(market_id), promises.market_of(market_id)
        part = facts.take(here)
        versions = explaining.versions_in(part, proposal.take(here), law)
        said = explaining.explained(
            part, proposal.take(here), law, currency=market.currency,
            clauses={version: promises.clause_of(version) for version in versions},
            of_tests=_clauses_of_tests(part, market_id),
        )  # fmt: skip
        found |= dict(zip(here.tolist(), said, strict=True))
    return [found[row] for row in range(len(facts))]


def _clauses_of_tests(facts: ClaimFacts, market_id: int) -> list[str] | None:
    """The clause about tests in force for each claim; None where none was tested."""
    if not facts.test_minor.any():
        return None
    book = promises.book_of(CostOfTestTerms, market_id)
    place, found = book.positions(facts.ordered_us, np.zeros(len(facts), np.int64))
    return [
        promises.clause_of(int(book.rows.version[at])) if is_there else ""
        for at, is_there in zip(place.tolist(), found.tolist(), strict=True)
    ]


def tables_missing(market_id: int, ordered_us: int) -> list[str]:
    """The tables about claims that no pack of the market had in force when an order was placed.

    A pack has a row for every kind at every stage, or none: the linter sees to that.
    """
    books = {table.TABLE: promises.book_of(table, market_id) for table in _NEEDED}
    return [
        name
        for name, book in books.items()
        if not ((book.begins_us <= ordered_us) & (ordered_us < book.ends_us)).any()
    ]
