"""Withdrawn, suspended, resumed, reopened."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    NOW,
    book,
    due,
    everything,
    file,
    key,
    later,
    photo,
    standing,
    state,
    sweep,
    timeline,
)
from xiaobao.claims.acts import (
    ClaimMoveImpossible,
    ClaimStands,
    NewFactsMissing,
    ReopenTooLate,
    reopen_claim,
    resume_claim,
    suspend_claim,
    withdraw_claim,
)
from xiaobao.claims.facts import ClaimState, Mark, Party, StopReason
from xiaobao.claims.queries import claim_page
from xiaobao.database.sets import fetch_rows
from xiaobao.ledger.queries import check

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimRow
    from xiaobao.promises.facts import Market

EXPOSURE = GOODS + FREIGHT
FREE = {"outside": -500_000, "deposit": 500_000}


def test_withdrawing_frees_what_is_locked(world: Market) -> None:
    row = file()
    done = withdraw_claim(*key(row), words="found it", key="w", at=later(hours=1))
    assert (done.state, done.locked_minor) == (ClaimState.WITHDRAWN, 0)
    assert book() == FREE
    before = everything()
    assert not withdraw_claim(*key(row), key="w", at=later(hours=2)).is_new
    with pytest.raises(ClaimMoveImpossible):
        withdraw_claim(*key(row), key="w2", at=later(hours=2))
    assert everything() == before
    assert check() == []


def suspended(row: ClaimRow, reason: StopReason, at: datetime, name: str = "s") -> ClaimRow:
    return suspend_claim(*key(row), reason=reason, by=Party.BUYER, key=name, at=at)


@pytest.mark.parametrize(
    ("reason", "until"),
    [
        (StopReason.SELF_SETTLEMENT, later(days=30, hours=12)),
        # Seven working days from Wednesday the 15th: Friday the 24th, 24:00 in Shanghai.
        (StopReason.COURT, later(days=9, hours=14)),
        (StopReason.POLICE, NOW.replace(year=2026, month=4, hour=14)),
    ],
)
def test_a_suspension_lasts_as_long_as_the_pack_lets_it(
    world: Market, reason: StopReason, until: datetime
) -> None:
    row = file()
    assert suspended(row, reason, later(hours=12)).state == ClaimState.SUSPENDED
    assert due(row) == until
    assert book()["locked"] == EXPOSURE


def test_it_resumes_by_itself_and_the_clock_is_later_by_as_much(world: Market) -> None:
    row = file()
    suspended(row, StopReason.SELF_SETTLEMENT, later(hours=12))
    sweep(later(days=30, hours=12))
    assert state(row) == ClaimState.AWAITING_SELLER
    assert due(row) == later(days=32)


def test_it_resumes_when_a_party_asks(world: Market) -> None:
    row = file()
    suspended(row, StopReason.COURT, later(hours=12))
    done = resume_claim(*key(row), by=Party.BUYER, key="r", at=later(hours=20))
    assert done.state == ClaimState.AWAITING_SELLER
    assert due(row) == later(hours=56)
    suspended(row, StopReason.COURT, later(hours=30), "again")
    resume_claim(*key(row), by=Party.SELLER, key="r2", at=later(hours=34))
    assert due(row) == later(hours=60)
    with pytest.raises(ClaimMoveImpossible):
        resume_claim(*key(row), by=Party.SELLER, key="r3", at=later(hours=34))
    stops = claim_page("C1", "en", at=later(hours=40)).stops
    assert [(s.stop_at, s.resume_at) for s in stops] == [
        (later(hours=12), later(hours=20)), (later(hours=30), later(hours=34)),
    ]  # fmt: skip


def test_nothing_is_answered_while_it_stands_still(world: Market) -> None:
    from tests.claims.making import deny

    row = file()
    suspended(row, StopReason.COURT, later(hours=12))
    before = everything()
    with pytest.raises(ClaimMoveImpossible) as refused:
        deny(row, at=later(hours=13))
    assert "resumed" in refused.value.says("en")
    assert everything() == before
    done = withdraw_claim(*key(row), key="w", at=later(hours=14))
    assert done.state == ClaimState.WITHDRAWN
    assert book() == FREE


def test_new_facts_open_it_again_once(world: Market) -> None:
    row = file()
    withdraw_claim(*key(row), key="w", at=later(hours=1))
    before = everything()
    with pytest.raises(NewFactsMissing):
        reopen_claim(*key(row), words=" ", key="r", at=later(hours=2))
    assert everything() == before
    done = reopen_claim(*key(row), words="it broke", handed=[photo(9)], key="r", at=later(hours=2))
    assert (done.state, done.locked_minor) == (ClaimState.AWAITING_SELLER, EXPOSURE)
    assert due(row) == later(hours=50)
    assert int(standing(row).marks[0]) & Mark.REOPENED
    assert book()["locked"] == EXPOSURE
    assert not reopen_claim(
        *key(row), words="it broke", handed=[photo(9)], key="r", at=later(hours=2)
    ).is_new
    withdraw_claim(*key(row), key="w2", at=later(hours=3))
    with pytest.raises(ReopenTooLate):
        reopen_claim(*key(row), words="again", key="r2", at=later(hours=4))
    assert [e for e, _ in timeline(row)] == [
        "FILED", "EVIDENCE_ADDED", "WITHDRAWN", "REOPENED", "EVIDENCE_ADDED", "WITHDRAWN",
    ]  # fmt: skip


def test_the_time_to_reopen_ends(world: Market) -> None:
    row = file()
    withdraw_claim(*key(row), key="w", at=later(hours=1))
    before = everything()
    with pytest.raises(ReopenTooLate):
        reopen_claim(*key(row), words="new", key="r", at=later(days=7, hours=1))
    assert everything() == before


def test_another_claim_of_the_kind_keeps_it_closed(world: Market) -> None:
    row = file()
    withdraw_claim(*key(row), key="w", at=later(hours=1))
    file("C2", at=later(hours=2))
    before = everything()
    with pytest.raises(ClaimStands):
        reopen_claim(*key(row), words="new", key="r", at=later(hours=3))
    assert everything() == before


def test_given_up_and_brought_back_at_one_moment_it_is_locked_again(world: Market) -> None:
    row = file()
    withdraw_claim(*key(row), key="w", at=NOW)
    done = reopen_claim(*key(row), words="it broke", key="r", at=NOW)
    assert done.locked_minor == EXPOSURE
    assert book()["locked"] == EXPOSURE
    assert check() == []


def test_the_case_is_kept_from_its_end_and_goes_on_when_it_is_reopened(world: Market) -> None:
    def kept() -> list[tuple[datetime | None]]:
        return fetch_rows("SELECT keep_until FROM evidence_end ORDER BY seq")

    row = file()
    assert kept() == []
    withdraw_claim(*key(row), key="w", at=later(hours=1))
    three_years = later(hours=1).replace(year=2028)
    assert kept() == [(three_years,)]
    reopen_claim(*key(row), words="it broke", key="r", at=later(hours=2))
    assert kept() == [(three_years,), (None,)]
