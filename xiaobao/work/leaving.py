"""Shops of a generated marketplace that want their deposit back, and the staff who decide.

Which shop asks, when and why is said by `wishes`; some mark items by mistake and undo it.
"""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits import acts as deposits
from xiaobao.exits import acts as exits
from xiaobao.exits import queries as exits_now
from xiaobao.exits.facts import ExitState, Reason, Relief, Scope
from xiaobao.kernel.clocks import DAY_US, us_of
from xiaobao.kernel.references import id_of
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Standing
from xiaobao.work.wishes import LODGED_BEFORE, freezes, wishes_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.lab.generate.marketplace import Marketplace
    from xiaobao.work.wishes import Wish

# One shop in so many marks what it did not mean to, and undoes it the next morning.
_SLIPS = 25
_SLIP_ITEMS = 300
# Whole days the staff take to decide, shop by shop; the last is later than the pack allows.
_DAYS_TAKEN = (10, 1, 2, 3, 4)
_STAFF = "staff"
INSURER = "样例保险"
# What is put up beyond what is asked for.
_SUM_MINOR = 30_000
_INSIDE = (Standing.ACTIVE, Standing.RESTRICTED)


def leave(market: Marketplace, day: int, at: datetime) -> None:
    """What shops ask for this morning, and what the staff decide."""
    for wish in wishes_of(market):
        if wish.day == day:
            _ask(market, wish, at)
        elif wish.reason is Reason.MISTAKE and wish.day - LODGED_BEFORE == day:
            _lodge_unasked(market, wish, at)
    _decide(market, at)
    _slip(market, day, at)


def _ask(market: Marketplace, wish: Wish, at: datetime) -> None:
    """Ask for all of it, or for the surplus where there is any; who was forced out asks not."""
    name = market.shop_names[wish.shop]
    seller_id = id_of(name)
    if int(sellers_now.standing(np.array([seller_id])).state[0]) not in _INSIDE:
        return
    _complete_profile(market, wish.shop, seller_id, at)
    if wish.insures:
        _insure(seller_id, name, at)
    found = exits_now.check_of(seller_id, wish.scope, at=at)
    if wish.scope is Scope.PART and found.free_minor == 0:
        return
    exits.apply_for_exit(
        seller_id, scope=wish.scope, reason=wish.reason, key=f"day {wish.day}", by=name, at=at,
        amount_minor=found.free_minor if wish.scope is Scope.PART else 0,
    )  # fmt: skip
    # Of those in hardship every third takes what is offered, and stays.
    if wish.reason is Reason.HARDSHIP and wish.shop % 3 == 0:
        exits.take_relief(seller_id, Relief.SPECIALIST, by=name, at=at)


def _insure(seller_id: int, name: str, at: datetime) -> None:
    """Cover in place of cash, its premium out of the deposit; who has too little takes none."""
    with suppress(deposits.PremiumNotThere):
        deposits.add_cover(
            seller_id, f"instead-{name}", insurer=INSURER, limit_minor=_SUM_MINOR, begins_at=at,
            ends_at=at + timedelta(days=365), is_premium_paid=False, at=at,
        )  # fmt: skip


def _lodge_unasked(market: Marketplace, wish: Wish, at: datetime) -> None:
    """More than is asked for: all of it comes back once the mistake is seen."""
    one = np.array([id_of(market.shop_names[wish.shop])])
    key = id_of(f"by mistake {market.shop_names[wish.shop]}")
    is_frozen = bool(freezes(np.array([wish.shop]))[0])
    deposits.request_lodgements(one, np.array([_SUM_MINOR]), keys=key, at=at, is_frozen=is_frozen)


def _complete_profile(market: Marketplace, shop: int, seller_id: int, at: datetime) -> None:
    """The account and the real name without which nothing is paid."""
    missing = exits_now.check_of(seller_id, Scope.WHOLE, at=at).missing
    if missing:
        full = market.full_profile_of(shop)
        sellers.update_profile(seller_id, {part: full[part] for part in missing}, at=at)


def _decide(market: Marketplace, at: datetime) -> None:
    """The staff approve what waits for them, each after its own days."""
    waiting = exits_now.exits_listed(state=ExitState.UNDER_REVIEW, limit=100_000)
    shop_of = {name: shop for shop, name in enumerate(market.shop_names)} if waiting else {}
    for row in sorted(waiting, key=lambda one: one.seller):
        shop = shop_of[row.seller]
        asked = row.submitted_at or row.drafted_at
        if us_of(at) - us_of(asked) >= _DAYS_TAKEN[shop % len(_DAYS_TAKEN)] * DAY_US:
            if row.scope is Scope.PART:
                found = exits_now.check_of(row.seller_id, Scope.PART, at=at)
                if found.free_minor == 0:
                    # What was free is needed by now: the shop calls it off.
                    exits.cancel_exit(row.seller_id, by=row.seller, at=at)
                    continue
            exits.approve_exit(row.seller_id, by=_STAFF, at=at)
    _answer(at)


def _answer(at: datetime) -> None:
    """A specialist answers who asked, the morning after."""
    for seller_id, number in exits_now.consults_waiting():
        thread = exits_now.consult_of(seller_id, number)
        if thread is not None and thread.opened_at < at:
            exits.say_in_consult(
                seller_id, number, words="已联系您，商定分期与暂停商品", by=_STAFF,
                is_specialist=True, at=at,
            )  # fmt: skip


def _slip(market: Marketplace, day: int, at: datetime) -> None:
    """Marks by mistake, and their undoing the next morning, inside the grace time."""
    for shop in range(0, market.plan.sellers, _SLIPS):
        slip = int(market.shops.joins_day[shop]) + 10
        seller_id = id_of(market.shop_names[shop])
        if day not in {slip, slip + 1}:
            continue
        if int(sellers_now.standing(np.array([seller_id])).state[0]) not in _INSIDE:
            continue
        if day == slip:
            names = [f"{market.shop_names[shop]}-slip-{n:04d}" for n in range(_SLIP_ITEMS)]
            sellers.mark_items(seller_id, names, at=at)
        else:
            batch = sellers_now.batch_of(seller_id, None)
            if batch is not None and batch.items == _SLIP_ITEMS:
                sellers.undo_marks(seller_id, batch.batch, at=at)
