"""Withheld settlement goes back by its clock, as far as nothing needs it any more."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import queries, rules, store
from xiaobao.deposits.acts import reading
from xiaobao.kernel.clocks import DAY_US, zone_of
from xiaobao.kernel.columns import FAR_US
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
    moments = np.full(len(seller_ids), at_us, np.int64)
    store.begin_releases(seller_ids, _ends_of(seller_ids, moments))


def _ends_of(seller_ids: Int, since_us: Int) -> Int:
    """When the pack's time is over for what was withheld at these moments, row for row."""
    markets, ends = sellers.markets_of(seller_ids), np.zeros(len(seller_ids), np.int64)
    for market_id in np.unique(markets).tolist():
        here = np.flatnonzero(markets == market_id)
        market, since = promises.market_of(market_id), since_us[here]
        kinds = np.full(len(here), ClockKind.RESERVE_RELEASE, np.int64)
        terms = promises.book_of(ClockTerms, market_id).in_force(since, kinds)
        ends[here] = due_of(
            since, terms, zone=zone_of(market.zone), calendar=calendar_of(market.zone)
        )
    return ends


@promises.one_catalogue()
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
    seller_ids, at_us = store.hold_due_releases(until_us, limit)
    if len(seller_ids) == 0:
        return []
    books = ledger.hold_books(seller_ids)
    place = np.searchsorted(books.seller_id, seller_ids)
    reserve, debt = books.reserve[place], -books.fund[place]
    withheld_since_us = at_us - (_ends_of(seller_ids, at_us) - at_us)
    fresh = books_now.moved_since(
        seller_ids, Account.RESERVE, Why.SETTLEMENT_WITHHELD, withheld_since_us
    )
    # Asked only where something could go back: most looks find all of it fresh, or a debt.
    some = np.flatnonzero((debt == 0) & (reserve > fresh))
    spare = reserve.copy()
    asked = some[reading.inside(seller_ids[some])]
    spare[asked] = _spare(seller_ids[asked], at_us[asked])
    for row in some[spare[some] > 0].tolist():
        spare[row] -= needed(int(seller_ids[row]), int(at_us[row]))
    free = rules.releasable(reserve, fresh, spare, debt)
    store.put_releases(seller_ids, np.where(reserve > free, at_us + DAY_US, FAR_US))
    going = np.flatnonzero(free)
    return list(
        zip(
            seller_ids[going].tolist(), free[going].tolist(), at_us[going].tolist(), strict=True
        )
    )  # fmt: skip


def _spare(seller_ids: Int, at_us: Int) -> Int:
    """What counts towards each requirement beyond it, row for row."""
    elsewhere, cover = queries.counted_elsewhere(seller_ids, at_us)
    deposit = reading.balances_of(seller_ids).deposit
    return deposit + elsewhere + cover - queries.required_of(seller_ids)
