"""Threads: a seller asks a specialist, who owes an answer in time; and what helps it leave."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, ClassVar, Literal

import numpy as np
from django.http import HttpRequest
from ninja import Path, Router, Status
from pydantic import Field

from xiaobao.api.asking import NotFound, caller_in, needs, person_in, seller_in, shop_in
from xiaobao.api.once import act_key
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import NO_NUL, WORDS, Asked, Moment, Money, Page, Shop, Told, money
from xiaobao.exits import acts, queries
from xiaobao.kernel.problems import Problem
from xiaobao.sellers import queries as sellers
from xiaobao.work.clock import now
from xiaobao.work.scopes import ClientRole

if TYPE_CHECKING:
    from xiaobao.exits.facts import ConsultRow
    from xiaobao.sellers.facts import SellerRow

router = Router(tags=["advice"])
AT = "/sellers/{name:seller}/threads"
ThreadNumber = Annotated[int, Path(ge=1, le=2**31 - 1)]
Speech = Annotated[str, Field(min_length=1, max_length=WORDS, pattern=NO_NUL)]


class SpeakerMissing(Problem):
    code = "speaker_missing"
    status: ClassVar[int] = 422
    zh = "as 字段：平台系统须写明以谁的身份说（seller 或 specialist）"
    en = "as: the marketplace's own system says as whom it speaks (seller or specialist)"


class SpeakerOfAnother(Problem):
    code = "speaker_of_another"
    status: ClassVar[int] = 403
    zh = "as 字段：店铺的客户端只能以卖家身份说，小二的客户端只能以专员身份说"
    en = "as: a shop's own client speaks as the seller alone, and an adjudicator's as a specialist"


class QuestionAsked(Asked):
    topic: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = ""
    words: Speech


class SaidAsked(Asked):
    """What is said, and as whom: a shop's own client is the seller, staff are specialists."""

    words: Speech
    speaker: Literal["seller", "specialist"] | None = Field(None, alias="as")
    by: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = Field(
        "", description="which specialist; the platform's own system says so"
    )


class ClosingAsked(Asked):
    """As whom: no specialist closes a thread that is owed an answer."""

    speaker: Literal["seller", "specialist"] | None = Field(None, alias="as")


class SaidTold(Told):
    seq: int
    by: str = Field(description="to a shop no specialist's name")
    is_specialist: bool
    words: str
    said_at: Moment


class ThreadTold(Told):
    """One thread whole; `due_at` is by when the platform owes an answer."""

    number: int
    topic: str
    opened_at: Moment
    due_at: Moment | None
    closed_at: Moment | None
    is_late: bool
    said: list[SaidTold]


class ThreadsTold(Page):
    threads: list[ThreadTold]


class ThreadWaiting(Told):
    seller: str
    number: int
    opened_at: Moment
    due_at: Moment | None
    is_late: bool
    said: int


class WaitingTold(Page):
    threads: list[ThreadWaiting]


class TipTold(Told):
    zh: str
    en: str
    more: Money = Field(description="may leave more now")
    days_sooner: int


class CoachTold(Told):
    """What would let a seller leave sooner, or with more."""

    free: Money
    all_free_at: Moment | None
    profile_complete_bps: int
    tips: list[TipTold]


@router.get("/threads", **needs("advice:read"), response=WaitingTold,
            summary="Open threads, late answers first, then by clock")  # fmt: skip
def waiting(request: HttpRequest, cursor: Cursor = "", limit: Limit = 100) -> WaitingTold:
    """Of every seller, for staff; a shop's own client asks for its own."""
    caller = caller_in(request)
    if caller.is_of_shop:
        raise NotFound(what_zh="地址", what_en="address")
    place = queries.BY_URGENCY.place(cursor)
    found = queries.consults_open(place=place, limit=limit + 1)
    rows, after = page_of(found, queries.BY_URGENCY, limit)
    names = sellers.names_of(np.array([one.seller_id for one in rows], np.int64))
    return WaitingTold(
        threads=[
            ThreadWaiting(
                seller=names[one.seller_id], number=one.number, opened_at=one.opened_at,
                due_at=one.due_at, is_late=one.is_late, said=one.said,
            )
            for one in rows
        ],
        next=after,
    )  # fmt: skip


@router.get(AT, **needs("advice:read"), response=ThreadsTold,
            summary="Threads of a seller, the latest first")  # fmt: skip
def listed(
    request: HttpRequest, seller: Shop, cursor: Cursor = "", limit: Limit = 100
) -> ThreadsTold:
    row = shop_in(request, seller)
    place = queries.LATEST_CONSULT.place(cursor)
    found = queries.consults_of(row.seller_id, place=place, limit=limit + 1)
    rows, after = page_of(found, queries.LATEST_CONSULT, limit)
    return ThreadsTold(threads=[_told(request, one) for one in rows], next=after)


@router.post(AT, **needs("advice:write"), response={201: ThreadTold},
             summary="A seller asks a specialist")  # fmt: skip
def ask(request: HttpRequest, seller: Shop, asked: QuestionAsked) -> Status[ThreadTold]:
    """From here the platform's clock runs."""
    row = shop_in(request, seller)
    if caller_in(request).role == ClientRole.ADJUDICATOR:
        raise SpeakerOfAnother
    number = acts.open_consult(
        row.seller_id, topic=asked.topic, words=asked.words, by=seller_in(request, row),
        at=now(), key=act_key(request),
    )  # fmt: skip
    return Status(201, _one(request, row, number))


@router.post(f"{AT}/{{int:number}}", **needs("advice:write"), response=ThreadTold,
             summary="Say more in a thread")  # fmt: skip
def say(request: HttpRequest, seller: Shop, number: ThreadNumber, asked: SaidAsked) -> ThreadTold:
    """A specialist's words end the clock; a seller's begin it, unless it runs."""
    row = shop_in(request, seller)
    is_specialist = _is_specialist(request, asked.speaker)
    acts.say_in_consult(
        row.seller_id, number, words=asked.words, is_specialist=is_specialist, at=now(),
        by=person_in(request, asked.by) if is_specialist else seller_in(request, row),
        key=act_key(request),
    )  # fmt: skip
    return _one(request, row, number)


@router.post(f"{AT}/{{int:number}}/close", **needs("advice:write"), response=ThreadTold,
             summary="Close a thread")  # fmt: skip
def close(
    request: HttpRequest, seller: Shop, number: ThreadNumber, asked: ClosingAsked | None = None
) -> ThreadTold:  # fmt: skip
    """The seller's own whenever it likes; a specialist answers first."""
    row = shop_in(request, seller)
    is_specialist = _is_specialist(request, None if asked is None else asked.speaker)
    acts.close_consult(row.seller_id, number, at=now(), is_specialist=is_specialist)
    return _one(request, row, number)


@router.get("/sellers/{name:seller}/exit/coach", **needs("exits:read"), response=CoachTold,
            summary="What would let a seller leave sooner, or with more")  # fmt: skip
def coach(request: HttpRequest, seller: Shop) -> CoachTold:
    found = queries.coach_of(shop_in(request, seller).seller_id, at=now())
    return CoachTold(
        free=money(found.free_minor, found.currency), all_free_at=found.all_free_at,
        profile_complete_bps=found.profile_bps,
        tips=[
            TipTold(zh=one.zh, en=one.en, more=money(one.more_minor, found.currency),
                    days_sooner=one.days_sooner)
            for one in found.tips
        ],
    )  # fmt: skip


def _is_specialist(request: HttpRequest, speaker: str | None) -> bool:
    """:raises Problem: where it is not said, or not for whoever asks to say"""
    role = caller_in(request).role
    if role == ClientRole.PLATFORM:
        if speaker is None:
            raise SpeakerMissing
        return speaker == "specialist"
    mine = "seller" if role == ClientRole.SELLER else "specialist"
    if speaker not in (None, mine):
        raise SpeakerOfAnother
    return mine == "specialist"


def _one(request: HttpRequest, row: SellerRow, number: int) -> ThreadTold:
    found = queries.consult_of(row.seller_id, number)
    assert found is not None
    return _told(request, found)


def _told(request: HttpRequest, one: ConsultRow) -> ThreadTold:
    is_of_shop = caller_in(request).is_of_shop
    return ThreadTold(
        number=one.number, topic=one.topic, opened_at=one.opened_at, due_at=one.due_at,
        closed_at=one.closed_at, is_late=one.is_late,
        said=[
            SaidTold(
                seq=each.seq, by="" if is_of_shop and each.is_specialist else each.by,
                is_specialist=each.is_specialist, words=each.words, said_at=each.said_at,
            )
            for each in one.words
        ],
    )  # fmt: skip
