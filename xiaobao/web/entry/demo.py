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

    from xiaobao.hearings.facts import HeldSeat

STAFF_DOORS = {
    Role.ADJUDICATOR: "desk",
    Role.POLICY: "rules",
    Role.FINANCE: "finance",
    Role.SUPERVISOR: "supervision",
    Role.ADMINISTRATOR: "administration",
}


# No role: accounts whose name is a juror's.
JUROR, JUROR_WORDS = "juror", ("评审员", "juror")
# What each of them does there, for whoever has never been one.
DOES = {
    Role.ADJUDICATOR: ("按时限裁决维权，一案一页", "rules on claims, each on one page"),
    Role.POLICY: ("起草、比较、公示、联签", "drafts, compares, announces rules"),
    Role.FINANCE: ("账本、对账差异、误付、联签", "books, differences, unowed money"),
    Role.SUPERVISOR: ("违约率、信号、抽查", "breach rates, signals, inspections"),
    Role.ADMINISTRATOR: ("账号、角色、查看记录、推送", "accounts, roles, looks, webhooks"),
}
JUROR_DOES = ("抽中的案件，密封投票", "cases drawn by lot, sealed votes")


def is_generated() -> bool:
    """Whether anybody may be anyone: `xiaobao demo` serves, and its marketplace is a made one."""
    return bool(settings.IS_DEMO and lived_until() is not None)


# Claims looked at for those that are shown.
LOOKED_AT = 50
# What a buyer is told of a claim: who bears what they were paid is nothing to them.
_TO_BUYERS = {ClaimState.RECOVERING: ClaimState.PAID}


@dataclass(frozen=True)
class DemoOrder:
    """An order to step into, with the claim about it, if any."""

    shop: str
    order: str
    kind: tuple[str, str] | None = None
    state: ClaimState | None = None
    words: tuple[str, str] | None = None


def demo_orders(limit: int = 6) -> list[DemoOrder]:
    """Orders to look at as their buyer: claims that stand each otherwise, and orders without."""
    half = limit // 2
    each = {one.state: one for one in reversed(claims.claims_listed(limit=LOOKED_AT))}
    open_claims = sorted(each.values(), key=lambda one: one.state)[:half]
    names = sellers.names_of(np.array([one.seller_id for one in open_claims], np.int64))
    found = []
    for one in open_claims:
        state = _TO_BUYERS.get(one.state, one.state)
        found.append(DemoOrder(
            names[one.seller_id], one.order, KIND_WORDS[one.kind], state, STATE_WORDS[state]
        ))  # fmt: skip
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
    """A juror with a case to vote on, and an ended one; else with a case, or anybody.

    :raises Http404: where there are no jurors
    """
    found = {one.name: hearings.seats_held(one.juror_id, limit=2) for one in hearings.jurors()}
    if not found:
        raise Http404
    return min(found, key=lambda name: (
        not found[name], bool(found[name]) and _is_done(found[name][0]), -len(found[name]), name
    ))  # fmt: skip


def _is_done(seat: HeldSeat) -> bool:
    """Whether the juror has voted, or cannot any more."""
    return seat.answered_at is not None or seat.sealed_at is not None
