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
)
from xiaobao.claims.queries import ClaimUnknown
from xiaobao.hearings import acts
from xiaobao.hearings import queries as hearings
from xiaobao.hearings.facts import BY_WORDS, GROUND_WORDS, OUTCOME_WORDS, Ground, Verdict
from xiaobao.kernel.problems import Problem
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.people import Role, add_look
from xiaobao.web.proving import proven
from xiaobao.web.telling import (
    WORDS,
    field,
    new_key,
    spoken_in,
    tell,
    tell_problem,
    tell_wrong,
)
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.claims.facts import ClaimDetail

VERDICTS = {"uphold": Verdict.UPHOLD, "reject": Verdict.REJECT}


@require_safe
@staff_page(Role.ADJUDICATOR)
def queue(request: HttpRequest) -> HttpResponse:
    """What waits for a ruling, the clocks that run out first on top."""
    rows = hearings.queue(at=now())
    names = sellers.names_of(np.array([one.seller_id for one in rows], np.int64))
    currency = {one.market_id: one.currency for one in promises.markets()}
    return render(request, "desk/queue.html", {
        "tab": "queue",
        "rows": [
            (one, names.get(one.seller_id, ""), KIND_WORDS[one.kind], STATE_WORDS[one.state],
             FINDING_WORDS[one.finding], currency[one.market_id])
            for one in rows
        ],
    })  # fmt: skip


@require_safe
@staff_page(Role.ADJUDICATOR)
def case(request: HttpRequest, shop: str, claim: str) -> HttpResponse:
    """One case on one page; the look is written down: words of both sides stand there whole."""
    found = _found(request, shop, claim)
    add_look(
        visitor_of(request).user_id, Role.ADJUDICATOR, found.seller_id,
        f"desk-case {found.claim}", at=now(),
    )  # fmt: skip
    proposed = found.proposed
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
        "grounds": [(one.name.lower(), GROUND_WORDS[one]) for one in Ground],
        "key": new_key(),
    })  # fmt: skip


def _found(request: HttpRequest, shop: str, claim: str) -> ClaimDetail:
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
    found = _found(request, shop, claim)
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
