"""辅导与咨询 · what would help a shop leave sooner or with more, and talking to a specialist."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.exits import acts, queries
from xiaobao.exits.facts import RELIEF_WORDS
from xiaobao.kernel.problems import Problem
from xiaobao.web.gates import shop_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.people import Role
from xiaobao.web.telling import (
    WORDS,
    field,
    new_key,
    tell,
    tell_problem,
    tell_stale,
    tell_wrong,
)
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow


@require_safe
@shop_page(Role.OWNER)
def advice(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Each thing to do with its effect, what could help the shop stay, and the threads."""
    at = now()
    return render(request, "seller/advice.html", {
        "shop": row, "tab": "advice",
        "coach": queries.coach_of(row.seller_id, at=at),
        "reliefs": [(one, RELIEF_WORDS[one.kind])
                    for one in queries.reliefs_of(row.seller_id, at=at)],
        "key": new_key(),
        "page": listed(
            request, queries.LATEST_CONSULT,
            lambda place, most: queries.consults_of(row.seller_id, place=place, limit=most),
        ),
    })  # fmt: skip


@require_POST
@shop_page(Role.OWNER)
def ask(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Open a thread: from here the platform's clock for an answer runs."""
    key = field(request, "key")
    if not key:
        tell_stale(request)
        return _back(row)
    words = field(request, "words", WORDS)
    topic = field(request, "topic") or words[:40]
    try:
        acts.open_consult(
            row.seller_id, topic=topic, words=words, by=visitor_of(request).name, at=now(), key=key
        )
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(
            request,
            zh="已发出，平台须在时限内答复",
            en="sent; the platform owes an answer in time",
        )
    return _back(row)


@require_POST
@shop_page(Role.OWNER)
def say(request: HttpRequest, row: SellerRow, number: int) -> HttpResponse:
    """Say more in a thread, or close it."""
    key = field(request, "key")
    try:
        if field(request, "act") == "close":
            acts.close_consult(row.seller_id, number, at=now())
            tell(request, zh="咨询已结束", en="the consultation is closed")
        elif field(request, "act") == "say":
            if not key:
                tell_stale(request)
                return _back(row)
            acts.say_in_consult(
                row.seller_id, number, words=field(request, "words", WORDS),
                by=visitor_of(request).name, is_specialist=False, at=now(), key=key,
            )  # fmt: skip
            tell(request, zh="已发出", en="sent")
        else:
            tell_wrong(request, zh="请选择要做的事", en="choose what to do")
    except Problem as problem:
        tell_problem(request, problem)
    return _back(row)


def _back(row: SellerRow) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("seller-advice", args=[row.name]))
