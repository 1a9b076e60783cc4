"""Files over HTTP: whole or not at all, spooled under no name, sent as they are read."""

from __future__ import annotations

import io
import json
import resource
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import RequestFactory
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.api.conftest import Caller, mint, served
from tests.claims.making import SHOP, photo
from tests.evidence.making import film
from xiaobao.database.places import places
from xiaobao.database.sets import fetch_rows

if TYPE_CHECKING:
    from collections.abc import Iterator

CLAIM = {"claim": "C1", "order": "A", "buyer": "buyer", "kind": "not_as_described"}
AT = f"/sellers/{SHOP}/claims/C1/evidence"


@pytest.fixture
def platform(world: None) -> Caller:
    caller = Caller(*mint("platform"))
    assert caller.post(f"/sellers/{SHOP}/claims", CLAIM).status_code == 201
    return caller


def handed_in(caller: Caller, key: str, files: list[bytes], cut: int = 0, **told: str) -> Any:
    """As a web server gives it on: status and answer; the last bytes may never have come."""
    body = encode_multipart(BOUNDARY, {
        "party": "buyer", **told, "file": [SimpleUploadedFile("a", one) for one in files],
    })  # fmt: skip
    request = RequestFactory().generic(
        "POST", f"/api/v1{AT}", body, content_type=MULTIPART_CONTENT,
        headers=caller.headers(idempotency_key=key),
    )  # fmt: skip
    environ = request.environ | {"wsgi.input": io.BytesIO(body[: len(body) - cut])}
    said: list[str] = []
    answer = served(environ, lambda status, _headers: said.append(status))
    told_back = json.loads(b"".join(answer))
    answer.close()
    return int(said[0][:3]), told_back


def recorded() -> list[int]:
    """Sizes of what was handed in; the claim's own facts are not."""
    rows = fetch_rows("SELECT size FROM evidence_piece WHERE party = 1 ORDER BY size")
    return [size for (size,) in rows]


@contextmanager
def room_for(size: int) -> Iterator[None]:
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_form_that_was_cut_off_is_none_however_much_of_it_came(platform: Caller) -> None:
    two = [photo(1).body, photo(2).body]
    for cut in (1, 40, 60 + len(two[1]), 80 + len(two[1])):
        status, told = handed_in(platform, "one", two, cut)
        assert (status, told["code"]) == (400, "body_unreadable")
        assert recorded() == []
    # Its key is not used up, and stands for the form that came whole.
    assert handed_in(platform, "one", two)[0] == 200
    assert recorded() == sorted(len(one) for one in two)


def test_a_large_file_is_spooled_under_no_name_and_sent_as_it_is_read(platform: Caller) -> None:
    large = film(frames=b"f" * 3_000_000)
    kind = "unboxing_video"
    with room_for(1_000_000):
        status, told = handed_in(platform, "full", [large], kind=kind)
    assert (status, told["code"]) == (503, "upload_not_kept")
    assert recorded() == []
    status, _ = handed_in(platform, "full", [large], kind=kind)
    assert (status, recorded()) == (200, [len(large)])
    assert list(places().spool.iterdir()) == []
    ((number,),) = fetch_rows("SELECT seq FROM evidence_piece WHERE party = 1")
    assert platform.get(f"{AT}/{number}").json()["code"] == "evidence_reason_missing"
    assert fetch_rows("SELECT count(*) FROM evidence_custody") == [(0,)]
    sent = platform.get(f"{AT}/{number}?why=case")
    # Written down before the first byte is sent, and once.
    assert fetch_rows("SELECT piece_seq FROM evidence_custody") == [(number,)]
    assert (sent.streaming, sent.headers["Content-Length"]) == (True, str(len(large)))
    assert sent.getvalue() == large
    archive = platform.get(f"/sellers/{SHOP}/claims/C1/dossier?why=case")
    assert int(archive.headers["Content-Length"]) == len(archive.getvalue())
