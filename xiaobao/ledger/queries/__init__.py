"""Questions others ask of the books: balances, statements, totals, and whether all is sound."""

from xiaobao.ledger.queries.checking import LAWS, check
from xiaobao.ledger.queries.reading import (
    Line,
    TrialRow,
    able_debtors,
    all_postings,
    balance_at,
    balances,
    currency_of,
    debtors,
    lines_under,
    next_expiry_us,
    other_currencies,
    posted_for,
    seller_spans,
    sellers_holding,
    statement,
    trial_balance,
)

__all__ = [
    "LAWS",
    "Line",
    "TrialRow",
    "able_debtors",
    "all_postings",
    "balance_at",
    "balances",
    "check",
    "currency_of",
    "debtors",
    "lines_under",
    "next_expiry_us",
    "other_currencies",
    "posted_for",
    "seller_spans",
    "sellers_holding",
    "statement",
    "trial_balance",
]
