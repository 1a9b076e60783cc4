"""Clocks stand still: agreed by both, on a document, or by the platform; once for each."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    NOW,
    book,
    deny,
    due,
    everything,
    file,
    key,
    later,
    paper,
    standing,
    state,
    sweep,
)
from xiaobao.claims.acts import (
    AuthorityDocumentMissing,
    ClaimMoveImpossible,
    ClaimSuspendedBefore,
    OtherHasToAgree,
    ResumedByOthers,
    SuspendedByParties,
    resume_claim,
    suspend_claim,
    withdraw_claim,
)
from xiaobao.claims.facts import ClaimState, Mark, Party, StopReason
from xiaobao.claims.queries import claim_page, stops_to_accept
from xiaobao.evidence.facts import Kind
from xiaobao.ledger.queries import check

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimRow, Handed, NextAction
    from xiaobao.promises.facts import Market

EXPOSURE = GOODS + FREIGHT
FREE = {"outside": -500_000, "deposit": 500_000}
TALKS, COURT, POLICE = StopReason.SELF_SETTLEMENT, StopReason.COURT, StopReason.POLICE
BUYER, SELLER, PLATFORM = Party.BUYER, Party.SELLER, Party.PLATFORM
DOCUMENT = paper(Kind.AUTHORITY_DOCUMENT)
# Seven working days from Wednesday the 15th: Friday the 24th, 24:00 in Shanghai.
PROOF_DUE = later(days=9, hours=14)


def stop(
    row: ClaimRow, reason: StopReason, by: Party, at: datetime, *handed: Handed, name: str = ""
) -> ClaimRow:
    name = name or f"{reason.name} {by.name} {at}"
    return suspend_claim(*key(row), reason=reason, by=by, handed=handed, key=name, at=at)


def resumed(row: ClaimRow, by: Party, at: datetime) -> ClaimRow:
    return resume_claim(*key(row), by=by, key=f"resume {by.name} {at}", at=at)


def actions(at: datetime) -> list[NextAction]:
    return claim_page("C1", "en", at=at).next_actions


def may(at: datetime, command: str) -> set[Party]:
    return {one.party for one in actions(at) if command in one.commands}


def test_nobody_stops_the_clocks_alone_and_without_proof(world: Market) -> None:
    row = file()
    before = everything()
    for by in (BUYER, SELLER):
        for reason in (COURT, POLICE):
            with pytest.raises(AuthorityDocumentMissing):
                stop(row, reason, by, later(hours=12))
            with pytest.raises(AuthorityDocumentMissing):
                stop(row, reason, by, later(hours=12), paper(Kind.INVOICE))
    with pytest.raises(SuspendedByParties):
        stop(row, TALKS, PLATFORM, later(hours=12))
    assert everything() == before
    assert (state(row), due(row)) == (ClaimState.AWAITING_SELLER, later(days=2))


def test_talks_stop_the_clocks_once_both_agree(world: Market) -> None:
    row = file()
    assert stop(row, TALKS, SELLER, later(hours=6)).state == ClaimState.AWAITING_SELLER
    assert due(row) == later(days=2)
    assert may(later(hours=6), "claims suspend") == {BUYER}
    before = everything()
    with pytest.raises(OtherHasToAgree):
        stop(row, TALKS, SELLER, later(hours=7))
    assert everything() == before
    assert stop(row, TALKS, BUYER, later(hours=12)).state == ClaimState.SUSPENDED
    assert due(row) == later(days=30, hours=12)
    assert book() == {"outside": -500_000, "deposit": 500_000 - EXPOSURE, "locked": EXPOSURE}
    assert not int(standing(row).marks[0]) & (Mark.SELLER_ASKED_STOP | Mark.BUYER_ASKED_STOP)
    assert stops_to_accept() == []
    assert may(later(hours=12), "claims resume") == {BUYER, SELLER, PLATFORM}
    # It resumes by itself, and every clock is later by as much.
    sweep(later(days=30, hours=12))
    assert (state(row), due(row)) == (ClaimState.AWAITING_SELLER, later(days=32))
    for by in (BUYER, SELLER):
        with pytest.raises(ClaimSuspendedBefore):
            stop(row, TALKS, by, later(days=31))


def test_either_party_ends_talks(world: Market) -> None:
    row = file()
    stop(row, TALKS, BUYER, later(hours=12))
    stop(row, TALKS, SELLER, later(hours=12))
    assert resumed(row, BUYER, later(hours=20)).state == ClaimState.AWAITING_SELLER
    assert due(row) == later(hours=56)
    with pytest.raises(ClaimMoveImpossible):
        resumed(row, SELLER, later(hours=20))


def test_a_stop_on_a_document_lapses_where_nobody_accepts_it(world: Market) -> None:
    row = file()
    assert stop(row, COURT, SELLER, later(hours=12), DOCUMENT).state == ClaimState.SUSPENDED
    assert due(row) == PROOF_DUE
    assert int(standing(row).marks[0]) & Mark.STOP_UNPROVEN
    assert [(one.claim, one.reason, one.until_at) for one in stops_to_accept()] == [
        ("C1", COURT, PROOF_DUE)
    ]
    assert may(later(hours=13), "claims suspend") == {PLATFORM}
    assert may(later(hours=13), "claims resume") == {SELLER, PLATFORM}
    before = everything()
    with pytest.raises(ResumedByOthers):
        resumed(row, BUYER, later(hours=14))
    assert everything() == before
    sweep(PROOF_DUE)
    assert state(row) == ClaimState.AWAITING_SELLER
    assert due(row) == PROOF_DUE + (later(days=2) - later(hours=12))
    assert not int(standing(row).marks[0]) & Mark.STOP_UNPROVEN
    assert stops_to_accept() == []
    # Not again by the same party or the other; the document does for another reason, once.
    for by in (SELLER, BUYER):
        with pytest.raises(ClaimSuspendedBefore):
            stop(row, COURT, by, PROOF_DUE, DOCUMENT)
    assert stop(row, COURT, PLATFORM, PROOF_DUE).state == ClaimState.SUSPENDED
    assert book()["locked"] == EXPOSURE
    assert check() == []


def test_the_platform_accepts_it_and_it_lasts_as_the_pack_says(world: Market) -> None:
    row = file()
    stop(row, COURT, BUYER, later(hours=12), DOCUMENT)
    assert stop(row, COURT, PLATFORM, later(days=2), name="a").state == ClaimState.SUSPENDED
    until = later(hours=12).replace(year=2026, month=4)
    assert due(row) == until
    assert stops_to_accept() == []
    told = claim_page("C1", "en", at=later(days=3))
    assert [(s.party, s.is_accepted, s.until_at) for s in told.stops] == [(BUYER, True, until)]
    assert [one.event.name for one in told.timeline][-2:] == ["SUSPENDED", "STOP_ACCEPTED"]
    before = everything()
    assert not stop(row, COURT, PLATFORM, later(days=2), name="a").is_new
    with pytest.raises(ClaimSuspendedBefore):
        stop(row, COURT, PLATFORM, later(days=3))
    assert everything() == before
    assert resumed(row, PLATFORM, later(days=4)).state == ClaimState.AWAITING_SELLER
    assert due(row) == later(days=2) + (later(days=4) - later(hours=12))


@pytest.mark.parametrize(("reason"), [COURT, POLICE])
def test_the_platform_stops_by_itself(world: Market, reason: StopReason) -> None:
    row = file()
    stop(row, reason, PLATFORM, NOW)
    assert due(row) == NOW.replace(year=2026, month=4)
    assert may(later(hours=1), "claims resume") == {PLATFORM}
    for by in (BUYER, SELLER):
        with pytest.raises(ResumedByOthers):
            resumed(row, by, later(hours=1))


def test_nothing_is_answered_while_it_stands_still(world: Market) -> None:
    row = file()
    stop(row, COURT, PLATFORM, later(hours=12))
    before = everything()
    with pytest.raises(ClaimMoveImpossible) as refused:
        deny(row, at=later(hours=13))
    assert "resumed" in refused.value.says("en")
    assert everything() == before
    done = withdraw_claim(*key(row), key="w", at=later(hours=14))
    assert done.state == ClaimState.WITHDRAWN
    assert book() == FREE
