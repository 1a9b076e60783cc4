"""A market with two shops, and people in every role."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from django.contrib.auth import get_user_model
from django.test import Client

from tests.claims.making import NOW, OTHER_SHOP, SHOP, open_world
from xiaobao.deposits import acts as deposits
from xiaobao.kernel.references import id_of, ids_of
from xiaobao.web.people import STAFF, Role, add_member

if TYPE_CHECKING:
    from collections.abc import Callable

# Each person and their role: (role, seller_id).
PEOPLE = {
    "the owner": (Role.OWNER, id_of(SHOP)),
    "the clerk": (Role.CLERK, id_of(SHOP)),
    "the other owner": (Role.OWNER, id_of(OTHER_SHOP)),
    "the bookkeeper": (Role.FINANCE, STAFF),
    "the adjudicator": (Role.ADJUDICATOR, STAFF),
    "the supervisor": (Role.SUPERVISOR, STAFF),
}
NOBODY, STRANGER = "nobody signed in", "somebody without a role"


@pytest.fixture
def world(db: None) -> None:
    open_world()
    deposits.quote_deposits(ids_of([SHOP, OTHER_SHOP]), at=NOW)


@pytest.fixture
def person(world: None) -> Callable[[str], Client]:
    def signed_in(name: str) -> Client:
        client = Client(headers={"accept-language": "en"})
        if name == NOBODY:
            return client
        user, is_new = get_user_model().objects.get_or_create(username=name)
        if is_new and name in PEOPLE:
            add_member(user.pk, *PEOPLE[name], at=NOW)
        client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
        return client

    return signed_in
