"""Calls about exits: looked at, applied for, decided on as they were read, called off."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Status

from xiaobao.api.asking import caller_in, needs, person_in, seller_in, shop_in
from xiaobao.api.once import act_key
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.resources.exits.shapes import (
    CheckTold,
    ExitAsked,
    ExitMoved,
    ExitsTold,
    ExitWhole,
    Part,
    ReliefSaid,
    StateCode,
    check_told,
    exit_told,
    tag_of,
    whole_told,
)
from xiaobao.api.shapes import Shop, minor_of
from xiaobao.api.tags import check_tag, decides
from xiaobao.exits import acts, queries
from xiaobao.exits.facts import ExitState, Reason, Relief, Scope
from xiaobao.work.approving import approve_alone
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.exits.facts import ExitRow
    from xiaobao.sellers.facts import SellerRow

router = Router(tags=["exits"])


@router.get("/exits", **needs("exits:read"), response=ExitsTold,
            summary="Exits, those the platform's clock presses for first")  # fmt: skip
def all_exits(
    request: HttpRequest, state: StateCode | None = None, cursor: Cursor = "", limit: Limit = 100
) -> ExitsTold:
    """Of every seller; a shop's own client sees its own."""
    caller = caller_in(request)
    rows = queries.exits_listed(
        state=None if state is None else ExitState[state.upper()],
        seller_id=caller.seller_id if caller.is_of_shop else None, limit=limit + 1,
        place=queries.BY_PRESSURE.place(cursor),
    )  # fmt: skip
    return _listed(rows, limit)


def _listed(rows: Sequence[ExitRow], limit: int) -> ExitsTold:
    shown, after = page_of(rows, queries.BY_PRESSURE, limit)
    return ExitsTold(exits=[exit_told(one) for one in shown], next=after)


@router.get("/sellers/{name:seller}/exit/check", **needs("exits:read"), response=CheckTold,
            summary="What is in the way, and until when")  # fmt: skip
def check(request: HttpRequest, seller: Shop, scope: Part = "whole") -> CheckTold:
    row = shop_in(request, seller)
    return check_told(queries.check_of(row.seller_id, Scope[scope.upper()], at=now()))


@router.get("/sellers/{name:seller}/exits", **needs("exits:read"), response=ExitsTold,
            summary="Exits of one seller")  # fmt: skip
def listed(
    request: HttpRequest, seller: Shop, cursor: Cursor = "", limit: Limit = 100
) -> ExitsTold:
    row, place = shop_in(request, seller), queries.BY_PRESSURE.place(cursor)
    return _listed(
        queries.exits_listed(seller_id=row.seller_id, place=place, limit=limit + 1), limit
    )


@router.get("/sellers/{name:seller}/exits/{int:number}", **needs("exits:read"),
            response=ExitWhole, summary="One exit whole")  # fmt: skip
def one_exit(
    request: HttpRequest, response: HttpResponse, seller: Shop,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> ExitWhole:  # fmt: skip
    return whole_told(request, response, shop_in(request, seller), number)


@router.post("/sellers/{name:seller}/exits", **needs("exits:write"), response={201: ExitWhole},
             summary="Ask the deposit back")  # fmt: skip
def apply(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ExitAsked
) -> Status[ExitWhole]:
    """A part of it, and stay; or all of it, and leave."""
    row = shop_in(request, seller)
    number = acts.apply_for_exit(
        row.seller_id, scope=Scope[asked.scope.upper()], reason=Reason[asked.reason.upper()],
        key=act_key(request), by=seller_in(request, row),
        amount_minor=minor_of(asked.amount, row.currency), words=asked.words,
        is_draft=asked.is_draft, at=now(),
    )  # fmt: skip
    return Status(201, whole_told(request, response, row, number))


@router.post("/sellers/{name:seller}/exit/submit", **needs("exits:write"), response=ExitWhole,
             summary="Submit the draft")  # fmt: skip
def submit(request: HttpRequest, response: HttpResponse, seller: Shop) -> ExitWhole:
    row = shop_in(request, seller)
    number = acts.submit_exit(row.seller_id, by=seller_in(request, row), at=now())
    return whole_told(request, response, row, number)


@router.post("/sellers/{name:seller}/exit/cancel", **needs("exits:write"), response=ExitWhole,
             summary="Call the exit off")  # fmt: skip
def cancel(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ExitMoved
) -> ExitWhole:
    row = shop_in(request, seller)
    by = seller_in(request, row)
    number = acts.cancel_exit(row.seller_id, by=by, words=asked.words, at=now())
    return whole_told(request, response, row, number)


@router.post("/sellers/{name:seller}/exit/approve", **decides("exits:decide"),
             response=ExitWhole, summary="Approve what may leave")  # fmt: skip
def approve(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ExitMoved
) -> ExitWhole:
    row, by = shop_in(request, seller), person_in(request, asked.by)
    with transaction.atomic():
        _held(request, row)
        approve_alone(row, by=by, words=asked.words, at=now())
    return whole_told(request, response, row, None)


def _held(request: HttpRequest, row: SellerRow) -> None:
    """Hold the exit under way until the transaction ends, if it is still as it was read."""
    acts.hold_exit(row.seller_id)
    check_tag(request, tag_of(queries.exit_detail(row.seller_id, row.name)))


@router.post("/sellers/{name:seller}/exit/refuse", **decides("exits:decide"),
             response=ExitWhole, summary="Refuse, for a blocker that is waited for")  # fmt: skip
def refuse(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ExitMoved
) -> ExitWhole:
    row, by = shop_in(request, seller), person_in(request, asked.by)
    with transaction.atomic():
        _held(request, row)
        number = acts.refuse_exit(row.seller_id, by=by, words=asked.words, at=now())
    return whole_told(request, response, row, number)


@router.post("/sellers/{name:seller}/exit/relief", **needs("exits:write"), response=ExitWhole,
             summary="Take relief and stay, or decline and go on")  # fmt: skip
def answer_relief(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ReliefSaid
) -> ExitWhole:
    row, at = shop_in(request, seller), now()
    by = seller_in(request, row)
    if asked.take is None:
        number = acts.decline_relief(row.seller_id, by=by, at=at)
    else:
        number = acts.take_relief(row.seller_id, Relief[asked.take.upper()], by=by, at=at)
    return whole_told(request, response, row, number)


@router.post("/sellers/{name:seller}/exit/pay-again", **needs("exits:write"),
             response=ExitWhole, summary="Send what failed to the account bound now")  # fmt: skip
def pay_again(request: HttpRequest, response: HttpResponse, seller: Shop) -> ExitWhole:
    row = shop_in(request, seller)
    acts.pay_to_bound_account(row.seller_id, at=now())
    return whole_told(request, response, row, None)
