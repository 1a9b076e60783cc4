"""Two persons sign: another one, once, in time; whatever is refused changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING
from uuid import uuid4

import pytest

from xiaobao.database.sets import fetch_rows
from xiaobao.people import acts, queries
from xiaobao.people.facts import STAFF, Actor, Duty, Role
from xiaobao.people.rules import are_apart, takes_two

if TYPE_CHECKING:
    from xiaobao.people.facts import Intent

AT = datetime(2026, 3, 1, 7, tzinfo=UTC)
DAY = timedelta(days=1)
ONE, TWO, OPERATOR = Actor(1, "one"), Actor(2, "two"), Actor(0, "operator")


def test_what_takes_two_comes_with_its_source() -> None:
    terms = queries.duties()
    assert set(terms) == set(Duty)
    assert all(one.source_zh and one.source_en and one.zh and one.en for one in terms.values())
    exits = terms[Duty.APPROVE_EXIT]
    assert not takes_two(exits, 4_999_999, "CNY")
    assert takes_two(exits, 5_000_000, "CNY")
    assert takes_two(exits, 0, "JPY")
    assert takes_two(terms[Duty.ANNOUNCE_PACK], 0, "")


def test_two_are_apart_unless_one_hand_made_both() -> None:
    assert are_apart(1, 2, {})
    assert are_apart(1, 2, {1: {8}, 2: {9}})
    for makers in ({2: {1}}, {1: {2}}, {1: {9}, 2: {9}}, {1: {8, 9}, 2: {9, 7}}):
        assert not are_apart(1, 2, makers)
        assert not are_apart(2, 1, makers)


@pytest.fixture
def staff(db: None) -> None:
    for user_id in (ONE.user_id, TWO.user_id):
        for role in (Role.ADJUDICATOR, Role.POLICY):
            acts.add_member(user_id, role, at=AT)


@pytest.mark.usefixtures("staff")
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
    fourth = acts.propose(Duty.ANNOUNCE_PACK, STAFF, "cn@2", by=ONE, at=late)
    [one] = queries.intents(at=late, limit=1)
    place = queries.BY_SIGNING.place(queries.BY_SIGNING.cursor(one))
    [other] = queries.intents(at=late, limit=1, place=place)
    assert {one.intent_id, other.intent_id} == {third.intent_id, fourth.intent_id}
    back = queries.BY_SIGNING.place(queries.BY_SIGNING.cursor(other, is_back=True))
    assert queries.intents(at=late, place=back) == [one]


def test_one_hand_cannot_make_both_and_who_left_has_not_signed(db: None) -> None:
    chief = Actor(99, "chief")
    names = ("mei", "lan", "old")
    ids = {
        name: acts.add_person(name, Role.POLICY, by=OPERATOR, at=AT - 30 * DAY) for name in names
    }
    mei, lan, old = (Actor(ids[name], name) for name in names)

    def propose(by: Actor, days: int) -> Intent:
        return acts.propose(Duty.ANNOUNCE_PACK, STAFF, "cn@1", by=by, at=AT + days * DAY)

    one = propose(mei, 0)
    for name in ("mei", "lan"):
        acts.invite(name, by=chief, at=AT, until=AT + DAY)
    kept = fetch_rows("SELECT * FROM people_intent")
    # The chief holds both links: whoever signs by them may be one person.
    with pytest.raises(acts.NotApart):
        acts.countersign(one.intent_id, by=lan, at=AT + DAY)
    assert fetch_rows("SELECT * FROM people_intent") == kept
    assert acts.countersign(one.intent_id, by=old, at=AT + DAY) == one
    # Invited by the very person who signs with them.
    acts.invite("old", by=mei, at=AT + DAY, until=AT + 2 * DAY)
    two = propose(mei, 2)
    with pytest.raises(acts.NotApart):
        acts.countersign(two.intent_id, by=old, at=AT + 2 * DAY)
    # Time passes, and nobody can still be sitting at the other's account.
    acts.refuse_intent(two.intent_id, by=old, at=AT + 2 * DAY)
    late = propose(mei, 9)
    # Who has the role no more has not signed; nor does who lost it sign second.
    acts.revoke("mei", Role.POLICY, by=chief, at=AT + 9 * DAY)
    with pytest.raises(acts.SignerLeft) as left:
        acts.countersign(late.intent_id, by=lan, at=AT + 9 * DAY)
    assert left.value.fields["name"] == "mei"
    acts.grant("mei", Role.POLICY, by=OPERATOR, at=AT + 9 * DAY)
    acts.revoke("lan", Role.POLICY, by=chief, at=AT + 9 * DAY)
    with pytest.raises(acts.SignerLeft):
        acts.countersign(late.intent_id, by=lan, at=AT + 9 * DAY)
    assert acts.countersign(late.intent_id, by=old, at=AT + 9 * DAY) == late


@pytest.mark.django_db
def test_who_made_an_account_made_what_it_makes_too() -> None:
    ids: dict[str, int] = {}
    for name, maker in (("a", ""), ("x", ""), ("d", "a"), ("c", "d"), ("b", "a"), ("y", "x")):
        by = Actor(ids[maker], maker) if maker else OPERATOR
        ids[name] = acts.add_person(name, Role.POLICY, by=by, at=AT)
        acts.invite(name, by=by, at=AT, until=AT + DAY)
    a, b, c, d, x, y = (ids[name] for name in "abcdxy")
    makers = queries.makers_of([a, b, c, x, y], since=AT - DAY)
    assert makers == {c: {d, a}, b: {a}, y: {x}}
    assert not are_apart(a, c, makers)
    assert not are_apart(b, c, makers)
    assert are_apart(a, x, makers)
    assert are_apart(c, y, makers)
    # Each gives the other a role: the way round ends, and nobody is their own maker.
    acts.grant("a", Role.FINANCE, by=Actor(c, "c"), at=AT)
    assert queries.makers_of([a, c], since=AT - DAY) == {a: {c, d}, c: {d, a}}
    assert queries.makers_of([a, c], since=AT) == {}
