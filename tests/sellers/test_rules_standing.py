"""The lifecycle table and what restricts whom; no database."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from xiaobao.sellers.facts import (
    EVENT_WORDS,
    PROFILE_PARTS,
    RESTRICTION_WORDS,
    STANDING_WORDS,
    Event,
    Restriction,
    Standing,
)
from xiaobao.sellers.rules import (
    LIFECYCLE,
    NO_MOVE,
    causes_after,
    causes_in,
    completeness,
    state_after,
)

BITS = int(Restriction.SHORTFALL | Restriction.PENALTY)


def test_every_legal_move_is_in_the_table_and_no_other() -> None:
    for state in Standing:
        for event in Event:
            after = state_after(np.array([state]), np.array([0]), event).tolist()
            assert after == [LIFECYCLE.get((state, event), NO_MOVE)]


def test_every_standing_is_reached_and_none_is_a_dead_end() -> None:
    assert {s for s, _ in LIFECYCLE} == set(Standing)
    assert set(LIFECYCLE.values()) == set(Standing)


def test_whoever_would_be_active_with_a_cause_left_is_restricted() -> None:
    state = np.array([Standing.RESTRICTED, Standing.RESTRICTED, Standing.EXITING])
    left = np.array([0, Restriction.PENALTY, Restriction.SHORTFALL])
    assert state_after(state[:2], left[:2], Event.LIFT).tolist() == [
        Standing.ACTIVE, Standing.RESTRICTED,
    ]  # fmt: skip
    assert state_after(state[2:], left[2:], Event.STAY).tolist() == [Standing.RESTRICTED]


@given(
    st.lists(
        st.tuples(st.sampled_from(list(Standing)), st.integers(0, BITS)), min_size=1, max_size=20
    ),
    st.sampled_from(list(Event)),
    st.sampled_from(list(Restriction)),
)
def test_a_batch_is_a_stack_of_singles(
    rows: list[tuple[Standing, int]], event: Event, cause: Restriction
) -> None:
    state = np.array([r[0] for r in rows], np.int64)
    by = causes_after(np.array([r[1] for r in rows], np.int64), event, cause)
    whole = state_after(state, by, event)
    for i, (one, bits) in enumerate(rows):
        left = causes_after(np.array([bits], np.int64), event, cause)
        assert left[0] == by[i]
        assert state_after(np.array([one]), left, event)[0] == whole[i]


@given(st.integers(0, BITS), st.sampled_from(list(Restriction)))
def test_lifting_takes_one_cause_and_leaves_the_other(bits: int, cause: Restriction) -> None:
    before = np.array([bits], np.int64)
    lifted = causes_after(before, Event.LIFT, cause)
    assert set(causes_in(int(lifted[0]))) == set(causes_in(bits)) - {cause}
    restricted = causes_after(before, Event.RESTRICT, cause)
    assert set(causes_in(int(restricted[0]))) == set(causes_in(bits)) | {cause}


def test_every_word_is_there_in_both_languages() -> None:
    for words, members in (
        (STANDING_WORDS, Standing), (EVENT_WORDS, Event), (RESTRICTION_WORDS, Restriction),
    ):  # fmt: skip
        assert set(words) == set(members)
        assert all(zh.strip() and en.strip() for zh, en in words.values())


def test_a_profile_is_as_complete_as_its_parts_weigh() -> None:
    assert sum(part.weight_bps for part in PROFILE_PARTS) == 10_000
    full = {part.field: "something" for part in PROFILE_PARTS}
    assert completeness(full).complete_bps == 10_000
    assert completeness(full).missing == ()
    some = completeness(full | {"phone": "  ", "about": ""})
    assert some.complete_bps == 8_000
    assert [(p.zh, p.en) for p in some.missing] == [
        ("客服电话", "service telephone"), ("店铺介绍", "about the shop"),
    ]  # fmt: skip
    assert completeness({}).complete_bps == 0
