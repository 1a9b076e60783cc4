"""证据档案 · the shop's own file: policy notices, proof of hardship, notices of penalties."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from xiaobao.evidence import acts, queries
from xiaobao.evidence.facts import KINDS, MEDIA_TYPES, Kind, Party, Submission, Viewer
from xiaobao.evidence.rules.words import PARTY_WORDS
from xiaobao.evidence.terms import EvidenceTerms
from xiaobao.kernel.problems import Problem
from xiaobao.promises import queries as promises
from xiaobao.web.files import handed_in, own_original
from xiaobao.web.gates import shop_page
from xiaobao.web.listing import listed
from xiaobao.web.telling import WORDS, field, spoken_in, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from xiaobao.sellers.facts import SellerRow

OFFERED = (
    Kind.POLICY_NOTICE, Kind.HARDSHIP_PROOF, Kind.PENALTY_NOTICE, Kind.PAYMENT_PROOF,
    Kind.CHAT_RECORD, Kind.PURCHASE_CHAIN, Kind.AUTHORISATION, Kind.CERTIFICATE, Kind.PHOTO,
    Kind.STATEMENT, Kind.OTHER,
)  # fmt: skip


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page()
def file(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Everything in it, and handing in more; a piece stays as it was handed in."""
    if request.method == "POST":
        _hand_in(request, row)
        return HttpResponseRedirect(reverse("seller-file", args=[row.name]))
    is_zh = spoken_in(request) == "zh"
    page = listed(
        request, queries.LATEST_PIECE,
        lambda place, most: queries.latest_pieces(
            row.seller_id, row.seller_id, viewer=Viewer.SELLER, place=place, limit=most
        ),
    )  # fmt: skip
    return render(request, "seller/file.html", {
        "shop": row, "tab": "file",
        "pieces": [
            (one, KINDS[one.kind].zh if is_zh else KINDS[one.kind].en, PARTY_WORDS[one.party],
             MEDIA_TYPES[one.media], one.party is Party.SELLER, one.sha256.hex())
            for one in page.rows
        ],
        "page": page,
        "kinds": [(kind.name.lower(), KINDS[kind].zh if is_zh else KINDS[kind].en)
                  for kind in OFFERED],
    })  # fmt: skip


def _hand_in(request: HttpRequest, row: SellerRow) -> None:
    at = now()
    given = handed_in(request, OFFERED, words=field(request, "words", WORDS))
    if not given:
        tell_wrong(request, zh="请先选择文件", en="choose a file first", about="file")
        return
    try:
        receipts = acts.submit_all(
            [
                Submission(
                    row.seller_id, row.seller_id, one.kind, Party.SELLER, one.body, at,
                    party_id=row.seller_id, words=one.words, name=one.name,
                )
                for one in given
            ],
            limits=promises.book_of(EvidenceTerms, row.market_id), at=at,
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
        return
    new = sum(one.is_new for one in receipts)
    tell(
        request,
        zh=f"已收下 {new} 件，{len(receipts) - new} 件此前已有",
        en=f"{new} taken, {len(receipts) - new} were here before",
    )


@require_safe
@shop_page()
def piece(request: HttpRequest, row: SellerRow, seq: int) -> HttpResponseBase:  # noqa: ARG001
    """What the shop itself handed in, byte for byte."""
    return own_original(row.seller_id, row.seller_id, seq, Viewer.SELLER, viewer_id=row.seller_id)
