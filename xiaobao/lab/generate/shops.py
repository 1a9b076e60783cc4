"""Shops of a generated marketplace: what they are, sell and plan, and what their items cost."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.lab.generate.days import peak_day
from xiaobao.lab.generate.figures import categories, figures, number, numbers, shares
from xiaobao.lab.generate.plans import NEVER, LodgeHabit, Plan, ShopKind, Shops

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from xiaobao.kernel.columns import Int, Mask

WHOLE = 10_000
PROFILE_PARTS = 8
# Cheating pays best where goods are cheap: a buyer does not fight for ten yuan.
KIND_VALUE = np.array([1.05, 1.0, 0.7])


@dataclass(frozen=True)
class Stock:
    """Items of all shops end to end; shop s has those from `first[s]` to `first[s + 1]`."""

    first: Int
    price_minor: Int
    names: NDArray[np.object_]
    titles: NDArray[np.object_]


def shop_names(plan: Plan) -> list[str]:
    """Outside names: short, and easy to type."""
    width = max(3, len(str(plan.sellers)))
    return [f"shop-{n:0{width}d}" for n in range(1, plan.sellers + 1)]


def make_shops(plan: Plan) -> Shops:
    rng = np.random.default_rng([plan.seed, 1])
    n = plan.sellers
    kind = _kinds(rng, n)
    weight = rng.lognormal(0.0, number("shop_volume_sigma"), n)
    category_shares = np.array([c.share_bps for c in categories()], np.float64)
    category = rng.choice(len(category_shares), n, p=category_shares / category_shares.sum())
    region = rng.choice(len(figures()["region_names"].value), n, p=shares("region_bps"))
    is_new = rng.random(n) < number("new_shops")
    joins = np.where(is_new, rng.integers(1, max(2, plan.days * 6 // 10 + 1), n), 0)
    joins = np.minimum(joins, plan.days - 1)
    joins[np.argmax(weight)] = 0  # somebody is there on the first day
    joins, leaves, weight = _hit_and_run(plan, kind, joins, weight)
    expected = weight / weight.sum() * plan.orders
    items = np.clip(np.sqrt(expected) * 3, 3, 120).astype(np.int64)
    marks_all = rng.random(n) < np.array([0.95, 0.8, 0.8])[kind]
    parts = rng.integers(np.array([6, 3, 2])[kind], PROFILE_PARTS + 1)
    lodging = _lodging(rng, kind, joins > 0, leaves < NEVER)
    is_insured = rng.random(n) < numbers("insured")[kind]
    cover = rng.choice(numbers("cover_yuan"), n).astype(np.int64) * 100
    return Shops(
        kind=kind,
        category=category.astype(np.int64),
        region=region.astype(np.int64),
        joins_day=joins.astype(np.int64),
        leaves_day=leaves,
        weight_ppm=np.maximum(1, weight / weight.sum() * 1_000_000).astype(np.int64),
        items=items,
        items_marked=np.where(marks_all, items, np.maximum(1, items * 6 // 10)),
        profile_parts=parts.astype(np.int64),
        habit=lodging.habit,
        lodge_delay_days=lodging.delay_days,
        lodge_share_bps=lodging.share_bps,
        tops_up=lodging.tops_up,
        top_up_delay_days=lodging.top_up_delay_days,
        cover_minor=np.where(is_insured, cover, 0),
    )


def _hit_and_run(
    plan: Plan, kind: Int, joins: Int, weight: NDArray[np.float64]
) -> tuple[Int, Int, NDArray[np.float64]]:
    """Some that cheat sell all they can and are gone; most of those come only for the peak.

    Returns when each shop joins and leaves, and its weight.
    """
    rng = np.random.default_rng([plan.seed, 7])
    n = len(kind)
    goes = (kind == ShopKind.CHEATING) & (rng.random(n) < number("runs_away"))
    peak = peak_day(plan)
    comes = peak - rng.integers(3, 7, n)
    for_peak = goes & (rng.random(n) < number("runs_after_peak")) & (comes > 0)
    joins = np.where(for_peak, comes, joins)
    some_day = joins + rng.integers(20, max(21, plan.days), n)
    day = np.where(for_peak, peak + rng.integers(2, 5, n), some_day)
    goes &= day < plan.days
    # Prices nobody can keep draw buyers.
    weight = np.where(for_peak, np.maximum(weight, 2 * weight.mean()), weight)
    return joins, np.where(goes, day, NEVER).astype(np.int64), weight


def _kinds(rng: np.random.Generator, n: int) -> Int:
    """Kinds in exact shares: even a dozen shops hold one that cheats."""
    steps = np.cumsum(shares("shop_kinds_bps"))[:-1]
    return rng.permutation(np.searchsorted(steps, (np.arange(n) + 0.5) / n)).astype(np.int64)


@dataclass(frozen=True)
class _Lodging:
    habit: Int
    delay_days: Int
    share_bps: Int
    tops_up: Mask
    top_up_delay_days: Int


def _lodging(rng: np.random.Generator, kind: Int, is_new: Mask, will_go: Mask) -> _Lodging:
    n = len(kind)
    steps = np.cumsum(numbers("lodge_habit_bps")[kind], axis=1) / WHOLE
    habit = (rng.random(n)[:, None] >= steps[:, :-1]).sum(axis=1)
    habit = np.where(is_new, LodgeHabit.ZERO_START, habit)
    # Who means to be gone puts up as little as it can.
    habit = np.where(will_go, LodgeHabit.SHORT, habit).astype(np.int64)
    late, short = habit == LodgeHabit.LATE, habit == LodgeHabit.SHORT
    few = rng.integers(300, 1500, n)
    slow_top_up = rng.integers(3, 20, n)
    return _Lodging(
        habit=habit,
        delay_days=np.where(late, rng.integers(4, 12, n), rng.integers(0, 2, n)),
        share_bps=np.where(will_go, few, np.where(short, rng.integers(3000, 8500, n), WHOLE)),
        tops_up=(rng.random(n) < numbers("tops_up")[kind]) & ~will_go,
        top_up_delay_days=np.where(late | short, slow_top_up, rng.integers(0, 3, n)),
    )


def make_stock(plan: Plan, shops: Shops) -> Stock:
    rng = np.random.default_rng([plan.seed, 2])
    first = np.concatenate([[0], np.cumsum(shops.items)])
    owner = np.repeat(np.arange(len(shops)), shops.items)
    # A line is so many pieces and an order so many lines on average; what is left is a piece.
    pieces = _mean_of("lines_per_order_bps") * _mean_of("quantity_bps")
    sigma = number("order_value_sigma")
    middle = number("order_value_mean_minor") / pieces / np.exp(sigma**2 / 2)
    value = np.array([c.value_bps for c in categories()]) / WHOLE
    factor = value[shops.category] * KIND_VALUE[shops.kind]
    factor = factor / np.average(factor, weights=shops.weight_ppm)
    # Part of the spread lies between shops, part between the items of one shop.
    between = np.exp(rng.normal(0.0, 0.3 * sigma, len(shops)))
    within = np.exp(rng.normal(0.0, 0.9 * sigma, len(owner)))
    yuan = middle * factor[owner] * between[owner] * within / 100
    price = np.maximum(2, np.rint(yuan)).astype(np.int64) * 100 - 10
    number_in_shop = np.arange(len(owner)) - first[owner]
    return Stock(first, price, *_item_words(plan, shops, owner, number_in_shop))


def _item_words(
    plan: Plan, shops: Shops, owner: Int, number_in_shop: Int
) -> tuple[NDArray[np.object_], NDArray[np.object_]]:
    shop = shop_names(plan)
    goods = [c.goods for c in categories()]
    names, titles = [], []
    for s, i in zip(owner.tolist(), number_in_shop.tolist(), strict=True):
        kinds = goods[shops.category[s]]
        names.append(f"{shop[s]}-item-{i + 1:03d}")
        titles.append(f"{kinds[i % len(kinds)]} {i + 1:03d} 号")
    return np.array(names, object), np.array(titles, object)


def _mean_of(name: str) -> float:
    chances = shares(name)
    return float((chances * np.arange(1, len(chances) + 1)).sum())
