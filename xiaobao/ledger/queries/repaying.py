"""Which later postings repaid a debt that stood at one posting: the oldest debt first."""

from __future__ import annotations

from itertools import accumulate
from typing import TYPE_CHECKING

from xiaobao.database import sets
from xiaobao.ledger.facts import Account
from xiaobao.ledger.queries.reading import LINE, line_of

if TYPE_CHECKING:
    from xiaobao.ledger.queries.reading import Line


def repayments_after(seller_id: int, seq: int, debt_minor: int) -> list[Line]:
    """The postings after this one that repaid the debt that stood then, until none of it was left.

    What was owed first is repaid first: what comes later repays later debts.
    """
    rows = sets.fetch_rows(
        f"SELECT {LINE} FROM ledger_posting WHERE seller_id = %s AND seq > %s AND target = %s "
        "ORDER BY seq",
        [seller_id, seq, Account.FUND.value],
    )
    lines = [line_of(row, None) for row in rows]
    before = [0, *accumulate(line.amount_minor for line in lines)]
    return [line for line, repaid in zip(lines, before, strict=False) if repaid < debt_minor]
