"""Accounts by pages: made with a link, given roles, entered once; what is refused is told."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from tests.claims.making import SHOP
from tests.web.matrix import ADMINISTRATOR, NOBODY, SUPERVISOR
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.references import id_of
from xiaobao.people import queries
from xiaobao.people.facts import STAFF, Role

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

AT = "/administration/"
PASSWORD = "nine green lamps"  # noqa: S105
PROBE = "<script>alert(1)</script>"


def roles(name: str) -> list[tuple[int, Role]]:
    return [(one.seller_id, one.role) for one in queries.person_named(name).roles]


def link_on(page: bytes) -> str:
    found = re.search(r'readonly value="http://testserver(/invited/[^"]+)"', page.decode())
    assert found is not None
    return found[1]


def test_who_is_invited_enters_once_and_signs_in(person: Callable[[str], Client]) -> None:
    chief, guest = person(ADMINISTRATOR), person(NOBODY)
    made = chief.post(f"{AT}add/", {"name": "mei", "role": "adjudicator"})
    assert made.status_code == 200
    assert made["Cache-Control"] == "no-store"
    link = link_on(made.content)
    assert "mei" in guest.get(link).content.decode()
    for wrong, words in ((("one", "two"), "not the same"), (("short", "short"), "too short")):
        told = guest.post(link, {"password": wrong[0], "again": wrong[1]})
        assert told.status_code == 422
        assert words in told.content.decode()
    told = guest.post(link, {"password": PASSWORD, "again": PASSWORD})
    assert told["Location"] == "/account/login/"
    assert guest.get(link).status_code == 404
    assert guest.post(link, {"password": PASSWORD, "again": PASSWORD}).status_code == 404
    before = guest.session.session_key
    entered = guest.post("/account/login/", {"login": "mei", "password": PASSWORD})
    assert entered["Location"] == "/"
    assert guest.session.session_key not in {None, before}
    assert guest.get("/desk/").status_code == 200
    # A new link: whoever lost the password sets another, and sessions of before end.
    again = link_on(chief.post(f"{AT}people/mei/change/", {"act": "invite"}).content)
    other = {"password": "x" + PASSWORD, "again": "x" + PASSWORD}
    assert person(NOBODY).post(again, other).status_code == 302
    assert guest.get("/desk/").status_code == 302


def test_roles_are_given_and_taken_and_every_time_written_down(
    person: Callable[[str], Client],
) -> None:
    chief = person(ADMINISTRATOR)
    chief.post(f"{AT}add/", {"name": "bo", "role": "owner", "shop": SHOP})
    change = f"{AT}people/bo/change/"
    chief.post(change, {"act": "grant", "role": "clerk", "shop": SHOP})
    assert roles("bo") == [(id_of(SHOP), Role.OWNER), (id_of(SHOP), Role.CLERK)]
    chief.post(change, {"act": "revoke", "role": "owner", "shop": SHOP})
    assert roles("bo") == [(id_of(SHOP), Role.CLERK)]
    refused = [
        ({"act": "grant", "role": "finance"}, "make another account"),
        ({"act": "grant", "role": "clerk"}, "need a shop named"),
        ({"act": "grant", "role": "clerk", "shop": "none"}, "no such shop"),
        ({"act": "grant", "role": "king"}, "choose a role"),
    ]
    for asked, words in refused:
        assert words in chief.post(change, asked, follow=True).content.decode()
        assert roles("bo") == [(id_of(SHOP), Role.CLERK)]
    told = chief.post(f"{AT}add/", {"name": PROBE, "role": "finance"}, follow=True)
    assert PROBE not in told.content.decode()
    assert "cannot be a user name" in told.content.decode()
    own = f"{AT}people/{ADMINISTRATOR}/change/"
    told = chief.post(own, {"act": "grant", "role": "finance"}, follow=True)
    assert "your own roles" in told.content.decode()
    assert roles(ADMINISTRATOR) == [(STAFF, Role.ADMINISTRATOR)]
    assert fetch_rows(
        "SELECT by, event, role FROM people_event ORDER BY happened_at"
    ) == [(ADMINISTRATOR, *row) for row in ((1, 1), (3, 0), (1, 2), (2, 1))]  # fmt: skip
    assert "Role taken away" in chief.get(f"{AT}log/").content.decode()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_looks_are_there_for_who_watches_the_staff(
    language: str, person: Callable[[str], Client]
) -> None:
    user_id = int(person("the adjudicator").session["_auth_user_id"])
    from tests.claims.making import NOW
    from xiaobao.people.acts import add_look

    for number in range(51):
        add_look(user_id, Role.ADJUDICATOR, id_of(SHOP), f"desk-case {number:02}", at=NOW)
    watcher, headers = person(SUPERVISOR), {"accept-language": language}
    first = watcher.get(f"{AT}log/?of=looks", headers=headers).content.decode()
    further = re.search(r'href="(\?of=looks&amp;from=[^"]+)"', first)
    assert further is not None
    second = watcher.get(f"{AT}log/{further[1].replace('&amp;', '&')}", headers=headers)
    word = {"zh": "维权", "en": "Claim"}[language]
    seen = re.findall(rf">{word} (\d\d)</td>", first + second.content.decode())
    assert sorted(seen) == [f"{number:02}" for number in range(51)]
    assert watcher.get(f"{AT}log/?of=looks&from=nonsense").status_code == 200
