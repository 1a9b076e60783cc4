"""Exits: what is in the way and until when; applied for, decided, called off, followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from ninja import Path, Router, Status
from pydantic import Field

from xiaobao.advances.facts import PayoutState
from xiaobao.api.asking import caller_in, needs, person_in, shop_in
from xiaobao.api.once import act_key
from xiaobao.api.pages import Limit
from xiaobao.api.shapes import Amount, Asked, Code, Moment, Money, Shop, Told, Words, minor_of

from xiaobao.api.shapes import money, name_of  # isort: skip
from xiaobao.api.tags import check_tag, decides, tag
from xiaobao.exits import acts, queries
from xiaobao.exits.facts import (
    Actor,
    Blocker,
    ExitEvent,
    ExitState,
    PaymentKind,
    Reason,
    Scope,
)
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from xiaobao.exits.facts import CheckRow, ExitDetail, ExitRow
    from xiaobao.sellers.facts import SellerRow

router = Router(tags=["exits"])
Part = Literal["part", "whole"]
StateCode = Annotated[str, Code(ExitState)]
By = Annotated[str, Field(max_length=200, pattern=r"^[^\x00]*$")]


class BlockerTold(Told):
    """One thing in the way: what, why, who can end it sooner, how much, until when."""

    kind: Annotated[str, Code(Blocker)]
    subject: str
    what_zh: str
    what_en: str
    clause: str
    actor: Annotated[str, Code(Actor)]
    sooner_zh: str
    sooner_en: str
    held: Money
    is_waited_for: bool = Field(description="all waits for it; else its amount alone is held")
    ends_at: Moment | None


class StageTold(Told):
    at: Moment
    amount: Money
    total: Money


class CheckTold(Told):
    """What may leave now, what holds the rest, and when how much can go."""

    scope: Annotated[str, Code(Scope)]
    checked_at: Moment
    deposit: Money
    required: Money
    locked: Money
    set_off: Money
    kept: Money
    free: Money
    is_waiting: bool
    blockers: list[BlockerTold]
    stages: list[StageTold]
    missing: list[str] = Field(description="parts of the profile that a payment needs")


class ExitAsked(Asked):
    scope: Part
    amount: Amount | None = Field(None, description="with `part`")
    reason: Annotated[str, Code(Reason)] = "own_wish"
    words: Words = ""
    is_draft: bool = False


class ExitMoved(Asked):
    words: Words = ""
    by: By = Field("", description="who decides; the platform's own system says so")


class ExitTold(Told):
    seller: str
    number: int
    scope: Annotated[str, Code(Scope)]
    reason: Annotated[str, Code(Reason)]
    state: StateCode
    is_late: bool
    asked: Money
    locked: Money
    sent: Money
    paid: Money
    interest: Money
    held: Money
    drafted_at: Moment
    submitted_at: Moment | None
    quiet_until: Moment | None
    review_due_at: Moment | None
    approved_at: Moment | None
    payout_due_at: Moment | None
    ended_at: Moment | None
    words: str


class ExitsTold(Told):
    exits: list[ExitTold]


class ExitEventTold(Told):
    seq: int
    event: Annotated[str, Code(ExitEvent)]
    state: StateCode
    by: str
    amount: Money
    words: str
    happened_at: Moment


class PaymentTold(Told):
    payment: UUID
    kind: Annotated[str, Code(PaymentKind)]
    amount: Money
    state: Annotated[str, Code(PayoutState)]
    created_at: Moment
    ended_at: Moment | None
    gateway_ref: str


class ExitWhole(ExitTold):
    """One exit whole: its events, and the payments back to the seller."""

    events: list[ExitEventTold]
    payments: list[PaymentTold]


@router.get("/exits", **needs("exits:read"), response=ExitsTold,
            summary="Exits, those the platform's clock presses for first")  # fmt: skip
def all_exits(
    request: HttpRequest, state: StateCode | None = None, limit: Limit = 100
) -> ExitsTold:
    """Of every seller; a shop's own client sees its own."""
    caller = caller_in(request)
    rows = queries.exits_listed(
        state=None if state is None else ExitState[state.upper()],
        seller_id=caller.seller_id if caller.is_of_shop else None, limit=limit,
    )  # fmt: skip
    return ExitsTold(exits=[_told(one) for one in rows])


@router.get("/sellers/{name:seller}/exit/check", **needs("exits:read"), response=CheckTold,
            summary="What is in the way, and until when")  # fmt: skip
def check(request: HttpRequest, seller: Shop, scope: Part = "whole") -> CheckTold:
    row = shop_in(request, seller)
    return _check_told(queries.check_of(row.seller_id, Scope[scope.upper()], at=now()))


@router.get("/sellers/{name:seller}/exits", **needs("exits:read"), response=ExitsTold,
            summary="Exits of one seller")  # fmt: skip
def listed(request: HttpRequest, seller: Shop, limit: Limit = 100) -> ExitsTold:
    row = shop_in(request, seller)
    rows = queries.exits_listed(seller_id=row.seller_id, limit=limit)
    return ExitsTold(exits=[_told(one) for one in rows])


@router.get("/sellers/{name:seller}/exits/{int:number}", **needs("exits:read"),
            response=ExitWhole, summary="One exit whole")  # fmt: skip
def one_exit(
    request: HttpRequest, response: HttpResponse, seller: Shop,
    number: Annotated[int, Path(ge=1, le=2**31 - 1)],
) -> ExitWhole:  # fmt: skip
    return _whole(response, shop_in(request, seller), number)


@router.post("/sellers/{name:seller}/exits", **needs("exits:write"), response={201: ExitWhole},
             summary="Ask the deposit back")  # fmt: skip
def apply(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ExitAsked
) -> Status[ExitWhole]:
    """A part of it, and stay; or all of it, and leave."""
    row = shop_in(request, seller)
    number = acts.apply_for_exit(
        row.seller_id, scope=Scope[asked.scope.upper()], reason=Reason[asked.reason.upper()],
        key=act_key(request), by=row.name, amount_minor=minor_of(asked.amount, row.currency),
        words=asked.words, is_draft=asked.is_draft, at=now(),
    )  # fmt: skip
    return Status(201, _whole(response, row, number))


@router.post("/sellers/{name:seller}/exit/submit", **needs("exits:write"), response=ExitWhole,
             summary="Submit the draft")  # fmt: skip
def submit(request: HttpRequest, response: HttpResponse, seller: Shop) -> ExitWhole:
    row = shop_in(request, seller)
    return _whole(response, row, acts.submit_exit(row.seller_id, by=row.name, at=now()))


@router.post("/sellers/{name:seller}/exit/cancel", **needs("exits:write"), response=ExitWhole,
             summary="Call the exit off")  # fmt: skip
def cancel(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ExitMoved
) -> ExitWhole:
    row = shop_in(request, seller)
    number = acts.cancel_exit(row.seller_id, by=row.name, words=asked.words, at=now())
    return _whole(response, row, number)


@router.post("/sellers/{name:seller}/exit/approve", **decides("exits:decide"),
             response=ExitWhole, summary="Approve what may leave")  # fmt: skip
def approve(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ExitMoved
) -> ExitWhole:
    row, by = shop_in(request, seller), person_in(request, asked.by)
    check_tag(request, _tag_of(queries.exit_detail(row.seller_id, row.name)))
    acts.approve_exit(row.seller_id, by=by, words=asked.words, at=now())
    return _whole(response, row, None)


@router.post("/sellers/{name:seller}/exit/refuse", **decides("exits:decide"),
             response=ExitWhole, summary="Refuse, for a blocker that is waited for")  # fmt: skip
def refuse(
    request: HttpRequest, response: HttpResponse, seller: Shop, asked: ExitMoved
) -> ExitWhole:
    row, by = shop_in(request, seller), person_in(request, asked.by)
    check_tag(request, _tag_of(queries.exit_detail(row.seller_id, row.name)))
    number = acts.refuse_exit(row.seller_id, by=by, words=asked.words, at=now())
    return _whole(response, row, number)


def _tag_of(found: ExitDetail) -> str:
    return tag("exit", found.exit.seller_id, found.exit.number, found.events[-1].seq)


def _whole(response: HttpResponse, row: SellerRow, number: int | None) -> ExitWhole:
    found = queries.exit_detail(row.seller_id, row.name, number)
    currency = found.exit.currency
    response.headers["ETag"] = _tag_of(found)
    return ExitWhole(
        **_told(found.exit).model_dump(),
        events=[
            ExitEventTold(
                seq=one.seq, event=name_of(one.event), state=name_of(one.state), by=one.by,
                amount=money(one.amount_minor, currency), words=one.words,
                happened_at=one.happened_at,
            )
            for one in found.events
        ],
        payments=[
            PaymentTold(
                payment=one.payment, kind=name_of(one.kind),
                amount=money(one.amount_minor, currency), state=name_of(one.state),
                created_at=one.created_at, ended_at=one.ended_at, gateway_ref=one.gateway_ref,
            )
            for one in found.payments
        ],
    )  # fmt: skip


def _told(row: ExitRow) -> ExitTold:
    def of(minor: int) -> Money:
        return money(minor, row.currency)

    return ExitTold(
        seller=row.seller, number=row.number, scope=name_of(row.scope),
        reason=name_of(row.reason), state=name_of(row.state), is_late=row.is_late,
        asked=of(row.asked_minor), locked=of(row.locked_minor), sent=of(row.sent_minor),
        paid=of(row.paid_minor), interest=of(row.interest_minor), held=of(row.held_minor),
        drafted_at=row.drafted_at, submitted_at=row.submitted_at, quiet_until=row.quiet_until,
        review_due_at=row.review_due_at, approved_at=row.approved_at,
        payout_due_at=row.payout_due_at, ended_at=row.ended_at, words=row.words,
    )  # fmt: skip


def _check_told(found: CheckRow) -> CheckTold:
    def of(minor: int) -> Money:
        return money(minor, found.currency)

    return CheckTold(
        scope=name_of(found.scope), checked_at=found.checked_at, deposit=of(found.deposit_minor),
        required=of(found.required_minor), locked=of(found.locked_minor),
        set_off=of(found.set_off_minor), kept=of(found.kept_minor), free=of(found.free_minor),
        is_waiting=found.is_waiting,
        blockers=[
            BlockerTold(
                kind=name_of(one.kind), subject=one.subject, what_zh=one.what_zh,
                what_en=one.what_en, clause=one.clause, actor=name_of(one.actor),
                sooner_zh=one.sooner_zh, sooner_en=one.sooner_en, held=of(one.held_minor),
                is_waited_for=one.is_waited_for, ends_at=one.ends_at,
            )
            for one in found.blockers
        ],
        stages=[
            StageTold(at=one.at, amount=of(one.amount_minor), total=of(one.total_minor))
            for one in found.stages
        ],
        missing=list(found.missing),
    )  # fmt: skip
