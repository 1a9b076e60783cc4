"""加入消保 · joining: the agreement, the promises chosen, and the shop's profile."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Promise
from xiaobao.sellers import acts, queries
from xiaobao.sellers.facts import PROFILE_PARTS, STANDING_WORDS, Standing
from xiaobao.web.gates import shop_page, visitor_of
from xiaobao.web.people import Role
from xiaobao.web.proving import proven
from xiaobao.web.telling import field, spoken_in, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow

    Verb = Callable[[HttpRequest, SellerRow], None]

# Marks of a heading, and the name by which clauses lead to it.
HEADING = re.compile(r"^#+ *(.*?) *(?:\{#[^}]*\})?$")
BEFORE = (Standing.INVITED, Standing.SIGNED)


@require_safe
@shop_page(Role.OWNER)
def joining(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """What is signed, what is promised, and what buyers and the platform know of the shop."""
    at, language = now(), spoken_in(request)
    agreement = promises.agreement_of(row.market_id, at)
    given = {one.promise for one in queries.promises_of(row.seller_id) if one.ended_at is None}
    profile = queries.profile_of(row.seller_id)
    return render(request, "seller/joining.html", {
        "shop": row, "tab": "joining", "standing": STANDING_WORDS[row.state],
        "is_before": row.state in BEFORE,
        "version": agreement.version,
        "agreement": _read(agreement.zh, "") if language == "zh" else _read(agreement.en, " "),
        "signatures": queries.signatures_of(row.seller_id),
        "promises": [
            (one, one.promise.name.lower(), promises.title_of(one.clause, language, us_of(at)),
             one.is_basic or one.promise in given)
            for one in promises.promises_of(row.market_id, us_of(at))
        ],
        "parts": [(part, profile[part.field]) for part in PROFILE_PARTS],
        "profile": queries.profile_completeness(row.seller_id),
    })  # fmt: skip


def _read(text: str, between: str) -> list[tuple[bool, str]]:
    """The agreement as it is read: whether a piece is a heading, and its words.

    `between` stands between two lines of one paragraph: Chinese has nothing there.
    """
    pieces = [piece.strip() for piece in text.split("\n\n")]
    return [
        (piece.startswith("#"), HEADING.sub(r"\1", piece) if piece.startswith("#")
         else between.join(piece.splitlines()))
        for piece in pieces if piece
    ]  # fmt: skip


@require_POST
@shop_page(Role.OWNER)
def change(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Sign and begin, choose promises, or change the profile; said again it changes nothing."""
    verb = VERBS.get(field(request, "act"))
    if verb is None:
        tell_wrong(request, zh="请选择要做的事", en="choose what to do")
        return _back(row)
    if verb is _describe and queries.changes_payee(row.seller_id, _described(request)):
        return _proven_change(request, row, verb)
    return _change(request, row, verb)


def _change(request: HttpRequest, row: SellerRow, verb: Verb) -> HttpResponse:
    try:
        verb(request, row)
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已记录", en="recorded")
    return _back(row)


# Whoever finds the owner's screen open cannot lead the deposit to an account of their own.
_proven_change = proven(_change)


def _sign(request: HttpRequest, row: SellerRow) -> None:
    """The version is the one that was read: another one in force since is not signed unread."""
    acts.join(
        row.seller_id, version=field(request, "version"), language=spoken_in(request),
        signed_by=row.name, at=now(),
    )  # fmt: skip


def _choose(request: HttpRequest, row: SellerRow) -> None:
    """Basic promises cannot be left out; they come with the form or not."""
    at = now()
    basic = [one.promise for one in promises.promises_of(row.market_id, us_of(at))
             if one.is_basic]  # fmt: skip
    named = {one.name.lower(): one for one in Promise}
    chosen = [named[name] for name in request.POST.getlist("promise") if name in named]
    acts.choose_promises(row.seller_id, {*basic, *chosen}, at=at)


def _describe(request: HttpRequest, row: SellerRow) -> None:
    acts.update_profile(row.seller_id, _described(request), by=visitor_of(request).name, at=now())


def _described(request: HttpRequest) -> dict[str, str]:
    return {
        part.field: field(request, part.field)
        for part in PROFILE_PARTS
        if part.field in request.POST
    }


VERBS: dict[str, Verb] = {
    "sign": _sign, "choose": _choose, "describe": _describe,
}  # fmt: skip


def _back(row: SellerRow) -> HttpResponseRedirect:
    return HttpResponseRedirect(reverse("seller-joining", args=[row.name]))
