"""The demo's people: one of each role, made when first clicked; they know no password."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from django.conf import settings
from django.contrib.auth import get_user_model
from django.http import Http404
from django.urls import reverse

from xiaobao.claims import queries as claims
from xiaobao.claims.facts import KIND_WORDS, STATE_WORDS, ClaimState
from xiaobao.hearings import queries as hearings
from xiaobao.orders import queries as orders
from xiaobao.sellers import queries as sellers
from xiaobao.sellers.facts import Standing
from xiaobao.web.people import STAFF, Role, add_member
from xiaobao.work.clock import now
from xiaobao.work.life import lived_until

if TYPE_CHECKING:
    from datetime import datetime

    from django.contrib.auth.models import User

    from xiaobao.sellers.facts import SellerRow

STAFF_DOORS = {
    Role.ADJUDICATOR: "desk",
    Role.POLICY: "rules",
    Role.FINANCE: "finance",
    Role.SUPERVISOR: "supervision",
    Role.ADMINISTRATOR: "administration",
}


# No role: accounts whose name is a juror's.
JUROR, JUROR_WORDS = "juror", ("评审员", "juror")


def is_generated() -> bool:
    """Whether anybody may be anyone: `xiaobao demo` serves, and its marketplace is a made one."""
    return bool(settings.IS_DEMO and lived_until() is not None)


def demo_shops(limit: int = 8) -> list[SellerRow]:
    """Shops to step into: some that stand well and some that are restricted."""
    half = limit // 2
    return sellers.sellers(state=Standing.RESTRICTED, limit=half) + sellers.sellers(
        state=Standing.ACTIVE, limit=half
    )


@dataclass(frozen=True)
class DemoOrder:
    """An order to step into, with the claim about it, if any."""

    shop: str
    order: str
    kind: tuple[str, str] | None = None
    state: ClaimState | None = None
    words: tuple[str, str] | None = None


def demo_orders(limit: int = 4) -> list[DemoOrder]:
    """Orders to look at as their buyer: some whose claims are open, and some without."""
    half = limit // 2
    open_claims = claims.claims_listed(limit=half)
    names = sellers.names_of(np.array([one.seller_id for one in open_claims], np.int64))
    found = [
        DemoOrder(names[one.seller_id], one.order, KIND_WORDS[one.kind], one.state,
                  STATE_WORDS[one.state])
        for one in open_claims
    ]  # fmt: skip
    for shop in sellers.sellers(state=Standing.ACTIVE, limit=half):
        found += [DemoOrder(shop.name, name)
                  for name in orders.last_orders_of(shop.seller_id, now(), 1)]  # fmt: skip
    return found


def demo_user(role: str, shop: str, *, at: datetime) -> tuple[User, str]:
    """The user of a role (and a shop), and where that role begins."""
    if role == JUROR:
        return _made(_juror()), reverse("jury")
    if shop:
        row = sellers.seller(shop)
        if row is None:
            raise Http404
        seller_id, kind, address = row.seller_id, Role.OWNER, reverse("seller-home", args=[shop])
    else:
        found = next((one for one in STAFF_DOORS if one.name.lower() == role), None)
        if found is None:
            raise Http404
        seller_id, kind, address = STAFF, found, reverse(STAFF_DOORS[found])
    user = _made(f"demo-{kind.name.lower()}-{seller_id}")
    add_member(int(user.pk), kind, seller_id, at=at)
    return user, address


def _made(name: str) -> User:
    user, is_new = get_user_model().objects.get_or_create(username=name)
    if is_new:
        user.set_unusable_password()
        user.save()
    return user


def _juror() -> str:
    """A juror with a case to vote on; else one with a case, or anybody who may be drawn.

    :raises Http404: where there are no jurors
    """
    found = {one.name: hearings.seats_held(one.juror_id, limit=1) for one in hearings.jurors()}
    if not found:
        raise Http404
    return min(found, key=lambda name: (
        not found[name], bool(found[name]) and found[name][0].answered_at is not None, name
    ))  # fmt: skip
