"""Who in a generated marketplace wants to leave, when and why: it follows from the plan alone.

A shop leaves once it has nothing more to sell; others take out what is above the requirement. A
few object to the change announced and leave for it, and one joined by mistake: of the good shops
those that have the least left to sell, so the rest of the marketplace goes on as it would have.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.exits.facts import Reason, Scope
from xiaobao.kernel.clocks import DAY_US
from xiaobao.lab.generate.plans import LodgeHabit, ShopKind

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.lab.generate.plans import Plan

# Who stays asks for its surplus once: one shop in so many.
_EVERY = 6
_LEAVE = 12
_GRACE_DAYS = 7
_REASONS = (Reason.HARDSHIP, Reason.OWN_WISH, Reason.VIOLATION, Reason.HARDSHIP, Reason.OWN_WISH)
# Days from joining by mistake to seeing it; it has lodged by then.
_SEEN_AFTER = 5
LODGED_BEFORE = 3
# One shop in so many objects to a change; two at most.
_OBJECTS = 30
_MOST_OBJECT = 2
# So many put cover in place of cash, and take the cash out.
_MOST_INSURE = 3
# One shop in so many lodges by freezing.
_FREEZES = 5
# From consultation to announcement as many days as the law asks for; then shops answer, and leave.
CONSULTED_DAYS, ANSWERED_DAYS, LEFT_DAYS = 7, 8, 9


@dataclass(frozen=True)
class Wish:
    """What one shop asks for, and on which day."""

    shop: int
    day: int
    scope: Scope
    reason: Reason
    insures: bool = False  # takes out cover first, so that cash can leave in its place


def freezes(shop: Int) -> Mask:
    """Which shops let their deposits stay frozen in their own accounts: every fifth, by number."""
    some: Mask = shop % _FREEZES == 1
    return some


def consults_on(plan: Plan) -> int | None:
    """The day on which a change is put to consultation; None where there are too few days."""
    day = plan.days // 2
    return day if day + LEFT_DAYS < plan.days else None


def wishes_of(market: Marketplace) -> list[Wish]:
    """Everything that shops will ask for, each shop once."""
    plan, shops = market.plan, market.shops
    last = _last_days(market)
    # Who runs away does not ask.
    asks = shops.leaves_day > plan.days
    done = np.flatnonzero(asks & (last >= 0) & (last < plan.days - 3))
    # Of those who have sold out, one seller in so many of the whole market leaves.
    leavers = done[:: max(1, -(-len(done) * _LEAVE // plan.sellers))]
    leaves = np.isin(np.arange(plan.sellers), leavers)
    made = []
    for n, shop in enumerate(np.flatnonzero(leaves).tolist()):
        reason = _REASONS[n % len(_REASONS)]
        if last[shop] + 1 - shops.joins_day[shop] < _GRACE_DAYS:
            reason = Reason.MISTAKE
        made.append(Wish(shop, int(last[shop]) + 1, Scope.WHOLE, reason))
    for some in (_objecting, _mistaken):
        for wish in some(market, asks & ~leaves):
            leaves[wish.shop] = True
            made.append(wish)
    insures = _calm(market, asks & ~leaves)[::_EVERY][:_MOST_INSURE]
    for shop in np.flatnonzero(asks & ~leaves).tolist():
        if shop % _EVERY == 0 or shop in insures:
            day = plan.days // 2 + shop % max(1, plan.days // 3)
            made.append(Wish(shop, day, Scope.PART, Reason.OWN_WISH, shop in insures))
    return made


def objectors(market: Marketplace) -> list[int]:
    """The shops that object to the change announced."""
    return [wish.shop for wish in wishes_of(market) if wish.reason is Reason.POLICY_CHANGE]


def _objecting(market: Marketplace, may: Mask) -> list[Wish]:
    """Shops that leave for the change announced."""
    plan = market.plan
    consulted = consults_on(plan)
    if consulted is None:
        return []
    day = consulted + LEFT_DAYS
    count = min(_MOST_OBJECT, -(-plan.sellers // _OBJECTS))
    chosen = _least_left(market, _calm(market, may), np.full(plan.sellers, day))[:count]
    return [Wish(shop, day, Scope.WHOLE, Reason.POLICY_CHANGE) for shop in chosen.tolist()]


def _mistaken(market: Marketplace, may: Mask) -> list[Wish]:
    """A shop that lodges, and sees then that it joined by mistake."""
    if market.plan.days <= _SEEN_AFTER:
        return []
    day = np.full(market.plan.sellers, _SEEN_AFTER)
    chosen = _least_left(market, _calm(market, may), day)[:1]
    return [Wish(shop, _SEEN_AFTER, Scope.WHOLE, Reason.MISTAKE) for shop in chosen.tolist()]


def _calm(market: Marketplace, may: Mask) -> Int:
    """Good shops there from the first day that lodge at once, all of it in cash."""
    shops = market.shops
    calm = may & (shops.kind == ShopKind.GOOD) & (shops.habit == LodgeHabit.AT_ONCE)
    return np.flatnonzero(calm & (shops.joins_day == 0) & (shops.cover_minor == 0))


def _least_left(market: Marketplace, shops: Int, day: Int) -> Int:
    """These shops by how many orders they have from a day of their own on, the fewest first."""
    orders = market.orders
    placed = (orders.placed_us - market.plan.start_us) // DAY_US
    later = placed >= day[orders.shop]
    left = np.bincount(orders.shop[later], minlength=market.plan.sellers)
    return shops[np.argsort(left[shops], kind="stable")]


def _last_days(market: Marketplace) -> Int:
    """The day of each shop's last order; -1 for who never sold."""
    last = np.full(market.plan.sellers, -1, np.int64)
    days = (market.orders.placed_us - market.plan.start_us) // DAY_US
    np.maximum.at(last, market.orders.shop, days)
    return last
