"""Claims against the shop: the list, one claim whole, and the seller's moves."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.claims import queries
from xiaobao.claims.facts import ASK_WORDS, KIND_WORDS, STATE_WORDS, Party
from xiaobao.claims.queries import ClaimUnknown
from xiaobao.evidence.facts import Viewer
from xiaobao.kernel.problems import Problem
from xiaobao.web.dossiers import dossier_for
from xiaobao.web.files import copy_for
from xiaobao.web.gates import shop_page
from xiaobao.web.listing import listed as listed_at
from xiaobao.web.moves import move, side_of
from xiaobao.web.telling import spoken_in, tell_problem
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from xiaobao.claims.facts import ClaimDetail
    from xiaobao.sellers.facts import SellerRow


@require_safe
@shop_page()
def listed(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """The shop's claims; those in which a clock runs on top."""
    page = listed_at(
        request, queries.BY_CLOCK,
        lambda place, most: queries.claims_listed(
            seller_id=row.seller_id, place=place, limit=most
        ),
    )  # fmt: skip
    return render(request, "seller/claims.html", {
        "shop": row,
        "tab": "claims",
        "page": page,
        "claims": [(one, KIND_WORDS[one.kind], ASK_WORDS[one.ask], STATE_WORDS[one.state])
                   for one in page.rows],
    })  # fmt: skip


@require_safe
@shop_page()
def one(request: HttpRequest, row: SellerRow, claim: str) -> HttpResponse:
    """One claim whole: whose turn it is, the money, the proposal, what happened."""
    found = _found(request, row, claim)
    return render(request, "seller/claim.html", {
        "shop": row, "tab": "claims", "kind": KIND_WORDS[found.kind],
        "ask": ASK_WORDS[found.ask], "state": STATE_WORDS[found.state],
        **side_of(request, found, Party.SELLER),
    })  # fmt: skip


def _found(request: HttpRequest, row: SellerRow, claim: str) -> ClaimDetail:
    try:
        found = queries.claim_page(claim, spoken_in(request), seller=row.name, at=now())
    except ClaimUnknown as problem:
        raise Http404 from problem
    return queries.as_told(found, Party.SELLER)


@require_POST
@shop_page()
def answer(request: HttpRequest, row: SellerRow, claim: str) -> HttpResponse:
    """Answer, offer, take or decline an offer, show evidence, appeal."""
    move(request, _found(request, row, claim), Party.SELLER)
    return HttpResponseRedirect(reverse("seller-claim", args=[row.name, claim]))


@require_safe
@shop_page()
def piece(request: HttpRequest, row: SellerRow, claim: str, seq: int) -> HttpResponseBase:
    """What was handed in, as the shop may see it."""
    found = _found(request, row, claim)
    return copy_for(
        request, row.seller_id, found.claim_id, seq, Viewer.SELLER, viewer_id=row.seller_id
    )


@require_POST
@shop_page()
def dossier(request: HttpRequest, row: SellerRow, claim: str) -> HttpResponseBase:
    """Everything of the claim in one sealed archive, the buyer's data masked."""
    found = _found(request, row, claim)
    try:
        return dossier_for(found, Viewer.SELLER, viewer_id=row.seller_id)
    except Problem as problem:
        tell_problem(request, problem)
        return HttpResponseRedirect(reverse("seller-claim", args=[row.name, claim]))
