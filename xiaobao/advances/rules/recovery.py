"""What repays a debt, and what sends punitive money to the fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances.facts import CauseKind
from xiaobao.kernel.references import causes_of
from xiaobao.ledger.facts import Account, Balances, Postings, Why

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def recovery_postings(books: Balances, at_us: int) -> Postings:
    """Reserve, then deposit, towards the debt, as far as they reach.

    The cause names the book's own number, so the same book as it stands is recovered from once.
    """
    from_reserve = np.minimum(-books.fund, books.reserve)
    from_deposit = np.minimum(-books.fund - from_reserve, books.deposit)
    causes = _causes(CauseKind.RECOVERY, books, at_us)
    return recovered_postings(books.seller_id, *causes, from_reserve, from_deposit, at_us)


def recovered_postings(
    seller_id: Int,
    cause_hi: Int,
    cause_lo: Int,
    from_reserve: Int,
    from_deposit: Int,
    at_us: int,
) -> Postings:
    """The movements of recoveries: reserve first, then deposit; nothing is posted for nothing."""
    amounts = np.stack([from_reserve, from_deposit], axis=1)
    row, leg = np.nonzero(amounts)
    return Postings.moves(
        seller_id=seller_id[row],
        cause_hi=cause_hi[row],
        cause_lo=cause_lo[row],
        leg=leg,
        source=np.where(leg == 0, Account.RESERVE, Account.DEPOSIT).astype(np.int64),
        target=np.full(len(row), Account.FUND, np.int64),
        amount_minor=amounts[row, leg],
        why=np.full(len(row), Why.DEBT_RECOVERED, np.int64),
        at_us=np.full(len(row), at_us, np.int64),
    )


def sweep_postings(books: Balances, at_us: int) -> Postings:
    """All punitive money out of the books, to the fund's own account outside them."""
    full = books.take(books.penalty > 0)
    cause_hi, cause_lo = _causes(CauseKind.PENALTY_SWEEP, full, at_us)
    none = np.zeros(len(full), np.int64)
    return Postings.moves(
        seller_id=full.seller_id,
        cause_hi=cause_hi,
        cause_lo=cause_lo,
        leg=none,
        source=none + Account.PENALTY,
        target=none + Account.OUTSIDE,
        amount_minor=full.penalty,
        why=none + Why.PENALTY_SWEPT,
        at_us=none + at_us,
    )


def _causes(kind: CauseKind, books: Balances, at_us: int) -> tuple[Int, Int]:
    return causes_of(kind, np.full(len(books), at_us), books.seller_id, books.seq)
