"""Gateways' bills against the books: handed in, compared by line and by day; days closed."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, ClassVar
from uuid import UUID

import numpy as np
from django.http import HttpRequest
from ninja import File, Router, Status, UploadedFile
from ninja import Path as NinjaPath
from pydantic import Field

from xiaobao.api.asking import needs
from xiaobao.api.pages import Limit
from xiaobao.api.shapes import NO_NUL, Asked, Code, Moment, Told, name_of
from xiaobao.gateways.bills import BillKind
from xiaobao.gateways.bills.cells import CHINA
from xiaobao.gateways.payments import Result
from xiaobao.kernel.problems import Problem
from xiaobao.sellers import queries as sellers
from xiaobao.work.asking import ask_about
from xiaobao.work.bills.closing import close_day, closed_day
from xiaobao.work.bills.differing import WORDS
from xiaobao.work.bills.matching import match_bill, match_day
from xiaobao.work.bills.taking import bills_read, read_handed, take_in
from xiaobao.work.clock import now
from xiaobao.work.through import gateway_in_use

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.work.bills.differing import Difference
    from xiaobao.work.bills.matching import Matched

router = Router(tags=["books"])
LISTED = 1000
Day = Annotated[date, NinjaPath(description="a day in China, such as 2026-05-01")]


class DayFarAway(Problem):
    code = "day_far_away"
    status: ClassVar[int] = 422
    zh = "day：应在 2000 年至 2199 年之间"
    en = "day: it lies between the years 2000 and 2199"


class DifferenceTold(Told):
    """One line of a bill or one movement of ours; amounts are signed as in the bill, in fen."""

    kind: str
    zh: str
    en: str
    do_zh: str
    do_en: str
    seller: str
    movement: UUID | None
    line: int
    name: str
    number: str
    ours: int | None
    theirs: int | None
    at: Moment | None


class MatchedTold(Told):
    lines: int
    agreed: int
    agreed_in: int
    agreed_out: int
    differences: list[DifferenceTold]
    are_all_listed: bool


class BillTaken(Told):
    bill: UUID
    kind: Annotated[str, Code(BillKind)]
    is_new: bool
    lines_new: int
    matched: MatchedTold


class BillTold(Told):
    bill: UUID
    kind: Annotated[str, Code(BillKind)]
    account: str
    file: str
    begins_at: Moment | None
    ends_at: Moment | None
    lines: int
    read_at: Moment


class BillsTold(Told):
    bills: list[BillTold]


class MovementAsked(Asked):
    """One payment by the number that bills and differences know it by."""

    number: Annotated[str, Field(min_length=1, max_length=100, pattern=NO_NUL)]


class MovementTold(Told):
    number: str
    result: Annotated[str, Code(Result)]
    gateway_ref: str
    said: str


class CloseAsked(Asked):
    """Why a day is closed although something differs."""

    because: Annotated[str, Field(max_length=500, pattern=NO_NUL)] = ""


class DayTold(Told):
    """A day against the bills that cover it, and its signed statement once it is closed."""

    day: date
    matched: MatchedTold
    closed_at: Moment | None
    statement: str


@router.get("/bills", **needs("books:read"), response=BillsTold,
            summary="Bills that were read, the latest first")  # fmt: skip
def bills(request: HttpRequest, limit: Limit = 100) -> BillsTold:  # noqa: ARG001
    return BillsTold(
        bills=[
            BillTold(
                bill=one.bill, kind=name_of(BillKind(one.kind)), account=one.account,
                file=one.file, begins_at=one.begins_at, ends_at=one.ends_at, lines=one.lines,
                read_at=one.read_at,
            )
            for one in bills_read(limit)
        ]
    )  # fmt: skip


@router.post("/bills", **needs("books:write"), response={201: BillTaken},
             summary="Hand in a gateway's bill")  # fmt: skip
def take_bill(
    request: HttpRequest,  # noqa: ARG001
    file: Annotated[UploadedFile, File(description="as the gateway made it, or its zip")],
) -> Status[BillTaken]:
    """Taken in whole and compared line by line, or refused with the line that is wrong."""
    name = Path(file.name or "bill").name.replace("\0", "")[:200]
    bill = read_handed(file.read(), name)
    taken, matched = take_in(bill, name, at=now()), match_bill(bill)
    return Status(201, BillTaken(
        bill=taken.bill, kind=name_of(bill.kind), is_new=taken.is_new,
        lines_new=taken.lines_new, matched=_matched(matched),
    ))  # fmt: skip


@router.post("/movements/ask", **needs("books:write"), response=MovementTold,
             summary="Ask the gateway about one payment")  # fmt: skip
def ask(request: HttpRequest, asked: MovementAsked) -> MovementTold:  # noqa: ARG001
    """Money that moved is booked."""
    answer = ask_about(asked.number, gateway_in_use(), at=now())
    return MovementTold(
        number=asked.number, result=name_of(answer.result), gateway_ref=answer.gateway_ref,
        said=answer.said,
    )  # fmt: skip


@router.get("/days/{day}", **needs("books:read"), response=DayTold,
            summary="A day against its bills")  # fmt: skip
def one_day(request: HttpRequest, day: Day) -> DayTold:  # noqa: ARG001
    return _day(day)


@router.post("/days/{day}/close", **needs("books:write"), response=DayTold,
             summary="Close a day, with a signed statement")  # fmt: skip
def close(request: HttpRequest, day: Day, asked: CloseAsked) -> DayTold:  # noqa: ARG001
    _check(day)
    close_day(day, because=asked.because, at=now())
    return _day(day)


def _day(day: date) -> DayTold:
    _check(day)
    begins = datetime(day.year, day.month, day.day, tzinfo=CHINA)
    closed = closed_day(day)
    return DayTold(
        day=day, matched=_matched(match_day(begins, begins + timedelta(days=1))),
        closed_at=None if closed is None else closed.closed_at,
        statement="" if closed is None else closed.note,
    )  # fmt: skip


def _check(day: date) -> None:
    """:raises DayFarAway: where no bill could ever cover it"""
    if not 2000 <= day.year < 2200:  # noqa: PLR2004
        raise DayFarAway


def _matched(found: Matched) -> MatchedTold:
    shown = found.differences[:LISTED]
    ids = sorted({one.seller_id for one in shown if one.seller_id})
    names = sellers.names_of(np.array(ids, np.int64))
    return MatchedTold(
        lines=found.lines, agreed=found.agreed, agreed_in=found.agreed_in_minor,
        agreed_out=found.agreed_out_minor, differences=_differences(shown, names),
        are_all_listed=len(shown) == len(found.differences),
    )  # fmt: skip


def _differences(shown: Sequence[Difference], names: dict[int, str]) -> list[DifferenceTold]:
    return [
        DifferenceTold(
            kind=one.kind.value, **WORDS[one.kind]._asdict(), seller=names.get(one.seller_id, ""),
            movement=one.movement, line=one.line, name=one.name, number=one.number,
            ours=one.ours_minor, theirs=one.theirs_minor, at=one.at,
        )
        for one in shown
    ]  # fmt: skip
