"""A juror's cases: facts with both sides masked, one's own vote, and nobody else's before the end.

A vote is kept as its hash alone until it is opened: the salt is the juror's own, typed twice.
"""

from __future__ import annotations

from dataclasses import replace
from functools import wraps
from typing import TYPE_CHECKING, Any

import numpy as np
from django.contrib.auth.views import redirect_to_login
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.claims import queries as claims
from xiaobao.claims.facts import ASK_WORDS, EVENT_WORDS, KIND_WORDS, PARTY_WORDS, Party
from xiaobao.claims.queries import ClaimUnknown
from xiaobao.evidence.facts import Viewer
from xiaobao.hearings import acts, queries
from xiaobao.hearings.facts import VOTE_WORDS, JurorRow, PanelRow, SeatRow, Vote
from xiaobao.hearings.rules.jury import seal
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.sellers import queries as sellers
from xiaobao.web.files import copy_for, pieces_for
from xiaobao.web.gates import visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.telling import WORDS, field, spoken_in, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest
    from django.http.response import HttpResponseBase

    from xiaobao.claims.facts import ClaimDetail

    Page = Callable[..., HttpResponseBase]

VOTES = {"uphold": Vote.UPHOLD, "reject": Vote.REJECT}
LEAST_SALT = 8


def juror_page(page: Page) -> Page:
    """For jurors alone: accounts whose name is a juror's; to anybody else there is none."""

    @wraps(page)
    def passed(request: HttpRequest, **rest: Any) -> HttpResponseBase:
        who = visitor_of(request)
        if who.is_stranger:
            return redirect_to_login(request.get_full_path())
        found = [one for one in queries.jurors(id_of(who.name)) if one.left_at is None]
        if not found:
            raise Http404
        return page(request, found[0], **rest)

    return passed


@require_safe
@juror_page
def seats(request: HttpRequest, juror: JurorRow) -> HttpResponse:
    """The panels one sits on, those that wait for one's vote first."""
    page = listed(
        request, queries.BY_CALL,
        lambda place, most: queries.seats_held(juror.juror_id, place=place, limit=most),
    )  # fmt: skip
    seller_ids = np.array([one.seller_id for one in page.rows], np.int64)
    claim_ids = np.array([one.claim_id for one in page.rows], np.int64)
    shops = sellers.names_of(seller_ids)
    names = claims.names_of(claims.claims_of(seller_ids, claim_ids))
    return render(request, "jury/seats.html", {
        "juror": juror,
        "rows": [(one, shops[one.seller_id], names[one.seller_id, one.claim_id])
                 for one in page.rows],
        "page": page,
    })  # fmt: skip


@require_safe
@juror_page
def case(request: HttpRequest, juror: JurorRow, shop: str, claim: str) -> HttpResponse:
    """One case as both sides told it, without their names; and one's own vote."""
    detail, panel, seat = _found(request, juror, shop, claim)
    at = now()
    return render(request, "jury/case.html", {
        "shop": shop,
        "claim": detail,
        "currency": detail.money.currency,
        "kind": KIND_WORDS[detail.kind],
        "ask": ASK_WORDS[detail.ask],
        "panel": panel,
        "seat": seat,
        "votes": [(code, VOTE_WORDS[one]) for code, one in VOTES.items()],
        "own": VOTE_WORDS[seat.vote] if seat.vote else None,
        "may_seal": seat.sealed_at is None and at < panel.seal_until,
        "may_open": seat.sealed_at is not None and seat.vote is None and panel.tally is None
        and (at >= panel.seal_until or all(one.sealed_at for one in panel.seats)),
        "sealed": sum(one.sealed_at is not None for one in panel.seats),
        "pieces": [] if panel.tally else pieces_for(
            request, detail.seller_id, detail.claim_id, Viewer.JUROR
        ),
        "timeline": [
            (one, EVENT_WORDS[one.event], PARTY_WORDS[one.party] if one.party else None)
            for one in detail.timeline
        ],
    })  # fmt: skip


@require_safe
@juror_page
def piece(
    request: HttpRequest, juror: JurorRow, shop: str, claim: str, seq: int
) -> HttpResponseBase:
    """What was handed in, personal data masked, for whoever has still to judge the case."""
    detail, panel, _ = _found(request, juror, shop, claim)
    if panel.tally:
        raise Http404
    return copy_for(
        request, detail.seller_id, detail.claim_id, seq, Viewer.JUROR, viewer_id=juror.juror_id
    )


@require_POST
@juror_page
def vote(request: HttpRequest, juror: JurorRow, shop: str, claim: str) -> HttpResponse:
    """Seal a vote, or open the one that was sealed."""
    detail, panel, _ = _found(request, juror, shop, claim)
    chosen, salt = VOTES.get(field(request, "vote")), request.POST.get("salt", "")[:200]
    back = HttpResponseRedirect(reverse("jury-case", args=[shop, claim]))
    if chosen is None or len(salt) < LEAST_SALT:
        tell_wrong(
            request, zh=f"请选择支持或不支持，并填写至少 {LEAST_SALT} 个字符的暗号",
            en=f"choose to uphold or to reject, and a secret of at least {LEAST_SALT} characters",
        )  # fmt: skip
        return back
    key = (detail.seller_id, detail.claim_id)
    try:
        if field(request, "act") == "open":
            acts.open_vote(
                *key, juror=juror.name, vote=chosen, salt=salt,
                words=field(request, "words", WORDS), at=now(),
            )  # fmt: skip
            tell(request, zh="已开封并计入", en="opened, and counted")
        else:
            sealed = seal(panel.reference, juror.juror_id, chosen, salt)
            acts.seal_vote(*key, juror=juror.name, sha256=sealed, at=now())
            tell(request, zh="已密封；请记住暗号，开封时要再次填写",
                 en="sealed; keep the secret: opening asks for it again")  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    return back


def _found(
    request: HttpRequest, juror: JurorRow, shop: str, claim: str
) -> tuple[ClaimDetail, PanelRow, SeatRow]:
    """The case, if this juror sits on it: what either side wrote masked, as for the other."""
    row = sellers.seller(shop)
    if row is None:
        raise Http404
    try:
        detail = claims.claim_page(claim, spoken_in(request), seller=shop, at=now())
    except ClaimUnknown as problem:
        raise Http404 from problem
    for panel in reversed(queries.panels_of(row.seller_id, detail.claim_id)):
        for seat in panel.seats:
            if seat.juror_id == juror.juror_id:
                return _masked(detail), panel, seat
    raise Http404


def _masked(detail: ClaimDetail) -> ClaimDetail:
    """Neither party may read the other's personal data, and a juror no one's."""
    both = claims.as_told(claims.as_told(detail, Party.SELLER), Party.BUYER)
    return replace(both, buyer="", proposed=None)
