"""Where sellers stand: hold, move by the lifecycle, tell; restrict and lift."""

from __future__ import annotations

from enum import IntEnum
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import causes_of
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.sellers import rules, store
from xiaobao.sellers.facts import STANDING_WORDS, Event, Restriction, Standing, Standings

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int


class CauseKind(IntEnum):
    """What this room's causes name."""

    STANDING_MOVED = 401
    ITEMS_MARKED = 402
    POLICY_ANNOUNCED = 403
    POLICY_ANSWERED = 404
    PAYEE_CHANGED = 405


class SellerUnknown(Problem):
    code: ClassVar[str] = "seller_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "seller 字段：没有编号为 {seller_id} 的卖家；请先邀请"
    en: ClassVar[str] = "seller: nobody has the id {seller_id}; invite the seller first"


class StandingForbids(Problem):
    code: ClassVar[str] = "standing_forbids"
    zh: ClassVar[str] = "卖家 {seller_id} 当前为“{state_zh}”，不能执行 {event}；请先改变其状态"
    en: ClassVar[str] = "seller {seller_id} is {state_en}: {event} is not possible from there"


@transaction.atomic
def restrict_sellers(seller_ids: Int, cause: Restriction, *, at_us: Int | int) -> int:
    """Restrict sellers for one cause; return how many were not restricted for it before.

    `at_us` is one moment, or one for each seller.

    :raises SellerUnknown: for an id nobody has
    :raises StandingForbids: for a seller who is not active, restricted or exiting
    """
    if len(seller_ids) == 0:
        return 0
    before = held(seller_ids)
    moments = _aligned(seller_ids, at_us, before.seller_id)
    new = (before.restricted_by & cause) == 0
    after = move(before.take(new), Event.RESTRICT, moments[new], cause)
    tell(EventKind.SELLER_RESTRICTED, after)
    return len(after)


@transaction.atomic
def lift_restriction(seller_ids: Int, cause: Restriction, *, at_us: Int | int) -> int:
    """Take one cause away; who has no other is active again. Return how many it was taken from.

    `at_us` is one moment, or one for each seller.

    :raises SellerUnknown: for an id nobody has
    :raises StandingForbids: for a seller who has left or was forced out
    """
    if len(seller_ids) == 0:
        return 0
    before = held(seller_ids)
    moments = _aligned(seller_ids, at_us, before.seller_id)
    had = (before.restricted_by & cause) != 0
    after = move(before.take(had), Event.LIFT, moments[had], cause)
    tell(EventKind.SELLER_LIFTED, after)
    return len(after)


def _aligned(seller_ids: Int, at_us: Int | int, wanted: Int) -> Int:
    """The moment of each wanted seller, from moments given seller by seller."""
    moments = np.broadcast_to(np.asarray(at_us, np.int64), len(seller_ids))
    order = np.argsort(seller_ids, kind="stable")
    return moments[order[np.searchsorted(seller_ids[order], wanted)]]


@transaction.atomic
def move_sellers(seller_ids: Int, event: Event, *, at: datetime) -> None:
    """Move sellers by an event of the exit: leave, stay, finish, force out.

    :raises SellerUnknown: for an id nobody has
    :raises StandingForbids: where the lifecycle has no such move
    """
    assert event in {Event.LEAVE, Event.STAY, Event.FINISH, Event.FORCE_OUT}, event
    move(held(seller_ids), event, us_of(at))


def held(seller_ids: Int) -> Standings:
    """These sellers, each once, locked in the order of ids.

    :raises SellerUnknown: for an id nobody has
    """
    wanted = np.unique(seller_ids)
    found = store.hold(wanted)
    missing = np.setdiff1d(wanted, found.seller_id)
    if len(missing):
        raise SellerUnknown(seller_id=int(missing[0]))
    return found


def move(before: Standings, event: Event, at_us: Int | int, cause: int = 0) -> Standings:
    """Move these held sellers and write their history; none of them moves if one may not."""
    restricted_by = rules.causes_after(before.restricted_by, event, cause)
    state = rules.state_after(before.state, restricted_by, event)
    illegal = np.flatnonzero(state == rules.NO_MOVE)
    if len(illegal):
        first = int(illegal[0])
        zh, en = STANDING_WORDS[Standing(int(before.state[first]))]
        raise StandingForbids(
            seller_id=int(before.seller_id[first]), state_zh=zh, state_en=en,
            event=event.name.lower(),
        )  # fmt: skip
    after = Standings(
        seller_id=before.seller_id, market_id=before.market_id, state=state,
        restricted_by=restricted_by, seq=before.seq + 1,
        since_us=np.zeros(len(before), np.int64) + at_us,
    )  # fmt: skip
    store.move(after, event)
    return after


def tell(kind: EventKind, after: Standings) -> None:
    cause = causes_of(CauseKind.STANDING_MOVED, after.since_us, after.seller_id, after.seq)
    outbox.tell(kind, after.seller_id, *cause, at_us=after.since_us)
