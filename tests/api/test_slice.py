"""A token, facts, a claim, problems, and keys under which everything is done once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.claims.making import SHOP, book
from xiaobao.api import tokens
from xiaobao.database.sets import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.conftest import Caller

CNY = {"currency": "CNY"}
CLAIM = {"claim": "C1", "order": "A", "buyer": "buyer", "kind": "not_as_described"}


def told(order: str, fact: str, at: str, **more: Any) -> dict[str, Any]:
    return {"seller": SHOP, "order": order, "fact": fact, "at": at, **more}


PLACED = told("B", "placed", "2025-10-14T10:00:00+08:00", buyer="buyer",
              goods={"amount": 5000, **CNY})  # fmt: skip
FACTS = {"market": "cn", "facts": [
    PLACED,
    told("B", "line", "2025-10-14T10:00:00+08:00", item="mug", quantity=2,
         price={"amount": 2500, **CNY}),
    told("B", "paid", "2025-10-14T10:01:00+08:00"),
]}  # fmt: skip


def count(table: str) -> int:
    return int(fetch_rows(f"SELECT count(*) FROM {table}")[0][0])


def test_facts_come_in_once_whole_or_not_at_all(calling: Callable[[str], Caller]) -> None:
    platform = calling("platform")
    before = count("orders_fact")
    done = platform.post("/facts", FACTS)
    assert done.status_code == 200, done.content
    assert done.json() == {
        "orders_new": 1, "facts_new": 3, "facts_known": 0, "contradictions": 0,
    }  # fmt: skip
    again = platform.post("/facts", FACTS)
    assert again.json()["facts_known"] == 3
    wrong = {"market": "cn", "facts": [
        told("X", "paid", "2025-10-14T10:01:00"),
        PLACED | {"order": "Y", "goods": {"amount": 5000, "currency": "USD"}},
        told("Z", "signed", "2025-10-14T10:01:00Z") | {"seller": "nobody"},
    ]}  # fmt: skip
    refused = platform.post("/facts", wrong)
    assert refused.status_code == 422
    assert refused.headers["Content-Type"] == "application/problem+json"
    problem = refused.json()
    assert problem["code"] == "facts_not_taken"
    assert {(one["row"], one["field"]) for one in problem["rows"]} >= {(1, "at"), (2, "goods")}
    unknown = platform.post("/facts", {"market": "cn", "facts": [wrong["facts"][2]]}).json()
    assert [(one["row"], one["field"]) for one in unknown["rows"]] == [(1, "seller")]
    assert count("orders_fact") == before + 3


def test_nonsense_about_a_call_is_told_with_its_fix(calling: Callable[[str], Caller]) -> None:
    """A word misspelt after the question mark, an address that is none, a token asked for so."""
    platform = calling("platform")
    refused = platform.get("/sellers?market=cn&stats=active")
    assert (refused.status_code, refused.json()["errors"]) == (
        422, [{"field": "query.stats", "detail": "unknown field; leave it out or correct it"}],
    )  # fmt: skip
    stranger = platform.http.get("/api/v1/sellers?stats=active")
    assert stranger.status_code == 401
    written = platform.post("/facts?dry=1", {"market": "cn", "facts": []})
    assert (written.status_code, written.json()["field"]) == (422, "query.dry")
    many = "&".join(f"a{n}=1" for n in range(2100))
    assert platform.get(f"/sellers?{many}").json()["code"] == "query_unreadable"
    root = platform.get("/")
    assert (root.status_code, root.json()["code"]) == (404, "not_found")
    who = {"client_id": platform.client_id, "client_secret": platform.secret}
    for more, error, fix in (
        (who | {"client_secret": "x"}, "invalid_client", "is not right"),
        (who | {"grant_type": ""}, "unsupported_grant_type", "client_credentials"),
        (who | {"scope": "all"}, "invalid_scope", "leave scope out"),
    ):
        form = {"grant_type": "client_credentials"} | more
        said = platform.http.post("/api/v1/token", form, headers={"accept-language": "zh"}).json()
        assert (said["error"], fix in said["error_description"]) == (error, True)
        assert said["detail"] == tokens._FIXES[error][0]


def test_a_body_that_is_not_of_the_shape_names_the_field(
    calling: Callable[[str], Caller],
) -> None:
    platform = calling("platform")
    cases: dict[str, tuple[int, str, str | None]] = {
        "{": (400, "body_unreadable", None),
        '{"market": "cn"}': (422, "request_invalid", "body.facts"),
        '{"market": "cn", "facts": []}': (422, "request_invalid", "body.facts"),
        '{"market": "cn", "facts": [{"seller": "shop", "order": "A", "fact": "paid", "at": 7}]}':
            (422, "request_invalid", "body.facts.0.at"),
        '{"market": "cn", "facts": [null]}': (422, "request_invalid", "body.facts.0"),
        '{"market": "xx", "facts": [{"seller": "s", "order": "A", "fact": "paid", "at": "x"}]}':
            (404, "market_unknown", None),
    }  # fmt: skip
    for body, (status, code, field) in cases.items():
        answer = platform.post("/facts", body)
        assert (answer.status_code, answer.json()["code"]) == (status, code), body
        if field:
            assert answer.json()["errors"][0]["field"] == field, body


def test_a_claim_is_filed_once_under_its_key(calling: Callable[[str], Caller]) -> None:
    platform = calling("platform")
    locked_before = book().get("locked", 0)
    first = platform.post(f"/sellers/{SHOP}/claims", CLAIM, key="k1")
    assert first.status_code == 201, first.content
    claim = first.json()
    assert (claim["claim"], claim["order"], claim["buyer"]) == ("C1", "A", "buyer")
    assert claim["next_actions"]
    locked = claim["money"]["locked"]
    assert locked["currency"] == "CNY"
    assert book()["locked"] == locked_before + locked["amount"]
    again = platform.post(f"/sellers/{SHOP}/claims", CLAIM, key="k1")
    assert (again.status_code, again.content) == (201, first.content)
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["ETag"] == first.headers["ETag"]
    other = platform.post(f"/sellers/{SHOP}/claims", CLAIM | {"claim": "C2"}, key="k1")
    assert (other.status_code, other.json()["code"]) == (422, "idempotency_key_reused")
    bare = platform.http.post(
        f"/api/v1/sellers/{SHOP}/claims", CLAIM, content_type="application/json",
        headers=platform.headers(),
    )  # fmt: skip
    assert (bare.status_code, bare.json()["code"]) == (400, "idempotency_key_missing")
    assert count("claims_claim") == 1
    assert book()["locked"] == locked_before + locked["amount"]
    seen = platform.get(f"/sellers/{SHOP}/claims/C1")
    assert seen.json() == claim
    assert [
        (*row,) for row in fetch_rows(
            "SELECT method, status, code, is_replayed FROM work_call ORDER BY called_at, took_us"
        ) if row[0] == "POST"
    ].count(("POST", 201, "", True)) == 1  # fmt: skip


def test_who_may_not_is_told_so_and_a_stranger_sees_nothing(
    calling: Callable[[str], Caller],
) -> None:
    calling("platform").post(f"/sellers/{SHOP}/claims", CLAIM)
    path = f"/sellers/{SHOP}/claims/C1"
    assert calling("shop").get(path).status_code == 200
    assert calling("adjudicator").get(path).status_code == 200
    stranger = calling("other shop").get(path)
    assert (stranger.status_code, stranger.json()["code"]) == (404, "not_found")
    assert (
        stranger.json()["detail"]
        == calling("other shop").get("/sellers/nobody/claims/C1").json()["detail"]
    )
    scoped = calling("policy").get(path)
    assert (scoped.status_code, scoped.json()["code"]) == (403, "scope_missing")
    mine = calling("shop").post(f"/sellers/{SHOP}/claims", CLAIM)
    assert (mine.status_code, mine.json()["code"]) == (403, "party_of_another")
    nobody = calling("shop").http.get(f"/api/v1{path}")
    assert (nobody.status_code, nobody.json()["code"]) == (401, "token_missing")
    assert "WWW-Authenticate" in nobody.headers
    zh = calling("policy").get(path, accept_language="zh-CN").json()
    assert zh["title"] == "没有权限"
