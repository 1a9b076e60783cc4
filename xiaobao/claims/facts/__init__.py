"""Shapes of claims: what is judged and proposed, a claim as it stands, its life for a page."""

from xiaobao.claims.facts.judged import (
    Ask,
    ClaimFacts,
    ClaimKind,
    ClaimState,
    Finding,
    Party,
    Proposal,
    Stage,
)

__all__ = [
    "Ask",
    "ClaimFacts",
    "ClaimKind",
    "ClaimState",
    "Finding",
    "Party",
    "Proposal",
    "Stage",
]
