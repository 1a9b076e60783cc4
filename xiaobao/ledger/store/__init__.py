"""The only code that locks and writes books, postings and holds."""

from xiaobao.ledger.store.batches import (
    ACCOUNTS,
    POSTING_SPEC,
    balances_of,
    books_of,
    due_holds,
    entries_under,
    hold_books,
    holds_named,
    open_books,
    record,
)
from xiaobao.ledger.store.few import FEW, few_by_book, moved_by, write_few
from xiaobao.ledger.store.lone import straight, write_straight

__all__ = [
    "ACCOUNTS",
    "FEW",
    "POSTING_SPEC",
    "balances_of",
    "books_of",
    "due_holds",
    "entries_under",
    "few_by_book",
    "hold_books",
    "holds_named",
    "moved_by",
    "open_books",
    "record",
    "straight",
    "write_few",
    "write_straight",
]
