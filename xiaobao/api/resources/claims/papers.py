"""Papers of a claim to take away: its sealed dossier, and the shapes of other systems."""

from __future__ import annotations

import json
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any, Literal

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Query, Router

from xiaobao.api.asking import caller_in, needs, shop_in
from xiaobao.api.sending import sent
from xiaobao.api.shapes import NO_NUL, Shop
from xiaobao.claims import acts, queries
from xiaobao.evidence.facts import Viewer
from xiaobao.hearings import queries as hearings
from xiaobao.kernel.contents import content_of
from xiaobao.kernel.references import id_of
from xiaobao.work import calls
from xiaobao.work.answers import answering
from xiaobao.work.clock import now
from xiaobao.work.exporting import (
    SHAPES,
    ArchiveUnderWay,
    archive_of,
    case_for,
    check_length,
    check_size,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.gateways.disputes.case import Case

router = Router(tags=["claims"])
AT = "/sellers/{name:seller}/claims/{name:claim}"
Why = Annotated[
    str, Query(max_length=500, pattern=NO_NUL, description="staff see all of it: they say why")
]
_ZIP: dict[str, Any] = {"application/zip": {"schema": {"type": "string", "format": "binary"}}}
_JSON: dict[str, Any] = {"application/json": {"schema": {"type": "object"}}}


# No key that a call can carry: blanks about it are taken off.
_ARCHIVE = " archive"


def _gives(scope: str, content: dict[str, Any], what: str) -> dict[str, Any]:
    taken = needs(scope)
    taken["openapi_extra"]["responses"] = {200: {"description": what, "content": content}}
    return taken


@router.get(f"{AT}/dossier", **_gives("claims:read", _ZIP, "the sealed archive"),
            summary="Everything of a claim, in one sealed archive")  # fmt: skip
def dossier(
    request: HttpRequest, seller: Shop, claim: str, why: Why = ""
) -> StreamingHttpResponse:
    """For whoever asks: a shop's own masks the buyer's data. That it left is on the chain.

    `xiaobao verify` checks it offline.
    """
    key = queries.claim_named(claim, shop_in(request, seller).name)
    viewer = _viewer(request)
    with _taking_out(request, key.seller_id, key.claim_id, claim):
        content = acts.export_dossier(
            key.seller_id, key.claim_id, viewer, viewer_id=_viewer_id(request), why=why, at=now(),
            rulings=hearings.rulings_told(
                key.seller_id, key.claim_id, names_rulers=viewer is Viewer.STAFF
            ),
        )  # fmt: skip
    return sent(content, "application/zip")


@router.get(f"{AT}/exports/{{shape}}",
            **_gives("claims:read", _ZIP | _JSON, "JSON, or with files a zip"),
            summary="A claim as PayPal, Stripe or ERC-1497 write theirs")  # fmt: skip
def export(
    request: HttpRequest, seller: Shop, claim: str, shape: Literal["paypal", "stripe", "erc1497"],
    files: bool = False, why: Why = "",
) -> StreamingHttpResponse:  # fmt: skip
    """With `files` the pieces lie beside it, each as whoever asks may have it.

    That they left is written into the case's chain.
    """
    row, at = shop_in(request, seller), now()

    def case() -> Case:
        return case_for(
            claim, row.name, _viewer(request), viewer_id=_viewer_id(request), with_files=files,
            why=why, at=at,
        )  # fmt: skip

    key = queries.claim_named(claim, row.name)
    if files:
        with _taking_out(request, key.seller_id, key.claim_id, claim):
            return sent(archive_of(case(), shape), "application/zip")
    check_length(key.seller_id, key.claim_id, claim)
    told = json.dumps(SHAPES[shape](case()), ensure_ascii=False)
    return sent(content_of(told.encode()), "application/json")


@contextmanager
def _taking_out(request: HttpRequest, seller_id: int, claim_id: int, claim: str) -> Iterator[None]:
    """One archive at a time for a client, which counts as a call for each of its pieces.

    :raises ArchiveTooLarge: where it is more than leaves at once
    :raises ArchiveUnderWay: while another is being made
    """
    caller, pieces = caller_in(request), check_size(seller_id, claim_id, claim)
    with answering(caller.client_id, _ARCHIVE) as is_mine:
        if not is_mine.answer:
            raise ArchiveUnderWay
        if pieces > 1:
            calls.count(caller.seller_id, caller.client_id, at=now(), so_many=pieces - 1)
        yield


def _viewer(request: HttpRequest) -> Viewer:
    return Viewer.SELLER if caller_in(request).is_of_shop else Viewer.STAFF


def _viewer_id(request: HttpRequest) -> int:
    return id_of(f"api {caller_in(request).client_id}")
