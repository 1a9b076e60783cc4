"""Exits as they are asked for and told: checks, blockers, events, payments."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from pydantic import Field

from xiaobao.advances.facts import PayoutState
from xiaobao.api.asking import caller_in, is_of_own_client
from xiaobao.api.shapes import (
    NO_NUL,
    Amount,
    Asked,
    Code,
    Moment,
    Money,
    Page,
    Told,
    Words,
    money,
    name_of,
)
from xiaobao.api.tags import tag
from xiaobao.exits import queries
from xiaobao.exits.acts.deciding import RULE
from xiaobao.exits.facts import (
    Actor,
    Blocker,
    ExitEvent,
    ExitState,
    PaymentKind,
    Reason,
    Relief,
    Scope,
)

if TYPE_CHECKING:
    from xiaobao.exits.facts import CheckRow, EventRow, ExitDetail, ExitRow
    from xiaobao.sellers.facts import SellerRow

Part = Literal["part", "whole"]
StateCode = Annotated[str, Code(ExitState)]
By = Annotated[str, Field(max_length=200, pattern=NO_NUL)]


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


class GroupTold(Told):
    """All of one kind that the same can end, together."""

    kind: Annotated[str, Code(Blocker)]
    actor: Annotated[str, Code(Actor)]
    count: int
    held: Money
    locked: Money = Field(description="locked for it already, beside what is held")
    is_waited_for: bool
    last_ends_at: Moment | None
    clause: str


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
    groups: list[GroupTold] = Field(description="everything in the way, by kind")
    blockers: list[BlockerTold] = Field(description="one by one; at most 200 of each kind")
    stages: list[StageTold]
    all_free_at: Moment | None = Field(
        description="the last stage; none where an act has to end it"
    )
    missing: list[str] = Field(description="parts of the profile that a payment needs")
    payee_changed_at: Moment | None
    payee_waits_until: Moment | None = Field(
        description="no payment back sets out before: the bound account was changed"
    )


class ExitAsked(Asked):
    scope: Part
    amount: Amount | None = Field(None, description="with `part`")
    reason: Annotated[str, Code(Reason)] = "own_wish"
    words: Words = ""
    is_draft: bool = False


class ExitMoved(Asked):
    words: Words = ""
    by: By = Field("", description="who decides; the platform's own system says so")


class ReliefSaid(Asked):
    """What is taken of the relief that was offered; none: the exit goes on."""

    take: Annotated[str, Code(Relief)] | None = None


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


class ExitsTold(Page):
    exits: list[ExitTold]


class ExitEventTold(Told):
    seq: int
    event: Annotated[str, Code(ExitEvent)]
    state: StateCode
    by: str = Field(description="to a shop no name of the marketplace's people")
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
    unfrozen: bool = Field(description="let go of in the seller's own account, no transfer")
    payee_changed_at: Moment | None = Field(
        description="since when its account has been this one and not another"
    )
    waits_until: Moment | None = Field(
        description="not sent before: the bound account was changed too newly"
    )


class WaitTold(Told):
    """Approved, and not on its way: a part is being taken of the frozen deposit."""

    amount: Money
    asked_again_at: Moment
    what_zh: str
    what_en: str


class ExitWhole(ExitTold):
    """One exit whole: its events, and the payments back to the seller."""

    events: list[ExitEventTold]
    payments: list[PaymentTold]
    waits_for: WaitTold | None = Field(description="what keeps its money from setting out")


def tag_of(found: ExitDetail) -> str:
    return tag("exit", found.exit.seller_id, found.exit.number, found.events[-1].seq)


# What the marketplace's people do, too, whose names are no business of a shop.
_OF_STAFF = {ExitEvent.APPROVED, ExitEvent.REFUSED, ExitEvent.CANCELLED, ExitEvent.FORCED}


def whole_told(
    request: HttpRequest, response: HttpResponse, row: SellerRow, number: int | None
) -> ExitWhole:
    found = queries.exit_detail(row.seller_id, row.name, number)
    currency = found.exit.currency
    told_all = not caller_in(request).is_of_shop
    response.headers["ETag"] = tag_of(found)
    return ExitWhole(
        **exit_told(found.exit).model_dump(),
        events=[
            ExitEventTold(
                seq=one.seq, event=name_of(one.event), state=name_of(one.state),
                by=one.by if told_all or _is_open(one, row) else "",
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
                unfrozen=one.is_let_go, payee_changed_at=one.payee_changed_at,
                waits_until=one.waits_until,
            )
            for one in found.payments
        ],
        waits_for=_wait_told(found),
    )  # fmt: skip


def _wait_told(found: ExitDetail) -> WaitTold | None:
    wait = found.waits_for
    return None if wait is None else WaitTold(
        amount=money(wait.amount_minor, found.exit.currency), asked_again_at=wait.asked_again_at,
        what_zh=wait.what_zh, what_en=wait.what_en,
    )  # fmt: skip


def _is_open(one: EventRow, row: SellerRow) -> bool:
    return one.event not in _OF_STAFF or one.by == RULE or is_of_own_client(one.by, row.name)


def exit_told(row: ExitRow) -> ExitTold:
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


def check_told(found: CheckRow) -> CheckTold:
    def of(minor: int) -> Money:
        return money(minor, found.currency)

    return CheckTold(
        scope=name_of(found.scope), checked_at=found.checked_at, deposit=of(found.deposit_minor),
        required=of(found.required_minor), locked=of(found.locked_minor),
        set_off=of(found.set_off_minor), kept=of(found.kept_minor), free=of(found.free_minor),
        is_waiting=found.is_waiting,
        groups=[
            GroupTold(
                kind=name_of(one.kind), actor=name_of(one.actor), count=one.count,
                held=of(one.held_minor), locked=of(one.locked_minor),
                is_waited_for=one.is_waited_for, last_ends_at=one.last_ends_at,
                clause=one.clause,
            )
            for one in found.groups
        ],
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
        all_free_at=found.all_free_at,
        missing=list(found.missing), payee_changed_at=found.payee_changed_at,
        payee_waits_until=found.payee_waits_until,
    )  # fmt: skip
