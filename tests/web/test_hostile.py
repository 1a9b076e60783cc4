"""What hostile people send: forms from elsewhere, files that are not what they say, scripts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from tests.claims.making import NOW, SHOP, file, later
from tests.hostile_files import HOSTILE
from tests.web.matrix import ADJUDICATOR, BUYER, OWNER, SIGNED_IN
from tests.web.rows import ROWS
from xiaobao.claims import acts as claims
from xiaobao.claims.facts import Ask, ClaimKind
from xiaobao.database import sets
from xiaobao.database.sets import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Callable

PROBE = '"><script>alert(1)</script><img src=x onerror=alert(1)>'
ORDER = f"/buyer/{SHOP}/A/"


def test_forms_from_elsewhere_are_refused(
    person: Callable[[str], Client], living: dict[str, str]
) -> None:
    clients = {}
    for name in SIGNED_IN:
        own = person(name)
        clients[name] = Client(enforce_csrf_checks=True)
        clients[name].cookies = own.cookies
    tried = 0
    for row in ROWS.values():
        if row.address.startswith("/account/"):
            continue  # the library's own forms are refused by the same middleware
        for name in [one for one in SIGNED_IN if row.post[one] in {200, 302}]:
            answer = clients[name].post(row.address.format(**living))
            assert answer.status_code == 403, (row.address, name)
            tried += 1
    assert tried > 20


def test_browsers_are_told_to_run_and_to_frame_nothing(person: Callable[[str], Client]) -> None:
    for address in ("/", f"/seller/{SHOP}/", "/nowhere/", "/account/login/"):
        answer = person(OWNER).get(address)
        policy = answer["Content-Security-Policy"]
        assert "default-src 'none'" in policy, address
        assert "script-src 'self'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "unsafe" not in policy
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["Referrer-Policy"] == "same-origin"
    for cookie in person(OWNER).get("/").cookies.values():
        assert cookie["httponly"], cookie.key


@pytest.mark.parametrize(("name", "body"), HOSTILE.values(), ids=list(HOSTILE))
def test_a_file_that_is_not_what_it_says_is_refused_whole(
    name: str, body: bytes, person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiaobao.web.buyer.pages.now", lambda: NOW)
    buyer = person(BUYER)
    asked = {"kind": "not_as_described", "ask": "refund", "key": "k", "evidence": "photo",
             "file": SimpleUploadedFile(name, body, content_type="image/png")}  # fmt: skip
    told = buyer.post(f"{ORDER}file/", asked, follow=True)
    assert told.status_code == 422
    owner, own = person(OWNER), SimpleUploadedFile(name, body, content_type="image/png")
    told = owner.post(f"/seller/{SHOP}/file/", {"evidence": "photo", "file": own}, follow=True)
    assert told.status_code == 422
    assert 'class="told error faults"' in told.content.decode()
    assert fetch_rows("SELECT count(*) FROM claims_claim") == [(0,)]
    assert fetch_rows("SELECT count(*) FROM evidence_piece") == [(0,)]


def test_words_of_others_run_nowhere(
    person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("buyer.pages", "desk.pages", "seller.pages.claims", "seller.pages.shop"):
        monkeypatch.setattr(f"xiaobao.web.{module}.now", lambda: later(hours=1))
    claims.file_claim(
        seller=SHOP, order="A", claim=PROBE, buyer="buyer", kind=ClaimKind.NOT_AS_DESCRIBED,
        ask=Ask.REFUND, words=PROBE, at=NOW,
    )  # fmt: skip
    from django.urls import reverse

    pages = {
        BUYER: [ORDER, reverse("buyer-claim", args=[SHOP, "A", PROBE])],
        OWNER: [f"/seller/{SHOP}/", f"/seller/{SHOP}/claims/",
                reverse("seller-claim", args=[SHOP, PROBE])],
        ADJUDICATOR: ["/desk/", reverse("desk-case", args=[SHOP, PROBE])],
    }  # fmt: skip
    for name, addresses in pages.items():
        for address in addresses:
            answer = person(name).get(address)
            assert answer.status_code == 200, address
            body = answer.content.decode()
            assert "<script>alert" not in body, address
            assert "<img src=x" not in body, address


def test_pages_of_the_staff_ask_no_more_where_there_is_more(
    person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = []
    real = sets.cursor

    def counted(using: str = "default") -> object:
        asked.append(using)
        return real(using)

    pages = {
        ADJUDICATOR: ["/desk/", "/desk/exits/", "/desk/violations/", "/countersign/"],
        "the bookkeeper": ["/finance/", "/finance/debts/", f"/finance/books/{SHOP}/"],
        "the supervisor": ["/supervision/", "/supervision/platform/", "/administration/log/"],
        "the administrator": ["/administration/"],
        "the policy owner": ["/policy-desk/"],
    }
    clients = {name: person(name) for name in pages}

    def counts() -> dict[str, int]:
        found = {}
        for name, addresses in pages.items():
            for address in addresses:
                clients[name].get(address)  # what is kept in memory is read once
                asked.clear()
                assert clients[name].get(address).status_code == 200
                found[address] = len(asked)
        return found

    monkeypatch.setattr(sets, "cursor", counted)
    file(claim="C-1")
    before = counts()
    for number in range(12):
        get_or_make(f"person {number}")
    assert counts() == before
    assert max(before.values()) <= 40, before


def get_or_make(name: str) -> None:
    from django.contrib.auth import get_user_model

    from xiaobao.people.acts import add_look, add_member
    from xiaobao.people.facts import STAFF, Role

    user = get_user_model().objects.create_user(name)
    add_member(user.pk, Role.FINANCE, STAFF, at=NOW)
    add_look(user.pk, Role.FINANCE, 1, "a page", at=NOW)
