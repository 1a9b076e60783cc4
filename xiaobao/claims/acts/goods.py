"""Owed in goods: a repair or a replacement by a moment, proved or confirmed; else the price is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.claims import store
from xiaobao.claims.acts.beginning import begin
from xiaobao.claims.acts.course import row_of
from xiaobao.claims.acts.judging import due_on, exposed
from xiaobao.claims.acts.money import free_exposure, lock_exposure, pay_settlement
from xiaobao.claims.acts.problems import GoodsProofMissing
from xiaobao.claims.acts.showing import known_claim, prepared_of, show
from xiaobao.claims.facts import ClaimEvent, Party
from xiaobao.claims.queries.clocks import clock_due_or
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import ClockKind

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.claims.acts.course import Course
    from xiaobao.claims.facts import ClaimRow, Handed
    from xiaobao.kernel.columns import Mask
    from xiaobao.orders.facts import OrderStates

_E = ClaimEvent


def agree_on_goods(course: Course, held: OrderStates) -> None:
    """The seller gave in: it bears a test, and has a time to repair or replace."""
    claims, everyone = course.claims, np.array([True])
    store.close_offers(claims, course.at_us)
    for clock in ("seller", "buyer", "talks", "platform"):
        course.end(clock)
    is_charged = claims.test_minor > 0
    if is_charged.any():
        pay_settlement(course, everyone, np.zeros(1, np.int64), claims.test_minor)
        # Who lost bore it; whatever is ruled later, it is not borne again.
        course.put(test_minor=np.zeros(1, np.int64))
    owe_goods(course, is_charged=is_charged, party=Party.SELLER, states=held)


def owe_goods(
    course: Course, *, is_charged: Mask, party: int, states: OrderStates | None = None
) -> None:
    """From now on the seller owes goods, by the pack's clock; the price stays locked for it.

    Where something was charged to the seller at once, a test, the hold was taken for it, and what
    the price needs is locked anew.
    """
    due_us = np.array([_due(course, row) for row in range(len(course.claims))], np.int64)
    course.happens(_E.GOODS_OWED, party=party, due_us=due_us)
    course.start("seller", due_us)
    course.end("platform")
    if not is_charged.any():
        return
    some, at_us = course.claims.take(is_charged), course.at_us[is_charged]
    # What the test cost is borne already.
    exposure = exposed(some, at_us, states) - some.test_minor
    locked = lock_exposure(some, exposure, at_us)
    for name in ("exposure_minor", "locked_minor", "uncovered_minor", "locked_us", "holds"):
        column = getattr(course.claims, name).copy()
        column[is_charged] = getattr(locked, name)
        course.put(**{name: column})


def _due(course: Course, row: int) -> int:
    one, since_us = course.claims.take(np.array([row])), course.at_us[row : row + 1]
    return int(clock_due_or(one, ClockKind.GOODS_OWED, ClockKind.NEGOTIATION, since_us)[0])


@promises.one_catalogue()
def finish_goods(
    seller_id: int,
    claim_id: int,
    *,
    by: Party,
    handed: Sequence[Handed] = (),
    words: str = "",
    key: str,
    at: datetime,
) -> ClaimRow:
    """It is repaired or replaced: the seller proves it, or the buyer confirms it; nothing is owed.

    After a seller's proof the buyer has the time to appeal, or to bring new facts, anew.

    :raises GoodsProofMissing: where the seller hands nothing in
    :raises EvidenceRefused: for the first piece that cannot be taken
    :raises ClaimMoveImpossible: where no goods are owed
    """
    prepared, limits = prepared_of(known_claim(seller_id, claim_id), by, handed, at)
    with transaction.atomic():
        shown = [f"{one.given.kind}:{one.sha256.hex()}" for one in prepared]
        begun = begin(seller_id, claim_id, "goods done", by, words, *shown, key=key, at=at)
        if begun.is_known:
            return row_of(begun.claims, is_new=False)
        course, everyone = begun.course, np.array([True])
        course.check(_E.GOODS_DONE)
        if by is Party.SELLER and not prepared:
            raise GoodsProofMissing
        show(course, by, prepared, limits, at)
        course.happens(_E.GOODS_DONE, party=by, words=words)
        free_exposure(course, everyone)
        course.end("seller")
        until_us = course.claims.appeal_until_us
        if by is Party.SELLER:
            until_us = due_on(course, ClockKind.APPEAL, everyone)
        course.put(appeal_until_us=np.where(until_us >= FAR_US, course.at_us, until_us))
        return row_of(course.record(), is_new=True)
