"""Evidence of a claim: what was handed in, and the copy of a piece for whoever asks."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, StreamingHttpResponse
from ninja import Path, Query

from xiaobao.api.asking import NotFound, caller_in, needs, shop_in
from xiaobao.api.pages import Cursor, Limit, page_of

# One address is one router's: handing in and looking share theirs.
from xiaobao.api.resources.claims.moving import router
from xiaobao.api.sending import sent
from xiaobao.api.shapes import NO_NUL, Code, Moment, Page, Shop, Told, name_of
from xiaobao.claims import queries
from xiaobao.evidence import acts as evidence
from xiaobao.evidence import queries as kept
from xiaobao.evidence.facts import MEDIA_TYPES, Kind, Party, Viewer
from xiaobao.kernel.references import id_of
from xiaobao.work.clock import now

AT = "/sellers/{name:seller}/claims/{name:claim}/evidence"


class PieceTold(Told):
    """One piece; its words and name masked for the other side."""

    number: int
    kind: Annotated[str, Code(Kind)]
    party: Annotated[str, Code(Party)]
    media: str
    bytes: int
    sha256: str
    name: str
    words: str
    submitted_at: Moment


class PiecesTold(Page):
    pieces: list[PieceTold]


@router.get(AT, **needs("claims:read"), response=PiecesTold,
            summary="What was handed in, in order")  # fmt: skip
def listed(
    request: HttpRequest, seller: Shop, claim: str, cursor: Cursor = "", limit: Limit = 100
) -> PiecesTold:  # fmt: skip
    row = shop_in(request, seller)
    key = queries.claim_named(claim, row.name)
    order = kept.FIRST_PIECE
    found = kept.latest_pieces(
        key.seller_id, key.claim_id, viewer=_viewer(request), place=order.place(cursor),
        limit=limit + 1, order=order,
    )  # fmt: skip
    rows, after = page_of(found, order, limit)
    return PiecesTold(
        pieces=[
            PieceTold(
                number=one.seq, kind=name_of(one.kind), party=name_of(one.party),
                media=MEDIA_TYPES[one.media], bytes=one.size, sha256=one.sha256.hex(),
                name=one.name, words=one.words, submitted_at=one.submitted_at,
            )
            for one in rows
        ],
        next=after,
    )  # fmt: skip


__all__ = ["router"]
_COPY = needs("claims:read")
_COPY["openapi_extra"]["responses"] = {
    200: {
        "description": "the copy for whoever asks, in its own type",
        # Facts of an order are JSON, a photo is none: bytes of whatever type the piece has.
        "content": {"*/*": {"schema": {}}},
    }
}


@router.get(f"{AT}/{{int:number}}", **_COPY, summary="The copy of one piece")
def copy(
    request: HttpRequest, seller: Shop, claim: str,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
    why: Annotated[
        str,
        Query(max_length=500, pattern=NO_NUL, description="staff see all of it: they say why"),
    ] = "",
) -> StreamingHttpResponse:  # fmt: skip
    """The look is written into the case's chain before anything is shown."""
    row = shop_in(request, seller)
    key = queries.claim_named(claim, row.name)
    shown = evidence.view_piece(
        key.seller_id, key.claim_id, number, _viewer(request),
        viewer_id=id_of(f"api {caller_in(request).client_id}"), why=why, at=now(),
    )  # fmt: skip
    if shown.withheld_zh:
        raise NotFound(what_zh="可显示的副本", what_en="copy that may be shown")
    return sent(shown.content, shown.media_type)


def _viewer(request: HttpRequest) -> Viewer:
    return Viewer.SELLER if caller_in(request).is_of_shop else Viewer.STAFF
