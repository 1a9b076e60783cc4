"""Subscriptions, deliveries and attempts; what was given up is sent again at a press."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from xiaobao.outbox import acts, queries
from xiaobao.outbox.facts import STATE_WORDS, TROUBLE_WORDS, DeliveryState
from xiaobao.web.gates import frame_of, staff_page, visitor_of
from xiaobao.web.listing import listed
from xiaobao.web.people import Role
from xiaobao.work import figures
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from uuid import UUID

    from django.http import HttpRequest, HttpResponse

    from xiaobao.outbox.facts import Words

MOST = 2**31 - 1
READERS = (Role.ADMINISTRATOR, Role.SUPERVISOR)


def _pair(words: Words) -> tuple[str, str]:
    return words.zh, words.en


def _number(text: str) -> int | None:
    is_number = text.isascii() and text.isdigit() and len(text) <= len(str(MOST))
    return int(text) if is_number and int(text) <= MOST else None


@require_safe
@staff_page(*READERS)
def deliveries(request: HttpRequest) -> HttpResponse:
    chosen = _number(request.GET.get("of", ""))
    states = {one.name.lower(): one for one in DeliveryState}
    state = states.get(request.GET.get("state", ""))
    page = listed(
        request, queries.BY_NUMBER,
        lambda place, most: queries.deliveries(
            subscription=chosen, state=state, place=place, limit=most
        ),
    )  # fmt: skip
    counts, as_of = figures.delivery_counts(now())
    return render(request, "webhooks/deliveries.html", {
        "frame": frame_of(request, *READERS),
        "tab": "webhooks",
        "may_replay": visitor_of(request).has(Role.ADMINISTRATOR),
        "subscriptions": [
            (one, [(_pair(STATE_WORDS[at]), counts.get((one.subscription, at), 0))
                   for at in DeliveryState],
             counts.get((one.subscription, DeliveryState.DEAD), 0))
            for one in queries.subscriptions(are_ended=True)
        ],
        "as_of": as_of,
        "states": [(name, _pair(STATE_WORDS[one])) for name, one in states.items()],
        "chosen": chosen,
        "state": "" if state is None else state.name.lower(),
        "rows": [
            (one, _pair(STATE_WORDS[one.state]), _pair(TROUBLE_WORDS[one.last_trouble]))
            for one in page.rows
        ],
        "page": page,
    })  # fmt: skip


@require_safe
@staff_page(*READERS)
def attempts(request: HttpRequest, subscription: int, event: UUID) -> HttpResponse:
    found = queries.attempts_of(subscription, event)
    if not found:
        raise Http404
    return render(request, "webhooks/attempts.html", {
        "frame": frame_of(request, *READERS),
        "tab": "webhooks",
        "event": event,
        "rows": [(at, one, _pair(TROUBLE_WORDS[one.trouble])) for at, one in found],
    })  # fmt: skip


@require_POST
@staff_page(Role.ADMINISTRATOR)
def replay(request: HttpRequest, subscription: int) -> HttpResponse:
    try:
        count = acts.replay(subscription, at=now())
    except acts.SubscriptionUnknown:
        raise Http404 from None
    zh = request.language == "zh"  # type: ignore[attr-defined]
    messages.success(
        request, f"{count} 条将重新发送" if zh else f"{count} messages will be sent again"
    )
    return redirect("webhooks")
