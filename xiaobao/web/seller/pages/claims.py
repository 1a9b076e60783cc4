"""Claims against the shop: the list, one claim whole, and the seller's answers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.claims import acts, queries
from xiaobao.claims.facts import (
    ASK_WORDS,
    EVENT_WORDS,
    KIND_WORDS,
    OFFER_WORDS,
    PARTY_WORDS,
    STATE_WORDS,
    Answer,
    Handed,
    OfferState,
    Party,
)
from xiaobao.claims.queries import ClaimUnknown
from xiaobao.evidence.facts import KINDS, Kind
from xiaobao.kernel.money import minor_from
from xiaobao.kernel.problems import Problem
from xiaobao.web.gates import shop_page
from xiaobao.web.telling import (
    WORDS,
    field,
    new_key,
    spoken_in,
    tell,
    tell_problem,
    tell_wrong,
)
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.claims.facts import ClaimDetail
    from xiaobao.sellers.facts import SellerRow

# What a seller hands in most, in the order in which it is offered.
SHOWN = (
    Kind.PHOTO, Kind.PACKING_VIDEO, Kind.CARRIER_RECORD, Kind.SIGNATURE_PROOF, Kind.PURCHASE_CHAIN,
    Kind.INVOICE, Kind.CERTIFICATE, Kind.INSPECTION_REPORT, Kind.CHAT_RECORD, Kind.REFUND_PROOF,
)  # fmt: skip


@require_safe
@shop_page()
def listed(request: HttpRequest, row: SellerRow) -> HttpResponse:
    found = queries.claims_listed(seller_id=row.seller_id, limit=200)
    return render(request, "seller/claims.html", {
        "shop": row,
        "tab": "claims",
        "claims": [(one, KIND_WORDS[one.kind], ASK_WORDS[one.ask], STATE_WORDS[one.state])
                   for one in found],
    })  # fmt: skip


@require_safe
@shop_page()
def one(request: HttpRequest, row: SellerRow, claim: str) -> HttpResponse:
    """One claim whole: whose turn it is, the money, the proposal, what happened."""
    found = _found(request, row, claim)
    language = spoken_in(request)
    return render(request, "seller/claim.html", {
        "shop": row, "tab": "claims", "claim": found, "kind": KIND_WORDS[found.kind],
        "ask": ASK_WORDS[found.ask], "state": STATE_WORDS[found.state],
        "actions": [(action, PARTY_WORDS[action.party]) for action in found.next_actions],
        "timeline": [
            (entry, EVENT_WORDS[entry.event], PARTY_WORDS[entry.party] if entry.party else None)
            for entry in found.timeline
        ],
        "offers": [
            (offer, PARTY_WORDS[offer.party], OFFER_WORDS[offer.state],
             offer.state == OfferState.STANDING and offer.party == Party.BUYER)
            for offer in found.offers
        ],
        "kinds": [(kind.name.lower(), KINDS[kind].zh if language == "zh" else KINDS[kind].en)
                  for kind in SHOWN],
        "may_act": any(action.party == Party.SELLER for action in found.next_actions),
        "key": new_key(),
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
    """Accept, deny, offer, show evidence, or accept what the buyer offered."""
    found = _found(request, row, claim)
    try:
        _act(request, found)
    except Problem as problem:
        tell_problem(request, problem)
    return HttpResponseRedirect(reverse("seller-claim", args=[row.name, claim]))


def _act(request: HttpRequest, found: ClaimDetail) -> None:
    """:raises Problem: as the act that was asked for"""
    move = MOVES.get(field(request, "act"))
    if move is None or not field(request, "key"):
        tell_wrong(request, zh="请选择要做的事", en="choose what to do")
        return
    if move(request, found):
        tell(request, zh="已记录", en="recorded")


def _accept(request: HttpRequest, found: ClaimDetail) -> bool:
    acts.answer_claim(
        found.seller_id, found.claim_id, answer=Answer.ACCEPT,
        words=field(request, "words", WORDS), key=field(request, "key"), at=now(),
    )  # fmt: skip
    return True


def _deny(request: HttpRequest, found: ClaimDetail) -> bool:
    acts.answer_claim(
        found.seller_id, found.claim_id, answer=Answer.DENY, handed=_handed(request),
        words=field(request, "words", WORDS), key=field(request, "key"), at=now(),
    )  # fmt: skip
    return True


def _offer(request: HttpRequest, found: ClaimDetail) -> bool:
    amount = minor_from(field(request, "amount"), found.money.currency)
    if amount is None:
        tell_wrong(request, zh="金额：请填写正数，如 50.00", en="amount: give one like 50.00")
        return False
    acts.make_offer(
        found.seller_id, found.claim_id, by=Party.SELLER, amount_minor=amount,
        with_return=field(request, "with_return") == "yes",
        words=field(request, "words", WORDS), key=field(request, "key"), at=now(),
    )  # fmt: skip
    return True


def _accept_offer(request: HttpRequest, found: ClaimDetail) -> bool:
    number = field(request, "number")
    if not (number.isascii() and number.isdigit() and len(number) < 10):  # noqa: PLR2004  32 bits
        tell_wrong(request, zh="没有这个方案", en="there is no such offer")
        return False
    acts.accept_offer(
        found.seller_id, found.claim_id, by=Party.SELLER, number=int(number),
        key=field(request, "key"), at=now(),
    )  # fmt: skip
    return True


def _show(request: HttpRequest, found: ClaimDetail) -> bool:
    handed = _handed(request)
    if not handed:
        tell_wrong(request, zh="请先选择文件", en="choose a file first")
        return False
    acts.add_evidence(
        found.seller_id, found.claim_id, by=Party.SELLER, handed=handed,
        key=field(request, "key"), at=now(),
    )  # fmt: skip
    return True


MOVES = {
    "accept": _accept, "deny": _deny, "offer": _offer, "accept-offer": _accept_offer,
    "show": _show,
}  # fmt: skip


def _handed(request: HttpRequest) -> list[Handed]:
    named = {kind.name.lower(): kind for kind in SHOWN}
    kind = named.get(field(request, "kind"), Kind.PHOTO)
    return [
        Handed(kind, file.read(), name=(file.name or "")[:200])
        for file in request.FILES.getlist("file")
    ]
