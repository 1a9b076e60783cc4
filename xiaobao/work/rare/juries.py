"""On the last evening a jury sits on a case, and half of it has voted."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.claims import queries as claims
from xiaobao.claims.facts import ClaimState, Finding
from xiaobao.hearings import acts as hearings
from xiaobao.hearings import queries as hearings_now
from xiaobao.hearings.facts import Vote
from xiaobao.hearings.rules.jury import seal
from xiaobao.work import jury

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.hearings.facts import PanelRow
    from xiaobao.lab.generate.marketplace import Marketplace

_MOST_WAITING = 1_000


def seal_some(market: Marketplace, day: int, at: datetime) -> None:
    """Where none sits one is called; every other juror of each seals a vote."""
    if day != market.plan.days - 1:
        return
    if not _sitting():
        _call_one(at)
    for panel in _sitting():
        for seat in sorted(panel.seats, key=lambda one: one.name)[::2]:
            secret = seal(panel.reference, seat.juror_id, Vote.UPHOLD, f"{seat.name}-secret")
            hearings.seal_vote(
                panel.seller_id, panel.claim_id, juror=seat.name, sha256=secret, at=at
            )


def _sitting() -> list[PanelRow]:
    return [
        hearings_now.panels_of(row.seller_id, row.claim_id)[-1]
        for row in claims.claims_listed(state=ClaimState.WITH_JURY, limit=jury.MOST_PANELS)
    ]


def _call_one(at: datetime) -> None:
    """Of cases not ruled on: one that needs a person first, else the last to be due."""
    waiting = [
        row for row in hearings_now.queue(at=at, limit=_MOST_WAITING)
        if row.state == ClaimState.UNDER_REVIEW and row.jury is None
    ]  # fmt: skip
    waiting.reverse()
    for row in sorted(waiting, key=lambda one: one.finding != Finding.NEEDS_PERSON):
        if jury.call((row.seller_id, row.claim_id), at):
            return
