"""A jury of a generated marketplace: tested on known cases, asked, votes sealed and opened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims import queries as claims_now
from xiaobao.claims.facts import ClaimState
from xiaobao.hearings import acts as hearings
from xiaobao.hearings import queries as hearings_now
from xiaobao.hearings.facts import JurorKind, Vote
from xiaobao.hearings.rules.jury import seal
from xiaobao.kernel.clocks import us_of
from xiaobao.lab.generate.figures import number

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from xiaobao.hearings.facts import PanelRow, SeatRow
    from xiaobao.lab.generate.marketplace import Marketplace

SEATS = {JurorKind.BUYER: 10, JurorKind.SELLER: 10, JurorKind.EXPERT: 2}
TESTS = 6
MOST_PANELS = 1_000
_NO_PANEL = (hearings.NoJury, hearings.JuryOnce, hearings.JuryTooSmall)


def gather(at: datetime) -> None:
    """Jurors join, and each judges the known cases; asked again, what was done stands.

    Experts judge all of them rightly, the others all but one: who is drawn follows from secrets
    of this very home, and must not change what a panel of so many of each kind comes to.
    """
    known = {juror.name for juror in hearings_now.jurors()}
    right = [Vote.UPHOLD, Vote.REJECT]
    cases = [f"示例案件-{n + 1}" for n in range(TESTS)]
    if not known:
        for n, case in enumerate(cases):
            hearings.add_known_case(case, right[n % 2], words="结果已知的案件", at=at)
    for kind, seats in SEATS.items():
        for n in range(seats):
            name = f"评审员-{kind.name.lower()}-{n + 1:02d}"
            hearings.add_juror(name, kind, at=at)
            for place, case in enumerate(cases):
                is_right = kind == JurorKind.EXPERT or place != n % TESTS
                hearings.judge_known_case(name, case, right[(place + (not is_right)) % 2], at=at)


def call(key: tuple[int, int], at: datetime) -> bool:
    """Put a claim to a jury; False where there can be none."""
    try:
        hearings.call_panel(*key, key="jury", at=at)
    except _NO_PANEL:
        return False
    return True


def vote_all(
    market: Marketplace, midnight: int, at: datetime, is_true: Callable[[tuple[int, int]], bool]
) -> None:
    """Every panel called before today seals its votes, and opens them."""
    for row in claims_now.claims_listed(state=ClaimState.WITH_JURY, limit=MOST_PANELS):
        key = row.seller_id, row.claim_id
        panel = hearings_now.panels_of(*key)[-1]
        if us_of(panel.called_at) < midnight:
            _vote(market, panel, at, is_true=is_true(key))


def _vote(market: Marketplace, panel: PanelRow, at: datetime, *, is_true: bool) -> None:
    rng = np.random.default_rng([market.plan.seed, 11, panel.claim_id])
    votes = [(seat, *_vote_of(seat, rng, is_true=is_true)) for seat in panel.seats]
    key = panel.seller_id, panel.claim_id
    for seat, vote, salt in votes:
        sealed = seal(panel.reference, seat.juror_id, vote, salt)
        hearings.seal_vote(*key, juror=seat.name, sha256=sealed, at=at)
    for seat, vote, salt in votes:
        hearings.open_vote(
            *key, juror=seat.name, vote=vote, salt=salt, words="看过双方证据", at=at
        )


def _vote_of(seat: SeatRow, rng: np.random.Generator, *, is_true: bool) -> tuple[Vote, str]:
    is_right = rng.random() < number("juror_right")
    vote = Vote.UPHOLD if is_right == is_true else Vote.REJECT
    return vote, f"{seat.name}-{rng.integers(2**62)}"
