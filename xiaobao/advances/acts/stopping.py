"""Payouts of which nothing has moved are stopped, where fraud of the buyer was ruled."""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from xiaobao.advances import rules, store
from xiaobao.advances.facts import PayoutState
from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger import acts as ledger

SAID = "FRAUD_RULED"


def stop_payouts(seller_id: int, subject_id: int, most_minor: int, *, at_us: int) -> int:
    """Stop what is on its way about one subject, the latest first; how much is not owed any more.

    Whole payouts alone, no more than `most_minor` of them in all, and only those not sent yet,
    or failed as often as they were: of any other the money may have moved. In the caller's
    transaction, which decides, once.
    """
    waiting = store.lock_unsent(seller_id, subject_id)
    fits = np.cumsum(waiting.amount_minor) <= most_minor
    stopped = waiting.take(fits)
    if len(stopped) == 0:
        return 0
    moments = np.full(len(stopped), at_us, np.int64)
    none = [""] * len(stopped)
    store.move_payouts(
        replace(stopped, state=np.full(len(stopped), PayoutState.STOPPED.value, np.int64)),
        moments, np.full(len(stopped), FAR_US, np.int64), none, [SAID] * len(stopped),
    )  # fmt: skip
    ledger.post_all(
        rules.stopped_postings(
            stopped.seller_id, stopped.payout_hi, stopped.payout_lo, stopped.amount_minor, moments
        )
    )
    return int(stopped.amount_minor.sum())
