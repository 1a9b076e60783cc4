"""Calling: a token fetched when needed, a key for every POST, the same key when tried again."""

from __future__ import annotations

import time
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Self
from urllib.parse import quote

import httpx

from xiaobao.client.problems import ApiProblem, NoToken

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

TRIES = 5
LONGEST_WAIT = 60.0
# Nothing was decided yet, or nobody knows whether: ask again, under the same key.
_AGAIN = {429, 500, 502, 503, 504}
_IN_USE = "idempotency_key_in_use"


def part(name: str) -> str:
    """An outside name as one part of a path."""
    return quote(name.replace("~", "~0").replace("/", "~1"), safe="")


def given(fields: dict[str, Any]) -> dict[str, Any]:
    """What is given of what a call takes; the API knows what holds for the rest."""
    return {name: value for name, value in fields.items() if value is not None}


def tagged(response: httpx.Response) -> dict[str, Any]:
    """What is told, with the tag under which it is decided on as it was read."""
    return {**response.json(), "etag": response.headers.get("ETag", "")}


class Calling:
    """One client of the API, over one connection pool; not shared between threads."""

    def __init__(
        self,
        base: str,
        client_id: str,
        secret: str,
        *,
        language: str = "en",
        transport: httpx.BaseTransport | None = None,
        timeout: float = 60.0,
        wait: Callable[[float], None] = time.sleep,
    ) -> None:
        self._http = httpx.Client(
            base_url=base.rstrip("/"), transport=transport, timeout=timeout,
            headers={"Accept-Language": language},
        )  # fmt: skip
        self._who = (client_id, secret)
        self._wait = wait
        self._token = ""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        self._http.close()

    def get(self, path: str, **params: Any) -> httpx.Response:
        """:raises ApiProblem: where it is answered with one"""
        return self._tried("GET", path, params=given(params))

    def post(
        self,
        path: str,
        body: Any = None,
        *,
        key: str = "",
        etag: str = "",
        form: Mapping[str, str] | None = None,
        files: Sequence[tuple[str, tuple[str, bytes]]] = (),
    ) -> httpx.Response:
        """:raises ApiProblem: where it is answered with one"""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        if etag:
            headers["If-Match"] = etag
        if form is None:
            return self._tried("POST", path, json={} if body is None else body, headers=headers)
        return self._tried("POST", path, data=dict(form), files=list(files), headers=headers)

    def pages(self, path: str, field: str, **params: Any) -> Iterator[Any]:
        """Every row of a list, page after page."""
        cursor: str | None = None
        while True:
            page = self.get(path, cursor=cursor, **params).json()
            yield from page[field]
            cursor = page.get("next")
            if not cursor:
                return

    def _tried(self, method: str, path: str, **request: Any) -> httpx.Response:
        """Call until there is an answer that decides something."""
        pause = 0.2
        for left in reversed(range(TRIES)):
            try:
                response = self._once(method, path, **request)
            except httpx.TransportError:
                if not left:
                    raise
            else:
                if response.is_success:
                    return response
                problem = _problem_in(response)
                is_over = response.status_code not in _AGAIN and problem.code != _IN_USE
                if is_over or not left:
                    raise problem
                said = response.headers.get("Retry-After", "")
                pause = max(pause, float(said)) if said.isdigit() else pause
            self._wait(min(pause, LONGEST_WAIT))
            pause *= 2
        raise AssertionError("the last try raises or answers")

    def _once(self, method: str, path: str, **request: Any) -> httpx.Response:
        """One call; a token that ran out is renewed once."""
        headers = dict(request.pop("headers", {}))
        for is_renewed in (False, True):
            if not self._token or is_renewed:
                self._token = self._new_token()
            headers["Authorization"] = f"Bearer {self._token}"
            response = self._http.request(method, f"/api/v1{path}", headers=headers, **request)
            if response.status_code != HTTPStatus.UNAUTHORIZED:
                break
        return response

    def _new_token(self) -> str:
        client_id, secret = self._who
        response = self._http.post(
            "/api/v1/token",
            data={"grant_type": "client_credentials"},
            auth=(client_id, secret),
        )
        if response.status_code in {HTTPStatus.BAD_REQUEST, HTTPStatus.UNAUTHORIZED}:
            raise NoToken(response.text)
        response.raise_for_status()
        return str(response.json()["access_token"])


def _problem_in(response: httpx.Response) -> ApiProblem:
    try:
        told = response.json()
    except ValueError:
        told = {"detail": response.text[:500]}
    return ApiProblem(response.status_code, told if isinstance(told, dict) else {})
