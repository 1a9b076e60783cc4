"""A market with two shops, and people in every role."""

from __future__ import annotations

import sys
import time
from importlib import import_module
from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.claims.making import NOW, OTHER_SHOP, SHOP, later, open_world, place
from tests.web.living import live
from tests.web.matrix import BUYER, JUROR, NOBODY, OTHER_BUYER
from xiaobao.deposits import acts as deposits
from xiaobao.hearings.queries import panels_of
from xiaobao.kernel.references import id_of, ids_of
from xiaobao.orders import queries as orders
from xiaobao.people.acts import add_member
from xiaobao.people.facts import STAFF, Role
from xiaobao.promises import queries as promises
from xiaobao.work.passes import make_pass

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from pathlib import Path

# Each person and their role: (role, seller_id).
PEOPLE = {
    "the owner": (Role.OWNER, id_of(SHOP)),
    "the clerk": (Role.CLERK, id_of(SHOP)),
    "the other owner": (Role.OWNER, id_of(OTHER_SHOP)),
    "the bookkeeper": (Role.FINANCE, STAFF),
    "the adjudicator": (Role.ADJUDICATOR, STAFF),
    "the supervisor": (Role.SUPERVISOR, STAFF),
    "the policy owner": (Role.POLICY, STAFF),
    "the administrator": (Role.ADMINISTRATOR, STAFF),
}


def _with_order(client: Client, order: str | None) -> Client:
    """Who is not signed in: a buyer has opened the link of one order."""
    if order is not None:
        if order == "B" and orders.order_of(SHOP, order) is None:
            place(order, promises.market("cn"), buyer="another")
        secret = make_pass(SHOP, order, at=NOW, until=later(days=9000))
        assert client.post(f"/buyer/open/{SHOP}/{secret}/").status_code == 302
    return client


def prove(client: Client, *, seconds_ago: float = 0) -> None:
    """As after a second factor, however long ago."""
    session = client.session
    session["account_authentication_methods"] = [
        {"method": "mfa", "type": "totp", "at": time.time() - seconds_ago}  # noqa: TID251
    ]
    session["account_authentication_methods_user"] = session["_auth_user_id"]
    session.save()


@pytest.fixture
def at(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """Sets what the pages take for the moment of a request."""
    import_module("xiaobao.site.urls")

    def stand_at(moment: datetime) -> None:
        for name, module in list(sys.modules.items()):
            if name.startswith("xiaobao.web") and hasattr(module, "now"):
                monkeypatch.setattr(module, "now", lambda: moment)

    return stand_at


@pytest.fixture
def world(db: None) -> None:
    open_world()
    deposits.quote_deposits(ids_of([SHOP, OTHER_SHOP]), at=NOW)


def drawn_juror() -> str:
    """One of those whom the lot drew for the case C-1; nobody's name where none was drawn."""
    panels = panels_of(id_of(SHOP), id_of("C-1"))
    return panels[0].seats[0].name if panels else JUROR


@pytest.fixture
def living(person: Callable[[str], Client], tmp_path: Path) -> dict[str, str]:
    """Everything that has a page is there; what stands for names in the matrix's addresses."""
    person("the clerk")
    return live(tmp_path)


@pytest.fixture
def person(world: None) -> Callable[[str], Client]:
    def signed_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        if name in {NOBODY, BUYER, OTHER_BUYER}:
            return _with_order(client, {BUYER: "A", OTHER_BUYER: "B"}.get(name))
        if name == JUROR:
            name = drawn_juror()
        user, is_new = get_user_model().objects.get_or_create(username=name)
        if is_new and name in PEOPLE:
            add_member(user.pk, *PEOPLE[name], at=NOW)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        prove(client)
        return client

    return signed_in
