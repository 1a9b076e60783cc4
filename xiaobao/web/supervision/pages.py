"""Shops ranked by what is proven of them; what the platform itself owes in time; penalties."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.claims import queries as claims
from xiaobao.claims.facts import ClaimEvent
from xiaobao.exits import queries as exits
from xiaobao.exits.facts import REASON_WORDS
from xiaobao.hearings import queries as hearings
from xiaobao.kernel.clocks import us_of
from xiaobao.orders import queries as orders
from xiaobao.people.facts import Role
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.violations import queries as violations
from xiaobao.violations.facts import STATE_WORDS
from xiaobao.web.gates import staff_page
from xiaobao.web.listing import listed
from xiaobao.web.supervision.ranking import ranked
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

SPANS_DAYS = (30, 90, 365)
MOST = 50


@require_safe
@staff_page(Role.SUPERVISOR)
def shops(request: HttpRequest) -> HttpResponse:
    """By market: the shops whose true breach rate is surely highest, over some days."""
    asked = request.GET.get("days", "")
    days = next((one for one in SPANS_DAYS if str(one) == asked), SPANS_DAYS[1])
    at = now()
    since_us, until_us = us_of(at - timedelta(days=days)), us_of(at)
    markets = []
    for market in promises.markets():
        rows = ranked(orders.breach_rates(market.market_id, since_us, until_us), MOST)
        names = sellers.names_of(np.array([one.seller_id for one in rows], np.int64))
        markets.append((market, [(one, names[one.seller_id]) for one in rows]))
    return render(request, "supervision/shops.html", {
        "tab": "shops", "markets": markets, "days": days, "spans": SPANS_DAYS,
    })  # fmt: skip


@require_safe
@staff_page(Role.SUPERVISOR)
def platform(request: HttpRequest) -> HttpResponse:
    """The platform's own clocks, met or missed: rulings, reviews of exits, answers owed."""
    at = now()
    waiting = hearings.queue(at=at, limit=MOST)
    events = claims.counts_by_event()
    return render(request, "supervision/platform.html", {
        "tab": "platform",
        "waiting": len(waiting),
        "is_more": len(waiting) == MOST,
        "late_now": sum(one.is_late for one in waiting),
        "late_ever": events[ClaimEvent.PLATFORM_LATE],
        "exits": [(one, REASON_WORDS[one.reason]) for one in exits.exit_totals()],
        "consults": len(exits.consults_waiting()),
        "violations": [
            (STATE_WORDS[state], count) for state, count in violations.counts_by_state().items()
        ],
    })  # fmt: skip


@require_safe
@staff_page(Role.SUPERVISOR)
def penalties(request: HttpRequest) -> HttpResponse:
    """Penalties that run or are published as corrections, the newest first."""
    at = now()
    return render(request, "supervision/penalties.html", {
        "tab": "penalties",
        "page": listed(
            request, violations.BY_PUBLICATION,
            lambda place, most: violations.register(at=at, place=place, limit=most),
        ),
    })  # fmt: skip
