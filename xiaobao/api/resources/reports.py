"""Reports of force majeure: which wait for the platform, and the platform's review."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from xiaobao.api.asking import NotFound, caller_in, needs, person_in, shop_in
from xiaobao.api.pages import Cursor, Limit, page_of
from xiaobao.api.shapes import (
    NO_NUL,
    WORDS,
    Asked,
    Code,
    Moment,
    Page,
    Shop,
    Told,
    name_of,
)
from xiaobao.orders import acts, queries
from xiaobao.orders.facts import ReportState
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from xiaobao.orders.facts import ReportRow

router = Router(tags=["orders"])


class ReportTold(Told):
    """One report; while it waits the clocks of its order stand."""

    seller: str
    order: str
    happened_at: Moment
    reported_at: Moment
    due_at: Moment = Field(description="by when the platform reviews it; else the fund pays")
    state: Annotated[str, Code(ReportState)]
    until: Moment | None = Field(description="of what was approved")
    decided_at: Moment | None
    words: str


class ReportsTold(Page):
    reports: list[ReportTold]


class ReviewAsked(Asked):
    """Approved until a moment, or refused where none is named."""

    until: Moment | None = None
    words: Annotated[str, Field(max_length=WORDS, pattern=NO_NUL)]
    by: Annotated[str, Field(max_length=200, pattern=NO_NUL)] = Field(
        "", description="who reviews; the platform's own system says so"
    )


@router.get("/reports", **needs("orders:read"), response=ReportsTold,
            summary="Reports of force majeure, those that wait first")  # fmt: skip
def reports(request: HttpRequest, cursor: Cursor = "", limit: Limit = 100) -> ReportsTold:
    """Of every seller; a shop's own client sees its own."""
    caller = caller_in(request)
    rows = queries.reports_listed(
        seller_id=caller.seller_id if caller.is_of_shop else None, limit=limit + 1,
        place=queries.BY_CLOCK.place(cursor),
    )  # fmt: skip
    shown, after = page_of(rows, queries.BY_CLOCK, limit)
    return ReportsTold(reports=[_told(one) for one in shown], next=after)


@router.post("/sellers/{name:seller}/orders/{name:order}/report/review",
             **needs("rulings:write"), response=ReportTold,
             summary="Approve a report until a moment, or refuse it")  # fmt: skip
def review(request: HttpRequest, seller: Shop, order: str, asked: ReviewAsked) -> ReportTold:
    row, by = shop_in(request, seller), person_in(request, asked.by)
    found = queries.order_of(row.name, order)
    if found is None:
        raise NotFound(what_zh="订单", what_en="order")
    key = found.seller_id, found.order_id
    acts.review_report(*key, until=asked.until, words=asked.words, by=by, at=now())
    told = queries.report_of(*key)
    assert told is not None, "it was just reviewed"
    return _told(told)


def _told(one: ReportRow) -> ReportTold:
    return ReportTold(
        seller=one.seller, order=one.order, happened_at=one.happened_at,
        reported_at=one.reported_at, due_at=one.due_at, state=name_of(one.state),
        until=one.until_at, decided_at=one.decided_at, words=one.words,
    )  # fmt: skip
