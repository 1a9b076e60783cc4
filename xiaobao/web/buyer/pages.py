"""The buyer's pages: what was promised, what happened, a claim, and whose turn it is."""

from __future__ import annotations

from itertools import groupby
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from xiaobao.claims import acts, queries
from xiaobao.claims.facts import (
    ASK_WORDS,
    BASIS_WORDS,
    KIND_WORDS,
    STATE_WORDS,
    Ask,
    ClaimKind,
    ClaimState,
    Party,
)
from xiaobao.claims.queries import ClaimUnknown
from xiaobao.evidence.facts import Viewer
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.money import minor_from
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.orders import queries as orders
from xiaobao.orders.facts import FACT_WORDS, REPORT_WORDS, REPORTS_BY, FactKind, ReportState
from xiaobao.people.acts import add_buyers_look
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import PROFILE_PARTS
from xiaobao.web.buyer.gate import buyer_page, remember
from xiaobao.web.dossiers import dossier_for
from xiaobao.web.files import copy_for
from xiaobao.web.moves import handed, move, side_of
from xiaobao.web.telling import WORDS, field, new_key, spoken_in, tell_problem, tell_wrong
from xiaobao.work.clock import now
from xiaobao.work.passes import PassSpent, open_pass

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from xiaobao.claims.facts import ClaimDetail
    from xiaobao.orders.facts import FactRow, OrderDetail, Words
    from xiaobao.promises.facts import PromiseRow

# What a platform has to be able to give (Consumer Law, article 44), and the licence beside it.
LICENCE = "licence_number"
IDENTITY = ("legal_name", "address", "phone", LICENCE)


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def open_link(request: HttpRequest, shop: str, secret: str) -> HttpResponse:
    """Opened by a click, not by looking: whoever reads mail for the buyer spends no link."""
    row = sellers.seller(shop)
    if row is None:
        raise Http404
    if request.method != "POST":
        return render(request, "buyer/open.html", {"shop": row})
    try:
        order_id = open_pass(row.seller_id, secret, at=now())
    except PassSpent as problem:
        tell_problem(request, problem)
        return render(request, "buyer/open.html", {"shop": row, "is_spent": True}, status=404)
    detail = orders.order_detail(row.seller_id, order_id)
    assert detail is not None, "a link leads to an order that is not there"
    remember(request, row.seller_id, order_id)
    return HttpResponseRedirect(reverse("buyer-order", args=[shop, detail.order]))


@require_safe
@buyer_page
def order(request: HttpRequest, shop: str, detail: OrderDetail) -> HttpResponse:
    """What the order was bought under, what happened to it, and the way to claim."""
    language = spoken_in(request)
    ordered = detail.ordered_at or now()
    market = promises.market_of(detail.market_id)
    claims = queries.claims_about(detail.seller_id, detail.order_id)
    names = queries.names_of(claims)
    return render(request, "buyer/order.html", {
        "shop": shop,
        "order": detail,
        **_reported(detail),
        "currency": market.currency,
        # What was ordered stands in the order itself.
        "facts": _runs([one for one in detail.facts if one.kind != FactKind.LINE]),
        "promises": [(one, promises.title_of(one.clause, language, us_of(ordered)))
                     for one in _given(detail, us_of(ordered))],
        "claims": [
            (names[key], KIND_WORDS[ClaimKind(kind)], told := _told(ClaimState(state)),
             STATE_WORDS[told])
            for key, kind, state in zip(
                zip(claims.seller_id.tolist(), claims.claim_id.tolist(), strict=True),
                claims.kind.tolist(), claims.state.tolist(), strict=True,
            )
        ],
        "kinds": [
            (one.kind.name.lower(), KIND_WORDS[one.kind], one.asks[0], ASK_WORDS[one.asks[0].ask],
             BASIS_WORDS[one.asks[0].basis],
             [(f"{one.kind.name}.{may.ask.name}".lower(), ASK_WORDS[may.ask], may)
              for may in one.asks])
            for one in queries.kinds_offered(detail, at=now())
        ],
        "key": new_key(),
    })  # fmt: skip


def _reported(detail: OrderDetail) -> dict[str, object]:
    """Why the clock of this order stands, or stood; nothing where nobody reported anything."""
    found = orders.report_of(detail.seller_id, detail.order_id)
    if found is None:
        return {"report": None}
    return {
        "report": found, "is_reviewed": found.state is not ReportState.WAITING,
        "report_words": REPORTS_BY, "report_state": REPORT_WORDS[found.state],
    }  # fmt: skip


def _runs(facts: list[FactRow]) -> list[tuple[FactRow, Words, int, FactRow]]:
    """Facts of one kind that follow each other, a parcel's many scans above all, told as one."""
    runs = [list(run) for _, run in groupby(facts, key=lambda one: (one.kind, one.amount_minor))]
    return [(run[0], FACT_WORDS[run[0].kind], len(run), run[-1]) for run in runs]


def _given(detail: OrderDetail, ordered_us: int) -> list[PromiseRow]:
    """The promises that this shop gave when the order was placed, and no others."""
    return sellers.promises_given(detail.seller_id, detail.market_id, ordered_us)


@require_POST
@buyer_page
def file(request: HttpRequest, shop: str, detail: OrderDetail) -> HttpResponse:
    """File a claim: what went wrong, a photo, send."""
    kind = {one.name.lower(): one for one in ClaimKind}.get(field(request, "kind"))
    name = f"{detail.order}-{field(request, 'key')[:8]}"
    if _is_filed(shop, detail, name):
        return HttpResponseRedirect(reverse("buyer-claim", args=[shop, detail.order, name]))
    ask = None if kind is None else _ask(field(request, "ask"), kind, detail)
    key, buyer = field(request, "key"), detail.buyer
    if kind is None or ask is None or not key or buyer is None:
        tell_wrong(request, zh="请选择哪里出了问题", en="choose what went wrong", about="kind")
        return HttpResponseRedirect(reverse("buyer-order", args=[shop, detail.order]))
    loss_minor = _loss(request, detail)
    if loss_minor is None:
        tell_wrong(
            request, zh="损失金额请填写正数，如 50.00", en="give the loss as an amount like 50.00",
            about="loss",
        )  # fmt: skip
        return HttpResponseRedirect(reverse("buyer-order", args=[shop, detail.order]))
    try:
        acts.file_claim(
            seller=shop, order=detail.order, buyer=buyer, kind=kind, ask=ask, claim=name,
            loss_minor=loss_minor,
            words=field(request, "words", WORDS), handed=handed(request, Party.BUYER), at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
        return HttpResponseRedirect(reverse("buyer-order", args=[shop, detail.order]))
    return HttpResponseRedirect(reverse("buyer-claim", args=[shop, detail.order, name]))


def _is_filed(shop: str, detail: OrderDetail, claim: str) -> bool:
    """Whether the form was sent before: what it asked for then may be taken by it now."""
    try:
        return queries.claim_named(claim, shop).seller_id == detail.seller_id
    except ClaimUnknown:
        return False


def _ask(given: str, kind: ClaimKind, detail: OrderDetail) -> Ask | None:
    """What the form asks for: all that is due, unless another ask of the kind is named.

    None where what is named is of another kind, or the kind is not heard for such goods.
    """
    of_kind, _, named = given.rpartition(".")
    if named not in {"", "all"}:
        ask = {one.name.lower(): one for one in Ask}.get(named)
        return ask if of_kind in ("", kind.name.lower()) else None
    offered = {one.kind: one.asks[0].ask for one in queries.kinds_offered(detail, at=now())}
    return offered.get(kind)


def _loss(request: HttpRequest, detail: OrderDetail) -> int | None:
    """What the buyer lost beyond the price; 0 where nothing is said, None for what is no sum."""
    said = field(request, "loss")
    return minor_from(said, promises.market_of(detail.market_id).currency) if said else 0


def _told(state: ClaimState) -> ClaimState:
    """To a buyer who was paid it is all the same from whom the platform gets it back."""
    return ClaimState.PAID if state is ClaimState.RECOVERING else state


def _found(request: HttpRequest, shop: str, detail: OrderDetail, claim: str) -> ClaimDetail:
    """The claim, where it is about this very order."""
    try:
        found = queries.claim_page(claim, spoken_in(request), seller=shop, at=now())
    except ClaimUnknown as problem:
        raise Http404 from problem
    if found.order != detail.order:
        raise Http404
    return queries.as_told(found, Party.BUYER)


@require_safe
@buyer_page
def claim(request: HttpRequest, shop: str, detail: OrderDetail, claim: str) -> HttpResponse:
    """What is needed from whom by when, what silence means, and how it would be ruled."""
    found = _found(request, shop, detail, claim)
    told = _told(found.state)
    return render(request, "buyer/claim.html", {
        "shop": shop, "order": detail.order, "kind": KIND_WORDS[found.kind],
        "ask": ASK_WORDS[found.ask], "state": STATE_WORDS[told], "told": told,
        **side_of(request, found, Party.BUYER),
    })  # fmt: skip


@require_POST
@buyer_page
def act(request: HttpRequest, shop: str, detail: OrderDetail, claim: str) -> HttpResponse:
    """Show evidence, offer, take or decline an offer, ask for a person, appeal, withdraw."""
    move(request, _found(request, shop, detail, claim), Party.BUYER)
    return HttpResponseRedirect(reverse("buyer-claim", args=[shop, detail.order, claim]))


@require_safe
@buyer_page
def piece(
    request: HttpRequest, shop: str, detail: OrderDetail, claim: str, seq: int
) -> HttpResponseBase:
    """What was handed in, as the buyer may see it."""
    found = _found(request, shop, detail, claim)
    return copy_for(
        request,
        found.seller_id,
        found.claim_id,
        seq,
        Viewer.BUYER,
        viewer_id=id_of(detail.buyer or ""),
    )  # fmt: skip


@require_POST
@buyer_page
def dossier(
    request: HttpRequest, shop: str, detail: OrderDetail, claim: str
) -> HttpResponseBase:  # fmt: skip
    """Everything of the claim in one sealed archive, as the buyer may have it."""
    found = _found(request, shop, detail, claim)
    try:
        return dossier_for(found, Viewer.BUYER, viewer_id=id_of(detail.buyer or ""))
    except Problem as problem:
        tell_problem(request, problem)
        return HttpResponseRedirect(reverse("buyer-claim", args=[shop, detail.order, claim]))


@require_POST
@buyer_page
def seller(request: HttpRequest, shop: str, detail: OrderDetail, claim: str) -> HttpResponse:
    """Who the seller is, to whoever claims from it (Consumer Law, article 44); written down.

    Of a natural person the identity number is for nobody.
    """
    found = _found(request, shop, detail, claim)
    add_buyers_look(found.seller_id, f"buyer-seller {claim}", at=now())
    row = sellers.seller_named(shop)
    known = sellers.profile_of(found.seller_id)
    shown = [
        part for part in PROFILE_PARTS
        if part.field in IDENTITY and not (row.is_natural_person and part.field == LICENCE)
    ]  # fmt: skip
    return render(request, "buyer/seller.html", {
        "shop": shop, "order": detail.order, "claim": claim,
        "parts": [((one.zh, one.en), known[one.field]) for one in shown],
        "is_whole": all(known[one.field] for one in shown if one.field != LICENCE),
    })  # fmt: skip
