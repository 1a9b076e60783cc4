"""Claims are judged as they stand, and whose turn it is follows."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import ClaimEvent, Finding, Mark, Party
from xiaobao.claims.queries.clocks import clock_due
from xiaobao.claims.queries.facts_of import facts_of
from xiaobao.claims.queries.law import exposure_of, proposal_for
from xiaobao.claims.rules.turning import turn
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from xiaobao.claims.acts.course import Course
    from xiaobao.claims.facts import Claims, Proposal
    from xiaobao.claims.rules.turning import Turn
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.orders.facts import OrderStates

_E = ClaimEvent
_ASKED = (_E.BUYER_ASKED, _E.SELLER_ASKED, _E.BOTH_ASKED)


def proposed(claims: Claims, at_us: Int, states: OrderStates | None = None) -> Proposal:
    """What the rules propose for each claim as it stands then."""
    return proposal_for(facts_of(claims, judged_us=at_us, states=states))


def exposed(
    claims: Claims, at_us: Int, states: OrderStates | None = None, *, is_filing: bool = False
) -> Int:
    """The most that each claim could cost its seller, as the order stands then."""
    facts = facts_of(claims, judged_us=at_us, states=states, is_filing=is_filing)
    return exposure_of(facts)


def payable(claims: Claims, at_us: Int, states: OrderStates | None = None) -> Int:
    """The most that the parties could agree on: what a test cost is not theirs to settle."""
    most: Int = exposed(claims, at_us, states) - claims.test_minor
    return most


def take_turns(course: Course, where: Mask | None = None) -> None:
    """Judge the claims asked for (all, if not said) and do what follows.

    Somebody is asked for what is missing, or the claim goes to review, or lapses.
    """
    mask = np.ones(len(course.claims), np.bool_) if where is None else where
    rows = np.flatnonzero(mask)
    if len(rows) == 0:
        return
    held, at_us = course.claims.take(rows), course.at_us[rows]
    proposal = proposed(held, at_us)
    step = turn(held, proposal, at_us)
    _end_buyers_clock(course, rows, proposal)
    _start_evidence_clocks(course, rows, step)
    missing, party = np.zeros(len(mask), np.int64), np.zeros(len(mask), np.int64)
    missing[rows], party[rows] = proposal.missing, proposal.missing_party
    events = np.zeros(len(mask), np.int64)
    events[rows] = step.event
    cured = np.zeros(len(mask), np.bool_)
    cured[rows] = step.is_cure
    _follow(course, events, cured, missing, party)


def _follow(course: Course, events: Int, cured: Mask, missing: Int, party: Int) -> None:
    course.mark(Mark.CURED, cured)
    for event in _ASKED:
        asked = events == event
        due_us = _due_of(course.claims, event)
        course.happens(_E.CURE_OPENED, asked & cured, party=party, bits=missing, due_us=due_us)
        course.happens(event, asked, party=party, bits=missing, due_us=due_us)
    reviewed = events == _E.REVIEW_BEGUN
    if reviewed.any():
        begin_review(course, reviewed)
    course.happens(_E.LAPSED, events == _E.LAPSED, party=Party.BUYER, bits=missing)


def begin_review(course: Course, where: Mask) -> None:
    """The platform's clock begins: it has to rule."""
    due_us = due_on(course, ClockKind.RULING, where)
    course.happens(_E.REVIEW_BEGUN, where, party=Party.PLATFORM, due_us=due_us)
    course.start("platform", due_us, where)
    course.unmark(Mark.FOR_PERSON, where)


def due_on(course: Course, clock: ClockKind, where: Mask) -> Int:
    """When this clock, started now, runs out for the claims asked for; FAR_US for the others."""
    due_us = np.full(len(course.claims), FAR_US)
    rows = np.flatnonzero(where)
    if len(rows):
        due_us[rows] = clock_due(course.claims.take(rows), clock, course.at_us[rows])
    return due_us


def _end_buyers_clock(course: Course, rows: Int, proposal: Proposal) -> None:
    """Where it is the seller's turn the buyer has shown what it had to: no clock of its runs.

    What the buyer may have to show after the seller has a clock of its own.
    """
    is_sellers = np.zeros(len(course.claims), np.bool_)
    is_sellers[rows] = (proposal.finding == Finding.OPEN) & (
        proposal.missing_party == Party.SELLER
    )
    course.end("buyer", is_sellers)


def _start_evidence_clocks(course: Course, rows: Int, step: Turn) -> None:
    for clock, starts, kind in (
        ("buyer", step.starts_buyer, ClockKind.BUYER_EVIDENCE),
        ("seller", step.starts_seller, ClockKind.SELLER_EVIDENCE),
    ):
        mask = np.zeros(len(course.claims), np.bool_)
        mask[rows] = starts
        if mask.any():
            course.start(clock, due_on(course, kind, mask), mask)


def _due_of(claims: Claims, event: ClaimEvent) -> Int:
    if event == _E.BUYER_ASKED:
        return claims.buyer_due_us
    if event == _E.SELLER_ASKED:
        return claims.seller_due_us
    return np.minimum(claims.buyer_due_us, claims.seller_due_us)
