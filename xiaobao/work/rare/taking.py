"""A shop leaves while a part of its frozen deposit is being taken: nobody knows yet if it comes.

The gateway answers for no taking of the last nights before the day after them is over.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import queries as deposits
from xiaobao.exits import acts as exits
from xiaobao.exits import queries as exits_now
from xiaobao.exits.facts import ExitState, Reason, Scope
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import id_of
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import Standing
from xiaobao.work.wishes import freezes

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.test_gateway import TestGateway
    from xiaobao.lab.generate.marketplace import Marketplace

_NIGHTS = 4
_STAFF = "staff"
_INSIDE = (Standing.ACTIVE, Standing.RESTRICTED)


def hold_up(market: Marketplace, day: int, gateway: TestGateway) -> None:
    """From this evening on, takings are answered for a day after the last."""
    plan = market.plan
    if day == plan.days - _NIGHTS:
        answered = plan.day_ends(plan.days - 1) + timedelta(days=1)
        gateway.set_behaviour(replace(gateway.settings(), taken_from_us=us_of(answered)))


def leave(market: Marketplace, at: datetime) -> None:
    """Of shops of which something is at the gateway, who gets most back asks for all of it."""
    names = {
        name: shop
        for shop in np.flatnonzero(freezes(np.arange(market.plan.sellers))).tolist()
        if deposits.at_the_gateway(id_of(name := market.shop_names[shop])) is not None
    }
    if any(_waits(name) for name in names):
        return
    free = {
        name: exits_now.check_of(id_of(name), Scope.WHOLE, at=at).free_minor
        for name in names if _may_ask(name)
    }  # fmt: skip
    for name in sorted(free, key=lambda one: (-free[one], one)):
        if _leaves(name, market.full_profile_of(names[name]), at):
            return


def _may_ask(name: str) -> bool:
    return int(sellers_now.standing(np.array([id_of(name)])).state[0]) in _INSIDE


def _waits(name: str) -> bool:
    try:
        return exits_now.exit_detail(id_of(name), name).waits_for is not None
    except exits_now.ExitUnknown:
        return False


@transaction.atomic
def _leaves(name: str, profile: dict[str, str], at: datetime) -> bool:
    """Whether it may leave as things stand; nothing is done where it has to wait for more."""
    seller_id = id_of(name)
    found = exits_now.check_of(seller_id, Scope.WHOLE, at=at)
    if found.is_waiting:
        return False
    if found.missing:
        sellers.update_profile(seller_id, {one: profile[one] for one in found.missing}, at=at)
    exits.apply_for_exit(
        seller_id, scope=Scope.WHOLE, reason=Reason.OWN_WISH, key="at the end", by=name, at=at
    )
    if exits_now.exit_detail(seller_id, name).exit.state is ExitState.UNDER_REVIEW:
        exits.approve_exit(seller_id, by=_STAFF, at=at)
    return _waits(name)
