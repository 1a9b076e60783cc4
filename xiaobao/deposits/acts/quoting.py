"""Quoting deposits: on the pack's day, every night of a zero start, and when asked."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import rules, store
from xiaobao.deposits.acts import ladder, reading
from xiaobao.deposits.acts.causes import SellerUnknown
from xiaobao.deposits.facts import CauseKind, LastQuote
from xiaobao.kernel.clocks import us_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import causes_of
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Requirements
    from xiaobao.kernel.columns import Int


@transaction.atomic
def quote_deposits(seller_ids: Int, *, at: datetime) -> int:
    """Quote sellers now and record the quotes; return how many were quoted.

    Whoever was quoted at this moment or later is passed over: a quote is not made twice.

    :raises SellerUnknown: for an id nobody has
    """
    ids = np.unique(seller_ids)
    markets = sellers.markets_of(ids)
    unknown = np.flatnonzero(markets == 0)
    if len(unknown):
        raise SellerUnknown(seller_id=int(ids[unknown[0]]))
    at_us = us_of(at)
    store.begin(ids, markets)
    held = store.hold(ids)
    stale = (held.quoted_us == FAR_US) | (held.quoted_us < at_us)
    return _quote(held.take(stale), at_us, keeps_all=True)


@transaction.atomic
def quote_due(until_us: int, limit: int = 8192) -> int:
    """Make the quotes whose clock ran out by then; return how many sellers were looked at.

    Each is made as of its own moment, the earliest moment's first: call until it returns 0. In a
    zero start that goes on nothing is recorded but the next night.
    """
    claimed = store.claim_due("next_quote_at", until_us, limit)
    if len(claimed) == 0:
        return 0
    at_us = int(claimed.next_quote_us.min())
    held = claimed.take(claimed.next_quote_us == at_us)
    is_inside = reading.inside(held.seller_id)
    gone = held.take(~is_inside)
    store.put(replace(gone, next_quote_us=np.full(len(gone), FAR_US, np.int64)))
    _quote(held.take(is_inside), at_us, keeps_all=False)
    return len(held)


def _quote(held: Requirements, at_us: int, *, keeps_all: bool) -> int:
    for market_id in np.unique(held.market_id).tolist():
        _quote_market(
            held.take(held.market_id == market_id), market_id, at_us, keeps_all=keeps_all
        )
    return len(held)


def _quote_market(held: Requirements, market_id: int, at_us: int, *, keeps_all: bool) -> None:
    """Quote the sellers of one market at one moment, then look at their shortfalls."""
    market = promises.market_of(market_id)
    moments = np.full(len(held), at_us, np.int64)
    sizing = reading.sizing_of(market_id, moments)
    terms, category_id = reading.terms_of(market_id, held.seller_id, moments)
    balances = reading.balances_of(held.seller_id)
    facts = reading.facts_of(held, balances, market, sizing, at_us)
    before = LastQuote(held.quoted_us < FAR_US, held.is_zero_start, held.required_minor)

    quote = rules.quote(before, facts, terms, sizing)

    kept = keeps_all | ~(before.is_zero_start & quote.is_zero_start)
    store.add_quotes(
        before, facts, quote, market_id=market_id, category_id=category_id,
        terms_version=terms.version, sizing_version=sizing.version, at_us=moments, kept=kept,
    )  # fmt: skip
    after = replace(
        held, required_minor=quote.required_minor, is_zero_start=quote.is_zero_start,
        quoted_us=np.where(kept, moments, held.quoted_us),
        next_quote_us=rules.next_quotes(
            moments, quote.is_zero_start, sizing, zone_of(market.zone)
        ),
    )  # fmt: skip
    store.put(after)
    told = after.take(kept)
    cause = causes_of(CauseKind.QUOTED, moments[kept], told.seller_id)
    outbox.tell(
        EventKind.DEPOSIT_QUOTED, told.seller_id, *cause, at_us=at_us,
        amount_minor=told.required_minor,
    )  # fmt: skip
    ladder.look(after, moments, balances)
