"""What happened, in whole numbers: read from the database, and set beside the truth.

Two lives of the same plan give the same figures: no path, no duration, no moment of today.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.advances import queries as advances
from xiaobao.advances.facts import PayoutState
from xiaobao.claims import queries as claims_now
from xiaobao.cli.demo.books import Checked, books_of, gateway_of, invariants_of
from xiaobao.cli.demo.claims import claims_figures
from xiaobao.cli.demo.leaving import leaving_figures
from xiaobao.cli.demo.shops import example_shops
from xiaobao.cli.demo.truth import Truth, of_market, truth_of
from xiaobao.cli.demo.violations import violations_of
from xiaobao.deposits import queries as deposits
from xiaobao.deposits.facts import LadderStep
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.references import ids_of
from xiaobao.lab.generate.plans import CURRENCY, MARKET, ShopKind
from xiaobao.ledger import queries as ledger
from xiaobao.orders import queries as orders
from xiaobao.orders.facts import BreachKind
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Standing
from xiaobao.work.selling import placed_facts

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int
    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.orders.facts import Breaches

Figures = dict[str, Any]


def figures_of(market: Marketplace) -> Figures:
    """Everything the demo says at its end."""
    market_id = promises.market(MARKET).market_id
    seller_ids = ids_of(market.shop_names)
    found = orders.breaches_of_market(market_id)
    breaches = of_market(market, found)
    truth = truth_of(market, seller_ids, breaches)
    gateway, gateway_agrees = gateway_of()
    claims = claims_figures(market)
    return {
        "plan": _plan(market),
        "currency": CURRENCY,
        "orders": _orders(market, truth),
        "facts": _facts(market),
        "breaches": _breaches(truth, breaches),
        "claims": claims,
        "compensation": _compensation(market_id),
        "deposits": _deposits(market, seller_ids),
        "shops": _shops(market, truth, seller_ids),
        "violations": violations_of(),
        "payouts": _payouts(),
        "leaving": leaving_figures(),
        "gateway": gateway,
        "books": books_of(),
        "invariants": invariants_of(
            Checked(
                breach_minor=_paid_by_themselves(found),
                claims_minor=(claims_now.paid_total(), claims["punitive_minor"]),
                gateway_agrees=gateway_agrees,
            )
        ),
        "examples": example_shops(market, truth, breaches),
    }


def _plan(market: Marketplace) -> Figures:
    plan = market.plan
    return {
        "seed": plan.seed,
        "sellers": plan.sellers,
        "orders": plan.orders,
        "days": plan.days,
        "first_day": plan.first_day,
        "last_day": plan.first_day.fromordinal(plan.first_day.toordinal() + plan.days - 1),
    }


def _orders(market: Marketplace, truth: Truth) -> Figures:
    held = orders.counts()
    goods = market.orders.goods_minor + market.orders.freight_minor
    return {
        "placed": int(truth.is_placed.sum()),
        "placed_minor": int(goods[truth.is_placed].sum()),
        "never_placed": int((~truth.is_placed).sum()),
        "recorded": held.orders,
        "still_watched": len(orders.watched_orders()[0]),
    }


def _facts(market: Marketplace) -> Figures:
    held = orders.counts()
    arrived = placed_facts(market).num_rows
    return {
        "arrived": arrived,
        "recorded": held.facts,
        "told_again": arrived - held.facts,
        "orders_contradicted": held.orders_flagged,
    }


def _breaches(truth: Truth, breaches: Breaches) -> Figures:
    by_kind = {}
    for kind in BreachKind:
        of_kind = breaches.take(breaches.kind == kind)
        by_kind[kind] = {
            "found": len(of_kind),
            "sellers": len(np.unique(of_kind.seller_id)),
            "buyers_minor": int(of_kind.buyer_minor.sum()),
            "platform_minor": int(of_kind.platform_minor.sum()),
        }
    return {
        "found": len(breaches),
        "orders": int(truth.is_found.sum()),
        "orders_whose_buyer_would_complain": int((truth.is_found & truth.complains).sum()),
        "buyers_minor": int(breaches.buyer_minor.sum()),
        "platform_minor": int(breaches.platform_minor.sum()),
        "by_kind": by_kind,
    }


def _paid_by_themselves(breaches: Breaches) -> tuple[int, int]:
    paying = breaches.take(breaches.is_paid_by_itself)
    return int(paying.buyer_minor.sum()), int(paying.platform_minor.sum())


def _compensation(market_id: int) -> Figures:
    """Who bore what buyers and platform got; all zero where nothing was paid."""
    names = (
        "paid", "buyers_minor", "platform_minor", "reserve_minor", "deposit_minor",
        "cover_minor", "fund_minor", "recovered_minor", "reversed_minor",
    )  # fmt: skip
    of_market = [t for t in advances.split_totals() if t.market_id == market_id]
    figures = {name: sum(getattr(t, name) for t in of_market) for name in names}
    owing = ledger.debtors(limit=2**31 - 1)
    return {
        **figures,
        "debt_minor": int(-owing.fund.sum()),
        "debtors": int((owing.fund < 0).sum()),
    }


def _deposits(market: Marketplace, seller_ids: Int) -> Figures:
    end = market.plan.day_ends(market.plan.days - 1)
    held = deposits.requirements(seller_ids)
    missing = deposits.shortfalls(held.seller_id, at=end)
    books = ledger.balances(seller_ids)
    return {
        "required_minor": int(held.required_minor.sum()),
        "lodged_minor": int(books.deposit.sum()),
        "reserve_minor": int(books.reserve.sum()),
        "cover_minor": int(deposits.cover_available(seller_ids, market.plan.end_us - 1).sum()),
        "missing_minor": int(missing.sum()),
        "sellers_short": int((held.short_since_us < FAR_US).sum()),
        "sellers_at_zero": int(held.is_zero_start.sum()),
        "by_step": {step: int((held.step == step).sum()) for step in LadderStep},
        "frozen": deposits.frozen_totals(),
    }


def _shops(market: Marketplace, truth: Truth, seller_ids: Int) -> Figures:
    standing = sellers.standing(seller_ids)
    state = standing.state[np.searchsorted(standing.seller_id, seller_ids)]
    books = ledger.balances(seller_ids)
    debt = -books.fund[np.searchsorted(books.seller_id, seller_ids)]
    by_kind = {}
    for kind in ShopKind:
        shops = market.shops.kind == kind
        by_kind[kind] = {
            "shops": int(shops.sum()),
            **truth.of_kind(kind),
            "debt_minor": int(debt[shops].sum()),
            "restricted": int((state[shops] == Standing.RESTRICTED).sum()),
        }
    return {
        "by_standing": {s: int((state == s).sum()) for s in Standing if (state == s).any()},
        "by_kind": by_kind,
    }


def _payouts() -> dict[PayoutState, Figures]:
    totals: dict[PayoutState, Figures] = {
        state: {"count": 0, "amount_minor": 0} for state in PayoutState
    }
    for total in advances.payout_totals():
        totals[total.state]["count"] += total.count
        totals[total.state]["amount_minor"] += total.amount_minor
    return totals
