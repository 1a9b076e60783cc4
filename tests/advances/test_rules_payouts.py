"""Payout states, waits, reversals and recoveries: cases and laws, on columns alone."""

from __future__ import annotations

from itertools import product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from tests.advances.making import AT, owed_by
from xiaobao.advances.facts import Borne, PayoutAnswer, PayoutState
from xiaobao.advances.rules import (
    NEXT_STATES,
    STAYS,
    moments_in,
    recovery_postings,
    restoration,
    restoration_postings,
    states_after,
    wait_us,
)
from xiaobao.advances.terms import PayoutTerms
from xiaobao.kernel.clocks import MINUTE_US
from xiaobao.ledger.facts import Account, Balances

ENDED = (PayoutState.CONFIRMED, PayoutState.RECONCILED, PayoutState.PAID_UNOWED)


def after(state: PayoutState, answer: PayoutAnswer, *, attempts: int = 1, attempt: int = 1) -> int:
    columns = (np.array([n]) for n in (state, attempts, attempt, answer))
    return int(states_after(*columns)[0])


def test_every_pair_of_state_and_answer_follows_the_table() -> None:
    for state, answer in product(PayoutState, PayoutAnswer):
        assert after(state, answer) == NEXT_STATES.get((state, answer), STAYS)


def test_what_has_ended_stays() -> None:
    for state, answer in product(ENDED, PayoutAnswer):
        assert after(state, answer) == STAYS
        assert after(state, answer, attempts=2) == STAYS


def test_a_confirmation_counts_whatever_its_attempt_other_answers_only_of_the_last() -> None:
    for state in (PayoutState.SENT, PayoutState.UNKNOWN):
        assert after(state, PayoutAnswer.CONFIRMED, attempts=3) == PayoutState.CONFIRMED
        assert after(state, PayoutAnswer.FAILED, attempts=3) == STAYS
        assert after(state, PayoutAnswer.UNKNOWN, attempts=3) == STAYS


@given(st.integers(1, 10**6), st.integers(0, 10**6), st.booleans())
def test_waits_double_and_stop_growing(attempts: int, queries: int, is_failed: bool) -> None:
    terms = PayoutTerms(*(np.array([n]) for n in (1, 5, 1440, 1, 60)))
    state = np.array([PayoutState.FAILED if is_failed else PayoutState.UNKNOWN])
    wait = int(wait_us(state, np.array([attempts]), np.array([queries]), terms)[0])
    times = attempts - 1 if is_failed else queries
    first, most = (5, 1440) if is_failed else (1, 60)
    expected = most if times > 20 else min(first * 2**times, most)
    assert wait == expected * MINUTE_US


def borne(rows: list[tuple[int, int, int, int, int]]) -> Borne:
    owed = owed_by([r[0] for r in rows], [1] * len(rows), [0] * len(rows))
    columns = [np.array([r[place] for r in rows], np.int64) for place in range(1, 5)]
    return Borne(owed.seller_id, owed.cause_hi, owed.cause_lo, *columns)


amounts = st.integers(0, 50) | st.integers(0, 10**12)
reversals = st.lists(st.tuples(st.integers(0, 2), amounts, amounts, amounts, amounts), max_size=9)
debts = st.lists(amounts, min_size=3, max_size=3)


@given(reversals, debts)
def test_a_reversal_gives_back_all_and_never_turns_a_debt_into_a_credit(
    rows: list[tuple[int, int, int, int, int]], debt: list[int]
) -> None:
    given_back = borne(rows)
    owing = np.array(debt, np.int64)[given_back.seller_id]
    restored = restoration(given_back, owing)
    whole = sum(restored.as_dict().values(), np.zeros(len(rows), np.int64))
    assert whole.tolist() == [sum(row[1:]) for row in rows]
    assert all((column >= 0).all() for column in restored.as_dict().values())
    for seller in range(3):
        mine = given_back.seller_id == seller
        assert restored.cancelled_minor[mine].sum() <= debt[seller]
        if restored.returned_minor[mine].any():
            assert restored.cancelled_minor[mine].sum() == debt[seller]
    postings = restoration_postings(given_back, restored, AT)
    assert (postings.source == Account.OUTSIDE).all()
    # What cover bore is settled with the insurer, outside the book.
    assert postings.amount_minor.sum() == whole.sum() - given_back.cover_minor.sum()


@given(reversals, debts)
def test_reversals_in_a_batch_are_a_stack_of_singles(
    rows: list[tuple[int, int, int, int, int]], debt: list[int]
) -> None:
    given_back = borne(rows)
    owing = np.array(debt, np.int64)
    whole = restoration(given_back, owing[given_back.seller_id])
    for row in range(len(rows)):
        one = given_back.take(np.array([row]))
        single = restoration(one, owing[one.seller_id])
        owing[one.seller_id] -= single.cancelled_minor
        for name, column in single.as_dict().items():
            assert getattr(whole, name)[row] == column[0]


@given(st.lists(st.tuples(amounts, amounts, amounts), max_size=9))
def test_a_recovery_takes_what_there_is_and_not_more_than_is_owed(
    rows: list[tuple[int, int, int]],
) -> None:
    columns = {name: np.zeros(len(rows), np.int64) for name in Balances.names()}
    columns["seller_id"] = np.arange(len(rows))
    for place, name in enumerate(("reserve", "deposit", "fund")):
        columns[name] = np.array([r[place] for r in rows], np.int64)
    columns["fund"] = -columns["fund"]
    books = Balances(**columns)
    postings = recovery_postings(books, AT)
    assert (postings.amount_minor > 0).all()
    for seller, (reserve, deposit, debt) in enumerate(rows):
        mine = postings.take(postings.seller_id == seller)
        taken = dict(zip(mine.source.tolist(), mine.amount_minor.tolist(), strict=True))
        from_reserve = min(reserve, debt)
        assert taken.get(Account.RESERVE, 0) == from_reserve
        assert taken.get(Account.DEPOSIT, 0) == min(deposit, debt - from_reserve)


def test_causes_know_their_moment_to_the_millisecond() -> None:
    owed = owed_by([1], [1], [0], at_us=AT + 1_234)
    assert moments_in(owed.cause_hi).tolist() == [AT + 1_000]
