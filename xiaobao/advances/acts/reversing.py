"""A compensation is reversed: the seller is put back, the fund bears it, the buyer keeps it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from django.db import transaction

from xiaobao.advances import rules, store
from xiaobao.advances.facts import Borne, MoneyMoved
from xiaobao.deposits import acts as deposits
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import uuid_of
from xiaobao.ledger import acts as ledger
from xiaobao.outbox.acts import tell
from xiaobao.outbox.facts import EventKind

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int


class CompensationUnknown(Problem):
    """Nothing was paid under this cause, so nothing can be reversed."""

    code = "advances.compensation_unknown"
    status = 404
    zh = "卖家 {seller_id} 没有事由为 {cause} 的赔付：请核对事由编号"
    en = "seller {seller_id} has no compensation under cause {cause}: check the cause"


@transaction.atomic
def reverse_compensation(
    seller_id: Int, cause_hi: Int, cause_lo: Int, *, at: datetime
) -> MoneyMoved:
    """Give sellers back what they bore under these causes; once, however often it is asked.

    :raises CompensationUnknown: if nothing was paid under one of them
    """
    books = ledger.hold_books(seller_id)
    borne = _still_borne(seller_id, cause_hi, cause_lo)
    if len(borne) == 0:
        return MoneyMoved()
    debt = -books.fund[np.searchsorted(books.seller_id, borne.seller_id)]
    restored = rules.restoration(borne, debt)
    postings = rules.restoration_postings(borne, restored, us_of(at))
    ledger.post_all(postings)
    moments = np.full(len(borne), us_of(at), np.int64)
    store.add_reversals(borne, restored, moments)
    covered = borne.take(borne.cover_minor > 0)
    if len(covered):
        deposits.return_cover(
            covered.seller_id, covered.cause_hi, covered.cause_lo,
            at_us=moments[: len(covered)],
        )  # fmt: skip
    deposits.check_shortfalls(borne.seller_id, at_us=us_of(at))
    amounts = borne.reserve_minor + borne.deposit_minor + borne.fund_minor
    tell(
        EventKind.COMPENSATION_REVERSED, borne.seller_id, borne.cause_hi, borne.cause_lo,
        at_us=moments, amount_minor=amounts,
    )  # fmt: skip
    return MoneyMoved(books=len(np.unique(borne.seller_id)), amount_minor=int(amounts.sum()))


def _still_borne(seller_id: Int, cause_hi: Int, cause_lo: Int) -> Borne:
    """What was borne under these causes and not reversed yet, each once, in the order asked.

    :raises CompensationUnknown: if nothing was paid under one of them
    """
    keys = np.stack([seller_id, cause_hi, cause_lo], axis=1)
    _, first = np.unique(keys, axis=0, return_index=True)
    asked = keys[np.sort(first)]
    found = store.splits_under(*asked.T)
    at = {key: row for row, key in enumerate(zip(
        found["seller_id"].tolist(), found["cause_hi"].tolist(), found["cause_lo"].tolist(),
        strict=True,
    ))}  # fmt: skip
    rows = []
    for key in map(tuple, asked.tolist()):
        if key not in at:
            raise CompensationUnknown(seller_id=key[0], cause=uuid_of(key[1], key[2]))
        rows.append(at[key])
    standing = [row for row in rows if not found["is_reversed"][row]]
    return Borne(**{name: found[name][standing] for name in Borne.names()})
