"""Telling the outside, inside the transaction of the act that did the thing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.outbox import rules, store
from xiaobao.outbox.facts import EventKind, Events

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def tell(
    kind: EventKind | Int,
    seller_id: Int,
    cause_hi: Int,
    cause_lo: Int,
    *,
    at_us: Int | int,
    subject_id: Int | int = 0,
    party_id: Int | int = 0,
    amount_minor: Int | int = 0,
    recorded_us: Int | int | None = None,
) -> int:
    """Tell one event per row; return how many were new. Columns or one value for all rows.

    A cause tells each kind once: told again, in whatever batch, it adds nothing. Kinds that can
    happen again to one thing (a payout that fails twice) name a cause for each time.
    """
    count = len(seller_id)

    def column(value: Int | int) -> Int:
        return np.broadcast_to(np.asarray(value, np.int64), count)

    kinds = column(kind)
    event_hi, event_lo = rules.event_ids(kinds, cause_hi, cause_lo)
    events = Events(
        seller_id=seller_id, kind=kinds, event_hi=event_hi, event_lo=event_lo,
        cause_hi=cause_hi, cause_lo=cause_lo, subject_id=column(subject_id),
        party_id=column(party_id), amount_minor=column(amount_minor), happened_us=column(at_us),
        recorded_us=column(at_us if recorded_us is None else recorded_us),
    )  # fmt: skip
    return store.add(events)
