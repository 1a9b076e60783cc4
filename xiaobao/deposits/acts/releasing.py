"""Withheld settlement goes back by its clock, as far as nothing needs it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import queries, rules, store
from xiaobao.deposits.acts import reading
from xiaobao.kernel.clocks import DAY_US, moment_of, zone_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger import queries as books_now
from xiaobao.ledger.facts import Account, Why
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import ClockTerms
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.kernel.columns import Int


def begin_releases(seller_ids: Int, at_us: int) -> None:
    """What is withheld now is looked at when the pack's time for it is over."""
    markets = sellers.markets_of(seller_ids)
    for market_id in np.unique(markets).tolist():
        here = seller_ids[markets == market_id]
        store.begin_releases(here, np.full(len(here), _due(market_id, at_us), np.int64))


def _due(market_id: int, since_us: int) -> int:
    market = promises.market_of(market_id)
    since, kind = np.array([since_us]), np.array([ClockKind.RESERVE_RELEASE.value])
    terms = promises.book_of(ClockTerms, market.market_id).in_force(since, kind)
    zone = zone_of(market.zone)
    return int(due_of(since, terms, zone=zone, calendar=calendar_of(market.zone))[0])


@transaction.atomic
def releases_due(
    until_us: int, needed: Callable[[int, int], int], limit: int = 1024
) -> list[tuple[int, int, int]]:
    """Look at the reserves that are due by then: seller, what may go back now, the moment.

    The caller releases it in the same transaction, and says by `needed` what of a seller's reserve
    stands at that moment for something of which the rooms above know. What was withheld within
    the pack's time stays, and so does what the requirement, a debt or these need; then it is
    looked at day by day.
    """
    seller_ids, due_us = store.hold_due_releases(until_us, limit)
    if len(seller_ids) == 0:
        return []
    books = ledger.hold_books(seller_ids)
    place = np.searchsorted(books.seller_id, seller_ids)
    found = []
    for seller_id, market_id, at_us, reserve, debt in zip(
        seller_ids.tolist(), sellers.markets_of(seller_ids).tolist(), due_us.tolist(),
        books.reserve[place].tolist(), (-books.fund[place]).tolist(), strict=True,
    ):  # fmt: skip
        fresh_since_us = at_us - (_due(market_id, at_us) - at_us)
        fresh = books_now.moved_since(
            seller_id, Account.RESERVE, Why.SETTLEMENT_WITHHELD, moment_of(fresh_since_us)
        )
        # Asked only where something could go back: most looks find all of it fresh, or a debt.
        spare = reserve
        if debt == 0 and reserve > fresh:
            one = np.array([seller_id], np.int64)
            spare = _spare(one, at_us) if reading.inside(one)[0] else reserve
            spare -= needed(seller_id, at_us) if spare > 0 else 0
        free = rules.releasable(reserve, fresh, spare, debt)
        store.put_release(seller_id, at_us + DAY_US if reserve > free else None)
        if free:
            found.append((seller_id, free, at_us))
    return found


def _spare(one: Int, at_us: int) -> int:
    """What counts towards the requirement beyond it."""
    elsewhere, cover = queries.counted_elsewhere(one, at_us)
    deposit = books_now.balances(one).deposit
    required = queries.required_of(one)
    return int((deposit + elsewhere + cover - required)[0])
