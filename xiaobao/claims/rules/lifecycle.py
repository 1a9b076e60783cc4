"""What may happen to a claim in which state, and where it stands afterwards.

Illegal pairs are absent. The table speaks of a claim; what a party may do about it follows.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.claims.facts import ClaimEvent, ClaimState, Mark
from xiaobao.kernel.columns import among

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask

# Before it is filed a claim stands nowhere; resumed, it stands where it was suspended.
NOWHERE = 0
WHERE_IT_STOOD = 0

_S, _E = ClaimState, ClaimEvent
GATHERING = (
    _S.NEGOTIATING,
    _S.AWAITING_SELLER,
    _S.AWAITING_BUYER_EVIDENCE,
    _S.AWAITING_SELLER_EVIDENCE,
    _S.AWAITING_BOTH_EVIDENCE,
)
OPEN = (*GATHERING, _S.UNDER_REVIEW, _S.WITH_JURY)
# Jurors vote on the claim as it was put to them.
WIDENED_IN = (*GATHERING, _S.UNDER_REVIEW)
DECIDED = (_S.RULED, _S.PAID, _S.RECOVERING, _S.CLOSED, _S.GOODS_OWED)
ENDED = (_S.CLOSED, _S.SETTLED, _S.WITHDRAWN, _S.LAPSED)
# What can happen to a claim that is ruled next, whatever else its state lets happen.
RULED_NEXT = (_E.RULED, _E.PLATFORM_LATE)
# The platform's own clock runs in these.
PLATFORMS = (_S.UNDER_REVIEW, _S.WITH_JURY, _S.RULED, _S.APPEALED)

# Asked to show something: also from review, where what one side shows the other has to answer.
_ASKED_FROM = (*GATHERING, _S.UNDER_REVIEW)

LIFECYCLE: dict[tuple[int, int], int] = {
    (NOWHERE, _E.FILED): _S.AWAITING_SELLER,
    (NOWHERE, _E.TALKS_OPENED): _S.NEGOTIATING,
    (_S.AWAITING_SELLER, _E.TALKS_OPENED): _S.NEGOTIATING,
    (_S.NEGOTIATING, _E.PLATFORM_CALLED): _S.AWAITING_SELLER,
    **{(s, _E.DENIED): s for s in GATHERING},
    **{(s, _E.ACCEPTED): _S.SETTLED for s in OPEN},
    **{(s, _E.OFFERED): s for s in OPEN},
    **{(s, _E.OFFER_ACCEPTED): _S.SETTLED for s in OPEN},
    **{(s, _E.OFFER_DECLINED): s for s in OPEN},
    **{(s, _E.EVIDENCE_ADDED): s for s in (*OPEN, _S.APPEALED)},
    **{(s, _E.BUYER_ASKED): _S.AWAITING_BUYER_EVIDENCE for s in _ASKED_FROM},
    **{(s, _E.SELLER_ASKED): _S.AWAITING_SELLER_EVIDENCE for s in _ASKED_FROM},
    **{(s, _E.BOTH_ASKED): _S.AWAITING_BOTH_EVIDENCE for s in _ASKED_FROM},
    **{(s, _E.CURE_OPENED): s for s in GATHERING},
    **{(s, _E.TIME_RAN_OUT): s for s in GATHERING},
    **{(s, _E.PERSON_ASKED): s for s in OPEN},
    **{(s, _E.REVIEW_BEGUN): _S.UNDER_REVIEW for s in GATHERING},
    **{(s, _E.PLATFORM_LATE): s for s in PLATFORMS},
    (_S.UNDER_REVIEW, _E.JURY_CALLED): _S.WITH_JURY,
    (_S.WITH_JURY, _E.JURY_ANSWERED): _S.UNDER_REVIEW,
    **{(s, _E.RULED): _S.RULED for s in (_S.UNDER_REVIEW, _S.WITH_JURY, _S.APPEALED)},
    (_S.RULED, _E.PAID): _S.PAID,
    (_S.PAID, _E.RECOVERY_BEGUN): _S.RECOVERING,
    **{(s, _E.CLOSED): _S.CLOSED for s in (_S.RULED, _S.PAID, _S.RECOVERING)},
    **{(s, _E.APPEALED): _S.APPEALED for s in DECIDED},
    **{(s, _E.REOPENED): _S.AWAITING_SELLER for s in (_S.CLOSED, _S.WITHDRAWN, _S.LAPSED)},
    **{(s, _E.WITHDRAWN): _S.WITHDRAWN for s in (*OPEN, _S.SUSPENDED)},
    **{(s, _E.LAPSED): _S.LAPSED for s in (*GATHERING, _S.SETTLED)},
    **{(s, _E.SUSPENDED): _S.SUSPENDED for s in OPEN},
    (_S.SUSPENDED, _E.RESUMED): WHERE_IT_STOOD,
    **{(s, _E.ASK_WIDENED): s for s in WIDENED_IN},
    **{(s, _E.STOP_ASKED): s for s in OPEN},
    (_S.SUSPENDED, _E.STOP_ACCEPTED): _S.SUSPENDED,
    (_S.SETTLED, _E.RETURN_SHIPPED): _S.SETTLED,
    **{(s, _E.GOODS_OWED): _S.GOODS_OWED for s in (_S.RULED, _S.SETTLED)},
    (_S.GOODS_OWED, _E.EVIDENCE_ADDED): _S.GOODS_OWED,
    (_S.GOODS_OWED, _E.GOODS_DONE): _S.CLOSED,
    (_S.GOODS_OWED, _E.TIME_RAN_OUT): _S.GOODS_OWED,
    (_S.GOODS_OWED, _E.REVIEW_BEGUN): _S.UNDER_REVIEW,
}

_TABLE = np.full((max(_S) + 1, max(_E) + 1), -1, np.int64)
for (_state, _event), _after in LIFECYCLE.items():
    _TABLE[_state, _event] = _after


def possible(state: Int, event: Int) -> Mask:
    """Which of these events may happen in these states, row for row."""
    mask: Mask = _TABLE[state, event] >= 0
    return mask


def is_ruled_next(state: Int, marks: Int) -> Mask:
    """Where goods were owed and not done in time: the price is ruled, and nothing comes between.

    Agreeing anew would give more time, and settling would have a test borne twice.
    """
    ruled: Mask = (state == _S.UNDER_REVIEW) & ((marks & Mark.GOODS_LATE) != 0)
    return ruled


def after(state: Int, event: Int, before: Int) -> Int:
    """Where each claim stands after its event; `before` is where it was suspended."""
    found = _TABLE[state, event]
    assert (found >= 0).all(), "an event where it cannot happen"
    return np.where(found == WHERE_IT_STOOD, before, found)


def is_agreed(marks: Int) -> Mask:
    """Where the seller gave in and nobody has ruled since."""
    agreed: Mask = (marks & (Mark.ACCEPTED | Mark.GOODS_LATE)) == Mark.ACCEPTED
    return agreed


def is_over(state: Int, marks: Int) -> Mask:
    """Which claims are over: nothing is waited for any more, not even goods on their way back."""
    over: Mask = among(state, ENDED) & ((marks & Mark.WITH_RETURN) == 0)
    return over


def events_in(state: int) -> tuple[ClaimEvent, ...]:
    """What may happen now."""
    return tuple(ClaimEvent(event) for at, event in LIFECYCLE if at == state)
