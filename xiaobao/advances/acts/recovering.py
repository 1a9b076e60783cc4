"""What sellers owe the fund comes back from what they take in; punitive money goes to the fund."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances import rules, store
from xiaobao.advances.facts import MoneyMoved
from xiaobao.deposits import acts as deposits
from xiaobao.kernel.clocks import us_of
from xiaobao.ledger import acts as ledger
from xiaobao.ledger import queries as books_now
from xiaobao.ledger.facts import Account
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.ledger.facts import Postings


@transaction.atomic
def recover_debts(seller_ids: Int | None = None, *, at: datetime) -> MoneyMoved:
    """Reserve, then deposit, towards the debt of these sellers, or of all who can repay any."""
    asked = books_now.able_debtors() if seller_ids is None else seller_ids
    if len(asked) == 0:
        return MoneyMoved()
    postings = rules.recovery_postings(ledger.hold_books(asked), us_of(at))
    if len(postings) == 0:
        return MoneyMoved()
    ledger.post_all(postings)
    store.add_recoveries(postings)
    # What repays a debt no longer stands as deposit.
    deposits.check_shortfalls(postings.seller_id, at_us=us_of(at))
    return _told(EventKind.DEBT_RECOVERED, postings)


@transaction.atomic
def sweep_penalties(*, at: datetime) -> MoneyMoved:
    """Punitive money out of every book, to the fund."""
    full = books_now.sellers_holding(Account.PENALTY)
    if len(full) == 0:
        return MoneyMoved()
    postings = rules.sweep_postings(ledger.hold_books(full), us_of(at))
    ledger.post_all(postings)
    return _told(EventKind.PENALTY_SWEPT, postings)


def _told(kind: EventKind, postings: Postings) -> MoneyMoved:
    """Tell one event per book, and say how much moved."""
    # The legs of one cause are neighbours.
    first = np.flatnonzero(np.append(True, np.diff(postings.cause_lo) != 0))
    amounts = np.add.reduceat(postings.amount_minor, first)
    causes = postings.take(first)
    tell(
        kind, causes.seller_id, causes.cause_hi, causes.cause_lo,
        at_us=causes.at_us, amount_minor=amounts,
    )  # fmt: skip
    return MoneyMoved(books=len(causes), amount_minor=int(amounts.sum()))
