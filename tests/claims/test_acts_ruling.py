"""The steps that hearings take: ruled, paid, closed, appealed, put to a jury."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pytest

from tests.claims.making import (
    FREIGHT,
    GOODS,
    SHOP,
    book,
    deny,
    due,
    everything,
    file,
    later,
    paper,
    put,
    standing,
    state,
    sweep,
    timeline,
)
from xiaobao.advances.acts import compensate, recover_debts
from xiaobao.advances.facts import Owed
from xiaobao.claims import acts
from xiaobao.claims.acts import ClaimMoveImpossible
from xiaobao.claims.acts.course import Course
from xiaobao.claims.acts.money import free_exposure
from xiaobao.claims.facts import ClaimState, Party
from xiaobao.kernel.clocks import us_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.claims.facts import ClaimRow, Claims
    from xiaobao.promises.facts import Market

EXPOSURE = GOODS + FREIGHT


@pytest.fixture
def reviewed(world: Market) -> ClaimRow:
    row = file()
    deny(row, paper(), at=later(hours=5))
    return row


def held(row: ClaimRow, at: datetime) -> Claims:
    ids = np.array([row.seller_id]), np.array([row.claim_id])
    return acts.hold_claims(*ids, at_us=us_of(at))


def how(number: int, at: datetime) -> dict[str, Any]:
    return {"key": np.array([number]), "at_us": np.array([us_of(at)])}


def ruled(row: ClaimRow, amount: int, at: datetime, number: int = 1) -> Claims:
    return acts.mark_ruled(held(row, at), amount_minor=np.array([amount]), **how(number, at))


def test_a_rejected_claim_is_ruled_and_closed_and_frees_the_deposit(reviewed: ClaimRow) -> None:
    ruled(reviewed, 0, later(days=1))
    assert state(reviewed) == ClaimState.RULED
    assert due(reviewed) == later(days=2)  # 24 hours to carry it out
    acts.mark_closed(held(reviewed, later(days=1)), **how(2, later(days=1)))
    assert state(reviewed) == ClaimState.CLOSED
    assert book() == {"outside": -500_000, "deposit": 500_000}
    assert timeline(reviewed)[-2:] == [("RULED", "RULED"), ("CLOSED", "CLOSED")]


def paid(row: ClaimRow, at: datetime, *, fund: int = 0) -> None:
    amounts = {"refund_minor": GOODS, "freight_minor": FREIGHT, "compensation_minor": 0,
               "punitive_minor": 0, "fund_minor": fund}  # fmt: skip
    columns = {name: np.array([value]) for name, value in amounts.items()}
    acts.mark_paid(held(row, at), **columns, **how(3, at))


def test_a_claim_paid_closes_after_the_time_to_appeal(reviewed: ClaimRow) -> None:
    ruled(reviewed, EXPOSURE, later(days=1))
    paid(reviewed, later(days=1))
    assert state(reviewed) == ClaimState.PAID
    assert due(reviewed) == later(days=8)
    assert int(standing(reviewed).paid_minor[0]) == EXPOSURE
    sweep(later(days=8))
    assert state(reviewed) == ClaimState.CLOSED


def test_what_the_fund_bore_is_recovered_before_it_closes(reviewed: ClaimRow) -> None:
    ruled(reviewed, EXPOSURE, later(days=1))
    claims = standing(reviewed)
    # What hearings will do: free, and advance; here the debt alone matters.
    free_exposure(Course(claims, np.array([us_of(later(days=1))])), np.array([True]))
    one = np.array([1])
    compensate(Owed(seller_id=claims.seller_id, cause_hi=one, cause_lo=one,
                    market_id=claims.market_id, subject_id=claims.claim_id,
                    buyer_id=claims.buyer_id, buyer_minor=np.array([600_000]),
                    platform_minor=one * 0, at_us=np.array([us_of(later(days=1))])))  # fmt: skip
    assert book()["fund"] == -100_000
    paid(reviewed, later(days=1), fund=100_000)
    sweep(later(days=8))
    assert state(reviewed) == ClaimState.RECOVERING
    sweep(later(days=30))
    assert state(reviewed) == ClaimState.RECOVERING
    put(SHOP, 100_000)
    recover_debts(at=later(days=31))
    sweep(later(days=40))
    assert state(reviewed) == ClaimState.CLOSED


def test_an_appeal_of_a_rejection_locks_the_exposure_again(reviewed: ClaimRow) -> None:
    ruled(reviewed, 0, later(days=1))
    acts.mark_closed(held(reviewed, later(days=1)), **how(2, later(days=1)))
    acts.mark_appealed(held(reviewed, later(days=2)), party=Party.BUYER, **how(4, later(days=2)))
    assert state(reviewed) == ClaimState.APPEALED
    assert book()["locked"] == EXPOSURE
    ruled(reviewed, 0, later(days=3), number=5)
    acts.mark_closed(held(reviewed, later(days=3)), **how(6, later(days=3)))
    assert book() == {"outside": -500_000, "deposit": 500_000}


def test_the_jury_has_it_and_gives_it_back(reviewed: ClaimRow) -> None:
    acts.call_jury(held(reviewed, later(days=1)), **how(7, later(days=1)))
    assert state(reviewed) == ClaimState.WITH_JURY
    acts.take_jury_answer(held(reviewed, later(days=2)), **how(8, later(days=2)))
    assert state(reviewed) == ClaimState.UNDER_REVIEW


def test_a_claim_that_nobody_reviewed_cannot_be_ruled(world: Market) -> None:
    row = file()
    before = everything()
    with pytest.raises(ClaimMoveImpossible):
        ruled(row, EXPOSURE, later(hours=1))
    with pytest.raises(ClaimMoveImpossible):
        paid(row, later(hours=1))
    assert everything() == before
