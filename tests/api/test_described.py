"""What the description says holds: every address, every role; nobody is forgotten."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from tests.api.conftest import ROLES
from tests.claims.making import SHOP
from tests.house.plates import problems
from xiaobao.api.examples import EXAMPLES
from xiaobao.api.shapes import Asked, Told
from xiaobao.kernel.money import MOST_MINOR
from xiaobao.work.scopes import SCOPE_WORDS, scopes_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from tests.api.conftest import Caller

# What needs no token.
PUBLIC = {"/trust/{seller}", "/register", "/quarterly-reports", "/quarterly-reports/{quarter}"}
FILLED = {
    "seller": SHOP, "claim": "C1", "order": "A", "violation": "V1", "number": "1",
    "quarter": "2025-Q4", "market": "cn", "version": "x",
    "decision": "6f1c9c4e-0000-4000-8000-000000000000",
    "buyer": "buyer", "juror": "wang", "day": "2025-10-01", "shape": "paypal",
    "event": "6f1c9c4e-0000-4000-8000-000000000000",
}  # fmt: skip


def operations(schema: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, methods in schema["paths"].items():
        for method, call in methods.items():
            yield method, path.removeprefix("/api/v1"), call


def _codes(schema: dict[str, Any], answer: dict[str, Any]) -> set[str]:
    """The codes that an answer is described to have."""
    name = answer["$ref"].removeprefix("#/components/responses/")
    content = schema["components"]["responses"][name]["content"]["application/problem+json"]
    return set(content["schema"]["properties"]["code"]["enum"])


def _heirs(shape: type) -> set[type]:
    direct: list[type] = shape.__subclasses__()
    return {*direct, *(heir for one in direct for heir in _heirs(one))}


def test_every_call_is_described_whole(calling: Callable[[str], Caller]) -> None:
    schema = calling("platform").get("/openapi.json").json()
    assert schema["openapi"] == "3.1.0"
    names: list[str] = []
    told: set[str] = set()
    known = {one.code: one.status for one in problems()}  # type: ignore[attr-defined]
    for method, path, call in operations(schema):
        where = f"{method} {path}"
        assert call["summary"], where
        names.append(call["operationId"])
        answers = set(call["responses"])
        assert {"401", "413", "422", "429", "500", "503"} <= answers, where
        assert ("403" in answers) >= ("security" in call), where
        assert ("404" in answers) >= ("{" in path), where
        for status in answers - {"200", "201"}:
            codes = _codes(schema, call["responses"][status])
            assert codes, where
            assert {known[code] for code in codes} == {int(status)}, where
            told |= codes
        if method == "post":
            given = {one["name"] for one in call["parameters"]}
            assert "Idempotency-Key" in given, where
            assert {"400", "409", "415"} <= answers, where
            assert "idempotency_key_reused" in _codes(schema, call["responses"]["422"]), where
            assert ("If-Match" in given) is ("412" in answers), where
        scopes = [scope for one in call.get("security", []) for scope in one["oauth2"]]
        assert (scopes == []) is (path in PUBLIC), where
        assert set(scopes) <= set(SCOPE_WORDS), where
    assert len(names) == len(set(names))
    assert {"claim_stands", "changed_meanwhile", "busy", "cursor_wrong"} <= told
    amount = schema["components"]["schemas"]["Amount"]["properties"]["amount"]
    assert (amount["minimum"], amount["maximum"]) == (0, MOST_MINOR)
    assert '"ge"' not in json.dumps(schema), "no word of JSON Schema's"
    shapes = [one.__name__ for base in (Told, Asked) for one in _heirs(base)]
    assert sorted(shapes) == sorted(set(shapes)), "two shapes of one name are described as one"
    used = {
        scope for _, _, call in operations(schema) for one in call.get("security", [])
        for scope in one["oauth2"]
    }  # fmt: skip
    assert used == set(SCOPE_WORDS), "a scope that nothing takes"


# Of the examples, made one after another, these are refused for what stands; the others go on.
CLAIM, DRAFT = "/sellers/{seller}/claims/{claim}", "/drafts/{market}/{version}"
REFUSED = {
    f"{CLAIM}/offers/{{number}}/accept", f"{CLAIM}/talks/end", f"{CLAIM}/rulings",
    f"{CLAIM}/jury/seals", f"{CLAIM}/jury/votes", "/sellers/{seller}/exit/approve",
    "/sellers/{seller}/orders/{order}/report/review",
    "/sellers/{seller}/exit/refuse", "/sellers/{seller}/exit/relief", "/drafts",
    f"{DRAFT}/comments", f"{DRAFT}/comments/{{number}}", f"{DRAFT}/announcement",
    "/packs/{market}/{version}/withdrawal", "/sellers/{seller}/policies/{version}",
    f"{CLAIM}/ask",
    "/movements/ask", "/days/{day}/close", "/unowed/{number}",
}  # fmt: skip


def test_every_call_that_takes_a_body_shows_one_that_works(
    calling: Callable[[str], Caller],
) -> None:
    platform = calling("platform")
    schema = platform.get("/openapi.json").json()
    bodies = {
        path: call["requestBody"]["content"]
        for method, path, call in operations(schema)
        if "requestBody" in call
    }
    assert set(bodies) == set(EXAMPLES)
    refused: set[str] = set()
    for path, example in EXAMPLES.items():
        assert bodies[path].popitem()[1]["example"] == example
        if "file" in example:
            continue  # a name is no file: forms are sent by the tests of claims and bills
        answer = platform.post(path.format(**FILLED), example)
        told = answer.json()
        assert answer.status_code < 500, (path, told)
        assert told.get("code") not in {"request_invalid", "body_unreadable"}, (path, told)
        if answer.status_code >= 300:
            refused.add(path)
    assert refused == REFUSED


def test_scopes_and_strangers_at_every_address(calling: Callable[[str], Caller]) -> None:
    schema = calling("platform").get("/openapi.json").json()
    seen = 0
    for method, path, call in operations(schema):
        address = path.format(**FILLED)
        nobody = calling("platform").http.generic(
            method.upper(), f"/api/v1{address}", headers={"accept-language": "en"}
        )
        assert (nobody.status_code == 401) is (path not in PUBLIC), (method, path)
        if path in PUBLIC:
            continue
        # Any one of them will do.
        scopes = {scope for one in call["security"] for scope in one["oauth2"]}
        for role, (kind, _) in ROLES.items():
            caller = calling(role)
            answer = caller.get(address) if method == "get" else caller.post(address, {})
            code = answer.json().get("code") if answer.status_code >= 400 else None
            where = (role, method, path, answer.status_code, code)
            assert answer.status_code < 500, where
            is_let_in = not scopes.isdisjoint(scopes_of(kind))
            assert (code == "scope_missing") is not is_let_in, where
            if role == "other shop" and "{seller}" in path and is_let_in:
                # Bodies are looked at before the shop: an empty one may be refused first.
                assert (answer.status_code, code) in {
                    (404, "not_found"), (422, "request_invalid"), (403, "party_of_another"),
                }, where  # fmt: skip
            seen += 1
    assert seen > 200
