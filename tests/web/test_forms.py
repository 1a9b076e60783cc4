"""A form that is refused comes back whole: each fault beside its field, nothing lost or kept."""

from __future__ import annotations

import re
from html import unescape
from typing import TYPE_CHECKING
from urllib.parse import unquote

import pytest
from django.contrib.auth import get_user_model
from django.http import QueryDict
from django.test import RequestFactory
from django.urls import resolve
from hypothesis import given
from hypothesis import strategies as st

from tests.web.forms import Form, forms_of
from tests.web.matrix import EVERYBODY
from tests.web.reading import wrongs_of
from tests.web.test_every_page import viewers
from tests.web.test_permissions import KEPT
from xiaobao.database.sets import fetch_rows
from xiaobao.web.forms.faults import Fault
from xiaobao.web.forms.reading import read
from xiaobao.web.forms.refusing import UNPROCESSABLE
from xiaobao.web.forms.showing import shown_again

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.test import Client
    from pytest_django.fixtures import Settings

PAGE = """<main id="main">
<form method="post" action="/one/"><input name="amount" id="amount"><button>Go</button></form>
<details><form method="post" action="/one/"><input type="hidden" name="number" value="2">
<label for="a">Amount</label><input id="a" name="amount" value="7">
<label for="w">Words</label><textarea id="w" name="words">before</textarea>
<fieldset><legend>Kind</legend><label><input type="radio" name="kind" value="x" checked>X</label>
<label><input type="radio" name="kind" value="y">Y</label></fieldset>
<select name="state"><option value="p" selected>P</option><option value="q">Q</option></select>
<input name="secret" type="password"><input name="file" type="file">
<label><input type="checkbox" name="back" value="yes"> Back</label>
<button name="act" value="offer">Offer</button></form></details></main>"""
# Nothing that a browser cannot send in a field.
TYPED = st.text(st.characters(exclude_characters="\r", exclude_categories=["Cs", "Cc"]))


def _shown(
    page: str, sent: dict[str, str], *faults: Fault, to: str = "/one/", here: str = "/page/"
) -> str | None:
    data = QueryDict(mutable=True)
    data.update(sent)
    request = RequestFactory().post(to)
    request.language = "en"  # type: ignore[attr-defined]
    return shown_again(page, request, faults, data, here=here)


def _again(sent: dict[str, str], *faults: Fault, page: str = PAGE) -> str:
    shown = _shown(page, sent, *faults)
    assert shown is not None
    return shown


def test_each_fault_stands_beside_its_field_and_on_top() -> None:
    sent = {"number": "2", "amount": "x", "words": "w", "kind": "y", "act": "offer",
            "state": "q", "secret": "s3cret", "back": "yes"}  # fmt: skip
    page = _again(sent, Fault("give an amount", "amount"), Fault("choose", "kind"), Fault("late"))
    first, second = page.split("<details open>")
    assert "wrong" not in first.split("</section>")[1]  # the other form of the same address
    field = 'name="amount" value="x" aria-describedby="wrong-0" aria-invalid="true"'
    assert f'id="wrong-0">give an amount</span><input id="a" {field}>' in second
    assert '</legend><span class="wrong" id="wrong-1">choose</span>' in second
    assert 'name="kind" value="y" id="wrong-1-field"' not in second  # the group's first has it
    assert second.count('aria-describedby="wrong-1"') == 2
    assert '<span class="wrong" id="wrong-2">late</span>' in second
    assert [tuple(one) for one in re.findall(r'<li><a href="#([^"]+)">([^<]*)</a>', first)] == [
        ("a", "Amount: give an amount"), ("wrong-1-field", "Kind: choose"), ("wrong-2", "late"),
    ]  # fmt: skip
    assert 'role="alert"' in first
    assert '<option value="q" selected>' in second
    assert '<option value="p">' in second
    assert 'name="back" value="yes" checked>' in second
    assert "s3cret" not in page


WITH = {
    "words": '<input name="a">', "secret": '<input name="b" type="password">',
    "file": '<input name="c" type="file">',
}  # fmt: skip


@pytest.mark.parametrize(
    ("parts", "said"),
    [
        (["words"], "What you typed is still there: put it right and send it again."),
        (["words", "secret"], "What you typed is still there; type your password again."),
        (["words", "file"], "What you typed is still there; choose files again."),
        (["secret"], "Type your passwords again and send them."),
        (["file"], "Choose the files again and send them."),
        ([], None),
    ],
    ids=str,
)
def test_what_is_said_to_be_there_is_there(parts: list[str], said: str | None) -> None:
    form = "".join(WITH[one] for one in parts)
    page = f'<main id="main"><form method="post" action="/one/">{form}<button>Go</button></form>'
    shown = _again({}, Fault("no"), page=page)
    top = shown.split("</section>", maxsplit=1)[0]
    assert re.findall(r"<p>(.*?)</p>", top) == ([said] if said else [])


def test_a_page_without_the_form_says_so() -> None:
    assert _shown(PAGE, {"a": "1"}, Fault("no"), to="/two/") is None
    # A form without an address goes to that of its page, and to no other.
    aimless = PAGE.replace(' action="/one/"', "")
    sent = {"number": "2", "amount": "typed"}
    assert _shown(aimless, sent, Fault("no"), here="/page/?day=3") is None
    shown = _shown(aimless, sent, Fault("no"), to="/p%C3%A9/", here="/p%C3%A9/?day=3")
    assert shown is not None
    assert 'value="typed"' in shown


THIS, THAT = "a" * 32, "b" * 32
OF_ONE = f"""<main id="main"><form method="post" action="/one/">
<input type="hidden" name="csrfmiddlewaretoken" value="of this page">
<input type="hidden" name="key" value="{THIS}-o2"><input type="hidden" name="number" value="N2">
<input type="hidden" name="credential"><input type="hidden" name="who" value="me"
autocomplete="username"><label>Amount <input name="amount"></label>
<button name="act" value="back">Back</button></form></main>"""
SENT_OF_ONE = {
    "csrfmiddlewaretoken": "of that page", "key": f"{THAT}-o2", "number": "N2",
    "credential": "by a script", "amount": "typed", "act": "back",
}  # fmt: skip


@pytest.mark.parametrize(
    "other",
    [{"number": "N1"}, {"number": ""}, {"key": f"{THAT}-o1"}, {"act": "written_off"}],
    ids=str,
)
def test_what_was_typed_about_one_thing_never_stands_in_the_form_of_another(
    other: dict[str, str],
) -> None:
    assert 'value="typed"' in _again(SENT_OF_ONE, Fault("no", "amount"), page=OF_ONE)
    assert _shown(OF_ONE, SENT_OF_ONE | other, Fault("no", "amount")) is None


# What ends a line for somebody, and no line of a page.
SEPARATORS = "\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"


@pytest.mark.parametrize("separator", SEPARATORS, ids=ascii)
def test_words_stand_in_their_place_whatever_others_wrote_above(separator: str) -> None:
    written = f"<p>one{separator}two{separator * 3}</p>\n<p>three</p>\n"
    sent = {"number": "2", "amount": "x", "words": f"a{separator}b", "kind": "y", "state": "q"}
    faults = Fault("give an amount", "amount"), Fault("late")
    with_words = _again(sent, *faults, page=PAGE.replace("<details>", f"{written}<details>"))
    without = _again(sent, *faults)
    assert with_words == without.replace("<details open>", f"{written}<details open>")


def test_what_came_back_leads_on_from_the_address_of_its_page() -> None:
    page = """<main id="main"><a href="?from=c&amp;of=1">later</a> <a href="/two/?a">two</a>
<form method="get"><input name="day"></form>
<form method="post" action="/one/"><input name="amount"></form></main>"""
    shown = _shown(page, {"amount": "x"}, Fault("no"), here="/p%C3%A9/?day=3&of=2")
    assert shown is not None
    tags = re.findall(r"<(?:a|form) [^>]*>", shown.split("</section>")[1])
    assert tags == [
        '<a href="/p%C3%A9/?from=c&amp;of=1">', '<a href="/two/?a">',
        '<form method="get" action="/p%C3%A9/?day=3&amp;of=2">',
        '<form method="post" action="/one/">',
    ]  # fmt: skip
    as_ever = _shown(page, {"amount": "x"}, Fault("no"), here="/one/")
    assert as_ever is not None
    assert re.findall(r"<(?:a|form) [^>]*>", as_ever.split("</section>")[1]) == re.findall(
        r"<(?:a|form) [^>]*>", page
    )


@given(TYPED, TYPED)
def test_whatever_was_typed_is_there_again_and_is_no_tag(amount: str, words: str) -> None:
    page = _again({"number": "2", "amount": amount, "words": words}, Fault(words, "amount"))
    _, form = read(page)[0]
    assert form.named("amount")[0].span.attrs["value"] == amount
    area = form.named("words")[0]
    assert unescape(page[area.span.end : area.closed])[1:] == words
    # Not a tag more than the mechanism's own.
    assert page.count("<") == _again({"number": "2", "amount": "", "words": ""},
                                     Fault("", "amount")).count("<")  # fmt: skip


NONSENSE = "☂"
# Left empty, where anything said would be taken.
SAID = {"words", "topic", "departure", "names", "because"}
# Of forms sent so, those that come back: the address's name and the button; the fields named.
REFUSED = {
    "account_change_password": ["oldpassword", "password1"],
    "account_login": [""],
    "account_reauthenticate": ["password"],
    "administration-add": ["shop"],
    "administration-change grant": ["shop"],
    "buyer-act offer": ["amount"],
    "buyer-file": ["loss"],
    "desk-consult-answer": ["words"],
    "desk-rule reject": [""],
    "desk-violation-decide revoke": ["words"],
    "desk-violation-decide uphold": ["words"],
    "desk-violation-record": ["seller", "units"],
    "invited": ["password"],
    "reconciliation-close": [""],
    "rules-announce": ["version"],
    "rules-reply": ["words"],
    "seller-answer appeal": ["file"],
    "seller-ask": ["words"],
    "seller-file": ["file"],
    "seller-lodge": ["amount"],
    "seller-mix instalments": ["count"],
    "seller-mix reserve": ["count"],
    "seller-policy-comment": ["words"],
    "seller-say say": ["words"],
    "supervision-inspect": ["words"],
}


def test_nonsense_comes_back_beside_its_fields_on_every_page(
    person: Callable[[str], Client], living: dict[str, str], settings: Settings
) -> None:
    settings.MFA_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS = False
    pages = viewers({name: person(name) for name in EVERYBODY}, living)
    refused: dict[str, list[str]] = {}
    for address, client in pages.items():
        answer = client.get(address)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        for form in forms_of(answer.content.decode()):
            if form.method == "post" and form.texts:
                for button in form.buttons or [("", "")]:
                    _sent(client, form, address, button, refused)
    assert refused == REFUSED


def _sent(
    client: Client, form: Form, at: str, button: tuple[str, str], refused: dict[str, list[str]]
) -> None:
    to = form.action or at
    typed = {name: "" if name in SAID else NONSENSE for name in form.texts}
    data = form.given | typed | ({button[0]: button[1]} if button[0] else {})
    kept = _counts()
    told = []
    for language in ("zh", "en"):
        client.cookies["lang"] = language
        answer = client.post(to, data)
        if answer.status_code != UNPROCESSABLE:
            return
        page = answer.content.decode()
        assert wrongs_of(page) == [], to
        if to != at:
            # The address of the act answers no link and no form of the page.
            assert 'href="?' not in page, to
            assert all(one.action for one in forms_of(page)), to
        told.append(_read(page, to, typed))
        assert bool(re.search("[一-鿿]", told[-1][1])) == (language == "zh"), told
    assert _counts() == kept, to
    assert told[0][0] == told[1][0], to
    refused[f"{resolve(unquote(to)).view_name} {button[1]}".strip()] = told[0][0]


def _read(page: str, to: str, typed: dict[str, str]) -> tuple[list[str], str]:
    """The names of the fields that are wrong, and all that is said of them."""
    listed = page[page.index('class="told error faults"') :].partition("</section>")[0]
    links = re.findall(r'<li><a href="#([^"]+)">([^<]*)</a>', listed)
    spans = re.findall(r'<span class="wrong" id="([^"]+)">([^<]*)</span>', page)
    assert len(links) == len(spans) >= 1, to
    ids = re.findall(r' id="([^"]+)"', page)
    assert {place for place, _ in links} <= set(ids), to
    of: dict[str, str] = {}
    for one in [control for form in read(page)[0] for control in form.controls]:
        for described in (one.span.attrs.get("aria-describedby") or "").split():
            of[described] = one.name
            if one.kind not in {"password", "file", "textarea"} and typed.get(one.name):
                assert one.span.attrs["value"] == NONSENSE, (to, one.name)
    named = [of.get(place, "") for place, _ in spans]
    return named, "".join(words for _, words in spans)


def test_a_weak_password_is_told_in_the_words_of_the_house(
    person: Callable[[str], Client],
) -> None:
    person("the owner")
    user = get_user_model().objects.get(username="the owner")
    user.set_password("what they used until now")
    user.save()
    client = person("the owner")
    sent = {"oldpassword": "what they used until now", "password1": "brief-9q",
            "password2": "brief-9q"}  # fmt: skip
    told = {}
    for language in ("zh", "en"):
        client.cookies["lang"] = language
        answer = client.post("/account/password/change/", sent)
        assert answer.status_code == UNPROCESSABLE
        told[language] = re.findall(r'<span class="wrong"[^>]*>([^<]*)', answer.content.decode())
    assert told == {
        "zh": ["太短，至少 12 个字符"], "en": ["it is too short; use at least 12 characters"],
    }  # fmt: skip
    user.refresh_from_db()
    assert user.check_password("what they used until now")


def _counts() -> list[tuple[int, ...]]:
    return fetch_rows("SELECT " + ", ".join(f"(SELECT count(*) FROM {table})" for table in KEPT))
