"""Accounts are made, invited, given roles and lose them; whatever is refused changes nothing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import authenticate

from xiaobao.database.lists import Place
from xiaobao.database.sets import fetch_rows
from xiaobao.people import acts, queries
from xiaobao.people.facts import STAFF, Actor, Event, Role

if TYPE_CHECKING:
    from xiaobao.kernel.problems import Problem

pytestmark = pytest.mark.django_db
AT = datetime(2026, 3, 1, 7, tzinfo=UTC)
UNTIL = AT + timedelta(hours=72)
BY = Actor(0, "operator")
PASSWORD = "nine green lamps"  # noqa: S105
SHOP = 7


def everything() -> list[object]:
    return [
        fetch_rows(f"SELECT * FROM {table} ORDER BY 1, 2, 3")
        for table in ("people_member", "people_event", "people_invitation", "people_look")
    ] + [fetch_rows("SELECT id, username, password FROM auth_user ORDER BY 1")]


def held(name: str) -> list[tuple[int, Role]]:
    return [(one.seller_id, one.role) for one in queries.person_named(name).roles]


def test_a_link_opens_once_and_only_then_can_somebody_sign_in() -> None:
    user_id = acts.add_person("mei", Role.ADJUDICATOR, by=BY, at=AT)
    assert not queries.person_named("MEI").has_password
    first = acts.invite("mei", by=BY, at=AT, until=UNTIL)
    link = acts.invite("mei", by=BY, at=AT, until=UNTIL)
    assert queries.invited(first, at=AT) is None  # followed by a newer one
    assert queries.invited(link, at=UNTIL) is None  # ran out
    assert queries.invited(link.rpartition(":")[0], at=AT) is None  # not signed
    for weak in ("short", "password1234", ""):
        before = everything()
        with pytest.raises(acts.PasswordWeak):
            acts.enter(link, weak, at=AT)
        assert everything() == before
    assert acts.enter(link, PASSWORD, at=AT) == user_id
    user = authenticate(username="mei", password=PASSWORD)
    assert user is not None
    assert user.pk == user_id
    before = everything()
    for spent in (link, first, "guess", link + "x"):
        with pytest.raises(acts.InvitationSpent):
            acts.enter(spent, PASSWORD + "!", at=AT)
    assert everything() == before
    assert sorted((one.event, one.role, one.by) for one in queries.events()) == [
        (Event.GIVEN, Role.ADJUDICATOR, "operator"),
        (Event.INVITED, None, "operator"),
        (Event.INVITED, None, "operator"),
        (Event.ENTERED, None, "mei"),
    ]
    kept = str(fetch_rows("SELECT * FROM people_invitation"))
    assert link.rpartition(":")[0] not in kept


def test_roles_come_and_go_once_each() -> None:
    acts.add_person("bo", Role.OWNER, SHOP, by=BY, at=AT)
    assert acts.grant("bo", Role.CLERK, SHOP, by=BY, at=AT)
    assert not acts.grant("bo", Role.CLERK, SHOP, by=BY, at=AT)
    assert held("bo") == [(SHOP, Role.OWNER), (SHOP, Role.CLERK)]
    assert acts.revoke("bo", Role.OWNER, SHOP, by=BY, at=AT)
    assert not acts.revoke("bo", Role.OWNER, SHOP, by=BY, at=AT)
    assert held("bo") == [(SHOP, Role.CLERK)]
    assert acts.grant("bo", Role.OWNER, SHOP, by=BY, at=UNTIL)
    assert [one.since_at for one in queries.person_named("bo").roles] == [UNTIL, AT]
    assert len(queries.events()) == 4


def test_what_is_refused_changes_nothing() -> None:
    root = Actor(acts.add_person("root", Role.ADMINISTRATOR, by=BY, at=AT), "root")
    acts.add_person("bo", Role.OWNER, SHOP, by=BY, at=AT)
    before = everything()
    refused: list[tuple[type[Problem], object]] = [
        (acts.NameTaken, lambda: acts.add_person("Root", Role.FINANCE, by=BY, at=AT)),
        (acts.NameUnusable, lambda: acts.add_person("a b", Role.FINANCE, by=BY, at=AT)),
        (acts.NameUnusable, lambda: acts.add_person("", Role.FINANCE, by=BY, at=AT)),
        (acts.NameUnusable, lambda: acts.add_person("x" * 151, Role.FINANCE, by=BY, at=AT)),
        (acts.RoleMisplaced, lambda: acts.add_person("new", Role.CLERK, by=BY, at=AT)),
        (acts.RoleMisplaced, lambda: acts.add_person("new", Role.FINANCE, SHOP, by=BY, at=AT)),
        (acts.RolesConflict, lambda: acts.grant("bo", Role.FINANCE, by=root, at=AT)),
        (acts.RolesConflict, lambda: acts.grant("root", Role.CLERK, SHOP, by=BY, at=AT)),
        (acts.NotYourOwn, lambda: acts.grant("root", Role.FINANCE, by=root, at=AT)),
        (acts.NotYourOwn, lambda: acts.revoke("root", Role.ADMINISTRATOR, by=root, at=AT)),
        (acts.LastAdministrator, lambda: acts.revoke("root", Role.ADMINISTRATOR, by=BY, at=AT)),
        (queries.PersonUnknown, lambda: acts.grant("nobody", Role.FINANCE, by=root, at=AT)),
        (queries.PersonUnknown, lambda: acts.invite("nobody", by=root, at=AT, until=UNTIL)),
    ]
    for problem, act in refused:
        with pytest.raises(problem) as told:
            act()  # type: ignore[operator]
        assert told.value.says("zh")
        assert told.value.says("en")
        assert everything() == before, problem
    acts.grant("root", Role.FINANCE, by=BY, at=AT)
    acts.add_person("two", Role.ADMINISTRATOR, by=root, at=AT)
    assert acts.revoke("root", Role.ADMINISTRATOR, by=BY, at=AT)
    assert held("root") == [(STAFF, Role.FINANCE)]


def test_lists_go_on_where_they_ended() -> None:
    for name in ("c", "a", "b"):
        acts.add_person(name, Role.FINANCE, by=BY, at=AT)
    acts.add_person("d", Role.OWNER, SHOP, by=BY, at=AT)
    assert [one.name for one in queries.people(limit=2)] == ["a", "b"]
    assert [one.name for one in queries.people(place=Place(("b",)))] == ["c", "d"]
    assert [one.name for one in queries.people(seller_id=SHOP)] == ["d"]
    assert [one.name for one in queries.people(role=Role.FINANCE)] == ["a", "b", "c"]
    # All of one moment: the key of a row tells where to go on.
    order, seen, rows = queries.BY_HAPPENING, [], queries.events(limit=1)
    while rows:
        seen += [one.name for one in rows]
        rows = queries.events(place=order.place(order.cursor(rows[-1])), limit=1)
    assert sorted(seen) == ["a", "b", "c", "d"]
    user_id = queries.person_named("a").user_id
    acts.add_look(user_id, Role.FINANCE, SHOP, "a page", at=AT)
    assert [(one.name, one.page, one.seller_id) for one in queries.looks()] == [
        ("a", "a page", SHOP)
    ]
