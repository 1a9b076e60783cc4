"""A market with two shops, and a client in every role."""

from __future__ import annotations

import json
import re
from functools import cache
from http import HTTPStatus
from itertools import count
from typing import TYPE_CHECKING, Any

import pytest
from django.conf import settings
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from django.test import Client

from tests.claims.making import NOW, OTHER_SHOP, SHOP, open_world
from xiaobao.api import frame
from xiaobao.api.answering import codes_of
from xiaobao.api.root import api
from xiaobao.deposits import acts as deposits
from xiaobao.kernel.references import id_of, ids_of
from xiaobao.site.wsgi import application
from xiaobao.work import callers, clock
from xiaobao.work.scopes import ClientRole

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime

    from django.http import HttpRequest, HttpResponse

ROLES = {
    "platform": (ClientRole.PLATFORM, 0),
    "shop": (ClientRole.SELLER, id_of(SHOP)),
    "other shop": (ClientRole.SELLER, id_of(OTHER_SHOP)),
    "adjudicator": (ClientRole.ADJUDICATOR, 0),
    "policy": (ClientRole.POLICY, 0),
    "finance": (ClientRole.FINANCE, 0),
    "supervisor": (ClientRole.SUPERVISOR, 0),
}


_COUNT = count(1)


@pytest.fixture(autouse=True)
def _declared(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever a test is answered stands in the description of that call, with its code."""
    answered = frame.answered

    def held(request: HttpRequest) -> HttpResponse:
        response = answered(request)
        path, call = _described(request)
        if call is not None and response.status_code >= HTTPStatus.BAD_REQUEST:
            method, code = str(request.method).lower(), json.loads(response.content)["code"]
            codes = codes_of(method, path, call).get(response.status_code, [])
            assert code in codes, f"{method} {path} is not said to answer {code}"
        return response

    monkeypatch.setattr(frame, "answered", held)


def _described(request: HttpRequest) -> tuple[str, dict[str, Any] | None]:
    match = request.resolver_match
    if match is None:
        return "", None
    path = "/" + re.sub(r"<(\w+:)?(\w+)>", r"{\2}", match.route)
    calls = _paths().get(path, {})
    return path.removeprefix("/api/v1"), calls.get(str(request.method).lower())


@cache
def _paths() -> dict[str, Any]:
    paths: dict[str, Any] = api.get_openapi_schema()["paths"]
    return paths


def mint(role: str) -> tuple[str, str]:
    """A client of its own in this role: its id and its secret."""
    kind, seller = ROLES[role]
    return callers.add_client(f"the {role} {next(_COUNT)}", kind, seller_id=seller, at=NOW)


class Caller:
    """Calls the API as one client; a new idempotency key for each POST unless one is given."""

    def __init__(self, client_id: str, secret: str) -> None:
        self.client_id, self.secret = client_id, secret
        self.http = Client()
        answer = self.http.post(
            "/api/v1/token",
            {"grant_type": "client_credentials", "client_id": client_id, "client_secret": secret},
        )
        assert answer.status_code == 200, answer.content
        self.token = answer.json()
        self.keys = 0

    def headers(self, **more: str) -> dict[str, str]:
        return {
            "authorization": f"Bearer {self.token['access_token']}", "accept-language": "en",
        } | {name.replace("_", "-"): value for name, value in more.items()}  # fmt: skip

    def get(self, path: str, **headers: str) -> Any:
        return self.http.get(f"/api/v1{path}", headers=self.headers(**headers))

    def post(self, path: str, body: Any = None, key: str = "", **headers: str) -> Any:
        self.keys += 1
        headers.setdefault("idempotency_key", key or f"key-{self.keys}")
        told = body if isinstance(body, bytes | str) else json.dumps({} if body is None else body)
        return self.http.post(
            f"/api/v1{path}", told, content_type="application/json",
            headers=self.headers(**headers),
        )  # fmt: skip


def served(environ: Any, start: Any) -> Any:
    """The application, as Django's own test client has it.

    The test's transaction, and with it the connection, lives through all its requests.
    """
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    return application(environ, start)


@pytest.fixture(autouse=True)
def _signals() -> Iterator[None]:
    yield
    for signal in (request_started, request_finished):
        signal.connect(close_old_connections)


@pytest.fixture
def the_time(monkeypatch: pytest.MonkeyPatch) -> Callable[[datetime], None]:
    """The wall's clock, as the doors read it."""

    def stands_at(at: datetime) -> None:
        monkeypatch.setattr(settings, "DEMO_IS_BEHIND", clock.now() - at)

    return stands_at


@pytest.fixture
def world(db: None, the_time: Callable[[datetime], None]) -> None:
    open_world()
    deposits.quote_deposits(ids_of([SHOP, OTHER_SHOP]), at=NOW)
    the_time(NOW)


@pytest.fixture
def calling(world: None) -> Callable[[str], Caller]:
    known: dict[str, Caller] = {}

    def by(role: str) -> Caller:
        if role not in known:
            known[role] = Caller(*mint(role))
        return known[role]

    return by
