"""Decisions of advances: who bears what, what is given back, what repays a debt; pure."""

from xiaobao.advances.rules.payouts import NEXT_STATES, STAYS, states_after, wait_us
from xiaobao.advances.rules.recovery import (
    recovered_postings,
    recovery_postings,
    sweep_postings,
)
from xiaobao.advances.rules.reversal import (
    moments_in,
    restoration,
    restoration_postings,
    reversal_causes,
)
from xiaobao.advances.rules.waterfall import (
    covered,
    from_own_money,
    paid_postings,
    postings_of,
    stopped_postings,
    waterfall,
)

__all__ = [
    "NEXT_STATES",
    "STAYS",
    "covered",
    "from_own_money",
    "moments_in",
    "paid_postings",
    "postings_of",
    "recovered_postings",
    "recovery_postings",
    "restoration",
    "restoration_postings",
    "reversal_causes",
    "states_after",
    "stopped_postings",
    "sweep_postings",
    "wait_us",
    "waterfall",
]
