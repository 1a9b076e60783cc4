"""Shops by the rate at which they break promises, as far as their orders prove it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.trust.rules import least_bps

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.orders.facts import BreachRates


@dataclass(frozen=True)
class RankRow:
    """One shop's breaches beside its orders, and Wilson's interval for the true rate."""

    seller_id: int
    orders: int
    breaches: int
    rate_bps: int
    least_bps: int
    most_bps: int


def ranked(rates: BreachRates, limit: int) -> list[RankRow]:
    """The shops whose rate is surely highest first: few orders prove little.

    Breaches count by order at most once each: an order may break two promises, and its clock may
    run out after the orders that are counted beside it.
    """
    sellers, where = np.unique(rates.seller_id, return_inverse=True)
    breaches = np.zeros(len(sellers), np.int64)
    np.add.at(breaches, where, rates.breaches)
    orders = np.zeros(len(sellers), np.int64)
    np.maximum.at(orders, where, rates.orders)
    broken = np.minimum(breaches, orders)
    least, most = interval_bps(broken, orders)
    first = np.lexsort((sellers, -broken, -least))[:limit]
    rate = np.where(orders > 0, broken * WHOLE_BPS // np.maximum(orders, 1), 0)
    return [
        RankRow(*(int(column[i]) for column in (sellers, orders, breaches, rate, least, most)))
        for i in first.tolist()
    ]


def interval_bps(broken: Int, orders: Int) -> tuple[Int, Int]:
    """The bounds of the true rate, one-sided at 97.5 per cent each."""
    return least_bps(broken, orders), WHOLE_BPS - least_bps(orders - broken, orders)
