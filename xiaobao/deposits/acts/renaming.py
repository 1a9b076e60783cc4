"""A taking whose name is spent goes on under another: what it was sent as was closed for good."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.deposits import queries, store
from xiaobao.deposits.facts import CauseKind, LodgementState
from xiaobao.kernel.columns import FAR_US, running_within
from xiaobao.kernel.references import causes_of

if TYPE_CHECKING:
    from xiaobao.deposits.facts import Takings
    from xiaobao.kernel.columns import Int


@transaction.atomic
def rename_takings(said: str, *, until_us: int) -> int:
    """Let takings refused in these words, and due by then, go on under new names; how many did.

    As much is being taken as before. The waits between attempts go on, too: who closes each trade
    at once is not asked ever more often.
    """
    due = queries.takings_answered(said, until_us)
    if len(due) == 0:
        return 0
    sums = store.hold_authorisation(due.seller_id, due.lodgement_hi, due.lodgement_lo)
    # Somebody may have called one back before the sums were held.
    held = store.hold_takings(due.seller_id, due.taking_hi, due.taking_lo)
    held = held.take((held.state == LodgementState.REQUESTED) & (held.next_us <= until_us))
    keys = zip(sums.seller_id, sums.lodgement_hi, sums.lodgement_lo, strict=True)
    place = {key: row for row, key in enumerate(keys)}
    wanted = zip(held.seller_id, held.lodgement_hi, held.lodgement_lo, strict=True)
    of = np.array([place[key] for key in wanted], np.int64)
    _give_up(held)
    number = sums.takings[of] + running_within(np.ones(len(held), np.int64), of)
    hi, lo = causes_of(
        CauseKind.TAKEN, held.next_us, held.seller_id, held.lodgement_hi, held.lodgement_lo,
        number,
    )  # fmt: skip
    fresh = replace(held, taking_hi=hi, taking_lo=lo, queries=held.queries * 0)
    store.add_takings(fresh, at_us=held.next_us)
    more = np.bincount(of, minlength=len(sums))
    store.put_authorisations(replace(sums, takings=sums.takings + more))
    return len(held)


def _give_up(held: Takings) -> None:
    """Nothing of these moved, and nothing will: each keeps what was last said of it."""
    none: Int = np.zeros(len(held), np.int64)
    store.put_takings(
        replace(held, state=none + LodgementState.FAILED, next_us=none + FAR_US),
        ended=none != 0, at_us=none, refs=[""] * len(held), answers=[""] * len(held),
    )  # fmt: skip
