"""What the platform itself owes in time, and penalties that run."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.exits import queries as exits
from xiaobao.hearings import queries as hearings
from xiaobao.promises import queries as promises
from xiaobao.supervision.facts import CLOCK_WORDS
from xiaobao.violations import queries as violations
from xiaobao.violations.facts import STATE_WORDS
from xiaobao.web.gates import staff_page
from xiaobao.web.listing import listed
from xiaobao.web.people import Role
from xiaobao.web.telling import spoken_in
from xiaobao.web.templatetags.house import span_words
from xiaobao.work import figures
from xiaobao.work.clock import now
from xiaobao.work.figures import CLOCK_DAYS

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse

    from xiaobao.supervision.facts import ClockRow

MOST = 50


@require_safe
@staff_page(Role.SUPERVISOR)
def platform(request: HttpRequest) -> HttpResponse:
    """The platform's own clocks by kind and month: met, late, running, and how long it took."""
    at = now()
    asked = request.GET.get("days", "")
    days = next((one for one in CLOCK_DAYS if str(one) == asked), CLOCK_DAYS[0])
    waiting = hearings.queue(at=at, limit=MOST)
    is_zh = spoken_in(request) == "zh"
    return render(request, "supervision/platform.html", {
        "tab": "platform", "days": days, "spans": CLOCK_DAYS,
        "markets": [
            (market, [
                (one, CLOCK_WORDS[one.clock], one.met + one.late, *_took(one, is_zh=is_zh))
                for one in shown.told
            ], shown.as_of)
            for market in promises.markets()
            for shown in [figures.platform_clocks(market, days, at=at)]
        ],
        "waiting": len(waiting),
        "is_more": len(waiting) == MOST,
        "late_now": sum(one.is_late for one in waiting),
        "consults": len(exits.consults_waiting()),
        "violations": [
            (STATE_WORDS[state], count) for state, count in violations.counts_by_state().items()
        ],
    })  # fmt: skip


def _took(one: ClockRow, *, is_zh: bool) -> tuple[str, ...]:
    return tuple(
        "—" if minutes is None else span_words(minutes * 60, is_zh=is_zh)
        for minutes in (one.half_minutes, one.most_minutes)
    )


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
