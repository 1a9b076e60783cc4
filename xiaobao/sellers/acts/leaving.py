"""Leaving: the enrolment ends, and with it what is offered; what was sold stays promised."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.references import cause_of
from xiaobao.sellers import store
from xiaobao.sellers.acts.standing import CauseKind, held, move
from xiaobao.sellers.facts import Event

if TYPE_CHECKING:
    from datetime import datetime


@transaction.atomic
def end_enrolment(seller_id: int, event: Event, *, at: datetime) -> None:
    """End what a seller offers from now on: promises, covered items; and move its standing.

    Orders placed before keep the promises and the marks of their time.

    :raises SellerUnknown: for an id nobody has
    :raises StandingForbids: where the lifecycle has no such move
    """
    assert event in {Event.FINISH, Event.FORCE_OUT}, event
    one, at_us = np.array([seller_id], np.int64), us_of(at)
    before = held(one)
    move(before, event, at_us)
    _, running = store.running_promises(one)
    store.end_promises(np.full(len(running), seller_id, np.int64), running, at_us)
    batch = cause_of(CauseKind.ITEMS_MARKED, at_us, seller_id, 0)
    items = store.covered_items(seller_id, before_us=at_us)
    store.add_marks(seller_id, items, is_marked=False, at_us=at_us, batch=batch)
