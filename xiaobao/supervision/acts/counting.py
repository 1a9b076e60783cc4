"""Weeks are counted and judged once they are over and settled: every shop of a market at once."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import queries as claims
from xiaobao.kernel.clocks import days_of, midnight_of, zone_of
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.supervision import queries, rules, store
from xiaobao.supervision.facts import DAYS

if TYPE_CHECKING:
    from xiaobao.promises.facts import Market

# 1970-01-05 was a Monday.
_MONDAY = 4


@dataclass(frozen=True)
class Counted:
    """What a look at the weeks came to."""

    weeks: int = 0
    shops: int = 0
    signals: int = 0

    def __add__(self, other: Counted) -> Counted:
        return Counted(
            self.weeks + other.weeks, self.shops + other.shops, self.signals + other.signals
        )


@transaction.atomic
def expect_weeks() -> None:
    """Markets with orders and no week awaited yet: the week of their first order is the first.

    Orders of earlier weeks that are told of later are not counted any more.
    """
    awaited = queries.markets_awaited()
    for market in promises.markets():
        if market.market_id in awaited:
            continue
        first_us = orders.first_order_us(market.market_id)
        if first_us is not None:
            day = int(days_of(np.array([first_us]), zone_of(market.zone))[0])
            week = (day - _MONDAY) // DAYS * DAYS + _MONDAY
            store.expect(market.market_id, week, _due_us(market, week))


@transaction.atomic
def count_weeks(until_us: int) -> Counted:
    """Count one week of each market that is due by then; call until nothing is counted."""
    held = store.hold_due(until_us)
    done = Counted()
    for market_id, week in zip(held.market_id.tolist(), held.week.tolist(), strict=True):
        market = promises.market_of(market_id)
        begins_us, ends_us = _moment_us(market, week), _moment_us(market, week + DAYS)
        latest = orders.orders_broken(
            market_id, begins_us, ends_us, by_us=_due_us(market, week),
            paid=claims.paid_orders(market_id, begins_us, ends_us),
        )  # fmt: skip
        history = queries.history_for(market_id, week, latest)
        judged = rules.judge(history, market_id=market_id, week=week, terms=queries.watch_terms())
        store.add_weeks(judged, market_id, week, queries.judged_by_now())
        store.put_look(market_id, week + DAYS, _due_us(market, week + DAYS))
        done += Counted(1, len(latest), int((judged.signals > 0).sum()))
    return done


def _due_us(market: Market, week: int) -> int:
    """When a week is settled."""
    return _moment_us(market, week + DAYS + queries.watch_terms().settle_days)


def _moment_us(market: Market, day: int) -> int:
    return int(midnight_of(np.array([day]), zone_of(market.zone))[0])


def inspected_span(market: Market, week: int) -> tuple[int, int]:
    """From when to when orders are drawn for an inspection: the weeks that rates come from."""
    first, end = queries.span_of(week)
    return _moment_us(market, first), _moment_us(market, end)
