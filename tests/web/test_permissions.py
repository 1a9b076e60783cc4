"""Every address and every person: exactly who sees it, and for whom there is nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.urls import URLPattern, URLResolver, get_resolver

from tests.claims.making import NOW, SHOP, later, place
from tests.web.conftest import prove
from tests.web.matrix import BUYER, EVERYBODY, NOBODY, SIGNED_IN
from tests.web.rows import ELSEWHERE, ROWS
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.references import id_of
from xiaobao.people.acts import revoke
from xiaobao.people.facts import Actor, Role
from xiaobao.promises import queries as promises
from xiaobao.work.passes import make_pass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client
    from pytest_django.fixtures import Settings

# What forms sent empty may not move.
KEPT = (
    "claims_claim", "claims_event", "hearings_ruling", "exits_exit", "ledger_posting",
    "evidence_piece", "people_member", "people_event", "people_invitation", "sellers_seller",
    "exits_consult_words", "violations_violation", "violations_event", "hearings_vote",
    "hearings_seal", "hearings_panel", "promises_draft", "promises_pack", "promises_announcement",
    "promises_comment", "promises_reply", "promises_withdrawal", "people_intent",
    "deposits_lodgement", "deposits_mix", "sellers_mark",
    "sellers_answer", "auth_user",
)  # fmt: skip


def _addresses(of: URLResolver, before: str = "") -> Iterator[str]:
    for one in of.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one, here)
        elif isinstance(one, URLPattern):
            yield here


def test_every_address_has_its_row() -> None:
    """A new address needs a row in `tests/web/rows/`: see docs/consoles.md."""
    there = {one for one in _addresses(get_resolver()) if not one.startswith(tuple(ELSEWHERE))}
    assert there - set(ROWS) == set(), "no row in tests/web/rows/"
    assert set(ROWS) - there == set(), "a row for an address that is not there"


def test_everybody_gets_exactly_what_the_rows_say(
    person: Callable[[str], Client], living: dict[str, str], settings: Settings
) -> None:
    settings.MFA_RATE_LIMITS = False  # so many at once are too many for one address
    clients = {name: person(name) for name in EVERYBODY}
    kept = [fetch_rows(f"SELECT count(*) FROM {table}") for table in KEPT]
    wrong = []
    for row in ROWS.values():
        address = row.address.format(**living)
        for method, expected in (("get", row.get), ("post", row.post)):
            assert set(expected) == set(EVERYBODY), address
            for name, status in expected.items():
                answer = getattr(clients[name], method)(address)
                if answer.status_code != status:
                    wrong.append((method, address, name, answer.status_code, status))
    assert wrong == [], "\n".join(map(str, wrong))
    assert [fetch_rows(f"SELECT count(*) FROM {table}") for table in KEPT] == kept


def test_what_is_sensitive_asks_for_a_fresh_second_factor(
    person: Callable[[str], Client], living: dict[str, str], settings: Settings
) -> None:
    clients = {name: person(name) for name in SIGNED_IN}
    kept = [fetch_rows(f"SELECT count(*) FROM {table}") for table in KEPT]
    sensitive = [row for row in ROWS.values() if row.is_sensitive]
    assert len(sensitive) >= 4
    for row in sensitive:
        for name in [name for name in SIGNED_IN if row.post[name] != 404]:
            client = clients[name]
            prove(client, seconds_ago=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT + 1)
            asked = {"act": "approve", "verdict": "uphold", "key": "k", "role": "finance"}
            answer = client.post(row.address.format(**living), asked, follow=True)
            assert answer.redirect_chain == [("/account/2fa/", 302)], (row.address, name)
            assert "Nothing was recorded" in answer.content.decode()
    assert [fetch_rows(f"SELECT count(*) FROM {table}") for table in KEPT] == kept


def test_numbers_that_nothing_has_lead_nowhere(
    person: Callable[[str], Client], living: dict[str, str]
) -> None:
    clients, tried = {name: person(name) for name in EVERYBODY}, 0
    for pattern, row in ROWS.items():
        address = row.address.format(**living)
        for at_part, part in enumerate(pattern.split("/")):
            if not part.startswith("<int:"):
                continue
            for number in (2**31, 2**63, 10**30, "9" * 5000):
                parts = address[1:].split("/")
                parts[at_part] = str(number)
                for method, expected in (("get", row.get), ("post", row.post)):
                    for name in [one for one in EVERYBODY if expected[one] in {200, 302}][:1]:
                        answer = getattr(clients[name], method)("/" + "/".join(parts))
                        assert answer.status_code in {404, 302}, (pattern, number, method)
                        tried += 1
    assert tried >= 40


@pytest.mark.parametrize("address", ["/seller/no such shop/", f"/seller/{SHOP}/claims/none/"])
def test_what_is_not_there_looks_as_what_is_not_yours(
    address: str, person: Callable[[str], Client]
) -> None:
    assert person("the owner").get(address).status_code == 404
    assert person("the other owner").get(f"/seller/{SHOP}/").status_code == 404


def test_an_order_is_for_who_opened_its_link(person: Callable[[str], Client]) -> None:
    place("B", promises.market("cn"))
    secret = make_pass(SHOP, "A", at=NOW, until=later(days=9000))
    link, order = f"/buyer/open/{SHOP}/{secret}/", f"/buyer/{SHOP}/A/"
    for name in set(EVERYBODY) - {BUYER}:
        assert person(name).get(order).status_code == 404, name
        assert person(name).post(f"{order}file/").status_code == 404, name
    buyer, late = person(NOBODY), person(NOBODY)
    assert buyer.get(link).status_code == 200  # looking spends nothing
    session = buyer.session.session_key
    assert buyer.post(link)["Location"] == order
    assert buyer.session.session_key != session
    assert buyer.get(order).status_code == 200
    assert buyer.get(f"/buyer/{SHOP}/B/").status_code == 404
    assert buyer.get(f"{order}none/").status_code == 404
    assert late.post(link).status_code == 404
    assert late.get(order).status_code == 404
    assert late.post(f"/buyer/open/{SHOP}/guess/").status_code == 404


def test_who_lost_a_role_sees_nothing_any_more(person: Callable[[str], Client]) -> None:
    client = person("the clerk")
    assert client.get(f"/seller/{SHOP}/").status_code == 200
    assert revoke("the clerk", Role.CLERK, id_of(SHOP), by=Actor(0, "operator"), at=NOW)
    assert client.get(f"/seller/{SHOP}/").status_code == 404


def test_nobody_signs_up_by_themselves(person: Callable[[str], Client]) -> None:
    client = person(NOBODY)
    asked = {"username": "me", "password1": "long enough words", "password2": "long enough words"}
    client.post("/account/signup/", asked)
    assert "_auth_user_id" not in client.session
    assert client.get("/account/signup/").status_code == 404
    assert not get_user_model().objects.filter(username="me").exists()


@pytest.mark.parametrize("asked", [{"role": "finance"}, {"shop": SHOP}])
def test_outside_the_demo_nobody_steps_into_others_shoes(
    asked: dict[str, str], person: Callable[[str], Client]
) -> None:
    client = person(NOBODY)
    assert client.post("/demo/", asked).status_code == 404
    assert "_auth_user_id" not in client.session
