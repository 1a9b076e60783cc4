"""Panels drawn by lot, votes weighed by known cases, and what they come to."""

from __future__ import annotations

from uuid import UUID

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.hearings.facts import Candidates, JurorKind, Outcome, Vote, Votes
from xiaobao.hearings.rules.jury import draw, seal, tally, weight_bps

CASE = (7, 8, 1)
SEATS = {JurorKind.BUYER: 3, JurorKind.SELLER: 3, JurorKind.EXPERT: 1}


def candidates(count: int) -> Candidates:
    numbers = np.arange(1, count + 1)
    return Candidates(numbers, numbers % 3 + 1, numbers * 0 + 5_000)


@given(st.integers(0, 2**62), st.integers(0, 60))
def test_a_panel_is_drawn_again_whatever_the_order(seed: int, count: int) -> None:
    there = candidates(count)
    panel = draw(there, SEATS, seed=seed, case=CASE)
    order = np.random.default_rng(seed % 2**32).permutation(count)
    assert set(draw(there.take(order), SEATS, seed=seed, case=CASE).juror_id.tolist()) == set(
        panel.juror_id.tolist()
    )
    for kind, seats in SEATS.items():
        assert (panel.kind == kind).sum() == min(seats, (there.kind == kind).sum())
    assert len(np.unique(panel.juror_id)) == len(panel)


def test_every_juror_is_drawn_about_as_often() -> None:
    there, drawn = candidates(30), np.zeros(31, np.int64)
    for seed in range(3_000):
        drawn[draw(there, {JurorKind.BUYER: 2}, seed=seed, case=CASE).juror_id] += 1
    mine = drawn[there.juror_id[there.kind == JurorKind.BUYER]]
    # 2 of 10, 3000 times: 600 each, give or take five standard deviations.
    assert mine.sum() == 6_000
    assert ((mine > 490) & (mine < 710)).all()


@pytest.mark.parametrize(
    ("cases", "right", "weight"),
    [(5, 5, 10_000), (5, 3, 2_000), (5, 2, 0), (3, 2, 3_332), (0, 0, 0)],
)
def test_a_vote_weighs_what_its_juror_knows(cases: int, right: int, weight: int) -> None:
    assert weight_bps(np.array([cases]), np.array([right])).tolist() == [weight]


@pytest.mark.parametrize(
    ("votes", "quorum", "majority", "outcome"),
    [
        ([(1, 4_000), (1, 4_000), (2, 9_000)], 3, 5_000, Outcome.REJECTED),  # weight, not heads
        ([(1, 4_000), (1, 5_001), (2, 9_000)], 3, 5_000, Outcome.UPHELD),
        ([(1, 4_000), (1, 5_000), (2, 9_000)], 3, 5_000, None),  # a tie
        ([(1, 4_000), (1, 5_000)], 3, 5_000, None),  # no quorum
        ([(1, 6_000), (2, 4_000)], 2, 6_000, None),  # the majority asked for is not passed
        ([(1, 6_001), (2, 3_999)], 2, 6_000, Outcome.UPHELD),
        ([], 0, 5_000, None),
    ],
)
def test_votes_decide_by_weight_quorum_and_majority(
    votes: list[tuple[int, int]], quorum: int, majority: int, outcome: Outcome | None
) -> None:
    opened = Votes(*np.array(votes, np.int64).reshape(-1, 2).T)
    assert tally(opened, quorum=quorum, majority_bps=majority).outcome == outcome


def test_a_seal_binds_panel_juror_vote_and_salt() -> None:
    one, other = UUID(int=1), UUID(int=2)
    seals = {
        seal(panel, juror, vote, salt)
        for panel in (one, other)
        for juror in (1, 2)
        for vote in Vote
        for salt in ("a", "b")
    }
    assert len(seals) == 16
    assert seal(one, 1, Vote.UPHOLD, "a") == seal(one, 1, Vote.UPHOLD, "a")
