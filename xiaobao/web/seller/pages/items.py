"""Covered items."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from xiaobao.kernel.problems import Problem
from xiaobao.sellers import acts, queries
from xiaobao.web.gates import shop_page
from xiaobao.web.telling import tell, tell_problem, tell_wrong
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.sellers.facts import SellerRow

PAGE = 50


@require_http_methods(["GET", "HEAD", "POST"])
@shop_page()
def items(request: HttpRequest, row: SellerRow) -> HttpResponse:
    """Covered items: what is marked, and marking and unmarking singly or many at a time."""
    if request.method == "POST":
        _change_marks(request, row)
        return HttpResponseRedirect(reverse("seller-items", args=[row.name]))
    asked = request.GET.get("page", "1")
    found = Paginator(queries.items_of(row.seller_id, limit=10_000), PAGE).get_page(asked)
    return render(request, "seller/items.html", {
        "shop": row, "tab": "items", "items": found,
        "covered": queries.items_covered(row.seller_id),
    })  # fmt: skip


def _change_marks(request: HttpRequest, row: SellerRow) -> None:
    names = [one for one in request.POST.getlist("item") if one]
    names += [one.strip() for one in request.POST.get("names", "").splitlines() if one.strip()]
    if not names:
        tell_wrong(request, zh="请先选择或填写商品", en="choose or name an item first")
        return
    act = acts.unmark_items if request.POST.get("act") == "unmark" else (
        acts.mark_items
    )  # fmt: skip
    try:
        report = act(row.seller_id, names, at=now())
    except Problem as problem:
        tell_problem(request, problem)
        return
    tell(
        request,
        zh=f"已更改 {report.changed} 件，{report.unchanged} 件原已如此",
        en=f"{report.changed} changed, {report.unchanged} stood that way already",
    )
