"""What one client cannot do alone, or as another; and a body of the wrong kind breaks nothing."""

from __future__ import annotations

import io
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.api.conftest import Caller, mint
from tests.claims.making import (
    NOW,
    OTHER_SHOP,
    SHOP,
    book,
    deny,
    file,
    later,
    paper,
    photo,
    put,
)
from tests.hostile_files import HOSTILE
from xiaobao.api.frame import MOST_BYTES
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.references import id_of
from xiaobao.sellers.acts import update_profile
from xiaobao.sellers.queries import profile_of

if TYPE_CHECKING:
    from collections.abc import Callable

FROM = 5_000_000  # of CNY it takes two: people/packs/duties.toml
PART = {"scope": "part", "amount": {"amount": 100, "currency": "CNY"}}


def test_no_client_alone_approves_what_takes_two_persons(
    calling: Callable[[str], Caller],
) -> None:
    platform, staff = calling("platform"), calling("adjudicator")
    put(SHOP, FROM - book(SHOP)["deposit"])
    put(OTHER_SHOP, FROM - 1)
    tags = {}
    for shop in (SHOP, OTHER_SHOP):
        profile = {"payout_account": "shop@example.com", "legal_name": "li"}
        platform.post(f"/sellers/{shop}/profile", {"changes": profile})
        applied = platform.post(f"/sellers/{shop}/exits", PART)
        assert applied.status_code == 201, applied.content
        assert applied.json()["state"] == "under_review"
        tags[shop] = applied.headers["ETag"]
    # A program's secret alone leads no deposit elsewhere; the same again changes nothing.
    for changes, status in (
        ({"payout_account": "thief@example.com"}, 403), ({"legal_name": ""}, 403), (profile, 200),
        ({"phone": "1"}, 200),
    ):  # fmt: skip
        said = platform.post(f"/sellers/{SHOP}/profile", {"changes": changes})
        assert said.status_code == status
        assert status == 200 or said.json()["code"] == "payee_needs_person"
    assert profile_of(id_of(SHOP)) | profile == profile_of(id_of(SHOP))
    before = book(SHOP)
    for caller, body in ((staff, {}), (platform, {"by": "li"})):
        refused = caller.post(f"/sellers/{SHOP}/exit/approve", body, if_match=tags[SHOP])
        assert (refused.status_code, refused.json()["code"]) == (403, "exit_takes_two")
    still = platform.get(f"/sellers/{SHOP}/exits/1")
    assert (still.json()["state"], still.headers["ETag"]) == ("under_review", tags[SHOP])
    assert book(SHOP) == before
    # A fen less, and one is enough.
    done = staff.post(f"/sellers/{OTHER_SHOP}/exit/approve", {}, if_match=tags[OTHER_SHOP])
    assert (done.status_code, done.json()["state"]) == (200, "approved")
    assert book(OTHER_SHOP)["locked"] == 100
    # The shop is told what happened and which program asked for it, and no name of staff.
    by = {
        name: {one["event"]: one["by"] for one in told.json()["events"]}
        for name in ("platform", "other shop")
        if (told := calling(name).get(f"/sellers/{OTHER_SHOP}/exits/1")).status_code == 200
    }
    assert by["platform"]["approved"].endswith(f" ({staff.client_id})")
    assert by["other shop"] == by["platform"] | {"approved": ""}
    assert by["other shop"]["drafted"].endswith(f" ({platform.client_id})")
    # A person leads the money elsewhere: it waits, and staff are told whom to call about it.
    update_profile(id_of(OTHER_SHOP), {"payout_account": "thief@example.com"}, by="li", at=NOW)
    check = calling("other shop").get(f"/sellers/{OTHER_SHOP}/exit/check").json()
    until = datetime.fromisoformat(check["payee_waits_until"])
    assert (until, datetime.fromisoformat(check["payee_changed_at"])) == (later(days=3), NOW)
    told = {
        name: calling(name).get(f"/sellers/{OTHER_SHOP}").json()["payee_changes"]
        for name in ("platform", "other shop")
    }
    assert [(one["changed_by"], one["account_before"]) for one in told["platform"]] == [
        ("li", "shop@example.com")
    ]
    assert told["other shop"] == []


def test_blanks_make_nobody_another_person(calling: Callable[[str], Caller]) -> None:
    platform = calling("platform")
    at = f"/sellers/{SHOP}/violations"
    told = {"violation": "V1", "kind": "misdescribed", "words": "no", "by": "li"}
    unnamed = platform.post(at, told | {"by": " \t"})
    assert (unnamed.status_code, unnamed.json()["code"]) == (422, "name_missing")
    assert platform.post(at, told).status_code == 201
    assert calling("shop").post(f"{at}/V1/appeal", {"words": "it was right"}).status_code == 200
    decision = {"decision": "revoke", "words": "it was", "by": " li "}
    same = platform.post(f"{at}/V1/decision", decision)
    assert (same.status_code, same.json()["code"]) == (403, "violation_same_person")
    other = platform.post(f"{at}/V1/decision", decision | {"by": "wang"})
    assert (other.status_code, other.json()["state"]) == (200, "revoked")


def test_no_program_reviews_what_a_program_decided(calling: Callable[[str], Caller]) -> None:
    """Two clients of one owner are two names, and no two persons."""
    platform, shop = calling("platform"), calling("shop")
    staff, others = (calling("supervisor"), Caller(*mint("supervisor")))
    at = f"/sellers/{SHOP}/violations"
    staff.post(at, {"violation": "V1", "kind": "misdescribed", "words": "no"})
    shop.post(f"{at}/V1/appeal", {"words": "it was right"})
    decision = {"decision": "revoke", "words": "it was"}
    refused = others.post(f"{at}/V1/decision", decision)
    assert (refused.status_code, refused.json()["code"]) == (403, "person_needed")
    named = platform.post(f"{at}/V1/decision", decision | {"by": "wang"})
    assert (named.status_code, named.json()["state"]) == (200, "revoked")
    # Who brings an appeal has decided nothing: a program may decide what a person recorded.
    more = {"violation": "V2", "kind": "misdescribed", "words": "no", "by": "li"}
    assert platform.post(at, more).status_code == 201
    assert platform.post(f"{at}/V2/appeal", {"words": "so they say"}).status_code == 200
    done = others.post(f"{at}/V2/decision", decision)
    assert (done.status_code, done.json()["state"]) == (200, "revoked")
    brought = {
        name: {one["event"]: one["by"] for one in platform.get(f"{at}/{name}").json()["events"]}
        for name in ("V1", "V2")
    }
    assert brought["V1"]["appeal"].endswith(f" ({SHOP}, {shop.client_id})")
    assert brought["V2"]["appeal"].endswith(f" ({platform.client_id})")

    deny(file(), paper(), at=later(hours=5))
    claim = f"/sellers/{SHOP}/claims/C1"
    desk, second = calling("adjudicator"), Caller(*mint("adjudicator"))

    def rule(caller: Caller, **more: str) -> tuple[int, str]:
        tag = caller.get(claim).headers["ETag"]
        told = caller.post(f"{claim}/rulings", {"verdict": "uphold"} | more, if_match=tag)
        return told.status_code, told.json().get("code", "")

    assert rule(desk) == (201, "")
    appealed = shop.http.post(
        f"/api/v1{claim}/appeals",
        {"words": "something new", "kind": "photo", "file": io.BytesIO(photo(99).body)},
        headers=shop.headers(idempotency_key="appeal"),
    )  # fmt: skip
    assert appealed.status_code == 201, appealed.content
    before = book(SHOP)
    assert rule(second) == (403, "person_needed")
    assert book(SHOP) == before
    assert rule(platform, by="ada") == (201, "")


def test_a_form_where_json_is_asked_for_is_refused(calling: Callable[[str], Caller]) -> None:
    platform = calling("platform")
    for path in ("/facts", f"/sellers/{SHOP}/exits"):
        refused = platform.http.post(
            f"/api/v1{path}", {"scope": "part"}, headers=platform.headers(idempotency_key=path)
        )  # as multipart/form-data
        assert (refused.status_code, refused.json()["code"]) == (415, "content_unsupported")
    assert platform.get(f"/sellers/{SHOP}/exits").json()["exits"] == []


class Unread:
    """A body that nobody may read."""

    def read(self, *_: object) -> bytes:
        raise AssertionError("it was read")

    readline = read


UNREAD: dict[str, Any] = {"wsgi.input": Unread()}


def test_a_body_is_read_of_clients_alone_and_only_so_far(
    calling: Callable[[str], Caller],
) -> None:
    platform = calling("platform")
    for headers, length, kind, told in (
        ({}, 1, "application/json", (401, "token_missing")),
        ({}, 10**12, "multipart/form-data; boundary=x", (401, "token_missing")),
        ({"authorization": "Bearer none"}, 1, "application/json", (401, "token_missing")),
        (platform.headers(idempotency_key="k"), MOST_BYTES + 1, "application/json",
         (413, "body_too_large")),
        (platform.headers(idempotency_key="k"), settings.LARGEST_REQUEST_BYTES + 1,
         "multipart/form-data; boundary=x", (413, "body_too_large")),
    ):  # fmt: skip
        refused = platform.http.generic(
            "POST", "/api/v1/facts", b"", kind, headers=headers, CONTENT_LENGTH=str(length),
            **UNREAD,
        )  # fmt: skip
        assert (refused.status_code, refused.json()["code"]) == told, (kind, length)
        assert refused["Content-Type"] == "application/problem+json"
    assert "field file" in refused.json()["detail"]


def test_a_file_that_is_not_what_it_says_is_refused_whole(
    calling: Callable[[str], Caller],
) -> None:
    shop = calling("shop")
    file(claim="C1")
    pieces = fetch_rows("SELECT count(*) FROM evidence_piece")
    for number, (name, body) in enumerate(HOSTILE.values()):
        given = SimpleUploadedFile(name, body, content_type="image/png")
        refused = shop.http.post(
            f"/api/v1/sellers/{SHOP}/claims/C1/evidence", {"kind": "photo", "file": given},
            headers=shop.headers(idempotency_key=f"file-{number}"),
        )  # fmt: skip
        assert refused.status_code in {409, 413, 422}, (name, refused.content)
        assert refused["Content-Type"] == "application/problem+json"
        assert b"<script>" not in refused.content
    assert fetch_rows("SELECT count(*) FROM evidence_piece") == pieces


def test_the_log_of_calls_holds_no_names_of_persons(calling: Callable[[str], Caller]) -> None:
    platform = calling("platform")
    platform.post("/buyers/li%20wei/account", {"account": "a@example.com", "name": "li wei"})
    platform.post("/buyers/li%2Fwei/account", {})
    platform.get("/buyers/li/accounts?limit=3")
    platform.http.get("/api/v1/buyers/li")
    platform.get("/jurors/li")
    platform.get(f"/sellers/{SHOP}/claims/C1/dossier?why=li+sues&%77hy=li&x=1")
    platform.get(f"/sellers/{SHOP}/claims/C1/exports/stripe?why=li")
    assert fetch_rows('SELECT path FROM work_call ORDER BY path COLLATE "C"') == [
        ("/api/v1/buyers/{buyer}",), ("/api/v1/buyers/{buyer}/account",),
        ("/api/v1/buyers/{buyer}/account",), ("/api/v1/buyers/{buyer}?limit=3",),
        ("/api/v1/jurors/{juror}",), (f"/api/v1/sellers/{SHOP}/claims/C1/dossier?x=1",),
        (f"/api/v1/sellers/{SHOP}/claims/C1/exports/stripe",),
    ]  # fmt: skip
