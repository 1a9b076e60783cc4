"""Two persons sign: another one, once, in time; whatever is refused changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from xiaobao.database.sets import fetch_rows
from xiaobao.people import acts, queries
from xiaobao.people.facts import STAFF, Actor, Duty
from xiaobao.people.rules import takes_two

AT = datetime(2026, 3, 1, 7, tzinfo=UTC)
ONE, TWO = Actor(1, "one"), Actor(2, "two")


def test_what_takes_two_comes_with_its_source() -> None:
    terms = queries.duties()
    assert set(terms) == set(Duty)
    assert all(one.source_zh and one.source_en and one.zh and one.en for one in terms.values())
    exits = terms[Duty.APPROVE_EXIT]
    assert not takes_two(exits, 4_999_999, "CNY")
    assert takes_two(exits, 5_000_000, "CNY")
    assert takes_two(exits, 0, "JPY")
    assert takes_two(terms[Duty.ANNOUNCE_PACK], 0, "")


@pytest.mark.django_db
def test_another_person_signs_once() -> None:
    made = acts.propose(Duty.APPROVE_EXIT, 7, "1", by=ONE, at=AT, words="w", amount_minor=5,
                        currency="CNY")  # fmt: skip
    assert queries.intents(at=AT) == [made]
    kept = fetch_rows("SELECT * FROM people_intent")
    with pytest.raises(acts.IntentStands):
        acts.propose(Duty.APPROVE_EXIT, 7, "1", by=TWO, at=AT)
    with pytest.raises(acts.SamePerson):
        acts.countersign(made.intent_id, by=ONE, at=AT)
    with pytest.raises(acts.IntentOver):
        acts.countersign(uuid4(), by=TWO, at=AT)
    with pytest.raises(acts.IntentOver):
        acts.countersign(made.intent_id, by=TWO, at=made.until_at)
    assert fetch_rows("SELECT * FROM people_intent") == kept
    assert acts.countersign(made.intent_id, by=TWO, at=AT) == made
    for act in (acts.countersign, acts.refuse_intent):
        with pytest.raises(acts.IntentOver):
            act(made.intent_id, by=TWO, at=AT)
    assert fetch_rows("SELECT ended_by, is_signed FROM people_intent") == [("two", True)]


@pytest.mark.django_db
def test_what_was_refused_or_ran_out_can_be_signed_for_again() -> None:
    first = acts.propose(Duty.ANNOUNCE_PACK, STAFF, "cn@1", by=ONE, at=AT)
    acts.refuse_intent(first.intent_id, by=ONE, at=AT)
    second = acts.propose(Duty.ANNOUNCE_PACK, STAFF, "cn@1", by=TWO, at=AT)
    late = second.until_at + timedelta(seconds=1)
    assert queries.intents(at=late) == []
    third = acts.propose(Duty.ANNOUNCE_PACK, STAFF, "cn@1", by=ONE, at=late)
    assert queries.intents(at=late, duties=[Duty.ANNOUNCE_PACK]) == [third]
    assert queries.intents(at=late, duties=[Duty.APPROVE_EXIT]) == []
