"""Violations for staff: recorded, shown whole, and decided on appeal by another person."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.problems import Problem
from xiaobao.people.facts import Role
from xiaobao.promises.facts import ViolationKind
from xiaobao.sellers import queries as sellers
from xiaobao.violations import acts, queries
from xiaobao.violations.facts import (
    CLASS_WORDS,
    EFFECT_WORDS,
    EVENT_WORDS,
    KIND_WORDS,
    SOURCE_WORDS,
    STATE_WORDS,
    Source,
    State,
)
from xiaobao.violations.queries import ViolationUnknown
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.listing import listed as listed_at
from xiaobao.web.people import add_look
from xiaobao.web.proving import proven
from xiaobao.web.telling import WORDS, field, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.violations.facts import ViolationDetail

SOURCES = (Source.INSPECTION, Source.STAFF)


@require_safe
@staff_page(Role.ADJUDICATOR)
def listed(request: HttpRequest) -> HttpResponse:
    """The newest first, or those of one state; appeals are what waits for somebody."""
    states = {one.name.lower(): one for one in State}
    asked = request.GET.get("state", "")
    page = listed_at(
        request, queries.BY_RECORDING,
        lambda place, most: queries.violations_listed(
            state=states.get(asked), place=place, limit=most
        ),
    )  # fmt: skip
    return render(request, "desk/violations.html", {
        "tab": "violations",
        "rows": [
            (one, KIND_WORDS[one.kind], CLASS_WORDS[one.points_class], STATE_WORDS[one.state])
            for one in page.rows
        ],
        "page": page,
        "states": [(code, STATE_WORDS[one]) for code, one in states.items()],
        "state": asked,
        "kinds": [(one.name.lower(), KIND_WORDS[one]) for one in ViolationKind],
        "sources": [(one.name.lower(), SOURCE_WORDS[one]) for one in SOURCES],
    })  # fmt: skip


@require_POST
@staff_page(Role.ADJUDICATOR)
@proven
def record(request: HttpRequest) -> HttpResponse:
    """Record what an inspection or staff found; the seller is told, and may appeal."""
    row = sellers.seller(field(request, "seller"))
    kind = {one.name.lower(): one for one in ViolationKind}.get(field(request, "kind"))
    source = {one.name.lower(): one for one in SOURCES}.get(field(request, "source"))
    units, name = field(request, "units") or "1", field(request, "name")
    is_number = units.isascii() and units.isdigit() and len(units) < 10  # noqa: PLR2004
    if row is None:
        tell_wrong(request, zh="没有这家店铺", en="there is no such shop", about="seller")
    if kind is None:
        tell_wrong(request, zh="请选择种类", en="choose a kind", about="kind")
    if source is None:
        tell_wrong(request, zh="请选择来源", en="choose a source", about="source")
    if not is_number:
        tell_wrong(request, zh="请填写一个整数", en="give a whole number", about="units")
    if row is None or kind is None or source is None or not is_number:
        return HttpResponseRedirect(reverse("desk-violations"))
    try:
        acts.record_violation(
            row.seller_id, name, kind=kind, source=source, by=visitor_of(request).name,
            at=now(), units=int(units), incident=field(request, "incident"),
            words=field(request, "words", WORDS),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
        return HttpResponseRedirect(reverse("desk-violations"))
    tell(request, zh="已记录并通知卖家", en="recorded, and the seller told")
    return HttpResponseRedirect(reverse("desk-violation", args=[row.name, name]))


@require_safe
@staff_page(Role.ADJUDICATOR)
def shown(request: HttpRequest, shop: str, violation: str) -> HttpResponse:
    """One violation whole, with the seller's own words; the look is written down."""
    found = _found(shop, violation)
    add_look(
        visitor_of(request).user_id, Role.ADJUDICATOR, found.row.seller_id,
        f"desk-violation {found.row.violation}", at=now(),
    )  # fmt: skip
    return render(request, "desk/violation.html", {
        "tab": "violations",
        "found": found,
        "one": found.row,
        "kind": KIND_WORDS[found.row.kind],
        "class": CLASS_WORDS[found.row.points_class],
        "state": STATE_WORDS[found.row.state],
        "source": SOURCE_WORDS[found.row.source],
        "effect": EFFECT_WORDS[found.row.effect],
        "events": [(one, EVENT_WORDS[one.event]) for one in found.events],
        "is_own": found.row.recorded_by == visitor_of(request).name,
        "is_open": found.row.state is not State.REVOKED,
    })  # fmt: skip


@require_POST
@staff_page(Role.ADJUDICATOR)
@proven
def decide(request: HttpRequest, shop: str, violation: str) -> HttpResponse:
    """Another person upholds it, or revokes it: then all of it is undone."""
    found = _found(shop, violation)
    verdict = {"uphold": True, "revoke": False}.get(field(request, "verdict"))
    if verdict is None:
        tell_wrong(request, zh="请选择维持或撤销", en="choose to uphold or to revoke")
    else:
        key = queries.violation_named(found.row.violation, shop)
        try:
            acts.decide_violation(
                key, is_upheld=verdict, by=visitor_of(request).name,
                words=field(request, "words", WORDS), at=now(),
            )  # fmt: skip
        except Problem as problem:
            tell_problem(request, problem)
        else:
            tell(request, zh="已决定", en="decided")
    return HttpResponseRedirect(reverse("desk-violation", args=[shop, violation]))


def _found(shop: str, violation: str) -> ViolationDetail:
    try:
        return queries.violation_detail(queries.violation_named(violation, shop))
    except ViolationUnknown as problem:
        raise Http404 from problem
