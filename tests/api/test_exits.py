"""Exits over HTTP: what takes two persons in the consoles is approved by no single client."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.claims.making import OTHER_SHOP, SHOP, book, put

if TYPE_CHECKING:
    from collections.abc import Callable

    from tests.api.conftest import Caller

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
