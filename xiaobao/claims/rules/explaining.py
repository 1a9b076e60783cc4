"""A proposal in words: each step with its clause and arithmetic, and what would change it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims.facts import REASON_WORDS, Explanation, Line, Reason

if TYPE_CHECKING:
    from xiaobao.claims.facts import ClaimFacts, Proposal


def explained(facts: ClaimFacts, proposal: Proposal) -> list[Explanation]:
    """Each proposal in words, row for row."""
    total = proposal.refund_minor + proposal.compensation_minor + proposal.freight_minor
    said = [REASON_WORDS[Reason(reason)] for reason in proposal.reason.tolist()]
    assert len(said) == len(facts), "a proposal for each claim"
    return [
        Explanation((Line("", words.zh, words.en, amount),), ())
        for words, amount in zip(said, total.tolist(), strict=True)
    ]
