"""The lifecycle as a table: what may happen where, that each state is reached, left or ended."""

from __future__ import annotations

from datetime import datetime
from itertools import product
from typing import Any

import numpy as np
import pytest

from xiaobao.claims.facts import (
    EVENT_WORDS,
    STATE_WORDS,
    ClaimEvent,
    ClaimState,
    Mark,
    NextAction,
    Party,
)
from xiaobao.claims.rules import lifecycle
from xiaobao.claims.rules.next_actions import Standing, next_actions
from xiaobao.kernel.columns import FAR_US

DUE = 1_760_000_000_000_000


def test_the_table_and_its_columns_agree() -> None:
    states = [lifecycle.NOWHERE, *ClaimState]
    for state, event in product(states, ClaimEvent):
        columns = np.array([state]), np.array([event])
        is_there = (state, event) in lifecycle.LIFECYCLE
        assert bool(lifecycle.possible(*columns)[0]) is is_there
        if is_there:
            after = int(lifecycle.after(*columns, np.array([5]))[0])
            assert after == (lifecycle.LIFECYCLE[state, event] or 5)


def test_an_event_where_it_cannot_happen_is_a_bug() -> None:
    with pytest.raises(AssertionError, match="cannot happen"):
        lifecycle.after(np.array([ClaimState.CLOSED]), np.array([ClaimEvent.FILED]), np.array([0]))


def test_every_state_is_reached_from_filing() -> None:
    reached, waiting = set(), [lifecycle.NOWHERE]
    while waiting:
        here = waiting.pop()
        for (state, _), after in lifecycle.LIFECYCLE.items():
            if state == here and after not in reached:
                reached.add(after)
                waiting.append(after)
    assert reached - {lifecycle.WHERE_IT_STOOD} == set(ClaimState)


def test_what_has_ended_only_opens_again_or_is_appealed() -> None:
    back = {ClaimEvent.REOPENED, ClaimEvent.APPEALED}
    # What was agreed waits for goods: back from the buyer, or repaired and replaced by the seller.
    settled = {ClaimEvent.RETURN_SHIPPED, ClaimEvent.LAPSED, ClaimEvent.GOODS_OWED}
    for state in lifecycle.ENDED:
        allowed = settled if state == ClaimState.SETTLED else back
        assert set(lifecycle.events_in(state)) <= allowed


def test_money_is_paid_by_ruling_or_by_agreement_alone() -> None:
    into_paid = {pair for pair, after in lifecycle.LIFECYCLE.items() if after == ClaimState.PAID}
    assert into_paid == {(ClaimState.RULED, ClaimEvent.PAID)}
    into_settled = {e for (_, e), a in lifecycle.LIFECYCLE.items() if a == ClaimState.SETTLED}
    assert into_settled == {
        ClaimEvent.ACCEPTED, ClaimEvent.OFFER_ACCEPTED, ClaimEvent.RETURN_SHIPPED,
    }  # fmt: skip


def test_a_suspended_claim_goes_on_where_it_stood() -> None:
    for state in lifecycle.OPEN:
        assert (state, ClaimEvent.SUSPENDED) in lifecycle.LIFECYCLE
        back = lifecycle.after(
            np.array([ClaimState.SUSPENDED]), np.array([ClaimEvent.RESUMED]), np.array([state])
        )
        assert back.tolist() == [state]


def test_every_state_and_event_has_words_in_both_languages() -> None:
    for words in (STATE_WORDS, EVENT_WORDS):
        for zh, en in words.values():
            assert any("\u4e00" <= letter <= "\u9fff" for letter in zh)
            assert en.isascii()
    assert set(STATE_WORDS) == set(ClaimState)
    assert set(EVENT_WORDS) == set(ClaimEvent)


def actions(state: ClaimState, **more: Any) -> list[NextAction]:
    given: dict[str, Any] = {
        "state": state, "marks": Mark(0), "at_us": DUE - 10, "seller_due_us": DUE,
        "buyer_due_us": DUE + 1, "talks_due_us": DUE + 2, "platform_due_us": DUE + 3,
        "stop_until_us": DUE + 4, "appeal_until_us": DUE + 5, "offers_by": frozenset(),
        "missing_zh": "照片", "missing_en": "photo",
    }  # fmt: skip
    return next_actions(Standing(**(given | more)))


@pytest.mark.parametrize("state", ClaimState)
@pytest.mark.parametrize("marks", [Mark(0), Mark.CURED, Mark.WITH_RETURN, Mark.PLATFORM_LATE])
def test_every_state_names_its_next_actions(state: ClaimState, marks: Mark) -> None:
    for appeal_us in (FAR_US, DUE - 100, DUE + 5):
        named = actions(state, marks=marks, appeal_until_us=appeal_us)
        assert any(one.party == Party.PLATFORM for one in named)
        for one in named:
            assert one.what_zh
            assert one.what_en.isascii()
            assert one.otherwise_zh
            assert one.otherwise_en.isascii()
            assert one.by_at is None or isinstance(one.by_at, datetime)


def test_who_has_to_act_is_named_with_the_moment_and_what_is_missing() -> None:
    first = actions(ClaimState.AWAITING_BUYER_EVIDENCE)[0]
    assert (first.party, first.by_at) == (Party.BUYER, _moment(DUE + 1))
    assert "照片" in first.what_zh
    assert "photo" in first.what_en
    assert "cure" in first.otherwise_en
    last = actions(ClaimState.AWAITING_SELLER_EVIDENCE, marks=Mark.CURED)[0]
    assert (last.party, last.otherwise_en) == (Party.SELLER, "the claim is upheld")


def test_a_standing_offer_asks_the_other_party() -> None:
    named = actions(ClaimState.NEGOTIATING, offers_by=frozenset({Party.SELLER}))
    assert [(a.party, a.by_at) for a in named if "offer" in a.what_en][-1] == (
        Party.BUYER, _moment(DUE + 2),
    )  # fmt: skip
    assert actions(ClaimState.CLOSED, offers_by=frozenset({Party.SELLER})) == actions(
        ClaimState.CLOSED
    )


def _moment(us: int) -> datetime:
    from xiaobao.kernel.clocks import moment_of

    return moment_of(us)
