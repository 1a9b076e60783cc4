"""Shapes of claims: what is judged and proposed, a claim as it stands, its life for a page."""

from xiaobao.claims.facts.cases import (
    CauseKind,
    ClaimEvent,
    Claims,
    Entries,
    Mark,
    Moved,
    OfferState,
    StopReason,
    Stops,
)
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
    "CauseKind",
    "ClaimEvent",
    "ClaimFacts",
    "ClaimKind",
    "ClaimState",
    "Claims",
    "Entries",
    "Finding",
    "Mark",
    "Moved",
    "OfferState",
    "Party",
    "Proposal",
    "Stage",
    "StopReason",
    "Stops",
]
