"""Questions about advances: what is due, borne, paid and recovered; whether all is posted."""

from xiaobao.advances.queries.checking import LAWS, check
from xiaobao.advances.queries.counted import split_between
from xiaobao.advances.queries.matching import payouts_ended, payouts_named, unowed_payouts
from xiaobao.advances.queries.reading import (
    BY_MAKING,
    causes_about,
    history_of,
    next_due_us,
    paid_payouts,
    payout_totals,
    payouts_of,
    split_totals,
)
from xiaobao.advances.queries.replaying import (
    replayed_compensation,
    replayed_compensations,
    replayed_recoveries,
    replayed_recovery,
    replayed_reversal,
    replayed_reversals,
)
from xiaobao.advances.queries.timing import payout_spans

__all__ = [
    "BY_MAKING",
    "LAWS",
    "causes_about",
    "check",
    "history_of",
    "next_due_us",
    "paid_payouts",
    "payout_spans",
    "payout_totals",
    "payouts_ended",
    "payouts_named",
    "payouts_of",
    "replayed_compensation",
    "replayed_compensations",
    "replayed_recoveries",
    "replayed_recovery",
    "replayed_reversal",
    "replayed_reversals",
    "split_between",
    "split_totals",
    "unowed_payouts",
]
