"""A shop as a buyer may check it before paying; policy texts to read and to take away."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.deposits import queries as deposits
from xiaobao.kernel.clocks import us_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import STATE_WORDS
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import RESTRICTION_WORDS, STANDING_WORDS
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def shop(request: HttpRequest, shop: str) -> HttpResponse:
    """What the shop promises, and whether the money behind it is there.

    Amounts of the deposit are the shop's own matter; whether it meets what is asked is not.
    """
    row = sellers.seller(shop)
    if row is None:
        raise Http404
    at = now()
    language: str = request.language  # type: ignore[attr-defined]
    deposit = deposits.deposit_of(row.seller_id, at=at)
    given = {one.promise for one in sellers.promises_of(row.seller_id) if one.ended_at is None}
    return render(request, "public/shop.html", {
        "shop": row,
        "standing": STANDING_WORDS[row.state],
        "restrictions": [RESTRICTION_WORDS[one] for one in row.restricted_by],
        "deposit": deposit,
        "promises": [(one, promises.title_of(one.clause, language))
                     for one in promises.promises_of(row.market_id, us_of(at))
                     if one.promise in given],
        "items_covered": sellers.items_covered(row.seller_id),
    })  # fmt: skip


@require_safe
def policy(request: HttpRequest) -> HttpResponse:
    """Every version of every market's rules, the latest first.

    What is in force, what is announced and from when, and what was said of it in consultation
    (E-Commerce Law, articles 33 and 34).
    """
    at = now()
    versions = [v for market in promises.markets()
                for v in reversed(promises.versions(market.market_id, at=at))]  # fmt: skip
    return render(request, "public/policy.html", {
        "versions": [
            {"version": one, "state": STATE_WORDS[one.state],
             "why_major": [(why["zh"], why["en"]) for why in one.why_major],
             "comments": promises.comments_on(one.draft_id),
             "files": sorted(promises.pack_files(one.pack_id))}
            for one in versions
        ],
    })  # fmt: skip


@require_safe
def policy_file(request: HttpRequest, pack: int, file: str) -> HttpResponse:  # noqa: ARG001
    """One file of a published pack, as it was published (E-Commerce Law, article 33)."""
    text = promises.pack_files(pack).get(file)
    if text is None:
        raise Http404
    return HttpResponse(
        text, content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )  # fmt: skip
