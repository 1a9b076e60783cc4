"""A claim is filed and looked at; and lists of claims."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest, HttpResponse
from ninja import Router, Status

from xiaobao.api.asking import caller_in, needs, shop_in
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.resources.claims.naming import PartyOfAnother, claim_in, tag_of, told_after
from xiaobao.api.resources.claims.shapes import (
    ClaimsTold,
    ClaimTold,
    KindCode,
    State,
    claim_listed,
    claim_told,
)
from xiaobao.api.shapes import Amount, Asked, Code, Name, Shop, Words, minor_of
from xiaobao.claims import acts, queries
from xiaobao.claims.facts import Ask, ClaimKind, ClaimState
from xiaobao.work.clock import now

router = Router(tags=["claims"])


class ClaimAsked(Asked):
    """A claim as its buyer files it; `claim` is its name in your system, and names it for ever."""

    claim: Name
    order: Name
    buyer: Name
    kind: KindCode
    ask: Annotated[str, Code(Ask)] = "refund"
    asked: Amount | None = None
    loss: Amount | None = None
    item: Name | None = None
    words: Words = ""
    talk: bool = False


@router.post(
    "/sellers/{name:seller}/claims", **needs("claims:write"), response={201: ClaimTold},
    summary="File a claim",
)  # fmt: skip
def file_claim(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ClaimAsked
) -> Status[ClaimTold]:
    """For a buyer: its exposure is locked at once, as far as the deposit is free."""
    row = shop_in(request, seller)
    if caller_in(request).is_of_shop:
        raise PartyOfAnother
    acts.file_claim(
        seller=row.name, order=asked.order, buyer=asked.buyer,
        kind=ClaimKind[asked.kind.upper()], ask=Ask[asked.ask.upper()], claim=asked.claim,
        asked_minor=minor_of(asked.asked, row.currency),
        loss_minor=minor_of(asked.loss, row.currency), item=asked.item or "",
        words=asked.words, negotiates=asked.talk, at=now(),
    )  # fmt: skip
    return Status(201, told_after(request, response, row.name, asked.claim))


@router.get(
    "/sellers/{name:seller}/claims", **needs("claims:read"), response=ClaimsTold,
    summary="Claims against a seller, those filed last first",
)  # fmt: skip
def listed(
    request: HttpRequest, seller: Shop, state: State | None = None, cursor: Cursor = "",
    limit: Limit = 100,
) -> ClaimsTold:  # fmt: skip
    row = shop_in(request, seller)
    found = queries.claims_against(
        row.seller_id, state=None if state is None else ClaimState[state.upper()],
        place=queries.BY_FILING.place(cursor), limit=limit + 1,
    )  # fmt: skip
    rows, after = page_of(found, queries.BY_FILING, limit)
    return ClaimsTold(claims=[claim_listed(one, row.currency) for one in rows], next=after)


@router.get(
    "/sellers/{name:seller}/claims/{name:claim}", **needs("claims:read"), response=ClaimTold,
    summary="One claim whole, with next_actions",
)  # fmt: skip
def one_claim(request: HttpRequest, response: HttpResponse, seller: Shop, claim: str) -> ClaimTold:
    found = claim_in(request, seller, claim)
    response.headers["ETag"] = tag_of(found)
    return claim_told(found)
