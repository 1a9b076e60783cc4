"""What waits for a second signature: with it the thing is done, in the same transaction."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.problems import Problem
from xiaobao.people import acts, queries
from xiaobao.people.facts import DUTY_ROLES, Duty, Intent
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import frame_of, staff_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.proving import proven
from xiaobao.web.telling import field, tell, tell_problem
from xiaobao.work.approving import approve_signed
from xiaobao.work.clock import now
from xiaobao.work.drafts import announce_draft
from xiaobao.work.writing_off import write_off_signed

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from django.http import HttpRequest


@require_safe
@staff_page(*DUTY_ROLES.values())
def waiting(request: HttpRequest) -> HttpResponse:
    """What waits for a second person who may do it; the oldest first."""
    who = visitor_of(request)
    duties = _own_duties(request)
    page = listed(
        request, queries.BY_SIGNING,
        lambda place, most: queries.intents(at=now(), duties=duties, place=place, limit=most),
    )  # fmt: skip
    names = sellers.names_of(np.array([one.seller_id for one in page.rows], np.int64))
    terms = queries.duties()
    return render(request, "countersign/waiting.html", {
        "frame": frame_of(request, *DUTY_ROLES.values()),
        "tab": "countersign",
        "rows": [
            (one, terms[one.duty], names.get(one.seller_id, ""), one.by_user_id == who.user_id)
            for one in page.rows
        ],
        "page": page,
        "terms": [terms[duty] for duty in duties],
    })  # fmt: skip


@require_POST
@staff_page(*DUTY_ROLES.values())
@proven
def sign(request: HttpRequest, intent: UUID) -> HttpResponse:
    """Sign with the first, and it is done; or refuse, and nothing is."""
    at = now()
    found = queries.intents(at=at, duties=_own_duties(request), intent_id=intent)
    if not found:
        raise Http404
    verb = field(request, "act")
    try:
        if verb == "sign":
            _sign(request, intent, at)
            tell(request, zh="已联签并执行", en="signed by both, and done")
        elif verb == "refuse":
            acts.refuse_intent(intent, by=visitor_of(request).actor, at=at)
            tell(request, zh="已退回，没有执行", en="refused; nothing was done")
    except Problem as problem:
        tell_problem(request, problem)
    return HttpResponseRedirect(reverse("countersign"))


@transaction.atomic
def _sign(request: HttpRequest, intent: UUID, at: datetime) -> None:
    """The second signature and what it brings about stand or fall together."""
    who = visitor_of(request).actor
    one = acts.countersign(intent, by=who, at=at)
    DONE[one.duty](one, f"{one.by} + {who.name}", at)


def _approve_exit(one: Intent, by: str, at: datetime) -> None:
    approve_signed(one, by=by, at=at)


def _announce(one: Intent, by: str, at: datetime) -> None:
    announce_draft(int(one.subject), by=by, at=at)


def _write_off(one: Intent, by: str, at: datetime) -> None:
    write_off_signed(one, by=by, at=at)


DONE = {
    Duty.APPROVE_EXIT: _approve_exit, Duty.ANNOUNCE_PACK: _announce, Duty.WRITE_OFF: _write_off,
}  # fmt: skip


def _own_duties(request: HttpRequest) -> list[Duty]:
    who = visitor_of(request)
    return [duty for duty, role in DUTY_ROLES.items() if who.has(role)]
