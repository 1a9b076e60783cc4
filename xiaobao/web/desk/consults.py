"""Consultations: who waits for a specialist, the shortest clock on top, one thread, an answer."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.exits import acts, queries
from xiaobao.kernel.problems import Problem
from xiaobao.people.facts import Role
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.people import add_look
from xiaobao.web.telling import WORDS, field, new_key, tell, tell_problem, tell_stale
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.exits.facts import ConsultRow


@require_safe
@staff_page(Role.ADJUDICATOR)
def waiting(request: HttpRequest) -> HttpResponse:
    """Open threads: those whose answer is late, those that are owed one by clock, the others."""
    page = listed(
        request, queries.BY_URGENCY,
        lambda place, most: queries.consults_open(place=place, limit=most),
    )  # fmt: skip
    names = sellers.names_of(np.array([one.seller_id for one in page.rows], np.int64))
    return render(request, "desk/consults.html", {
        "tab": "consults",
        "rows": [(one, names[one.seller_id]) for one in page.rows],
        "page": page,
    })  # fmt: skip


@require_safe
@staff_page(Role.ADJUDICATOR)
def thread(request: HttpRequest, shop: str, number: int) -> HttpResponse:
    """One thread whole, with the seller's own words; the look is written down."""
    seller_id, found = _found(shop, number)
    add_look(
        visitor_of(request).user_id, Role.ADJUDICATOR, seller_id, f"desk-consult {number}",
        at=now(),
    )  # fmt: skip
    return render(request, "desk/consult.html", {
        "tab": "consults",
        "shop": shop,
        "one": found,
        "key": new_key(),
    })  # fmt: skip


@require_POST
@staff_page(Role.ADJUDICATOR)
def answer(request: HttpRequest, shop: str, number: int) -> HttpResponse:
    """A specialist's words end the platform's clock; a thread that is owed none may be closed."""
    seller_id, _ = _found(shop, number)
    back = HttpResponseRedirect(reverse("desk-consult", args=[shop, number]))
    key = field(request, "key")
    if not key:
        tell_stale(request)
        return back
    is_end = field(request, "act") == "close"
    try:
        if is_end:
            acts.close_consult(seller_id, number, at=now(), is_specialist=True)
        else:
            _say(request, seller_id, number, key)
    except Problem as problem:
        tell_problem(request, problem)
    else:
        done = ("咨询已结束", "the consultation is closed") if is_end else ("已答复", "answered")
        tell(request, zh=done[0], en=done[1])
    return back


def _say(request: HttpRequest, seller_id: int, number: int, key: str) -> None:
    acts.say_in_consult(
        seller_id, number, words=field(request, "words", WORDS), by=visitor_of(request).name,
        is_specialist=True, at=now(), key=key,
    )  # fmt: skip


def _found(shop: str, number: int) -> tuple[int, ConsultRow]:
    row = sellers.seller(shop)
    found = None if row is None else queries.consult_of(row.seller_id, number)
    if row is None or found is None:
        raise Http404
    return row.seller_id, found
