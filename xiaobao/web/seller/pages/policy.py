"""规则 · the rules a shop is under: in force, announced, in consultation; and what it says."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.problems import Problem
from xiaobao.promises import acts as drafts
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import STATE_WORDS, PackState
from xiaobao.sellers import acts, queries
from xiaobao.web.gates import shop_page, visitor_of
from xiaobao.web.people import Role
from xiaobao.web.policy.reading import in_consultation
from xiaobao.web.telling import WORDS, field, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow


@require_safe
@shop_page(Role.OWNER)
def policy(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Every version, the latest first; what this shop was told of it and said to it."""
    told = {one.pack_id: one for one in queries.notices_of(row.seller_id)}
    said = {one.pack_id: one for one in queries.answers_of(row.seller_id)}
    at = now()
    versions = promises.versions(row.market_id, at=at)
    market = promises.market_of(row.market_id)
    return render(request, "seller/policy.html", {
        "shop": row,
        "tab": "policy",
        "drafts": [
            one | {"mine": [each for each in one["comments"] if each.said_by == row.name]}
            for one in in_consultation(market.name, at=at)
        ],
        "objection": queries.objection_of(row.seller_id),
        "versions": [
            {"version": one, "state": STATE_WORDS[one.state],
             "is_announced": one.state is PackState.ANNOUNCED,
             "notice": told.get(one.pack_id), "answer": said.get(one.pack_id)}
            for one in reversed(versions)
        ],
    })  # fmt: skip


@require_POST
@shop_page(Role.OWNER)
def answer(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Accept an announced version, or object to it; said again it changes nothing."""
    verbs = {"accept": acts.accept_version, "object": acts.object_to_version}
    verb = verbs.get(field(request, "answer"))
    if verb is None:
        tell_wrong(request, zh="请选择接受或反对", en="choose to accept or to object")
        return HttpResponseRedirect(reverse("seller-policy", args=[row.name]))
    try:
        verb(row.seller_id, field(request, "version"), by=visitor_of(request).name, at=now())
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已记下你的答复", en="your answer is recorded")
    return HttpResponseRedirect(reverse("seller-policy", args=[row.name]))


@require_POST
@shop_page(Role.OWNER)
def comment(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Comment on a draft in the shop's name, which only the marketplace reads; said once."""
    try:
        drafts.comment_on(
            promises.market_of(row.market_id).name, field(request, "version"),
            words=field(request, "words", WORDS), by=row.name, at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="意见已提交，会逐条答复", en="your comment is in; every one is answered")
    return HttpResponseRedirect(reverse("seller-policy", args=[row.name]))
