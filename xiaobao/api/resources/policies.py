"""What announced rules change for a shop, by its own orders; and what it says to them."""

from __future__ import annotations

from typing import Annotated, Literal

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from xiaobao.api.asking import caller_in, needs, shop_in, signature
from xiaobao.api.shapes import NO_NUL, Asked, Moment, Money, Shop, Told, money
from xiaobao.promises import queries as promises
from xiaobao.sellers import acts, queries
from xiaobao.sellers.facts import SellerRow
from xiaobao.work.clock import now

router = Router(tags=["packs"])


class NoticeTold(Told):
    """What a version changes for a seller: what its own orders pay before and after."""

    version: str
    told_at: Moment
    orders: int
    before: Money
    after: Money
    lines: list[dict[str, str]]


class AnswerTold(Told):
    version: str
    is_accepted: bool
    said_at: Moment
    said_by: str


class PoliciesTold(Told):
    notices: list[NoticeTold]
    answers: list[AnswerTold]


class AnswerSaid(Asked):
    """Accept an announced version, or object to it and leave under the rules before it."""

    answer: Literal["accept", "object"]
    by: Annotated[str, Field(min_length=1, max_length=200, pattern=NO_NUL)]


@router.get("/sellers/{name:seller}/policies", **needs("packs:read"), response=PoliciesTold,
            summary="What announced rules change for a shop")  # fmt: skip
def listed(request: HttpRequest, seller: Shop) -> PoliciesTold:
    return _told(shop_in(request, seller))


@router.post("/sellers/{name:seller}/policies/{name:version}", **needs("sellers:write"),
             response=PoliciesTold, summary="Accept announced rules, or object")  # fmt: skip
def answer(request: HttpRequest, seller: Shop, version: str, asked: AnswerSaid) -> PoliciesTold:
    """In the name of whoever is named; of a shop's own client with its shop and id."""
    row, caller = shop_in(request, seller), caller_in(request)
    by = asked.by + signature(caller, row.name) if caller.is_of_shop else asked.by
    act = acts.accept_version if asked.answer == "accept" else acts.object_to_version
    act(row.seller_id, version, by=by, at=now())
    return _told(row)


def _told(row: SellerRow) -> PoliciesTold:
    at = now()
    return PoliciesTold(
        notices=[
            NoticeTold(
                version=promises.version_of(one.pack_id, at=at).version, told_at=one.told_at,
                orders=one.orders, before=money(one.before_minor, row.currency),
                after=money(one.after_minor, row.currency), lines=list(one.lines),
            )
            for one in queries.notices_of(row.seller_id)
        ],
        answers=[
            AnswerTold(
                version=one.version, is_accepted=one.is_accepted, said_at=one.said_at,
                said_by=one.said_by,
            )
            for one in queries.answers_of(row.seller_id)
        ],
    )  # fmt: skip
