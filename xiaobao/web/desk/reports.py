"""Reports of force majeure: which wait for the platform's review, and what it says of them."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.problems import Problem
from xiaobao.orders import acts, queries
from xiaobao.orders.facts import REPORT_WORDS, ReportState
from xiaobao.people.facts import Role
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.telling import WORDS, field, tell, tell_problem, tell_wrong
from xiaobao.web.zones import zone_of
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
@staff_page(Role.ADJUDICATOR)
def reports(request: HttpRequest) -> HttpResponse:
    """Those that wait first, the shortest clock on top; beneath them what was decided."""
    page = listed(
        request, queries.BY_CLOCK,
        lambda place, most: queries.reports_listed(place=place, limit=most),
    )  # fmt: skip
    return render(request, "desk/reports.html", {
        "tab": "reports",
        "rows": [
            (one, REPORT_WORDS[one.state], one.state is ReportState.WAITING) for one in page.rows
        ],
        "page": page,
    })  # fmt: skip


@require_POST
@staff_page(Role.ADJUDICATOR)
def review(request: HttpRequest, shop: str, order: str) -> HttpResponse:
    """Approve until the end of a day, which takes the time out of the clocks; or refuse."""
    found = queries.order_of(shop, order)
    if found is None:
        raise Http404
    asked, until = field(request, "act"), None
    back = HttpResponseRedirect(reverse("desk-reports"))
    if asked == "approve":
        until = _end_of_day(request)
        if until is None:
            tell_wrong(
                request, zh="请填写不可抗力在哪天结束", en="say on which day it was over",
                about="until",
            )  # fmt: skip
            return back
    elif asked != "refuse":
        tell_wrong(request, zh="请选择认可或不认可", en="choose to approve or to refuse")
        return back
    try:
        acts.review_report(
            found.seller_id, found.order_id, until=until, words=field(request, "words", WORDS),
            by=visitor_of(request).name, at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已记录", en="recorded")
    return back


def _end_of_day(request: HttpRequest) -> datetime | None:
    """The end of the day that was named, as the reader counts days."""
    try:
        day = datetime.fromisoformat(field(request, "until")).date()
    except ValueError:
        return None
    return datetime.combine(day + timedelta(days=1), time(), zone_of(request))
