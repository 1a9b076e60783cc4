"""The queue, one case whole with what is proposed, a ruling with its reason."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.claims import queries as claims
from xiaobao.claims.facts import (
    ASK_WORDS,
    BASIS_WORDS,
    EVENT_WORDS,
    FINDING_WORDS,
    KIND_WORDS,
    PARTY_WORDS,
    REASON_WORDS,
    STATE_WORDS,
    STOP_WORDS,
    ClaimKind,
    ClaimState,
)
from xiaobao.claims.queries import ClaimUnknown
from xiaobao.claims.rules.lifecycle import OPEN
from xiaobao.claims.rules.stopping import OF_AUTHORITIES
from xiaobao.evidence.facts import Viewer
from xiaobao.hearings import acts
from xiaobao.hearings import queries as hearings
from xiaobao.hearings.facts import BY_WORDS, GROUND_WORDS, OUTCOME_WORDS, Ground, Verdict
from xiaobao.kernel.problems import Problem
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.web.files import copy_for, pieces_for
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.people import Role, add_look
from xiaobao.web.proving import proven
from xiaobao.web.telling import (
    FIELD,
    WORDS,
    field,
    new_key,
    spoken_in,
    tell,
    tell_problem,
    tell_stale,
    tell_wrong,
)
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from xiaobao.claims.facts import ClaimDetail, ListRow

# Of both parties' other claims so many are looked at.
MOST, ALIKE = 100, 5
VERDICTS = {"uphold": Verdict.UPHOLD, "reject": Verdict.REJECT}


@require_safe
@staff_page(Role.ADJUDICATOR)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a ruling, the clocks that run out first on top; or one claim by its name."""
    if (asked := request.GET.get("find", "").strip()[:FIELD]) and (to := _opened(request, asked)):
        return to
    kinds = {one.name.lower(): one for one in ClaimKind}
    kind, is_late, at = request.GET.get("kind", ""), request.GET.get("late") == "1", now()
    page = listed(
        request, hearings.BY_RULING,
        lambda place, most: hearings.queue(
            at=at, kind=kinds.get(kind), only_late=is_late, place=place, limit=most
        ),
    )  # fmt: skip
    names = sellers.names_of(np.array([one.seller_id for one in page.rows], np.int64))
    documents = claims.stops_to_accept(limit=MOST)
    of_documents = sellers.names_of(np.array([one.seller_id for one in documents], np.int64))
    currency = {one.market_id: one.currency for one in promises.markets()}
    return render(request, "desk/queue.html", {
        "tab": "queue",
        "kinds": [(code, KIND_WORDS[one]) for code, one in kinds.items()],
        "kind": kind,
        "is_late": is_late,
        "documents": [
            (one, of_documents.get(one.seller_id, ""), STOP_WORDS[one.reason])
            for one in documents
        ],
        "page": page,
        "rows": [
            (one, names.get(one.seller_id, ""), KIND_WORDS[one.kind], STATE_WORDS[one.state],
             FINDING_WORDS[one.finding], currency[one.market_id])
            for one in page.rows
        ],
    })  # fmt: skip


def _opened(request: HttpRequest, claim: str) -> HttpResponse | None:
    """The claim of this name, whatever its state; where there is none, that is told."""
    try:
        key = claims.claim_named(claim)
    except Problem as problem:
        tell_problem(request, problem)
        return None
    shop = sellers.names_of(np.array([key.seller_id]))[key.seller_id]
    return HttpResponseRedirect(reverse("desk-case", args=[shop, claim]))


@require_safe
@staff_page(Role.ADJUDICATOR)
def case(request: HttpRequest, shop: str, claim: str) -> HttpResponse:
    """One case on one page; the look is written down: words of both sides stand there whole."""
    found = found_case(request, shop, claim)
    add_look(
        visitor_of(request).user_id, Role.ADJUDICATOR, found.seller_id,
        f"desk-case {found.claim}", at=now(),
    )  # fmt: skip
    proposed = found.proposed
    before = [
        one for one in claims.claims_against(found.seller_id, limit=MOST)
        if one.claim_id != found.claim_id
    ]  # fmt: skip
    burden = claims.burden_table(found.seller_id, found.claim_id, spoken_in(request), at=now())
    return render(request, "desk/case.html", {
        "tab": "queue",
        "claim": found,
        "currency": found.money.currency,
        "kind": KIND_WORDS[found.kind],
        "ask": ASK_WORDS[found.ask],
        "state": STATE_WORDS[found.state],
        "actions": [(one, PARTY_WORDS[one.party]) for one in found.next_actions],
        "timeline": [
            (one, EVENT_WORDS[one.event], PARTY_WORDS[one.party] if one.party else None)
            for one in found.timeline
        ],
        "finding": FINDING_WORDS[proposed.finding] if proposed else None,
        "reason": REASON_WORDS[proposed.reason] if proposed else None,
        "basis": BASIS_WORDS[proposed.basis] if proposed else None,
        "missing_party": (
            PARTY_WORDS[proposed.missing_party] if proposed and proposed.missing_party else None
        ),
        "rulings": [
            (one, BY_WORDS[one.by], OUTCOME_WORDS[one.outcome], GROUND_WORDS[one.ground])
            for one in hearings.rulings_of(found.seller_id, found.claim_id)
        ],
        "panels": [
            (one, sum(seat.sealed_at is not None for seat in one.seats),
             sum(seat.vote is not None for seat in one.seats),
             OUTCOME_WORDS[one.tally.outcome] if one.tally and one.tally.outcome else None)
            for one in hearings.panels_of(found.seller_id, found.claim_id)
        ],
        "is_open": found.state in OPEN,
        "is_under_review": found.state is ClaimState.UNDER_REVIEW,
        "burden": burden,
        "steps": [
            (one, PARTY_WORDS[one.party], FINDING_WORDS[one.silent], FINDING_WORDS[one.other])
            for one in burden.steps
        ],
        "bare_denial": FINDING_WORDS[burden.bare_denial],
        "all_shown": FINDING_WORDS[burden.all_shown],
        "pieces": pieces_for(request, found.seller_id, found.claim_id, Viewer.STAFF),
        "history": _history(found, before),
        "alike": [
            (one, STATE_WORDS[one.state]) for one in before if one.kind is found.kind
        ][:ALIKE],
        "stop": next(
            ((one, STOP_WORDS[one.reason], PARTY_WORDS[one.party])
             for one in found.stops if one.resume_at is None), None,
        ),
        "stop_reasons": [(one.name.lower(), STOP_WORDS[one]) for one in OF_AUTHORITIES],
        "grounds": [(one.name.lower(), GROUND_WORDS[one]) for one in Ground],
        "key": new_key(),
    })  # fmt: skip


@require_safe
@staff_page(Role.ADJUDICATOR)
def piece(request: HttpRequest, shop: str, claim: str, seq: int) -> HttpResponseBase:
    """What was handed in, whole; the look is written into the case's own chain."""
    found = found_case(request, shop, claim)
    return copy_for(
        request, found.seller_id, found.claim_id, seq, Viewer.STAFF,
        viewer_id=visitor_of(request).user_id, why=f"desk-case {found.claim}",
    )  # fmt: skip


def _history(
    found: ClaimDetail, against: list[ListRow]
) -> list[tuple[tuple[str, str], int, int, int, bool]]:
    """Of both parties' other claims, the latest: filed, paid, closed unpaid, is there more."""
    by = [
        one for one in claims.claims_by(found.buyer, limit=MOST)
        if (one.seller_id, one.claim_id) != (found.seller_id, found.claim_id)
    ]  # fmt: skip
    here = [one for one in by if one.seller_id == found.seller_id]
    return [
        (words, len(rows), sum(one.paid_minor > 0 for one in rows),
         sum(one.state is ClaimState.CLOSED and one.paid_minor == 0 for one in rows),
         len(whole) >= MOST - 1)
        for words, rows, whole in (
            (("该买家在本店", "this buyer at this shop"), here, by),
            (("该买家在全部店铺", "this buyer at all shops"), by, by),
            (("本店全部买家", "all buyers at this shop"), against, against),
        )
    ]  # fmt: skip


def found_case(request: HttpRequest, shop: str, claim: str) -> ClaimDetail:
    """:raises Http404: where there is no such shop, or no such claim against it"""
    row = sellers.seller(shop)
    if row is None:
        raise Http404
    try:
        return claims.claim_page(claim, spoken_in(request), seller=shop, at=now())
    except ClaimUnknown as problem:
        raise Http404 from problem


@require_POST
@staff_page(Role.ADJUDICATOR)
@proven
def rule(request: HttpRequest, shop: str, claim: str) -> HttpResponse:
    """Rule, carried out at once; not as proposed only with a reason."""
    found = found_case(request, shop, claim)
    verdict, key = VERDICTS.get(field(request, "verdict")), field(request, "key")
    ground = {one.name.lower(): one for one in Ground}.get(field(request, "ground"))
    if verdict is None or not key:
        tell_wrong(request, zh="请选择支持或不支持", en="choose to uphold or to reject")
        return HttpResponseRedirect(reverse("desk-case", args=[shop, claim]))
    try:
        ruling = acts.rule_claim(
            found.seller_id, found.claim_id, verdict=verdict, ground=ground,
            by=visitor_of(request).name, words=field(request, "words", WORDS),
            departure=field(request, "departure", WORDS), key=key, at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        zh, en = OUTCOME_WORDS[ruling.outcome]
        tell(request, zh=f"已裁决并执行：{zh}", en=f"ruled and carried out: {en}")
    return HttpResponseRedirect(reverse("desk-case", args=[shop, claim]))


@require_POST
@staff_page(Role.ADJUDICATOR)
@proven
def call_jury(request: HttpRequest, shop: str, claim: str) -> HttpResponse:
    """Put the case to a jury, drawn by a lot that nobody can try."""
    found, key = found_case(request, shop, claim), field(request, "key")
    back = HttpResponseRedirect(reverse("desk-case", args=[shop, claim]))
    if not key:
        tell_stale(request)
        return back
    try:
        panel = acts.call_panel(found.seller_id, found.claim_id, key=key, at=now())
    except Problem as problem:
        tell_problem(request, problem)
    else:
        count = len(panel.seats)
        tell(request, zh=f"已抽签组成 {count} 人评审团", en=f"a jury of {count} was drawn")
    return back
