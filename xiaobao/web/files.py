"""Files on their way: taken from forms as evidence, given out as their reader may see them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, StreamingHttpResponse

from xiaobao.claims.facts import Handed
from xiaobao.evidence import acts
from xiaobao.evidence.facts import KINDS, MEDIA_TYPES, SUFFIXES
from xiaobao.evidence.queries import PieceUnknown, pieces_of
from xiaobao.web.telling import WORDS, field, say_to, spoken_in
from xiaobao.work.clock import now
from xiaobao.work.uploads import content_in

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from xiaobao.evidence.facts import Kind, Piece, Viewer
    from xiaobao.kernel.contents import Content

# A browser shows these without a player or a reader of its own, which the sandbox would stop.
SEEN_HERE = ("image/", "text/", "application/json")


def handed_in(request: HttpRequest, kinds: Sequence[Kind], *, words: str = "") -> list[Handed]:
    """The files of a form, each of the kind that it names; the first of `kinds` where none."""
    named = {kind.name.lower(): kind for kind in kinds}
    kind = named.get(field(request, "evidence"), kinds[0])
    return [
        Handed(kind, content_in(one), name=(one.name or "")[:200], words=words[:WORDS])
        for one in request.FILES.getlist("file")
    ]


def pieces_for(
    request: HttpRequest, seller_id: int, case_id: int, viewer: Viewer
) -> list[tuple[Piece, str, str]]:
    """What was handed in, with its kind in words and its address below the page's own."""
    is_zh = spoken_in(request) == "zh"
    return [
        (one, KINDS[one.kind].zh if is_zh else KINDS[one.kind].en, f"{request.path}{one.seq}/")
        for one in pieces_of(seller_id, case_id, viewer=viewer)
    ]


def copy_for(
    request: HttpRequest, seller_id: int, case_id: int, seq: int, viewer: Viewer, *,
    viewer_id: int, why: str = "",
) -> HttpResponseBase:  # fmt: skip
    """A piece as this side may see it; that it was seen is written down first."""
    try:
        shown = acts.view_piece(
            seller_id, case_id, seq, viewer, viewer_id=viewer_id, at=now(), why=why
        )
    except PieceUnknown as problem:
        raise Http404 from problem
    if shown.withheld_zh:
        words = say_to(request, zh=shown.withheld_zh, en=shown.withheld_en)
        return HttpResponse(words, content_type="text/plain; charset=utf-8")
    response = _given(shown.content, shown.media_type)
    if not shown.media_type.startswith(SEEN_HERE):
        suffix = SUFFIXES[shown.piece.media]
        response.headers["Content-Disposition"] = f'attachment; filename="evidence-{seq}.{suffix}"'
    return response


def own_original(
    seller_id: int, case_id: int, seq: int, viewer: Viewer, *, viewer_id: int
) -> HttpResponseBase:
    """A piece to take away, byte for byte as it was handed in."""
    try:
        piece, content = acts.read_original(
            seller_id, case_id, seq, viewer, viewer_id=viewer_id, at=now()
        )
    except PieceUnknown as problem:
        raise Http404 from problem
    response = _given(content, MEDIA_TYPES[piece.media])
    name = f"evidence-{seq}.{SUFFIXES[piece.media]}"
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _given(content: Content, media_type: str) -> StreamingHttpResponse:
    """Sent as it is read. What a stranger handed in is a picture or a text, and never a page."""
    kind = f"{media_type}; charset=utf-8" if media_type.startswith("text/") else media_type
    return StreamingHttpResponse(
        content.portions(), content_type=kind,
        headers={
            "Content-Length": str(content.size),
            "Content-Security-Policy": "default-src 'none'; sandbox",
        },
    )  # fmt: skip
