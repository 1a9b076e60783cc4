"""The deposit: what is asked for and why, what is there, money in, statements, payouts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import numpy as np
from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from xiaobao.api.asking import NotFound, needs, shop_in
from xiaobao.api.once import act_key
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import (
    Amount,
    Asked,
    Code,
    Moment,
    Money,
    Page,
    Shop,
    Told,
    minor_of,
    money,
    name_of,
)
from xiaobao.deposits import acts, queries
from xiaobao.deposits.facts import LadderStep, Line, LodgementState
from xiaobao.gateways.payments import code_shown
from xiaobao.kernel.references import id_of, uuid_of
from xiaobao.ledger import queries as ledger
from xiaobao.ledger.facts import Account, Why
from xiaobao.ledger.rules import why_words
from xiaobao.work.clock import now
from xiaobao.work.lodging import lodge_deposit

if TYPE_CHECKING:
    from xiaobao.deposits.facts import LodgementRow, QuoteRow

router = Router(tags=["deposits"])


class DepositTold(Told):
    """What is asked for, what counts towards it, what is held and owed, and the clocks."""

    seller: str
    required: Money
    available: Money = Field(description="what counts towards the requirement, and nothing holds")
    deposit: Money
    frozen: Money = Field(description="of it and of what is locked, frozen with the seller")
    reserve: Money
    cover: Money
    locked: Money
    leaving: Money = Field(
        description="of what is locked, approved to leave with a whole exit; counts until sent"
    )
    debt: Money
    refunds: Money
    shortfall: Money
    is_zero_start: bool
    step: Annotated[str, Code(LadderStep)]
    quoted_at: Moment
    next_quote_at: Moment | None
    short_since: Moment | None
    top_up_due_at: Moment | None


class QuoteLineTold(Told):
    line: Annotated[str, Code(Line)]
    amount: Money
    clause: str
    zh: str
    en: str
    lower_zh: str = Field(description="what would lower it")
    lower_en: str
    saves: Money


class QuoteTold(Told):
    """A quote explained: its lines sum to what is required."""

    seller: str
    quoted_at: Moment
    required: Money
    is_zero_start: bool
    lines: list[QuoteLineTold]
    next_quote_at: Moment | None


class LodgementAsked(Asked):
    amount: Amount
    frozen: bool = Field(
        default=False,
        description="it stays frozen in the seller's own account, and is taken only where owed",
    )


class LodgementTold(Told):
    """Money on its way in; `unknown` and `requested` are asked about until they are certain."""

    lodgement: UUID
    amount: Money
    state: Annotated[str, Code(LodgementState)]
    asked_at: Moment
    answered_at: Moment | None
    gateway_ref: str
    frozen: bool
    pay_at: str = Field(description="where the seller pays, to scan or open; empty where nowhere")


class LodgementsTold(Page):
    lodgements: list[LodgementTold]


class PostingTold(Told):
    seq: int
    at: Moment
    source: Annotated[str, Code(Account)]
    target: Annotated[str, Code(Account)]
    amount: Money
    source_after: Money
    target_after: Money
    why: Annotated[str, Code(Why)]
    why_zh: str
    why_en: str
    cause: UUID


class StatementTold(Page):
    """Postings, newest first, with the balances of both accounts after each."""

    postings: list[PostingTold]


@router.get(
    "/sellers/{name:seller}/deposit", **needs("deposits:read"), response=DepositTold,
    summary="The deposit as it stands",
)  # fmt: skip
def deposit(request: HttpRequest, seller: Shop) -> DepositTold:
    row = shop_in(request, seller)
    found = queries.deposit_of(row.seller_id, at=now())
    if found is None:
        raise NotFound(what_zh="报价", what_en="quote")

    def of(minor: int) -> Money:
        return money(minor, found.currency)

    return DepositTold(
        seller=row.name, required=of(found.required_minor), available=of(found.available_minor),
        deposit=of(found.deposit_minor), reserve=of(found.reserve_minor),
        frozen=of(found.frozen_minor),
        cover=of(found.cover_minor), locked=of(found.locked_minor),
        leaving=of(found.leaving_minor), debt=of(found.debt_minor),
        refunds=of(found.refunds_minor), shortfall=of(found.shortfall_minor),
        is_zero_start=found.is_zero_start, step=name_of(found.step), quoted_at=found.quoted_at,
        next_quote_at=found.next_quote_at, short_since=found.short_since,
        top_up_due_at=found.top_up_due_at,
    )  # fmt: skip


@router.get(
    "/sellers/{name:seller}/deposit/quote", **needs("deposits:read"), response=QuoteTold,
    summary="The quote, line by line",
)  # fmt: skip
def quote(request: HttpRequest, seller: Shop) -> QuoteTold:
    row = shop_in(request, seller)
    return _quote_told(row.name, queries.quote_of(row.seller_id))


@router.post(
    "/sellers/{name:seller}/deposit/quotes", **needs("deposits:write"), response=QuoteTold,
    summary="Quote the deposit now",
)  # fmt: skip
def quote_now(request: HttpRequest, seller: Shop) -> QuoteTold:
    row = shop_in(request, seller)
    acts.quote_deposits(np.array([row.seller_id]), at=now())
    return _quote_told(row.name, queries.quote_of(row.seller_id))


def _quote_told(seller: str, found: QuoteRow | None) -> QuoteTold:
    if found is None:
        raise NotFound(what_zh="报价", what_en="quote")
    return QuoteTold(
        seller=seller, quoted_at=found.quoted_at,
        required=money(found.required_minor, found.currency), is_zero_start=found.is_zero_start,
        lines=[
            QuoteLineTold(
                line=name_of(one.code), amount=money(one.amount_minor, found.currency),
                clause=one.clause, zh=one.zh, en=one.en, lower_zh=one.lower_zh,
                lower_en=one.lower_en, saves=money(one.saves_minor, found.currency),
            )
            for one in found.lines
        ],
        next_quote_at=found.next_quote_at,
    )  # fmt: skip


@router.post(
    "/sellers/{name:seller}/deposit/lodgements", **needs("deposits:write"),
    response={201: LodgementTold}, summary="Pay money in as deposit",
)  # fmt: skip
def lodge(request: HttpRequest, seller: Shop, asked: LodgementAsked) -> Status[LodgementTold]:
    """Taken from the seller's account through the gateway, once under the key."""
    row = shop_in(request, seller)
    done = lodge_deposit(
        row, minor_of(asked.amount, row.currency), key=id_of(act_key(request)), at=now(),
        is_frozen=asked.frozen,
    )  # fmt: skip
    name = uuid_of(done.lodgement_hi[0], done.lodgement_lo[0])
    found = next(one for one in queries.lodgements_of(row.seller_id) if one.lodgement == name)
    return Status(201, _lodgement_told(found, row.currency))


@router.get(
    "/sellers/{name:seller}/deposit/lodgements", **needs("deposits:read"),
    response=LodgementsTold, summary="Money in, newest first",
)  # fmt: skip
def lodgements(
    request: HttpRequest, seller: Shop, cursor: Cursor = "", limit: Limit = 100
) -> LodgementsTold:
    row, place = shop_in(request, seller), queries.BY_ASKING.place(cursor)
    found = queries.lodgements_of(row.seller_id, place=place, limit=limit + 1)
    rows, after = page_of(found, queries.BY_ASKING, limit)
    return LodgementsTold(
        lodgements=[_lodgement_told(one, row.currency) for one in rows], next=after
    )


def _lodgement_told(row: LodgementRow, currency: str) -> LodgementTold:
    return LodgementTold(
        lodgement=row.lodgement, amount=money(row.amount_minor, currency),
        state=name_of(row.state), asked_at=row.asked_at, answered_at=row.answered_at,
        gateway_ref=row.gateway_ref, frozen=row.is_frozen,
        pay_at=code_shown(row.answer) if row.state is LodgementState.UNKNOWN else "",
    )  # fmt: skip


@router.get(
    "/sellers/{name:seller}/statement", **needs("deposits:read"), response=StatementTold,
    summary="Every posting of the book",
)  # fmt: skip
def statement(
    request: HttpRequest, seller: Shop, account: Annotated[str, Code(Account)] | None = None,
    cursor: Cursor = "", limit: Limit = 100,
) -> StatementTold:  # fmt: skip
    row = shop_in(request, seller)
    found = ledger.statement(
        row.seller_id, None if account is None else Account[account.upper()],
        limit=limit + 1, place=ledger.BY_NUMBER.place(cursor),
    )  # fmt: skip
    lines, after = page_of(found, ledger.BY_NUMBER, limit)
    return StatementTold(
        postings=[
            PostingTold(
                seq=one.seq, at=one.at, source=name_of(one.source), target=name_of(one.target),
                amount=money(one.amount_minor, row.currency),
                source_after=money(one.source_after, row.currency),
                target_after=money(one.target_after, row.currency), why=name_of(one.why),
                why_zh=why_words(one.why, "zh"), why_en=why_words(one.why, "en"), cause=one.cause,
            )
            for one in lines
        ],
        next=after,
    )  # fmt: skip
