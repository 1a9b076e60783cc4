"""The client has every call of the API: address, parameters, body, key and tag as described."""

from __future__ import annotations

import ast
import inspect
import json
import re
from email import message_from_bytes
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote

import httpx
import pytest

from xiaobao.client.calling import Calling
from xiaobao.client.client import Client

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

MONEY = {"amount": 1250, "currency": "CNY"}
FILE = ("it.png", b"bytes of it")
# What methods call otherwise than the API does, whose word is one of Python's.
SPOKEN = {"speaker": "as"}
METHODS = [
    one for name, one in inspect.getmembers(Client, inspect.isfunction)
    if not name.startswith("_") and not hasattr(Calling, name)
]  # fmt: skip


@pytest.fixture(scope="module")
def described() -> dict[str, Any]:
    from xiaobao.database.opening import prepare_django

    prepare_django()
    from xiaobao.api.root import api

    whole: dict[str, Any] = json.loads(json.dumps(api.get_openapi_schema()))
    return whole


class Api:
    """Answers each call as it is described, and keeps what came; the first POST is too early."""

    def __init__(self, whole: dict[str, Any]) -> None:
        self.shapes = whole["components"]["schemas"]
        self.calls = {
            (method.upper(), path): (re.compile(re.sub(r"{\w+}", "([^/]+)", path)), call)
            for path, methods in whole["paths"].items()
            for method, call in methods.items()
        }
        self.came: list[httpx.Request] = []

    def called(self, request: httpx.Request) -> tuple[str, list[str], dict[str, Any]]:
        """The path as the description has it, what fills it, and the call."""
        where = request.url.raw_path.decode().partition("?")[0]
        # A word sorts before a name in braces: `diff` is itself before it is a version.
        for (method, path), (looks, call) in sorted(self.calls.items(), key=lambda one: one[0]):
            found = looks.fullmatch(where)
            if method == request.method and found:
                return path, list(found.groups()), call
        raise AssertionError(where)

    def __call__(self, request: httpx.Request) -> httpx.Response:
        if request.url.path == "/api/v1/token":
            return httpx.Response(200, json={"access_token": "one"})
        request.read()
        self.came.append(request)
        if request.method == "POST" and len(self.came) == 1:
            return httpx.Response(503, json={"code": "unavailable"}, headers={"Retry-After": "7"})
        _, _, call = self.called(request)
        ((status, answer),) = ((int(s), a) for s, a in call["responses"].items() if s[0] == "2")
        if "application/json" not in answer["content"] or len(answer["content"]) > 1:
            return httpx.Response(status, content=b"bytes")
        shape = answer["content"]["application/json"]["schema"]["$ref"].rsplit("/", 1)[1]
        told: dict[str, Any] = {"told": len(self.came)}
        if any(one["name"] == "cursor" for one in call["parameters"]):
            (rows,) = (n for n, f in self.shapes[shape]["properties"].items() if "items" in f)
            told = {rows: [len(self.came)], "next": "the second" if len(self.came) == 1 else None}
        return httpx.Response(status, json=told, headers={"ETag": '"tag of it"'})


def filled(name: str, kind: str) -> Any:
    """Something of a type, as the method's signature spells it."""
    kind = kind.removesuffix(" | None")
    if kind.startswith("Literal["):
        return ast.literal_eval(kind.removeprefix("Literal"))[-1]
    if kind.startswith("Sequence["):
        return [filled(name, kind.removeprefix("Sequence[")[:-1])]
    known = {
        "str": f"{name} a/b~c", "int": 7, "bool": True, "Money": MONEY, "tuple[str, bytes]": FILE,
        "FactAsked": {"fact": "paid"}, "Mapping[str, str]": {"pack.toml": "x"},
    }  # fmt: skip
    return known[kind]


def given_to(method: Callable[..., Any]) -> dict[str, Any]:
    asked = inspect.signature(method).parameters.values()
    given = {one.name: filled(one.name, one.annotation) for one in asked if one.name != "self"}
    return given | ({"key": "key-1"} if "key" in given else {})


def carried(request: httpx.Request) -> dict[str, Any]:
    """What a request carries: fields by their names, files as their names and bytes."""
    kind = request.headers.get("Content-Type", "")
    if not kind.startswith("multipart/"):
        told: dict[str, Any] = json.loads(request.content or b"{}")
        return told
    whole = message_from_bytes(f"Content-Type: {kind}\n\n".encode() + request.content)
    found: dict[str, Any] = {}
    for part in (one for one in whole.walk() if not one.is_multipart()):
        name = str(part.get_param("name", header="Content-Disposition"))
        body: Any = part.get_payload(decode=True)
        if part.get_filename():
            found.setdefault(name, []).append((part.get_filename(), body))
        else:
            found[name] = body.decode()
    return found


def as_sent(value: Any) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def body_of(call: dict[str, Any], shapes: dict[str, Any]) -> set[str]:
    if "requestBody" not in call:
        return set()
    ((_, content),) = call["requestBody"]["content"].items()
    shape = content["schema"]
    (shape,) = [one for one in shape.get("anyOf", [shape]) if one.get("type") != "null"]
    if "$ref" in shape:
        shape = shapes[shape["$ref"].rsplit("/", 1)[1]]
    return set(shape.get("properties", ()))


def named(call: dict[str, Any], place: str) -> list[str]:
    return [one["name"] for one in call["parameters"] if one["in"] == place]


def walked(whole: dict[str, Any]) -> Iterator[tuple[Callable[..., Any], Api, dict[str, Any], Any]]:
    """Each method called with everything that it takes."""
    for method in METHODS:
        api, waits = Api(whole), list[float]()
        with Client("http://x", "id", "secret", transport=httpx.MockTransport(api),
                    wait=waits.append) as client:  # fmt: skip
            given = given_to(method)
            answer = method(client, **given)
            answer = list(answer) if hasattr(answer, "__next__") else answer
        assert waits == ([7.0] if api.came[0].method == "POST" else [])
        yield method, api, given, answer


def test_every_call_has_a_method_that_makes_it_as_described(described: dict[str, Any]) -> None:
    made: list[tuple[str, str]] = []
    for method, api, given, answer in walked(described):
        first, last = api.came[0], api.came[-1]
        path, fills, call = api.called(first)
        made.append((first.method, path))
        where = f"{method.__name__}: {first.method} {path}"
        assert api.called(last)[0] == path, where
        # The address, each name one part of it.
        parts = dict(zip(re.findall(r"{(\w+)}", path), fills, strict=True))
        assert parts == {
            one: quote(str(given[one]).replace("~", "~0").replace("/", "~1"), safe="")
            for one in parts
        }, where  # fmt: skip
        # What is asked, and each page after the first by its cursor.
        asked = dict(parse_qsl(first.url.query.decode()))
        is_paged = "cursor" in named(call, "query")
        expected = [one for one in named(call, "query") if one != "cursor"]
        assert asked == {one: as_sent(given[one]) for one in expected}, where
        if is_paged:
            assert dict(parse_qsl(last.url.query.decode())) == asked | {"cursor": "the second"}
            assert answer == [1, 2], where
        else:
            assert answer == b"bytes" or answer["told"] == len(api.came), where
        # What is carried, under a key that is the same when tried again.
        fields = {SPOKEN.get(name, name): value for name, value in given.items()}
        body = body_of(call, api.shapes)
        sent = {name: [FILE] if fields[name] == FILE else fields[name] for name in body}
        assert carried(first) == sent, where
        keys = [one.headers.get("Idempotency-Key") for one in api.came]
        assert keys == (["key-1"] * 2 if first.method == "POST" else [None] * len(keys)), where
        assert carried(last) == carried(first), where
        has_tag = "If-Match" in named(call, "header")
        assert last.headers.get("If-Match") == (given["etag"] if has_tag else None), where
        # And nothing that the API would not know.
        known = {*parts, *expected, *body, *(["etag"] if has_tag else [])}
        assert set(fields) - {"key"} == known, where
    assert sorted(made) == sorted(Api(described).calls)


def test_what_is_not_given_is_not_sent(described: dict[str, Any]) -> None:
    api = Api(described)
    with Client("http://x", "id", "s", transport=httpx.MockTransport(api),
                wait=lambda _: None) as client:  # fmt: skip
        filed = client.file_claim("shop", "C1", "A", "li", "damaged")
        list(client.claims("shop"))
    assert [carried(one) for one in api.came[:2]] == [
        {"claim": "C1", "order": "A", "buyer": "li", "kind": "damaged"}
    ] * 2
    assert filed["etag"] == '"tag of it"'
    (first, again) = (one.headers["Idempotency-Key"] for one in api.came[:2])
    assert first == again
    assert api.came[2].url.query == b""
