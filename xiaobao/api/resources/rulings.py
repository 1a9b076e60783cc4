"""Rulings: the queue of those who rule, a ruling with its reason, and every one there was."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import numpy as np
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from ninja import Router, Status
from pydantic import Field

from xiaobao.api.asking import caller_in, check_review, needs, person_in, shop_in
from xiaobao.api.once import act_key
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.resources.claims.naming import claim_in, tag_of, told_after
from xiaobao.api.resources.claims.shapes import ClaimTold, KindCode, LineTold, State, lines_told
from xiaobao.api.shapes import (
    NO_NUL,
    Amount,
    Asked,
    Code,
    Moment,
    Money,
    Page,
    Shop,
    Told,
    Words,
    minor_of,
)

from xiaobao.api.shapes import money, name_of  # isort: skip
from xiaobao.api.tags import check_tag, decides
from xiaobao.claims import acts as claims
from xiaobao.claims import queries as claims_now
from xiaobao.claims.facts import Finding
from xiaobao.hearings import acts, queries
from xiaobao.hearings.facts import Ground, Outcome, RuledBy, Verdict
from xiaobao.kernel.clocks import us_of
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from xiaobao.hearings.facts import RulingRow

router = Router(tags=["rulings"])
CLAIM = "/sellers/{name:seller}/claims/{name:claim}"
AT = f"{CLAIM}/rulings"
GroundCode = Annotated[str, Code(Ground)]


class RulingAsked(Asked):
    """What is ruled. Not as proposed only with `departure`, the reason why."""

    verdict: Literal["uphold", "reject", "amounts"]
    ground: GroundCode | None = None
    refund: Amount | None = Field(None, description="with `amounts`")
    freight: Amount | None = None
    compensation: Amount | None = None
    punitive: Amount | None = None
    is_fraud: bool = False
    words: Words = ""
    departure: Words = ""
    by: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = Field(
        "", description="who rules; the platform's own system says so"
    )


class TestOrdered(Asked):
    """The platform has the goods examined, and pays for it first."""

    cost: Amount
    words: Words = ""


class RulingTold(Told):
    """One ruling as it stands, for ever; `decision` names it, and it can be replayed."""

    decision: UUID
    round: int
    by: Annotated[str, Code(RuledBy)]
    ruler: str
    finding: Annotated[str, Code(Finding)]
    outcome: Annotated[str, Code(Outcome)]
    ground: GroundCode
    is_departure: bool
    is_final: bool
    refund: Money
    freight: Money
    compensation: Money
    punitive: Money
    paid: Money = Field(description="to the buyer, by this ruling")
    bears: Money = Field(description="by the seller")
    words: str
    departure: str
    sha256: str
    ruled_at: Moment
    lines: list[LineTold] = Field(description="what it rested on, with clause and arithmetic")


class RulingsTold(Told):
    rulings: list[RulingTold]


class QueueEntry(Told):
    seller: str
    claim: str
    kind: KindCode
    state: State
    is_late: bool
    due_at: Moment | None
    finding: Annotated[str, Code(Finding)]
    at_stake: Money


class QueueTold(Page):
    queue: list[QueueEntry]


@router.get("/queue", **needs("rulings:write"), response=QueueTold,
            summary="Claims that wait for a ruling")  # fmt: skip
def queue(
    request: HttpRequest, cursor: Cursor = "", limit: Limit = 100  # noqa: ARG001
) -> QueueTold:  # fmt: skip
    place = queries.BY_RULING.place(cursor)
    found = queries.queue(at=now(), place=place, limit=limit + 1)
    rows, after = page_of(found, queries.BY_RULING, limit)
    names = sellers.names_of(np.array([one.seller_id for one in rows], np.int64))
    currency = {one.market_id: one.currency for one in promises.markets()}
    return QueueTold(
        queue=[
            QueueEntry(
                seller=names[one.seller_id], claim=one.claim, kind=name_of(one.kind),
                state=name_of(one.state), is_late=one.is_late, due_at=one.due_at,
                finding=name_of(one.finding),
                at_stake=money(one.at_stake_minor, currency[one.market_id]),
            )
            for one in rows
        ],
        next=after,
    )  # fmt: skip


@router.get(AT, **needs("claims:read"), response=RulingsTold,
            summary="Every ruling about a claim")  # fmt: skip
def listed(request: HttpRequest, seller: Shop, claim: str) -> RulingsTold:
    row = shop_in(request, seller)
    key = claims_now.claim_named(claim, row.name)
    names_ruler = not caller_in(request).is_of_shop
    return RulingsTold(
        rulings=[
            ruling_told(one, row.currency, names_ruler=names_ruler)
            for one in queries.rulings_of(key.seller_id, key.claim_id)
        ]
    )


@router.post(AT, **decides("rulings:write"), response={201: RulingTold},
             summary="Rule, carried out at once")  # fmt: skip
def rule(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, asked: RulingAsked
) -> Status[RulingTold]:
    """On the claim as it was read: `If-Match` is its ETag."""
    row, by, at = shop_in(request, seller), person_in(request, asked.by), now()
    key = claims_now.claim_named(claim, row.name)
    sums = {
        f"{name}_minor": minor_of(getattr(asked, name), row.currency)
        for name in ("refund", "freight", "compensation", "punitive")
    }
    with transaction.atomic():
        # Held as the act holds it: nothing comes in between the look at its tag and the ruling.
        claims.hold_claims(np.array([key.seller_id]), np.array([key.claim_id]), at_us=us_of(at))
        check_tag(request, tag_of(claim_in(request, seller, claim)))
        check_review(
            request, [one.ruler for one in queries.rulings_of(key.seller_id, key.claim_id)]
        )
        ruling = acts.rule_claim(
            key.seller_id, key.claim_id, verdict=Verdict[asked.verdict.upper()], by=by,
            ground=None if asked.ground is None else Ground[asked.ground.upper()],
            is_fraud=asked.is_fraud, words=asked.words, departure=asked.departure,
            key=act_key(request), at=at, **sums,
        )  # fmt: skip
    response.headers["ETag"] = tag_of(claim_in(request, seller, claim))
    return Status(201, ruling_told(ruling, row.currency, names_ruler=True))


@router.post(f"{CLAIM}/test", **needs("rulings:write"), response=ClaimTold,
             summary="Order a test; whoever loses bears its cost")  # fmt: skip
def order_test(
    request: HttpRequest, response: HttpResponse, seller: Shop, claim: str, asked: TestOrdered
) -> ClaimTold:
    """Once a claim; every clock stands still until it is resumed."""
    row = shop_in(request, seller)
    key = claims_now.claim_named(claim, row.name)
    claims.order_test(
        key.seller_id, key.claim_id, cost_minor=minor_of(asked.cost, row.currency),
        words=asked.words, key=act_key(request), at=now(),
    )  # fmt: skip
    return told_after(request, response, row.name, claim)


def ruling_told(row: RulingRow, currency: str, *, names_ruler: bool) -> RulingTold:
    def of(minor: int) -> Money:
        return money(minor, currency)

    return RulingTold(
        decision=row.reference, round=row.round, by=name_of(row.by),
        ruler=row.ruler if names_ruler else "", finding=name_of(row.finding),
        outcome=name_of(row.outcome), ground=name_of(row.ground), is_departure=row.is_departure,
        is_final=row.is_final, refund=of(row.refund_minor), freight=of(row.freight_minor),
        compensation=of(row.compensation_minor), punitive=of(row.punitive_minor),
        paid=of(row.paid_minor), bears=of(row.bears_minor), words=row.words,
        departure=row.departure, sha256=row.sha256, ruled_at=row.ruled_at,
        lines=lines_told(queries.explanation_named(row.reference).lines, currency),
    )  # fmt: skip
