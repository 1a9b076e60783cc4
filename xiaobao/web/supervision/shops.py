"""Shops by what is surely true of them, what left its limits, and one shop's charts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
from django.http import Http404
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.supervision import queries
from xiaobao.supervision.facts import (
    OUTCOME_WORDS,
    PAIR_WORDS,
    SIGNAL_WORDS,
    STATE_WORDS,
    WATCHED_WORDS,
    Signal,
    Watched,
)
from xiaobao.web.gates import staff_page
from xiaobao.web.listing import listed
from xiaobao.web.people import Role
from xiaobao.web.supervision.charts import bars, drawn
from xiaobao.web.telling import new_key
from xiaobao.work import figures
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest, HttpResponse

    from xiaobao.promises.facts import Market
    from xiaobao.supervision.facts import RankRow, Words

LATEST = 10
WATCHED = {one.name.lower(): one for one in Watched}


@require_safe
@staff_page(Role.SUPERVISOR)
def ranked(request: HttpRequest) -> HttpResponse:
    """By market: the shops whose rate is surely highest, as the last week counted left them."""
    watched = WATCHED.get(request.GET.get("watched", ""), Watched.ANY)
    market, markets = market_asked(request)
    # No market has this number: there is nothing to be seen.
    market_id = market.market_id if market else 0
    page = listed(
        request, queries.BY_RATE,
        lambda place, most: queries.shops_ranked(market_id, watched, place=place, limit=most),
    )  # fmt: skip
    week = queries.last_week(market_id)
    by = queries.judged_by(market_id, week) or queries.judged_by_now()
    return render(request, "supervision/shops.html", {
        "tab": "shops", "markets": markets, "market": market, "page": page, "week": week,
        "kinds": _kinds(), "watched": watched.name.lower(),
        "rows": [
            (*row, bar) for row, bar in zip(_named(page.rows), bars(page.rows), strict=True)
        ],
        "terms": [(one, by.numbers.get(one.name, one.amount)) for one in queries.terms_in_words()],
        "judged_by": by,
    })  # fmt: skip


@require_safe
@staff_page(Role.SUPERVISOR)
def signals(request: HttpRequest) -> HttpResponse:
    """What left its limits by the last week counted; buyers and shops that look like one."""
    market, markets = market_asked(request)
    # No market has this number: there is nothing to be seen.
    market_id = market.market_id if market else 0
    page = listed(
        request, queries.BY_SIGNAL,
        lambda place, most: queries.signals_standing(market_id, place=place, limit=most),
    )  # fmt: skip
    pairs, as_of = figures.pairs_found(market, at=now()) if market else (None, None)
    names = sellers.names_of(
        np.array([one.seller_id for one in pairs.rows] if pairs else [], np.int64)
    )
    return render(request, "supervision/signals.html", {
        "tab": "signals", "markets": markets, "market": market, "page": page,
        "week": queries.last_week(market_id),
        "rows": _named(page.rows),
        "pairs": pairs, "as_of": as_of, "pair_terms": queries.pair_terms(),
        "paired": [
            (one, names[one.seller_id],
             [words for sign, words in PAIR_WORDS.items() if sign & one.signs])
            for one in pairs.rows
        ] if pairs else [],
    })  # fmt: skip


@require_safe
@staff_page(Role.SUPERVISOR)
def shop(request: HttpRequest, shop: str) -> HttpResponse:
    """One shop: each thing watched, the chart of one of them, its inspections, and a new one."""
    row = sellers.seller(shop)
    if row is None:
        raise Http404
    watched = WATCHED.get(request.GET.get("watched", ""), Watched.ANY)
    points = queries.chart_of(row.seller_id, watched)
    return render(request, "supervision/shop.html", {
        "tab": "shops", "shop": row, "market": promises.market_of(row.market_id),
        "standing": [
            (one, WATCHED_WORDS[one.watched], one.watched.name.lower(), words_of(one.signals))
            for one in queries.standing_of(row.seller_id, row.market_id)
        ],
        "kinds": _kinds(), "watched": watched.name.lower(),
        "watched_words": WATCHED_WORDS[watched],
        "chart": drawn(points),
        "points": [(one, words_of(one.signals)) for one in reversed(points)],
        "inspections": [
            (one, WATCHED_WORDS[one.watched], STATE_WORDS[one.state], OUTCOME_WORDS[one.outcome])
            for one in queries.inspections(seller_id=row.seller_id, limit=LATEST)
        ],
        "key": new_key(),
    })  # fmt: skip


def words_of(signals: Signal) -> list[Words]:
    return [words for one, words in SIGNAL_WORDS.items() if one & signals]


def _kinds() -> list[tuple[str, Words]]:
    return [(code, WATCHED_WORDS[one]) for code, one in WATCHED.items()]


def _named(rows: Sequence[RankRow]) -> list[tuple[Any, ...]]:
    names = sellers.names_of(np.array([one.seller_id for one in rows], np.int64))
    return [
        (one, names[one.seller_id], WATCHED_WORDS[one.watched], one.watched.name.lower(),
         words_of(one.signals))
        for one in rows
    ]  # fmt: skip


def market_asked(request: HttpRequest) -> tuple[Market | None, Sequence[Market]]:
    markets = promises.markets()
    asked = request.GET.get("market", "")
    found = next((one for one in markets if one.name == asked), None)
    return found or (markets[0] if markets else None), markets
