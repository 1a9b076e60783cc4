"""The law of claims on the facts given: what is proposed, and what a claim could cost at most."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.rules import explaining, proposing

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts, Explanation, Proposal
    from xiaobao.kernel.columns import Int


def proposal_for(facts: ClaimFacts) -> Proposal:
    """What the rules propose for each claim, under the terms of its order's time."""
    return proposing.propose(facts)


def exposure_of(facts: ClaimFacts) -> Int:
    """The most that each claim could cost its seller, under the terms of its order's time."""
    return proposing.exposure(facts)


def explained(facts: ClaimFacts, proposal: Proposal) -> list[Explanation]:
    """Each proposal in words: its lines with clause and arithmetic, and what would change it."""
    return explaining.explained(facts, proposal)
