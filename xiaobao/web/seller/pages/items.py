"""Covered items: found by name and state, marked many at a time after a preview, undone whole."""

from __future__ import annotations

from hashlib import sha256
from typing import TYPE_CHECKING, TypedDict
from urllib.parse import urlencode
from uuid import UUID

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.money import in_words
from xiaobao.kernel.problems import Problem
from xiaobao.orders import queries as orders
from xiaobao.sellers import acts, queries
from xiaobao.web.gates import shop_page
from xiaobao.web.listing import listed
from xiaobao.web.telling import field, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from datetime import datetime

    from django.http import HttpRequest

    from xiaobao.sellers.facts import MarkPlan, MarkReport, SellerRow

BATCHES = 5
# Of a long preview the first are shown, and all are counted.
SHOWN = 30
COVERED = {"yes": True, "no": False}


class _Asked(TypedDict):
    match: str
    is_covered: bool | None


@require_safe
@shop_page()
def items(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """What is covered and what was ever sold, by name and state; what was lately done."""
    at = now()
    pattern, state = request.GET.get("q", "")[:200].strip(), request.GET.get("covered", "")
    asked = _asked(pattern, state)
    batches = queries.batches_of(row.seller_id, limit=BATCHES)
    until = [queries.undo_until(row.seller_id, one) for one in batches]
    return render(request, "seller/items.html", {
        "shop": row, "tab": "items", "q": pattern, "state": state,
        "count": orders.items_known_count(row.seller_id, **asked),
        "page": listed(
            request, orders.BY_NAME,
            lambda place, most: orders.items_known(
                row.seller_id, **asked, place=place, limit=most
            ),
        ),
        "covered": queries.items_covered(row.seller_id),
        "batches": [(one, end, one.standing and at <= end)
                    for one, end in zip(batches, until, strict=True)],
    })  # fmt: skip


def _asked(pattern: str, state: str) -> _Asked:
    """What the filter asks; a pattern without a star may stand anywhere in a name."""
    # PostgreSQL takes no NUL, and no name has one.
    match = pattern.replace("\0", "")
    return {
        "match": match if "*" in match else f"*{match}*",
        "is_covered": COVERED.get(state),
    }


@require_POST
@shop_page()
def change(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """First what it would change, and cost; then, from that page, the change itself."""
    names = sorted({*_named(request), *_found(request, row)})
    is_marked = field(request, "act") != "unmark"
    if not names:
        tell_wrong(
            request, zh="请先选择或填写商品", en="choose or name an item first", about="names"
        )
        return _back(row, q=field(request, "q"), covered=field(request, "covered"))
    at = now()
    plan = queries.mark_plan(row.seller_id, names, is_marked=is_marked, at=at)
    is_changed = field(request, "every") == "yes" and field(request, "seen") != _digest(plan)
    if field(request, "sure") != "yes" or is_changed:
        return _preview(request, row, plan, is_marked=is_marked, at=at)
    act = acts.mark_items if is_marked else acts.unmark_items
    try:
        report = act(row.seller_id, names, at=at)
    except Problem as problem:
        tell_problem(request, problem)
        return _back(row)
    tell(
        request,
        zh=f"已更改 {report.changed} 件" + _kept(report, "，{} 件原已如此"),
        en=f"{report.changed} changed" + _kept(report, ", {} stood that way already"),
    )
    return _back(row)


def _preview(
    request: HttpRequest, row: SellerRow, plan: MarkPlan, *, is_marked: bool, at: datetime
) -> HttpResponse:
    is_every, named = field(request, "every") == "yes", set(_named(request))
    sold = orders.items_sold(row.seller_id, plan.names, at=at)
    return render(request, "seller/items_preview.html", {
        "shop": row, "tab": "items", "plan": plan, "is_marked": is_marked,
        "count": len(plan.names), "shown": plan.names[:SHOWN], "sold": sold,
        # Those of a filter are found again, however many: only that they are the same is kept.
        "named": [name for name in plan.names if name in named],
        "seen": _digest(plan) if is_every else "", "is_again": field(request, "sure") == "yes",
        "q": field(request, "q"), "state": field(request, "covered"),
        "goods": in_words(sold.shop_goods_minor, row.currency),
        "paid": in_words(sold.shop_breach_minor, row.currency),
    })  # fmt: skip


def _named(request: HttpRequest) -> list[str]:
    """Those ticked, and those written one a line."""
    names = [one for one in request.POST.getlist("item") if one]
    written = [one.strip() for one in request.POST.get("names", "").splitlines()]
    return names + [one for one in written if one]


def _found(request: HttpRequest, row: SellerRow) -> list[str]:
    """All that fit a filter, on whatever page of it, where that is asked."""
    if field(request, "every") != "yes":
        return []
    asked = _asked(field(request, "q"), field(request, "covered"))
    return [name for name, _ in orders.items_known(row.seller_id, **asked)]


def _digest(plan: MarkPlan) -> str:
    """What tells whether a plan would still change what it was shown to change."""
    return sha256("\n".join(plan.names).encode()).hexdigest()


@require_POST
@shop_page()
def undo(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Take one act of marking back as a whole; orders placed meanwhile keep their promises."""
    try:
        batch = UUID(field(request, "batch"))
    except ValueError:
        tell_wrong(request, zh="没有这一批", en="there is no such batch")
        return _back(row)
    try:
        report = acts.undo_marks(row.seller_id, batch, at=now())
    except Problem as problem:
        tell_problem(request, problem)
        return _back(row)
    tell(
        request,
        zh=f"已撤销 {report.changed} 件" + _kept(report, "；此后另行变更过的 {} 件不动"),
        en=f"{report.changed} undone" + _kept(report, "; {} changed again since and stay"),
    )
    return _back(row)


def _kept(report: MarkReport, words: str) -> str:
    """How many stayed as they were, where any did."""
    return words.format(report.unchanged) if report.unchanged else ""


def _back(row: SellerRow, **filters: str) -> HttpResponseRedirect:
    kept = urlencode({name: value for name, value in filters.items() if value})
    address = reverse("seller-items", args=[row.name])
    return HttpResponseRedirect(f"{address}?{kept}" if kept else address)
