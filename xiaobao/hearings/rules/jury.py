"""How a panel is drawn, what a juror's vote weighs, and what opened votes come to; pure."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.hearings.facts import JurorKind, Outcome, Tally, Vote
from xiaobao.kernel.references import digests_of

if TYPE_CHECKING:
    from uuid import UUID

    from xiaobao.hearings.facts import Candidates, Votes
    from xiaobao.hearings.terms import HearingTerms
    from xiaobao.kernel.columns import Int, Mask

ALL_BPS = 10_000


def seats_of(terms: HearingTerms) -> dict[JurorKind, int]:
    """How many jurors of each kind sit on a panel."""
    return {
        JurorKind.BUYER: int(terms.jury_buyers[0]),
        JurorKind.SELLER: int(terms.jury_sellers[0]),
        JurorKind.EXPERT: int(terms.jury_experts[0]),
    }


def passes(cases: Int, right: Int, terms: HearingTerms) -> Mask:
    """Who has judged enough known cases, and enough of them rightly."""
    enough = cases >= np.maximum(terms.jury_test_cases[0], 1)
    mask: Mask = enough & (right * ALL_BPS >= terms.jury_accuracy_bps[0] * cases)
    return mask


def weight_bps(cases: Int, right: Int) -> Int:
    """What a vote weighs: nothing for one that a coin could cast, all for one never wrong.

    Rounds down: the juror, not the parties, bears the odd ten-thousandth.
    """
    share = right * ALL_BPS // np.maximum(cases, 1)
    return np.maximum(2 * share - ALL_BPS, 0)


def seed_of(lot: bytes) -> int:
    """The seed that a lot gives: the first 62 bits of it."""
    return int.from_bytes(lot[:8], "big") >> 2


def draw(
    candidates: Candidates, seats: dict[JurorKind, int], *, seed: int, case: tuple[int, int, int]
) -> Candidates:
    """The panel for a case: of each kind those whose lot, made of the seed and the case, is least.

    The same seed, case and candidates give the same panel, in whatever order they come.
    """
    lots = digests_of(
        *(np.full(len(candidates), part) for part in (seed, *case)), candidates.juror_id
    ).view(np.uint64)
    chosen = []
    for kind, count in sorted(seats.items()):
        mine = np.flatnonzero(candidates.kind == kind)
        order = np.lexsort((candidates.juror_id[mine], lots[mine]))
        chosen.append(mine[order[:count]])
    return candidates.take(np.concatenate(chosen))


def seal(panel: UUID, juror_id: int, vote: Vote, salt: str) -> str:
    """What a juror hands in first: it binds the vote and tells nothing of it."""
    return hashlib.sha256(f"{panel}|{juror_id}|{vote.name}|{salt}".encode()).hexdigest()


def tally(votes: Votes, *, quorum: int, majority_bps: int) -> Tally:
    """What the opened votes come to by weight; nothing without a quorum or a majority."""
    uphold = int(votes.weight_bps[votes.vote == Vote.UPHOLD].sum())
    reject = int(votes.weight_bps[votes.vote == Vote.REJECT].sum())
    outcome = None
    if len(votes) >= quorum and uphold != reject:
        most = max(uphold, reject)
        if most * ALL_BPS > majority_bps * (uphold + reject):
            outcome = Outcome.UPHELD if uphold > reject else Outcome.REJECTED
    return Tally(outcome, len(votes), uphold, reject)
