"""The platform stops the clocks of a case for a court or the police, and lets them go on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from xiaobao.claims import acts
from xiaobao.claims.facts import Party
from xiaobao.claims.rules.stopping import OF_AUTHORITIES
from xiaobao.kernel.problems import Problem
from xiaobao.web.desk.pages import found_case
from xiaobao.web.gates import staff_page
from xiaobao.web.people import Role
from xiaobao.web.proving import proven
from xiaobao.web.telling import WORDS, field, tell, tell_problem, tell_stale, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_POST
@staff_page(Role.ADJUDICATOR)
@proven
def suspend(request: HttpRequest, shop: str, claim: str) -> HttpResponse:
    """Stop every clock, or accept the document for which a party stopped them."""
    found, back = found_case(request, shop, claim), _back(shop, claim)
    reason = {one.name.lower(): one for one in OF_AUTHORITIES}.get(field(request, "reason"))
    key, words = field(request, "key"), field(request, "words", WORDS)
    if reason is None or not key:
        tell_wrong(request, zh="请选择事由", en="choose the reason", about="reason")
        return back
    if not words:
        tell_wrong(request, zh="请写明依据", en="say what it rests on", about="words")
        return back
    try:
        acts.suspend_claim(
            found.seller_id, found.claim_id, reason=reason, by=Party.PLATFORM, words=words,
            key=key, at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已中止，各方时限停止", en="suspended: every clock stands still")
    return back


@require_POST
@staff_page(Role.ADJUDICATOR)
@proven
def resume(request: HttpRequest, shop: str, claim: str) -> HttpResponse:
    """Let the clocks go on: the reason is gone, or the document is none."""
    found, key = found_case(request, shop, claim), field(request, "key")
    if not key:
        tell_stale(request)
        return _back(shop, claim)
    try:
        acts.resume_claim(
            found.seller_id, found.claim_id, by=Party.PLATFORM,
            words=field(request, "words", WORDS), key=key, at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已恢复，时限顺延", en="resumed: every clock later by as much")
    return _back(shop, claim)


def _back(shop: str, claim: str) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("desk-case", args=[shop, claim]))
