"""Withdrawn, and reopened."""

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
    timeline,
)
from xiaobao.claims.acts import (
    ClaimMoveImpossible,
    ClaimStands,
    NewFactsMissing,
    ReopenTooLate,
    reopen_claim,
    withdraw_claim,
)
from xiaobao.claims.facts import ClaimState, Mark
from xiaobao.database.sets import fetch_rows
from xiaobao.ledger.queries import check

if TYPE_CHECKING:
    from datetime import datetime

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
