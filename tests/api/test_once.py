"""Once under a key, whatever happens meanwhile; as often as allowed; as long as the client is."""

from __future__ import annotations

import threading
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest
from django.db import connections

from tests.api.conftest import Caller, mint
from tests.claims.making import NOW, SHOP, open_world
from xiaobao.api import frame
from xiaobao.database.sets import execute, fetch_rows
from xiaobao.work import answers, callers, calls
from xiaobao.work.scopes import ClientRole

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

CLAIM = {"claim": "C1", "order": "A", "buyer": "buyer", "kind": "not_as_described"}


def count(table: str) -> int:
    return int(fetch_rows(f"SELECT count(*) FROM {table}")[0][0])


def test_of_many_at_once_one_does_it(
    committed: None, the_time: Callable[[datetime], None]
) -> None:
    open_world()
    the_time(NOW)
    platform = Caller(*mint("platform"))
    told: list[tuple[int, str]] = []
    together = threading.Barrier(6)

    def ask() -> None:
        together.wait()
        answer = platform.post(f"/sellers/{SHOP}/claims", CLAIM, key="one")
        told.append((answer.status_code, answer.json().get("code", "")))
        connections.close_all()

    crew = [threading.Thread(target=ask) for _ in range(6)]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    assert set(told) <= {(201, ""), (409, "idempotency_key_in_use")}
    assert told.count((201, "")) >= 1
    assert count("claims_claim") == 1
    assert fetch_rows("SELECT count(*) FROM claims_event WHERE event = 1") == [(1,)]
    after = platform.post(f"/sellers/{SHOP}/claims", CLAIM, key="one")
    assert (after.status_code, after.headers["Idempotent-Replayed"]) == (201, "true")


def test_of_two_bodies_at_once_under_one_key_one_is_done_and_the_other_refused(
    committed: None, the_time: Callable[[datetime], None]
) -> None:
    open_world()
    the_time(NOW)
    platform = Caller(*mint("platform"))
    told: list[tuple[int, str, str]] = []
    together = threading.Barrier(6)

    def ask(body: str) -> tuple[int, str]:
        answer = platform.post(f"/sellers/{SHOP}/claims", CLAIM | {"claim": body}, key="one")
        return answer.status_code, answer.json().get("code", "")

    def ask_at_once(body: str) -> None:
        together.wait()
        told.append((*ask(body), body))
        connections.close_all()

    crew = [threading.Thread(target=ask_at_once, args=[body]) for body in "ababab"]
    for one in crew:
        one.start()
    for one in crew:
        one.join()
    # Whoever got the key is the only one whose body counts, then and later.
    [won] = {body for status, _, body in told if status == 201}
    lost = "b" if won == "a" else "a"
    in_use, reused = (409, "idempotency_key_in_use"), (422, "idempotency_key_reused")
    assert {(*answer, body) for *answer, body in told if body == lost} <= {
        (*in_use, lost), (*reused, lost),
    }  # fmt: skip
    assert {(*answer, body) for *answer, body in told if body == won} <= {
        (*in_use, won), (201, "", won),
    }  # fmt: skip
    assert (ask(won), ask(lost)) == ((201, ""), reused)
    assert fetch_rows("SELECT count(*) FROM claims_claim") == [(1,)]
    assert fetch_rows("SELECT count(*) FROM claims_event WHERE event = 1") == [(1,)]


def test_a_key_that_is_refused_leaves_nothing_under_it(
    committed: None, the_time: Callable[[datetime], None]
) -> None:
    """Who is told that the key is in use has not put its own body under it."""
    open_world()
    the_time(NOW)
    platform = Caller(*mint("platform"))
    with answers.answering_once(0, platform.client_id, "k", b"mine", at=NOW) as begun:
        assert begun == (True, True)
        execute("DELETE FROM work_answer")
        refused: list[Any] = []

        def ask() -> None:
            refused.append(platform.post(f"/sellers/{SHOP}/claims", CLAIM, key="k"))
            connections.close_all()

        other = threading.Thread(target=ask)
        other.start()
        other.join()
        assert (refused[0].status_code, refused[0].json()["code"]) == (
            409, "idempotency_key_in_use",
        )  # fmt: skip
        assert (count("work_answer"), count("claims_claim")) == (0, 0)


def test_whoever_dies_while_answering_lets_the_next_one_do_it(
    calling: Callable[[str], Caller],
) -> None:
    platform = calling("platform")
    platform.post(f"/sellers/{SHOP}/claims", CLAIM, key="k")
    # As a process leaves it that died after the act and before its answer was kept.
    execute("UPDATE work_answer SET status = NULL, headers = NULL, body = NULL")
    again = platform.post(f"/sellers/{SHOP}/claims", CLAIM, key="k")
    assert again.status_code == 201
    assert "Idempotent-Replayed" not in again.headers
    assert count("claims_claim") == 1
    other = platform.post(f"/sellers/{SHOP}/claims", CLAIM | {"order": "B"}, key="k")
    assert other.json()["code"] == "idempotency_key_reused"
    # Keys are each client's own.
    elsewhere = Caller(*mint("platform")).post(f"/sellers/{SHOP}/claims", CLAIM, key="k")
    assert elsewhere.status_code == 201
    assert count("claims_claim") == 1


def test_answers_are_kept_for_72_hours_and_counts_for_two_minutes(
    calling: Callable[[str], Caller],
) -> None:
    platform = calling("platform")
    platform.post(f"/sellers/{SHOP}/claims", CLAIM, key="k")
    assert (count("work_answer"), calls.purge(NOW + answers.KEPT - timedelta(minutes=1))) == (
        1, count("work_allowance") + 2,
    )  # fmt: skip
    assert (count("work_answer"), count("work_allowance")) == (1, 0)
    assert calls.purge(NOW + answers.KEPT + timedelta(minutes=1)) == 1
    assert count("work_answer") == 0
    assert count("work_call") >= 1, "what was called stays written down"


def test_past_its_calls_a_client_waits_and_revoked_it_is_nobody(
    calling: Callable[[str], Caller], the_time: Callable[[datetime], None]
) -> None:
    made = callers.add_client("slow", ClientRole.PLATFORM, calls_per_minute=2, at=NOW)
    slow = Caller(*made)
    left = [slow.get("/clock").headers["RateLimit"].split(";")[1] for _ in range(2)]
    assert left == ["r=1", "r=0"]
    refused = slow.get("/clock")
    assert (refused.status_code, refused.json()["code"]) == (429, "too_many_calls")
    assert 0 < int(refused.headers["Retry-After"]) <= 60
    assert slow.post("/facts", {}, key="k").status_code == 429
    assert count("work_answer") == 0
    the_time(NOW + timedelta(minutes=1))
    assert slow.get("/clock").status_code == 200
    callers.revoke_client(made[0], at=NOW)
    gone = slow.get("/clock")
    assert (gone.status_code, gone.json()["code"]) == (401, "token_missing")
    assert fetch_rows("SELECT count(*) FROM allauth_idp_oidc_token") == [(0,)]
    with pytest.raises(callers.ClientUnknown):
        callers.revoke_client(made[0], at=NOW)
    (row,) = callers.clients()
    assert (row.client_id, row.revoked_at) == (made[0], NOW)
    secret: Any = fetch_rows("SELECT secret FROM allauth_idp_oidc_client")
    assert secret == []


def test_without_a_token_an_address_has_few_calls_and_fills_no_table(
    calling: Callable[[str], Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(frame, "CALLS_WITHOUT_TOKEN", 2)
    http = calling("platform").http
    guess = {"authorization": "Bearer guess"}
    before = count("work_call")
    assert [http.get("/api/v1/clock", headers=guess).status_code for _ in range(4)] == [
        401, 401, 429, 429,
    ]  # fmt: skip
    assert http.get(f"/api/v1/trust/{SHOP}").status_code == 429
    assert count("work_call") == before + 2
    assert calling("platform").get("/clock").status_code == 200


def test_a_client_is_what_its_role_lets_it_be(world: None) -> None:
    with pytest.raises(callers.ShopMissing):
        callers.add_client("x", ClientRole.SELLER, at=NOW)
    with pytest.raises(callers.ShopMissing):
        callers.add_client("x", ClientRole.FINANCE, seller_id=5, at=NOW)
    with pytest.raises(callers.ScopeNotOfRole):
        callers.add_client("x", ClientRole.FINANCE, scopes=["rulings:write"], at=NOW)
    made = callers.add_client("x", ClientRole.PLATFORM, scopes=["packs:read"], at=NOW)
    narrow = Caller(*made)
    assert narrow.token["scope"] == "packs:read"
    assert narrow.get("/packs").status_code == 200
    assert narrow.get("/sellers").json()["code"] == "scope_missing"
    wrong = narrow.http.post(
        "/api/v1/token",
        {"grant_type": "client_credentials", "client_id": made[0], "client_secret": "guess"},
    )
    assert (wrong.status_code, wrong.json()["error"]) == (401, "invalid_client")


def test_who_has_made_an_archive_holds_up_nobody_else(committed: None) -> None:
    told: list[bool] = []

    def ask() -> None:
        with answers.answering("client", "archive") as is_mine:
            told.append(is_mine.answer)
        connections.close_all()

    with answers.answering("client", "archive") as is_mine:
        assert is_mine.answer
    # Nothing more is asked on this connection, which stays open.
    other = threading.Thread(target=ask)
    other.start()
    other.join()
    assert told == [True]
