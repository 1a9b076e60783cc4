"""Sales of a generated marketplace: who buys what, where and when, and for how much."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.lab.generate.days import day_weights
from xiaobao.lab.generate.figures import number, numbers, shares
from xiaobao.lab.generate.plans import DAY_US, HOUR_US, NEVER, Plan, Shops

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.lab.generate.shops import Stock

# Yuan, by route, where freight is not free.
FREIGHT_YUAN = np.array([6, 10, 18])


@dataclass(frozen=True)
class Sales:
    """Orders in the order of their numbers, and their lines: `line_order` says whose."""

    shop: Int
    buyer: Int
    day: Int
    placed_us: Int
    ship_hours: Int
    route: Int
    goods_minor: Int
    freight_minor: Int
    line_order: Int
    line_item: Int
    line_quantity: Int
    line_price_minor: Int

    def __len__(self) -> int:
        return len(self.shop)


def make_sales(plan: Plan, shops: Shops, stock: Stock) -> Sales:
    rng = np.random.default_rng([plan.seed, 3])
    n = plan.orders
    shop, day = _shops_and_days(rng, plan, shops)
    hour = rng.choice(24, n, p=shares("hour_weights"))
    second = rng.integers(0, 3600, n)
    placed = plan.start_us + day * DAY_US + hour * HOUR_US + second * 1_000_000
    by_time = np.argsort(placed, kind="stable")
    shop, day, placed = shop[by_time], day[by_time], placed[by_time]
    route = rng.choice(3, n, p=shares("routes_bps"))
    hours = rng.choice(numbers("ship_hours").astype(np.int64), n, p=shares("ship_hours_bps"))
    lines = rng.choice(np.arange(1, 6), n, p=shares("lines_per_order_bps"))
    line_order = np.repeat(np.arange(n), np.minimum(lines, shops.items[shop]))
    line_item = _items_of_lines(rng, stock, shop, line_order)
    quantity = rng.choice(np.arange(1, 4), len(line_order), p=shares("quantity_bps"))
    price = stock.price_minor[line_item]
    goods = np.bincount(line_order, weights=price * quantity, minlength=n).astype(np.int64)
    paid_freight = np.where(rng.random(n) < number("freight_free"), 0, FREIGHT_YUAN[route] * 100)
    return Sales(
        shop=shop, buyer=_buyers(rng, plan, shop, day), day=day, placed_us=placed,
        ship_hours=hours, route=route.astype(np.int64), goods_minor=goods,
        freight_minor=paid_freight.astype(np.int64), line_order=line_order,
        line_item=line_item, line_quantity=quantity.astype(np.int64), line_price_minor=price,
    )  # fmt: skip


def _shops_and_days(rng: np.random.Generator, plan: Plan, shops: Shops) -> tuple[Int, Int]:
    """A day for each order, and a shop that sells on it, by its weight."""
    weight = day_weights(plan)
    day = np.sort(rng.choice(plan.days, plan.orders, p=weight / weight.sum())).astype(np.int64)
    shop = _drawn(rng, shops, np.arange(len(shops)), day)
    # Who meant to buy where nobody sells any more buys elsewhere.
    gone = np.flatnonzero(day >= shops.leaves_day[shop])
    shop[gone] = _drawn(rng, shops, np.flatnonzero(shops.leaves_day == NEVER), day[gone])
    return shop, day


def _drawn(rng: np.random.Generator, shops: Shops, among: Int, day: Int) -> Int:
    """For each day one of these shops that has joined by then, by its weight."""
    among = among[np.argsort(shops.joins_day[among], kind="stable")]
    reach = np.cumsum(shops.weight_ppm[among])
    joined = np.searchsorted(shops.joins_day[among], day, side="right")
    point = rng.random(len(day)) * reach[joined - 1]
    return among[np.searchsorted(reach, point, side="right")]


def _items_of_lines(rng: np.random.Generator, stock: Stock, shop: Int, line_order: Int) -> Int:
    """An item of the order's shop for each line; the first ones of a shop sell best."""
    owner = shop[line_order]
    count = stock.first[owner + 1] - stock.first[owner]
    place = (rng.random(len(owner)) ** 1.3 * count).astype(np.int64)
    # Lines of one order name different items: each takes the next one after the line before.
    starts = np.flatnonzero(np.diff(line_order, prepend=-1))
    number_in_order = np.arange(len(owner)) - np.repeat(
        starts, np.diff(np.append(starts, len(owner)))
    )
    base = np.repeat(place[starts], np.diff(np.append(starts, len(owner))))
    return np.asarray(stock.first[owner] + (base + number_in_order) % count, np.int64)


def _buyers(rng: np.random.Generator, plan: Plan, shop: Int, day: Int) -> Int:
    """Buyers by number; some buy again from the shop they bought from last, the same day."""
    people = max(1, int(plan.orders * number("buyers_per_order")))
    buyer = rng.integers(0, people, plan.orders)
    again = rng.random(plan.orders) < number("repeat_buyer")
    order = np.lexsort((np.arange(plan.orders), day, shop))
    same = np.zeros(plan.orders, bool)
    same[1:] = (np.diff(shop[order]) == 0) & (np.diff(day[order]) == 0)
    before = np.concatenate([order[:1], order[:-1]])
    repeats = same & again[order]
    buyer[order[repeats]] = buyer[before[repeats]]
    return buyer.astype(np.int64)
