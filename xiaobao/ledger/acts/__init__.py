"""Verbs of the ledger: open books, post batches or with others, let holds run out."""

from xiaobao.ledger.acts.awaiting import Gathering
from xiaobao.ledger.acts.gathering import post_with_others
from xiaobao.ledger.acts.posting import (
    BookInOtherCurrency,
    PostingsRefused,
    UnknownCurrency,
    expire_holds,
    hold_books,
    open_books,
    post,
    post_all,
)

__all__ = [
    "BookInOtherCurrency",
    "Gathering",
    "PostingsRefused",
    "UnknownCurrency",
    "expire_holds",
    "hold_books",
    "open_books",
    "post",
    "post_all",
    "post_with_others",
]
