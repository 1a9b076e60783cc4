"""What strangers try at the doors: names that cannot be, too much at once, others' copies."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings

from tests.claims.making import NOW, SHOP, later
from tests.web.matrix import NOBODY
from xiaobao.claims import acts as claims
from xiaobao.claims.facts import ABUSE_WORDS, AbuseSign, Answer, Ask, ClaimKind
from xiaobao.database.sets import fetch_rows
from xiaobao.web.people import Role
from xiaobao.work.passes import make_pass

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client

SIGN = ABUSE_WORDS[AbuseSign.FREQUENT].en
BUYERS, SELLERS = "13812345678", "13987654321"
ORDER = f"/buyer/{SHOP}/A/"
CLAIM = {
    "kind": "not_as_described",
    "ask": "refund",
    "key": "\0key\x1b",
    "words": "it\n is\0 \x1bblue\x9b",
}


@pytest.fixture
def buyer(person: Callable[[str], Client]) -> Client:
    client = person(NOBODY)
    secret = make_pass(SHOP, "A", at=NOW, until=later(days=9000))
    client.post(f"/buyer/open/{SHOP}/{secret}/")
    return client


@pytest.mark.parametrize("address", [
    "/shop/%00/", "/seller/%00/", f"/seller/{SHOP}/claims/%00/", f"/desk/claims/{SHOP}/%00/",
])  # fmt: skip
def test_names_that_cannot_be_are_not_there(address: str, person: Callable[[str], Client]) -> None:
    for name in ("the owner", "the adjudicator"):
        assert person(name).get(address).status_code == 404, name


def test_what_a_form_gives_is_kept_without_control_characters(
    buyer: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiaobao.web.buyer.pages.now", lambda: NOW)
    assert buyer.post(f"{ORDER}file/", CLAIM)["Location"] == f"{ORDER}A-key/"
    assert fetch_rows("SELECT words FROM claims_claim") == [("it\n is blue",)]


class Unread:
    """A body that nobody may read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("it was read")

    readline = read


UNREAD: dict[str, Any] = {"wsgi.input": Unread()}


def test_what_is_too_large_is_refused_before_it_is_read(
    buyer: Client, person: Callable[[str], Client]
) -> None:
    most, little = settings.LARGEST_REQUEST_BYTES, settings.STRANGERS_REQUEST_BYTES
    nobody, forged = person(NOBODY), person(NOBODY)
    forged.cookies["sessionid"] = "x" * 32
    for client, address, length, words in (
        (buyer, f"{ORDER}file/", most + 1, "The files of one form have at most 238"),
        (nobody, f"{ORDER}file/", little + 1, "Before signing in"),
        (nobody, "/account/login/", little + 1, "at most 97.7"),
        (nobody, "/api/v1/token", little + 1, "body_too_large"),
        (forged, "/language/", most, "Before signing in"),
    ):
        for said in (str(length), f" {length} ", f"+{length}"):
            answer = client.post(
                address, {}, CONTENT_LENGTH=said, headers={"accept-language": "en"},
                **UNREAD,
            )  # fmt: skip
            assert (answer.status_code, words in answer.content.decode()) == (413, True), address
    # Of a body no more is read than it says it has, and of one that does not say so nothing.
    for said in ("", "nonsense", "9" * 5000):
        answer = nobody.post("/language/", {}, CONTENT_LENGTH=said, **UNREAD)
        assert answer.status_code == 302, said
    assert fetch_rows("SELECT count(*) FROM claims_claim") == [(0,)]


def test_a_buyers_pages_are_for_nobodys_cache(buyer: Client) -> None:
    for address in (ORDER, f"/buyer/open/{SHOP}/guess/"):
        assert "no-store" in buyer.get(address)["Cache-Control"], address


def test_each_side_sees_the_others_words_masked_and_no_signs_of_abuse(
    buyer: Client, person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    claims.file_claim(
        seller=SHOP, order="A", claim="C-1", buyer="buyer", kind=ClaimKind.NOT_AS_DESCRIBED,
        ask=Ask.REFUND, words=f"call {BUYERS}", at=NOW,
    )  # fmt: skip
    [key] = fetch_rows(
        "UPDATE claims_claim SET abuse = %s RETURNING seller_id, claim_id",
        [AbuseSign.FREQUENT.value],
    )
    claims.answer_claim(*key, answer=Answer.DENY, words=f"no, call {SELLERS}", key="a",
                        at=later(hours=1))  # fmt: skip
    for module in ("seller.pages.claims", "buyer.pages", "desk.pages"):
        monkeypatch.setattr(f"xiaobao.web.{module}.now", lambda: later(hours=2))
    case = f"{SHOP}/claims/C-1/"
    pages = {
        "buyer": buyer.get(f"{ORDER}C-1/"),
        "seller": person("the owner").get(f"/seller/{case}"),
        "desk": person("the adjudicator").get(f"/desk/claims/{SHOP}/C-1/"),
    }
    bodies = {name: page.content.decode() for name, page in pages.items()}
    looks = fetch_rows("SELECT seller_id, role, page, looked_at FROM people_look")
    assert looks == [(key[0], Role.ADJUDICATOR, "desk-case C-1", later(hours=2))]
    for body in bodies.values():
        # Who is asked says the event itself.
        assert "<strong>Buyer asked for evidence" in body
        assert "buyer: <strong>Buyer asked" not in body
        assert not set(re.sub(r"<[^>]+>", " ", body)) & set("：、（），；")
    seen = {name: (BUYERS in body, SELLERS in body, SIGN in body) for name, body in bodies.items()}
    assert seen == {
        "buyer": (True, False, False), "seller": (False, True, False),
        "desk": (True, True, True),
    }  # fmt: skip


def test_no_mail_is_sent_for_strangers(person: Callable[[str], Client]) -> None:
    for address in ("/account/password/reset/", "/account/email/"):
        for name in (NOBODY, "the owner"):
            asked = {"email": "a@example.com", "action_add": ""}
            assert person(name).post(address, asked).status_code == 404, address


@pytest.mark.parametrize("page", ["sessions/", "2fa/", "password/change/"])
def test_pages_of_ones_own_account_are_there(page: str, person: Callable[[str], Client]) -> None:
    assert person("the owner").get(f"/account/{page}").status_code in {200, 302}


def test_leaving_names_things_once_in_the_pages_language(
    person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("xiaobao.web.seller.pages.leaving.now", lambda: later(hours=1))
    for language, words in (("zh", "收款账户"), ("en", "bound account")):
        body = (
            person("the owner")
            .get(f"/seller/{SHOP}/leaving/", headers={"accept-language": language})
            .content.decode()
        )
        assert words in body
        assert "payout_account" not in body
        told = " ".join(unescape(re.sub(r"<[^>]+>", " ", body)).split())
        assert {"zh": "未完成的交易 A · ", "en": "Open trade A · "}[language] in told
        assert not re.search(r"A ([Oo]pen trade|未完成的交易) A", told)


def test_a_name_with_a_slash_breaks_no_list_and_has_its_page(
    buyer: Client, person: Callable[[str], Client], monkeypatch: pytest.MonkeyPatch
) -> None:
    for module in ("seller.pages.claims", "seller.pages.shop", "buyer.pages", "desk.pages"):
        monkeypatch.setattr(f"xiaobao.web.{module}.now", lambda: NOW)
    its = buyer.post(f"{ORDER}file/", CLAIM | {"key": "a/b~1"})["Location"]
    assert its == f"{ORDER}A-a~1b~01/"
    assert "A-a/b~1" in buyer.get(its).content.decode()
    for address in (f"/seller/{SHOP}/", f"/seller/{SHOP}/claims/",
                    f"/seller/{SHOP}/claims/A-a~1b~01/"):  # fmt: skip
        assert person("the owner").get(address).status_code == 200, address
    assert person("the adjudicator").get(f"/desk/claims/{SHOP}/A-a~1b~01/").status_code == 200
