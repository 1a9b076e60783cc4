"""Does cheating pay, as things are: gain against the sanction to expect, by promise, category."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.kernel.money import in_words
from xiaobao.lab.gauging import MEASURED
from xiaobao.lab.reports.charts import Words, lying
from xiaobao.sellers import queries as sellers
from xiaobao.web.gates import staff_page
from xiaobao.web.people import Role
from xiaobao.web.supervision.shops import market_asked
from xiaobao.work import figures
from xiaobao.work.clock import now
from xiaobao.work.figures import GAUGE_DAYS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from xiaobao.lab.reports.charts import Chart

DEFAULT_DAYS = 90


@require_safe
@staff_page(Role.SUPERVISOR)
def cheating(request: HttpRequest) -> HttpResponse:
    """The gauge over the last days, of a market or of one shop in it; what it cannot know."""
    market, markets = market_asked(request)
    asked = request.GET.get("days", "")
    days = next((one for one in GAUGE_DAYS if str(one) == asked), DEFAULT_DAYS)
    shop = sellers.seller(request.GET["shop"]) if request.GET.get("shop") else None
    if request.GET.get("shop") and shop is None:
        raise Http404
    found, as_of = None, None
    if market is not None:
        seller_id = None if shop is None else shop.seller_id
        found, as_of = figures.gauge(market, days, at=now(), seller_id=seller_id)
    return render(request, "supervision/cheating.html", {
        "tab": "cheating", "market": market, "markets": markets, "days": days,
        "spans": GAUGE_DAYS, "shop": shop, "found": found, "as_of": as_of,
        "currency": market.currency if market else "",
        "chart": _chart(found) if found and found["rows"] else None,
        "rows": [
            (row, row["scenarios"][MEASURED],
             [(one, row["scenarios"][one["key"]]) for one in found["scenarios"][1:]])
            for row in found["rows"]
        ] if found else [],
    })  # fmt: skip


def _chart(found: dict[str, Any]) -> Chart:
    """Of each promise in all categories two bars: what a bad sale brings, and may expect."""
    rows = [
        (Words(**row["words"]), row["mean_gain_minor"],
         row["scenarios"][MEASURED]["expected_sanction_minor"])
        for row in found["rows"] if row["category"] is None
    ]  # fmt: skip
    title = Words("每笔违约：得利与预期代价", "Each bad sale: its gain and the sanction to expect")
    return lying(title, rows, lambda minor: in_words(minor, found["currency"]))
