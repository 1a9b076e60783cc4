"""Inspections: opened on a sample nobody chose, findings order by order, ended with an outcome."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.problems import Problem
from xiaobao.promises.facts import ViolationKind
from xiaobao.sellers import queries as sellers
from xiaobao.supervision import acts, queries
from xiaobao.supervision.facts import (
    EVENT_WORDS,
    FINDING_WORDS,
    OUTCOME_WORDS,
    STATE_WORDS,
    WATCHED_WORDS,
    Finding,
    InspectionState,
    Outcome,
    Watched,
)
from xiaobao.supervision.queries import InspectionUnknown
from xiaobao.violations.facts import KIND_WORDS
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.listing import listed as listed_at
from xiaobao.web.people import Role
from xiaobao.web.proving import proven
from xiaobao.web.telling import WORDS, field, new_key, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow
    from xiaobao.supervision.facts import InspectionRow

FINDINGS = {one.name.lower(): one for one in Finding}
OUTCOMES = {
    one.name.lower(): one for one in (Outcome.NO_BREACH, Outcome.BREACH, Outcome.CALLED_OFF)
}


@require_safe
@staff_page(Role.SUPERVISOR)
def listed(request: HttpRequest) -> HttpResponse:
    """The latest first."""
    page = listed_at(
        request, queries.BY_OPENING,
        lambda place, most: queries.inspections(place=place, limit=most),
    )  # fmt: skip
    names = sellers.names_of(np.array([one.seller_id for one in page.rows], np.int64))
    return render(request, "supervision/inspections.html", {
        "tab": "inspections", "page": page,
        "rows": [
            (one, names[one.seller_id], WATCHED_WORDS[one.watched], STATE_WORDS[one.state],
             OUTCOME_WORDS[one.outcome])
            for one in page.rows
        ],
    })  # fmt: skip


@require_POST
@staff_page(Role.SUPERVISOR)
def begin(request: HttpRequest, shop: str) -> HttpResponse:
    """Open one: the orders are drawn by a lot that nobody can try."""
    row = _shop(shop)
    watched = {one.name.lower(): one for one in Watched}.get(field(request, "watched"))
    if watched is None or not field(request, "key"):
        tell_wrong(request, zh="请选择要抽查的承诺", en="choose what to inspect", about="watched")
        return HttpResponseRedirect(reverse("supervision-shop", args=[row.name]))
    try:
        opened = acts.open_inspection(
            row.seller_id, watched=watched, words=field(request, "words", WORDS),
            by=visitor_of(request).actor, key=field(request, "key"), at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
        return HttpResponseRedirect(reverse("supervision-shop", args=[row.name]))
    tell(
        request, zh=f"已从 {opened.population} 笔订单中抽出 {opened.sampled} 笔",
        en=f"{opened.sampled} of {opened.population} orders were drawn",
    )  # fmt: skip
    return HttpResponseRedirect(reverse("supervision-inspection", args=[row.name, opened.number]))


@require_safe
@staff_page(Role.SUPERVISOR)
def one(request: HttpRequest, shop: str, number: int) -> HttpResponse:
    """One inspection whole: why, which orders were drawn, what was found, what came of it."""
    row, found = _found(shop, number)
    return render(request, "supervision/inspection.html", {
        "tab": "inspections", "shop": row, "one": found, "watched": WATCHED_WORDS[found.watched],
        "state": STATE_WORDS[found.state], "outcome": OUTCOME_WORDS[found.outcome],
        "is_open": found.state is InspectionState.OPEN,
        "sample": [
            (drawn, None if drawn.finding is None else FINDING_WORDS[drawn.finding],
             drawn.finding is Finding.BROKEN)
            for drawn in queries.sample_of(row.seller_id, number)
        ],
        "events": [
            (event, EVENT_WORDS[event.event]) for event in queries.events_of(row.seller_id, number)
        ],
        "findings": [(code, FINDING_WORDS[finding]) for code, finding in FINDINGS.items()],
        "outcomes": [(code, OUTCOME_WORDS[outcome]) for code, outcome in OUTCOMES.items()],
        "kinds": [(kind.name.lower(), KIND_WORDS[kind]) for kind in ViolationKind],
        "key": new_key(),
    })  # fmt: skip


@require_POST
@staff_page(Role.SUPERVISOR)
def find(request: HttpRequest, shop: str, number: int) -> HttpResponse:
    """Findings about some orders of the sample, those left blank not among them."""
    row, _ = _found(shop, number)
    back = HttpResponseRedirect(reverse("supervision-inspection", args=[shop, number]))
    findings = {
        drawn.order: (finding, field(request, f"words-{drawn.order_id}", WORDS))
        for drawn in queries.sample_of(row.seller_id, number)
        if (finding := FINDINGS.get(field(request, f"finding-{drawn.order_id}"))) is not None
    }
    if not findings:
        tell_wrong(request, zh="请先选择结果", en="choose what was found first")
        return back
    try:
        acts.record_findings(
            row.seller_id, number, findings, by=visitor_of(request).actor,
            key=field(request, "key"), at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh=f"已记录 {len(findings)} 笔", en=f"{len(findings)} recorded")
    return back


@require_POST
@staff_page(Role.SUPERVISOR)
@proven
def close(request: HttpRequest, shop: str, number: int) -> HttpResponse:
    """End it; a breach is recorded as a violation: its seller is told, and may appeal."""
    row, _ = _found(shop, number)
    back = HttpResponseRedirect(reverse("supervision-inspection", args=[shop, number]))
    outcome = OUTCOMES.get(field(request, "outcome"))
    kinds = {one.name.lower(): one for one in ViolationKind}
    if outcome is None:
        tell_wrong(request, zh="请选择结论", en="choose an outcome", about="outcome")
        return back
    try:
        closed = acts.close_inspection(
            row.seller_id, number, outcome=outcome, words=field(request, "words", WORDS),
            by=visitor_of(request).actor, key=field(request, "key"), at=now(),
            kind=kinds.get(field(request, "kind")) if outcome is Outcome.BREACH else None,
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        words = OUTCOME_WORDS[closed.outcome]
        tell(request, zh=f"抽查已结束：{words.zh}", en=f"the inspection is closed: {words.en}")
    return back


def _shop(shop: str) -> SellerRow:
    row = sellers.seller(shop)
    if row is None:
        raise Http404
    return row


def _found(shop: str, number: int) -> tuple[SellerRow, InspectionRow]:
    row = _shop(shop)
    try:
        return row, queries.inspection(row.seller_id, number)
    except InspectionUnknown as problem:
        raise Http404 from problem
