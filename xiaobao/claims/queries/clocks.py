"""When the clocks of claims run out, by the pack that was in force when the order was placed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.rules.clocks_of import KINDS
from xiaobao.kernel.clocks import zone_of
from xiaobao.promises import queries as promises
from xiaobao.promises.rules.clocks import calendar_of, due_of
from xiaobao.promises.terms import ClockTerms

if TYPE_CHECKING:
    from xiaobao.claims.facts import Claims
    from xiaobao.kernel.columns import Int
    from xiaobao.promises.facts import ClockKind


def clock_due(claims: Claims, clock: ClockKind, since_us: Int) -> Int:
    """When this clock, started then, runs out for each claim."""
    due = np.zeros(len(claims), np.int64)
    for market_id in np.unique(claims.market_id).tolist():
        here = claims.market_id == market_id
        market = promises.market_of(market_id)
        terms = promises.book_of(ClockTerms, market_id).in_force(
            claims.ordered_us[here], np.full(int(here.sum()), clock, np.int64)
        )
        due[here] = due_of(
            since_us[here],
            terms,
            zone=zone_of(market.zone),
            calendar=calendar_of(market.zone),
        )
    return due


def clock_due_or(claims: Claims, clock: ClockKind, instead: ClockKind, since_us: Int) -> Int:
    """The same for one claim; by another clock where its pack is older than this one."""
    book = promises.book_of(ClockTerms, int(claims.market_id[0]))
    _, found = book.positions(claims.ordered_us, np.array([clock], np.int64))
    return clock_due(claims, clock if found.all() else instead, since_us)


def clocks_missing(market_id: int, ordered_us: int) -> list[ClockKind]:
    """The clocks a claim may need that the market's pack did not set at order time."""
    book = promises.book_of(ClockTerms, market_id)
    moments = np.full(len(KINDS), ordered_us, np.int64)
    _, found = book.positions(moments, np.array(KINDS, np.int64))
    return [kind for kind, is_set in zip(KINDS, found.tolist(), strict=True) if not is_set]
