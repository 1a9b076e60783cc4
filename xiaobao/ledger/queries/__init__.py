"""Questions others ask of the books: balances, statements, totals, and whether all is sound."""

from xiaobao.ledger.queries.checking import LAWS, check
from xiaobao.ledger.queries.currencies import currencies_of, currency_of, other_currencies
from xiaobao.ledger.queries.holding import locked_for
from xiaobao.ledger.queries.owing import BY_DEBT, able_debtors, debtors, sellers_holding
from xiaobao.ledger.queries.reading import (
    BY_NUMBER,
    Line,
    Movements,
    TrialRow,
    all_postings,
    balance_at,
    balances,
    lines_under,
    moved_since,
    movements_of,
    next_expiry_us,
    posted_for,
    seller_spans,
    statement,
    trial_balance,
)
from xiaobao.ledger.queries.repaying import repayments_after

__all__ = [
    "BY_DEBT",
    "BY_NUMBER",
    "LAWS",
    "Line",
    "Movements",
    "TrialRow",
    "able_debtors",
    "all_postings",
    "balance_at",
    "balances",
    "check",
    "currencies_of",
    "currency_of",
    "debtors",
    "lines_under",
    "locked_for",
    "moved_since",
    "movements_of",
    "next_expiry_us",
    "other_currencies",
    "posted_for",
    "repayments_after",
    "seller_spans",
    "sellers_holding",
    "statement",
    "trial_balance",
]
