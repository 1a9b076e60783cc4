"""Comparisons over history: asked for, and what was kept of them, with charts and tables."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.lab.reports.page import context_of, facts_of, page_of
from xiaobao.people.facts import Role
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.policy.reading import draft_or_404
from xiaobao.web.telling import tell
from xiaobao.work import comparisons
from xiaobao.work.clock import now
from xiaobao.work.comparisons import State

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest

# What stands under each other by its last digit: counts, amounts, shares, waits, or nothing.
A_NUMBER = re.compile(r"—|(?:[\d,]+: )?[+-]*[^\W\d_]{0,2}[¥$€£]?[\d,.]+(?: ?%| 天)?")
# A longer table than this stands closed under its chart.
MOST_OPEN = 24
STATES = {
    State.WAITING: ("待计算", "waiting"),
    State.KEPT: ("已留存", "kept"),
    State.FAILED: ("未成", "failed"),
}


@require_safe
@staff_page(Role.POLICY)
def overview(request: HttpRequest) -> HttpResponse:
    """Every comparison that was asked for or kept, the latest first."""
    page = listed(
        request, comparisons.BY_ASKING,
        lambda place, most: comparisons.comparisons(most, place=place),
    )  # fmt: skip
    return render(request, "rules/comparisons.html", {
        "tab": "comparisons",
        "comparisons": [(one, STATES[one.state]) for one in page.rows],
        "page": page,
    })  # fmt: skip


@require_safe
@staff_page(Role.POLICY)
def comparison(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """One comparison whole: what changes, charts with tables, cases, and what nobody can know."""
    one = _named(comparison)
    shown = _shown(comparison) if one.state is State.KEPT else {}
    return render(request, "rules/comparison.html", shown | {
        "tab": "comparisons", "comparison": one, "state": STATES[one.state],
        "is_waiting": one.state is State.WAITING,
    })  # fmt: skip


@require_safe
@staff_page(Role.POLICY)
def report(request: HttpRequest, comparison: UUID) -> HttpResponse:
    """The same as one file to take away: both languages, no scripts, nothing from elsewhere."""
    del request  # the address says it all
    if _named(comparison).state is not State.KEPT:
        raise Http404
    return HttpResponse(
        page_of(comparisons.figures_in(comparison)),
        headers={"Content-Disposition": f'attachment; filename="comparison-{comparison}.html"'},
    )


@require_POST
@staff_page(Role.POLICY)
def ask(request: HttpRequest, draft: int) -> HttpResponse:
    """Have a draft compared over all of history; it is reckoned beside the clocks, not here."""
    found = comparisons.ask_for(draft_or_404(draft), by=visitor_of(request).name, at=now())
    if found.state is State.WAITING:
        tell(
            request, zh="已排入计算，稍后在此可见",
            en="it is being reckoned, and will be seen here soon",
        )  # fmt: skip
    return HttpResponseRedirect(reverse("rules-draft", args=[draft]))


def of_pack(sha256: str) -> dict[str, Any]:
    """What is kept of a pack: the latest, its chief figures, and what waits or failed since."""
    known = comparisons.of_pack(sha256)
    kept = next((one for one in known if one.state is State.KEPT), None)
    latest = known[0] if known else None
    return {
        "kept": kept,
        "kept_facts": facts_of(comparisons.figures_in(kept.comparison)) if kept else [],
        "is_waiting": any(one.state is State.WAITING for one in known),
        "failed": latest if latest and latest.state is State.FAILED else None,
    }


def _named(name: UUID) -> comparisons.Comparison:
    try:
        return comparisons.comparison_named(name)
    except comparisons.ComparisonUnknown as problem:
        raise Http404 from problem


def _shown(name: UUID) -> dict[str, Any]:
    found = comparisons.figures_in(name)
    lived_until = found["period"]["lived_until"]
    shown = context_of(found)
    return shown | {
        "lived_until": lived_until and datetime.fromisoformat(lived_until),
        "changes": _laid_out(shown["changes"]), "cases": _laid_out(shown["cases"]),
        "sections": [
            one | {"table": _laid_out(one["table"])} for one in shown["sections"]
        ],
    }  # fmt: skip


def _laid_out(table: dict[str, Any]) -> dict[str, Any]:
    """A table with its heads beside its cells, for phones, and the columns that are numbers."""
    heads, rows = table["heads"], table["rows"]
    numbers = [
        bool(rows) and all(A_NUMBER.fullmatch(row[n].zh) for row in rows)
        for n in range(len(heads))
    ]
    return {
        "heads": list(zip(heads, numbers, strict=True)),
        "rows": [list(zip(row, heads, numbers, strict=True)) for row in rows],
        "is_long": len(rows) > MOST_OPEN,
    }
