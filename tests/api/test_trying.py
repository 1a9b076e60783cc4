"""What the database takes back is done again, or told as what it is; tokens in JSON alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import psycopg
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import OperationalError

from tests.api.conftest import Caller, mint
from tests.claims.making import NOW, SHOP, open_world, photo, place
from xiaobao.api import trying
from xiaobao.claims import acts
from xiaobao.database.sets import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    import pytest
    from django.http import HttpResponse

LOST = (psycopg.errors.DeadlockDetected, psycopg.errors.SerializationFailure,
        psycopg.errors.LockNotAvailable)  # fmt: skip
CLAIM = {"claim": "C1", "order": "A", "buyer": "buyer", "kind": "not_as_described"}


def losing(times: int, act: Callable[..., object]) -> tuple[Callable[..., object], list[int]]:
    """An act that loses a race so many times after all its work, and then does not."""
    lost: list[int] = []

    def acting(*given: Any, **more: Any) -> object:
        if len(lost) < times:
            lost.append(1)
            raise LOST[len(lost) % len(LOST)]("deadlock detected")
        return act(*given, **more)

    return acting, lost


def test_a_lost_race_is_run_again_and_then_told_as_that(
    committed: None, the_time: Callable[[datetime], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    place("B", open_world())
    the_time(NOW)
    platform = Caller(*mint("platform"))
    act = acts.file_claim
    acting, lost = losing(trying.TRIES - 1, act)
    monkeypatch.setattr(acts, "file_claim", acting)
    done = platform.post(f"/sellers/{SHOP}/claims", CLAIM, key="one")
    assert (done.status_code, len(lost)) == (201, trying.TRIES - 1)
    acting, lost = losing(trying.TRIES, act)
    monkeypatch.setattr(acts, "file_claim", acting)
    other = CLAIM | {"claim": "C2", "order": "B"}
    busy = platform.post(f"/sellers/{SHOP}/claims", other, key="two")
    assert (busy.status_code, busy.json()["code"], len(lost)) == (503, "busy", trying.TRIES)
    assert busy.headers["Retry-After"] == "1"
    assert fetch_rows("SELECT count(*) FROM claims_claim") == [(1,)]
    # The key is not used up: the same request goes through.
    assert platform.post(f"/sellers/{SHOP}/claims", other, key="two").status_code == 201
    # Files that came with a form are read by then: whoever sent them sends them again.
    acting, lost = losing(1, acts.add_evidence)
    monkeypatch.setattr(acts, "add_evidence", acting)
    pieces = [
        platform.http.post(
            f"/api/v1/sellers/{SHOP}/claims/C2/evidence",
            {"file": SimpleUploadedFile("a.png", photo().body), "party": "buyer"},
            headers=platform.headers(idempotency_key="three"),
        )
        for _ in range(2)
    ]
    assert [one.status_code for one in pieces] == [503, 200]
    assert fetch_rows("SELECT kind, size FROM evidence_piece WHERE name = 'a.png'") == [
        (1, len(photo().body))
    ]


def test_which_troubles_are_a_lost_race() -> None:
    for kind in LOST:
        wrapped = OperationalError("deadlock detected")
        wrapped.__cause__ = kind("deadlock detected")
        assert trying.lost_a_race(kind())
        assert trying.lost_a_race(wrapped)
    for away in (psycopg.OperationalError("gone"), psycopg.errors.AdminShutdown(),
                 psycopg.errors.UniqueViolation(), OperationalError("gone")):  # fmt: skip
        assert not trying.lost_a_race(away)


def test_whoever_asks_for_a_token_is_told_what_is_wrong_in_json(
    calling: Callable[[str], Caller], monkeypatch: pytest.MonkeyPatch
) -> None:
    http = calling("platform").http
    for path in ("token", "revoke"):
        at = f"/api/v1/{path}"
        large = http.post(at, "x" * 100_001, content_type="application/json",
                          headers={"accept-language": "en"})  # fmt: skip
        assert (large.status_code, large.headers["Content-Type"]) == (
            413, "application/problem+json",
        )  # fmt: skip
        told = large.json()
        assert (told["code"], told["most"], "X-Problem" in large.headers) == (
            "body_too_large", 100_000, False,
        )  # fmt: skip
        other = http.get(at)
        assert (other.status_code, other.json()["code"]) == (405, "method_not_allowed")
        torn = http.post(at, "x", content_type="multipart/form-data")
        assert (torn.status_code, torn.json()["code"]) == (400, "body_unreadable")

    def gone(_: object) -> HttpResponse:
        raise OperationalError("gone")

    monkeypatch.setattr("xiaobao.api.tokens.library_issues", gone)
    away = http.post("/api/v1/token", {"grant_type": "client_credentials"})
    assert (away.status_code, away.json()["code"]) == (503, "unavailable")
    assert away.headers["Retry-After"] == "1"
