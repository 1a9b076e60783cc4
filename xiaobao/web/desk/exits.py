"""Exits that the platform reviews: approved, by two where much may leave, or refused."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.exits import acts, queries
from xiaobao.exits.facts import REASON_WORDS, SCOPE_WORDS, STATE_WORDS, ExitState
from xiaobao.kernel.problems import Problem
from xiaobao.people.facts import Duty, Role
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.proving import proven
from xiaobao.web.signing import sign_first
from xiaobao.web.telling import WORDS, field, tell, tell_problem, tell_wrong
from xiaobao.work.approving import ExitTakesTwo, approve_alone
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow


@require_safe
@staff_page(Role.ADJUDICATOR)
def exits(request: HttpRequest) -> HttpResponse:
    """Exits that the platform has to review, and those under way."""
    states = {one.name.lower(): one for one in ExitState}
    asked = request.GET.get("state", "")
    page = listed(
        request, queries.BY_PRESSURE,
        lambda place, most: queries.exits_listed(
            state=states.get(asked), place=place, limit=most
        ),
    )  # fmt: skip
    return render(request, "desk/exits.html", {
        "tab": "exits",
        "rows": [
            (one, SCOPE_WORDS[one.scope], REASON_WORDS[one.reason], STATE_WORDS[one.state],
             one.state == ExitState.UNDER_REVIEW)
            for one in page.rows
        ],
        "page": page,
        "states": [(code, STATE_WORDS[one]) for code, one in states.items()],
        "state": asked,
    })  # fmt: skip


@require_POST
@staff_page(Role.ADJUDICATOR)
@proven
def decide(request: HttpRequest, shop: str) -> HttpResponse:
    """Approve an exit under review, or refuse it for what is still waited for."""
    row = sellers.seller(shop)
    if row is None:
        raise Http404
    asked, words = field(request, "act"), field(request, "words", WORDS)
    by = visitor_of(request).name
    try:
        if asked == "approve":
            _approve(request, row, by=by, words=words)
        elif asked == "refuse":
            acts.refuse_exit(row.seller_id, by=by, words=words, at=now())
            tell(request, zh="已记录", en="recorded")
        else:
            tell_wrong(request, zh="请选择批准或驳回", en="choose to approve or to refuse")
    except Problem as problem:
        tell_problem(request, problem)
    return HttpResponseRedirect(reverse("desk-exits"))


def _approve(request: HttpRequest, row: SellerRow, *, by: str, words: str) -> None:
    """At once; or, where much may leave, once another person signed too.

    :raises ExitUnknown: where the shop never applied
    """
    try:
        approve_alone(row, by=by, words=words, at=now())
    except ExitTakesTwo:
        under_way = queries.exit_detail(row.seller_id, row.name).exit
        sign_first(
            request, Duty.APPROVE_EXIT, row.seller_id, str(under_way.number), words=words,
            amount_minor=queries.most_to_leave(row.seller_id), currency=row.currency,
        )  # fmt: skip
    else:
        tell(request, zh="已记录", en="recorded")
