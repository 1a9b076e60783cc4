"""What of a generated marketplace is sold: a shop that left the guarantee sells there no more.

Who leaves, and when, is found out by living; the orders planned for after it are not placed, and
nobody is paid for them.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xiaobao.kernel.references import ids_of
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Mask
    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.lab.generate.plans import Settlements


def facts_of(market: Marketplace, day: int) -> pa.Table:
    """The facts that arrive on a day, of orders that were placed."""
    return _of_placed(market, market.facts_of(day))


def placed_facts(market: Marketplace) -> pa.Table:
    """All facts of orders that were placed."""
    return _of_placed(market, market.facts)


def _of_placed(market: Marketplace, facts: pa.Table) -> pa.Table:
    never = never_placed(market)
    if not never.any():
        return facts
    names = pa.array([market.order_names[row] for row in np.flatnonzero(never).tolist()])
    return facts.filter(pc.invert(pc.is_in(facts["order"], names.cast(facts["order"].type))))


def settlements_of(market: Marketplace, day: int) -> Settlements:
    """What shops are paid for orders completed on a day, of those that were placed."""
    settled = market.settlements_of(day)
    orders, never = market.orders, never_placed(market)
    rows = np.flatnonzero(never & (orders.settled_day == day))
    if not len(rows):
        return settled
    amount, count = settled.amount_minor.copy(), settled.orders.copy()
    place = np.searchsorted(settled.shop, orders.shop[rows])
    np.subtract.at(amount, place, orders.settled_minor[rows])
    np.subtract.at(count, place, 1)
    left = replace(settled, amount_minor=amount, orders=count)
    return left.take(left.amount_minor > 0)


def never_placed(market: Marketplace) -> Mask:
    """Orders planned for a time when their shop had left."""
    shops, orders = ids_of(market.shop_names), market.orders
    never = np.zeros(len(orders), np.bool_)
    # Few shops leave, and none comes back: the others' orders need no look.
    gone = sellers.outside(shops, np.full(len(shops), market.plan.end_us))
    rows = np.flatnonzero(gone[orders.shop])
    if len(rows):
        never[rows] = sellers.outside(shops[orders.shop[rows]], orders.placed_us[rows])
    return never
