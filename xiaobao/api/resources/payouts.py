"""Payouts to buyers: where each stands, of a whole seller or about one claim or order."""

from __future__ import annotations

from typing import Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Query, Router

from xiaobao.advances import queries as advances
from xiaobao.advances.facts import PayoutState
from xiaobao.api.asking import needs, shop_in
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import NO_NUL, Code, Moment, Money, Page, Shop, Told, money, name_of
from xiaobao.claims import queries as claims
from xiaobao.kernel.references import id_of

router = Router(tags=["deposits"])
OneOf = Annotated[str, Query(max_length=200, pattern=NO_NUL, description="of this one alone")]


class PayoutTold(Told):
    payout: UUID
    amount: Money
    state: Annotated[str, Code(PayoutState)]
    attempts: int
    created_at: Moment
    next_at: Moment | None
    ended_at: Moment | None
    gateway_ref: str


class PayoutsTold(Page):
    payouts: list[PayoutTold]


@router.get(
    "/sellers/{name:seller}/payouts", **needs("deposits:read"), response=PayoutsTold,
    summary="Payouts to buyers, newest first",
)  # fmt: skip
def payouts(
    request: HttpRequest, seller: Shop,
    claim: OneOf | None = None, order: OneOf | None = None,
    cursor: Cursor = "", limit: Limit = 100,
) -> PayoutsTold:  # fmt: skip
    row = shop_in(request, seller)
    under: list[UUID] | None = None
    if claim is not None:
        about = claims.claim_named(claim, row.name).claim_id
        under = advances.causes_about(row.seller_id, about)
    elif order is not None:
        under = advances.causes_about(row.seller_id, id_of(order))
    found = advances.payouts_of(
        row.seller_id, under=under, place=advances.BY_MAKING.place(cursor), limit=limit + 1
    )
    rows, after = page_of(found, advances.BY_MAKING, limit)
    return PayoutsTold(
        payouts=[
            PayoutTold(
                payout=one.payout, amount=money(one.amount_minor, row.currency),
                state=name_of(one.state), attempts=one.attempts, created_at=one.created_at,
                next_at=one.next_at, ended_at=one.ended_at, gateway_ref=one.gateway_ref,
            )
            for one in rows
        ],
        next=after,
    )  # fmt: skip
