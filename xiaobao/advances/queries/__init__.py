"""Questions about advances: what is due, borne, paid and recovered; whether all is posted."""

from xiaobao.advances.queries.checking import LAWS, check
from xiaobao.advances.queries.reading import (
    causes_about,
    history_of,
    next_due_us,
    paid_payouts,
    payout_totals,
    payouts_of,
    split_totals,
)

__all__ = [
    "LAWS",
    "causes_about",
    "check",
    "history_of",
    "next_due_us",
    "paid_payouts",
    "payout_totals",
    "payouts_of",
    "split_totals",
]
