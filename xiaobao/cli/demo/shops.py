"""A few shops by name: what they are, what was found, what it cost, where they stand."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.deposits import queries as deposits
from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.references import id_of, ids_of
from xiaobao.lab.generate.figures import categories
from xiaobao.lab.generate.plans import NEVER, ShopKind
from xiaobao.orders.facts import BreachKind
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from xiaobao.cli.demo.truth import Truth
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.orders.facts import Breaches

Figures = dict[str, Any]


def example_shops(market: Marketplace, truth: Truth, breaches: Breaches) -> list[Figures]:
    """At most one shop for each story worth telling, and none twice."""
    told: list[int] = []
    stories: list[Figures] = []
    for story, worth in _worth(market, truth).items():
        worth[told] = 0
        shop = int(worth.argmax())
        if worth[shop] > 0:
            told.append(shop)
            stories.append({"story": story, **_shop(market, truth, breaches, shop)})
    return stories


def _worth(market: Marketplace, truth: Truth) -> dict[str, Int]:
    """How well each shop tells each story; 0 where it does not."""
    shops, placed = market.shops, market.orders

    def per_shop(amount: Int | Mask) -> Int:
        return np.bincount(placed.shop, weights=amount, minlength=len(shops)).astype(np.int64)

    many = per_shop(np.ones(len(placed), np.int64))
    found = per_shop(truth.is_cheated & truth.is_found)
    paid = per_shop(truth.paid_minor)
    gone = shops.leaves_day < NEVER
    return {
        "took_the_money_and_left": np.where(gone, found, 0),
        "cheats_quietly": np.where((shops.kind == ShopKind.CHEATING) & ~gone, found, 0),
        "sloppy": np.where(shops.kind == ShopKind.SLOPPY, paid, 0),
        "started_from_zero": np.where(
            (shops.kind == ShopKind.GOOD) & (shops.joins_day > 0), many, 0
        ),
        "good": np.where(shops.kind == ShopKind.GOOD, many, 0),
    }


def _shop(market: Marketplace, truth: Truth, breaches: Breaches, shop: int) -> Figures:
    plan, shops, placed = market.plan, market.shops, market.orders
    name = market.shop_names[shop]
    seller_id = id_of(name)
    mine = truth.take(placed.shop == shop)
    found = breaches.take(breaches.seller_id == seller_id)
    page = deposits.deposit_of(seller_id, at=plan.day_ends(plan.days - 1))
    seller = sellers.seller(name)
    assert page is not None, "every shop was quoted when it joined"
    assert seller is not None, "every shop with orders has joined"
    leaves = int(shops.leaves_day[shop])
    return {
        "name": name,
        "kind": ShopKind(int(shops.kind[shop])),
        "category": seller.category,
        "category_zh": categories()[int(shops.category[shop])].zh,
        "joined": plan.first_day.fromordinal(
            plan.first_day.toordinal() + int(shops.joins_day[shop])
        ),
        "left": plan.first_day.fromordinal(plan.first_day.toordinal() + leaves)
        if leaves < NEVER
        else None,
        "orders": len(mine),
        "orders_found": int(mine.is_found.sum()),
        "orders_cheated": int(mine.is_cheated.sum()),
        "cheated_found": int((mine.is_cheated & mine.is_found).sum()),
        "buyers_who_would_complain": int((mine.is_found & mine.complains).sum()),
        "breaches": {
            kind: int((found.kind == kind).sum())
            for kind in BreachKind
            if (found.kind == kind).any()
        },
        "paid_minor": int(found.buyer_minor.sum()),
        "platform_minor": int(found.platform_minor.sum()),
        "required_minor": page.required_minor,
        "deposit_minor": page.deposit_minor,
        "reserve_minor": page.reserve_minor,
        "missing_minor": page.shortfall_minor,
        "debt_minor": page.debt_minor,
        "step": page.step,
        "standing": seller.state,
        "example": _dearest(market, found),
    }


def _dearest(market: Marketplace, found: Breaches) -> Figures | None:
    """The breach that paid its buyer most; the first of them where several did."""
    if len(found) == 0:
        return None
    row = int(np.lexsort((found.due_us, -found.buyer_minor))[0])
    order_ids = ids_of(market.order_names)
    order = int(np.flatnonzero(order_ids == found.order_id[row])[0])
    return {
        "order": market.order_names[order],
        "kind": BreachKind(int(found.kind[row])),
        "found_at": moment_of(int(found.due_us[row])),
        "goods_minor": int(market.orders.goods_minor[order]),
        "paid_minor": int(found.buyer_minor[row]),
    }
