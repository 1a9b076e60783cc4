"""Where a payout may go from where it stands, and how long it waits before the next try."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances.facts import PayoutAnswer, PayoutState
from xiaobao.kernel.clocks import MINUTE_US

if TYPE_CHECKING:
    from xiaobao.advances.terms import PayoutTerms
    from xiaobao.kernel.columns import Int

# Doublings beyond this reach any longest wait: a minute becomes a century.
_MOST_DOUBLINGS = 26

# An answer moves a payout only along this table; any other answer is old news.
NEXT_STATES = {
    (PayoutState.SENT, PayoutAnswer.CONFIRMED): PayoutState.CONFIRMED,
    (PayoutState.SENT, PayoutAnswer.FAILED): PayoutState.FAILED,
    (PayoutState.SENT, PayoutAnswer.UNKNOWN): PayoutState.UNKNOWN,
    (PayoutState.UNKNOWN, PayoutAnswer.CONFIRMED): PayoutState.CONFIRMED,
    (PayoutState.UNKNOWN, PayoutAnswer.FAILED): PayoutState.FAILED,
    (PayoutState.UNKNOWN, PayoutAnswer.UNKNOWN): PayoutState.UNKNOWN,
    (PayoutState.FAILED, PayoutAnswer.CONFIRMED): PayoutState.CONFIRMED,
    (PayoutState.STOPPED, PayoutAnswer.CONFIRMED): PayoutState.PAID_UNOWED,
}
STAYS = -1
_TABLE = np.full((max(PayoutState) + 1, max(PayoutAnswer) + 1), STAYS, np.int64)
for (_state, _answer), _next in NEXT_STATES.items():
    _TABLE[_state, _answer] = _next


def states_after(state: Int, attempts: Int, attempt: Int, answer: Int) -> Int:
    """The state that follows; STAYS where the answer says nothing new.

    A confirmation is believed of whatever attempt: the money has moved. Anything else counts only
    of the last one.
    """
    is_about_now = (attempt == attempts) | (answer == PayoutAnswer.CONFIRMED)
    return np.where(is_about_now, _TABLE[state, answer], STAYS)


def wait_us(state: Int, attempts: Int, queries: Int, terms: PayoutTerms) -> Int:
    """How long until a failed payout is sent again, or an unknown one asked about."""
    is_failed = state == PayoutState.FAILED
    first = np.where(is_failed, terms.retry_first_minutes, terms.query_first_minutes)
    most = np.where(is_failed, terms.retry_most_minutes, terms.query_most_minutes)
    times = np.minimum(np.where(is_failed, attempts - 1, queries), _MOST_DOUBLINGS)
    return np.minimum(first << np.maximum(times, 0), most) * MINUTE_US
