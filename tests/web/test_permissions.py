"""Every page and every person: who sees it, who is asked to sign in, for whom there is none."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.urls import URLPattern, URLResolver, get_resolver

from tests.claims.making import NOW, SHOP, later, place
from tests.web.conftest import NOBODY, PEOPLE, STRANGER
from xiaobao.kernel.references import id_of
from xiaobao.promises import queries as promises
from xiaobao.web.people import STAFF, Role, end_member
from xiaobao.work.passes import make_pass

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from django.test import Client

SHOP_PAGES = ["", "deposit/", "deposit/statement/", "items/", "claims/"]
OF_SHOP = {"the owner", "the clerk"}
EVERYBODY = [NOBODY, STRANGER, *PEOPLE]


@pytest.mark.parametrize("page", SHOP_PAGES)
def test_a_shops_pages_are_for_its_members(page: str, person: Callable[[str], Client]) -> None:
    address = f"/seller/{SHOP}/{page}"
    expected = dict.fromkeys(EVERYBODY, 404) | dict.fromkeys(OF_SHOP, 200) | {NOBODY: 302}
    assert {name: person(name).get(address).status_code for name in EVERYBODY} == expected


@pytest.mark.parametrize("address", ["/seller/no such shop/", f"/seller/{SHOP}/claims/none/"])
def test_what_is_not_there_looks_as_what_is_not_yours(
    address: str, person: Callable[[str], Client]
) -> None:
    assert person("the owner").get(address).status_code == 404
    assert person("the other owner").get(f"/seller/{SHOP}/").status_code == 404


def test_only_the_owner_lodges(person: Callable[[str], Client]) -> None:
    address = f"/seller/{SHOP}/deposit/lodge/"
    asked = {"amount": "nonsense", "key": "k"}
    expected = dict.fromkeys(EVERYBODY, 404) | {"the owner": 302, NOBODY: 302}
    assert {n: person(n).post(address, asked).status_code for n in EVERYBODY} == expected
    assert person("the owner").get(address).status_code == 405


@pytest.mark.parametrize("act", ["apply", "cancel"])
def test_only_the_owner_leaves(act: str, person: Callable[[str], Client]) -> None:
    address = f"/seller/{SHOP}/leaving/"
    expected = dict.fromkeys(EVERYBODY, 404) | {"the owner": 200, NOBODY: 302}
    assert {n: person(n).get(address).status_code for n in EVERYBODY} == expected
    expected = dict.fromkeys(EVERYBODY, 404) | {"the owner": 302, NOBODY: 302}
    assert {n: person(n).post(f"{address}{act}/").status_code for n in EVERYBODY} == expected


def test_only_the_owner_answers_for_the_shop(person: Callable[[str], Client]) -> None:
    address = f"/seller/{SHOP}/policy/"
    expected = dict.fromkeys(EVERYBODY, 404) | {"the owner": 200, NOBODY: 302}
    assert {n: person(n).get(address).status_code for n in EVERYBODY} == expected
    expected |= {"the owner": 302}
    assert {n: person(n).post(f"{address}answer/").status_code for n in EVERYBODY} == expected


@pytest.mark.parametrize("page", ["", "exits/"])
def test_the_desk_is_for_adjudicators(page: str, person: Callable[[str], Client]) -> None:
    expected = dict.fromkeys(EVERYBODY, 404) | {"the adjudicator": 200, NOBODY: 302}
    assert {n: person(n).get(f"/desk/{page}").status_code for n in EVERYBODY} == expected


@pytest.mark.parametrize("address", [
    f"/desk/claims/{SHOP}/none/rule/", f"/desk/exits/{SHOP}/decide/", f"/desk/claims/{SHOP}/none/",
])  # fmt: skip
def test_only_adjudicators_decide(address: str, person: Callable[[str], Client]) -> None:
    for name in set(EVERYBODY) - {NOBODY, "the adjudicator"}:
        assert person(name).post(address).status_code in {404, 405}, name
    assert person(NOBODY).post(address, {"act": "approve"}).status_code in {302, 405}


def test_an_order_is_for_who_opened_its_link(person: Callable[[str], Client]) -> None:
    place("B", promises.market("cn"))
    secret = make_pass(SHOP, "A", at=NOW, until=later(days=9000))
    link, order = f"/buyer/open/{SHOP}/{secret}/", f"/buyer/{SHOP}/A/"
    for name in EVERYBODY:
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


def test_finance_is_for_finance(person: Callable[[str], Client]) -> None:
    expected = dict.fromkeys(EVERYBODY, 404) | {"the bookkeeper": 200, NOBODY: 302}
    assert {name: person(name).get("/finance/").status_code for name in EVERYBODY} == expected


@pytest.mark.parametrize("address", ["/", f"/shop/{SHOP}/", "/policy/", "/account/login/"])
def test_what_is_public_is_for_everybody(address: str, person: Callable[[str], Client]) -> None:
    assert person(NOBODY).get(address).status_code == 200


def test_who_lost_a_role_sees_nothing_any_more(person: Callable[[str], Client]) -> None:
    client = person("the clerk")
    assert client.get(f"/seller/{SHOP}/").status_code == 200
    user_id = int(client.session["_auth_user_id"])
    end_member(user_id, Role.CLERK, id_of(SHOP), at=NOW)
    assert client.get(f"/seller/{SHOP}/").status_code == 404


def test_nobody_signs_up_by_themselves(person: Callable[[str], Client]) -> None:
    client = person(NOBODY)
    asked = {"username": "me", "password1": "long enough words", "password2": "long enough words"}
    client.post("/account/signup/", asked)
    assert "_auth_user_id" not in client.session
    assert client.get("/account/signup/").status_code == 200
    from django.contrib.auth import get_user_model

    assert not get_user_model().objects.filter(username="me").exists()


@pytest.mark.parametrize("asked", [{"role": "finance"}, {"shop": SHOP}])
def test_outside_the_demo_nobody_steps_into_others_shoes(
    asked: dict[str, str], person: Callable[[str], Client]
) -> None:
    client = person(NOBODY)
    assert client.post("/demo/", asked).status_code == 404
    assert "_auth_user_id" not in client.session


def _addresses(of: URLResolver, before: str = "") -> Iterator[str]:
    for one in of.url_patterns:
        here = before + str(one.pattern)
        if isinstance(one, URLResolver):
            yield from _addresses(one, here)
        elif isinstance(one, URLPattern):
            yield here


def test_every_address_of_ours_is_looked_at_here() -> None:
    ours = {one for one in _addresses(get_resolver()) if not one.startswith("account/")}
    shop = {f"seller/<name:shop>/{page}" for page in SHOP_PAGES}
    assert ours - shop == {
        "", "demo/", "language/", "finance/", "policy/", "policy/<int:pack>/<name:file>",
        "shop/<name:shop>/", "seller/<name:shop>/deposit/lodge/",
        "seller/<name:shop>/claims/<name:claim>/",
        "seller/<name:shop>/claims/<name:claim>/answer/",
        "seller/<name:shop>/leaving/", "seller/<name:shop>/leaving/apply/",
        "seller/<name:shop>/leaving/cancel/", "seller/<name:shop>/policy/",
        "seller/<name:shop>/policy/answer/", "desk/",
        "desk/exits/",
        "desk/claims/<name:shop>/<name:claim>/", "desk/claims/<name:shop>/<name:claim>/rule/",
        "desk/exits/<name:shop>/decide/", "buyer/open/<name:shop>/<str:secret>/",
        "buyer/<name:shop>/<name:order>/", "buyer/<name:shop>/<name:order>/file/",
        "buyer/<name:shop>/<name:order>/<name:claim>/",
        "buyer/<name:shop>/<name:order>/<name:claim>/do/",
    }  # fmt: skip


def test_staff_is_no_shop() -> None:
    assert STAFF == 0
    assert id_of(SHOP) != STAFF
