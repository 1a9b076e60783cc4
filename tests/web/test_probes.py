"""A script is written into every field of every form: it is shown as words wherever it is shown.

Forms are found on the pages themselves, so that no new field is forgotten; each field's probe has
its own number, and has to be seen again, or stand in `KEPT_BACK` with the reason. What a refused
form says back to whoever sent it counts for nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING, Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import resolve

from tests.claims.making import OTHER_SHOP, SHOP, later, photo
from tests.web.forms import Form, forms_of
from tests.web.matrix import ADJUDICATOR, EVERYBODY, OTHER_OWNER, OWNER
from tests.web.test_every_page import viewers

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from django.test import Client
    from pytest_django.fixtures import Settings

TAG = "<img src=x onerror=alert(1)>"
# What is no words: a form with a probe there would be refused whole.
NUMBERS = {"amount": "1.00", "loss": "1.00", "count": "3", "units": "1", "number": "1"}
VALID = {("desk-violation-record", "seller"): SHOP, ("administration-add", "shop"): "",
         ("administration-change", "shop"): ""}  # fmt: skip
# Fields that nobody is ever shown again.
KEPT_BACK = {
    ("account_login", "login"): "only said back where it is refused",
    ("account_login", "password"): "a secret",
    ("account_change_password", "oldpassword"): "a secret",
    ("account_change_password", "password1"): "a secret",
    ("account_change_password", "password2"): "a secret",
    ("invited", "password"): "a secret",
    ("invited", "again"): "a secret",
    ("account_reauthenticate", "password"): "a secret",
    ("jury-vote", "salt"): "a secret",
    ("finance-find", "shop"): "a name that is nobody's is not said again",
    ("administration-add", "name"): "no account can be called so: refused",
    ("rules-announce", "version"): "typed to confirm",
    ("rules-check", "files"): "no rule pack: refused",
    ("desk-violation-record", "incident"): "its id alone is kept",
    ("reconciliation-bill", "bill"): "no bill: refused",
    ("reconciliation-close", "because"): "stays with the day's own statement",
    ("supervision-inspect", "words"): "of this shop no week is counted: nothing is opened",
    ("desk-suspend", "words"): "the claim is ruled and paid by then: refused",
}
# These end what others of the same page go on with.
LAST = {"withdraw", "cancel", "refuse", "close", "revoke", "account_logout", "invite", "open",
        "accept", "take", "sign", "suspend", "resume", "desk-suspend", "rules-withdraw",
        "seller-cancel", "seller-relief"}  # fmt: skip


@dataclass
class Probes:
    """What was written where, and what was seen again."""

    written: dict[str, tuple[str, str]] = field(default_factory=dict)
    seen: set[tuple[str, str]] = field(default_factory=set)
    sent: set[tuple[Any, ...]] = field(default_factory=set)
    told: dict[str, list[str]] = field(default_factory=dict)

    def words(self, view: str, name: str) -> str:
        number = f"P{len(self.written)}q"
        self.written[number] = (view, name)
        return f"={number}\"'>{TAG}{{{{7}}}}"

    def look(self, answer: Any, where: str) -> None:
        """Nothing of it is a tag, an attribute or a formula; what is shown is counted as seen."""
        body = answer.getvalue().decode(errors="replace")
        kind = answer["Content-Type"].split(";")[0]
        if kind in {"text/html", "image/svg+xml"}:
            assert TAG not in body, where
            assert "{{7}}" not in body or escape(TAG) in body, where
            # Within an attribute it ends nothing.
            assert not re.search(r"=P\d+q\"'>", body), where
        if kind == "text/csv":
            assert not re.search(r'(^|[,"])=P\d+q', body, re.MULTILINE), where
        if answer.status_code == 200:
            for number in re.findall(r"=(P\d+q)", body):
                self.seen.add(self.written[number])


def test_what_anybody_writes_anywhere_is_words(
    person: Callable[[str], Client], living: dict[str, str], settings: Settings,
    at: Callable[[datetime], None],
) -> None:  # fmt: skip
    settings.MFA_RATE_LIMITS = settings.ACCOUNT_RATE_LIMITS = False
    at(later(days=2))
    people = {name: person(name) for name in EVERYBODY}
    # What a form is tried on first: a claim that waits for its ruling, an exit to be decided on.
    pages = {
        f"/desk/claims/{SHOP}/C-3/": people[ADJUDICATOR],
        f"/seller/{SHOP}/claims/C-3/": people[OWNER],
        f"/seller/{OTHER_SHOP}/leaving/": people[OTHER_OWNER],
    } | viewers(people, living)
    probes = Probes()
    for _ in range(3):
        for address, client, form, button in _found(pages, probes):
            _send(address, client, form, button, probes)
    _found(pages, probes)
    fields = set(probes.written.values())
    assert len(fields) >= 30, sorted(fields)
    unseen = fields - probes.seen
    wrong = sorted(unseen ^ set(KEPT_BACK))
    assert not wrong, "\n".join(str((one, probes.told.get(one[0]))) for one in wrong)


def _found(
    pages: dict[str, Client], probes: Probes
) -> list[tuple[str, Client, Form, tuple[str, str]]]:
    """Forms not sent yet, what ends things last."""
    found = []
    for address, client in pages.items():
        if address == "/account/logout/":
            continue  # it would end the walk
        answer = client.get(address)
        probes.look(answer, address)
        if not answer["Content-Type"].startswith("text/html"):
            continue
        for form in forms_of(answer.content.decode()):
            for button in form.buttons or [("", "")]:
                name = _name(address, form, button)
                if name not in probes.sent and "account_logout" not in name:
                    probes.sent.add(name)
                    found.append((address, client, form, button))
    return sorted(found, key=lambda one: bool(LAST & set(map(str, _name(one[0], *one[2:])))))


def _name(address: str, form: Form, button: tuple[str, str]) -> tuple[Any, ...]:
    view = resolve((form.action or address).split("?")[0]).view_name
    return (view, *button, form.given.get("act", ""), *sorted({*form.texts, *form.files}))


def _send(
    address: str, client: Client, form: Form, button: tuple[str, str], probes: Probes
) -> None:
    target = form.action or address
    view = resolve(target.split("?")[0]).view_name
    data: dict[str, Any] = {}
    for name in form.texts:
        known = NUMBERS.get(name, VALID.get((view, name)))
        data[name] = probes.words(view, name) if known is None else known
    for name in form.files:
        # Called by the probe, and a picture of its own.
        called = probes.words(view, name).replace("/", "")
        picture = photo(len(probes.written)).body
        data[name] = SimpleUploadedFile(f"{called}.png", picture, content_type="image/png")
    data |= form.given | ({button[0]: button[1]} if button[0] else {})
    asked = client.post if form.method == "post" else client.get
    answer = asked(target, data, follow=True)
    assert answer.status_code in {200, 404, 422}, (address, target, answer.status_code)
    probes.look(answer, f"{address} -> {target}")
    probes.told.setdefault(view, []).append(
        " ".join(re.findall(r'class="told[^>]*>([^<]*)', answer.getvalue().decode()))
    )
