"""违规 · what was found against the shop, what it counts and until when, and appealing it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.problems import Problem
from xiaobao.violations import acts, queries
from xiaobao.violations.facts import (
    CLASS_WORDS,
    EFFECT_WORDS,
    EVENT_WORDS,
    KIND_WORDS,
    PENALTY_WORDS,
    SOURCE_WORDS,
    STATE_WORDS,
    PenaltyState,
    State,
)
from xiaobao.violations.queries import ViolationUnknown
from xiaobao.web.gates import shop_page, visitor_of
from xiaobao.web.listing import listed as listed_at
from xiaobao.web.people import Role
from xiaobao.web.telling import WORDS, field, tell, tell_problem
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow
    from xiaobao.violations.facts import PenaltyRow, ViolationDetail, ViolationRow


@require_safe
@shop_page()
def listed(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Points of each class beside the next rung, penalties, and every violation."""
    at = now()
    page = listed_at(
        request, queries.BY_RECORDING,
        lambda place, most: queries.violations_listed(
            seller_id=row.seller_id, place=place, limit=most
        ),
    )  # fmt: skip
    return render(request, "seller/violations.html", {
        "shop": row, "tab": "violations",
        "tallies": [(one, CLASS_WORDS[one.points_class], one.points + one.added_today)
                    for one in queries.tallies_of(row.seller_id, at=at)],
        "penalties": [_penalty(one) for one in queries.penalties_of(row.seller_id)],
        "violations": [
            (one, KIND_WORDS[one.kind], STATE_WORDS[one.state], EFFECT_WORDS[one.effect],
             _may_appeal(one, at), one.state is State.APPEALED)
            for one in page.rows
        ],
        "page": page,
    })  # fmt: skip


def _penalty(one: PenaltyRow) -> dict[str, object]:
    return {
        "row": one, "state": PENALTY_WORDS[one.state],
        "is_running": one.state is PenaltyState.RUNNING,
        "measures": list(zip(one.measures_zh, one.measures_en, strict=True)),
        "kinds": [KIND_WORDS[kind] for kind in one.kinds],
    }  # fmt: skip


def _may_appeal(one: ViolationRow, at: datetime) -> bool:
    return one.state in (State.RECORDED, State.NOTIFIED) and at < one.appeal_until


@require_safe
@shop_page()
def one(request: HttpRequest, row: SellerRow, violation: str) -> HttpResponse:
    """One violation whole: on what, under which clause, what it counts, what happened to it."""
    found = _found(row, violation)
    return render(request, "seller/violation.html", {
        "shop": row, "tab": "violations", "violation": found.row, "detail": found,
        "kind": KIND_WORDS[found.row.kind], "state": STATE_WORDS[found.row.state],
        "effect": EFFECT_WORDS[found.row.effect], "source": SOURCE_WORDS[found.row.source],
        "points_class": CLASS_WORDS[found.row.points_class],
        "may_appeal": _may_appeal(found.row, now()),
        "is_appealed": found.row.state is State.APPEALED,
        "events": [(event, EVENT_WORDS[event.event]) for event in found.events],
    })  # fmt: skip


def _found(row: SellerRow, violation: str) -> ViolationDetail:
    try:
        return queries.violation_detail(queries.violation_named(violation, row.name))
    except ViolationUnknown as problem:
        raise Http404 from problem


@require_POST
@shop_page(Role.OWNER)
def appeal(request: HttpRequest, row: SellerRow, violation: str) -> HttpResponse:
    """Another person decides, by the platform's clock."""
    found = _found(row, violation)
    try:
        acts.appeal_violation(
            queries.violation_named(violation, row.name), by=visitor_of(request).name,
            words=field(request, "words", WORDS), at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已申诉，由另一人复核", en="appealed; another person looks at it")
    return HttpResponseRedirect(reverse("seller-violation", args=[row.name, found.row.violation]))
