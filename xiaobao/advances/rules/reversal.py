"""A compensation reversed on appeal: the seller is put back, the buyer keeps the money.

What reserve and deposit bore comes back from OUTSIDE: it is the fund's money that comes in. A
debt is struck out by OUTSIDE -> FUND; so far as the seller has repaid it in the meantime, the
repayment is returned to the deposit, since a debt cannot rise above zero. Debt has no names on
it: what is left of it counts first as the part that is struck out. What an insurer's cover bore
the fund settles with the insurer outside the book; here only the cover's limit grows again. The
punitive part needs nothing of its own: swept or not, it ends with the fund, which gives it back.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances.facts import Borne, CauseKind, Restored
from xiaobao.kernel.columns import drawn_within, groups_of
from xiaobao.kernel.references import causes_of
from xiaobao.ledger.facts import Account, Postings, Why

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def restoration(borne: Borne, debt_minor: Int) -> Restored:
    """What each row gets back, given its seller's debt as the book stands before the batch."""
    cancelled = drawn_within(borne.fund_minor, groups_of(borne.seller_id), debt_minor)
    return Restored(
        reserve_minor=borne.reserve_minor,
        deposit_minor=borne.deposit_minor,
        cover_minor=borne.cover_minor,
        cancelled_minor=cancelled,
        returned_minor=borne.fund_minor - cancelled,
    )


def restoration_postings(borne: Borne, restored: Restored, at_us: int) -> Postings:
    """The movements of a reversal, under a cause made of the reversed one."""
    amounts = np.stack(
        [
            restored.reserve_minor,
            restored.deposit_minor,
            restored.cancelled_minor,
            restored.returned_minor,
        ],
        axis=1,
    )
    targets = np.array([Account.RESERVE, Account.DEPOSIT, Account.FUND, Account.DEPOSIT])
    row, leg = np.nonzero(amounts)
    cause_hi, cause_lo = reversal_causes(borne.cause_hi, borne.cause_lo)
    none = np.zeros(len(row), np.int64)
    return Postings.moves(
        seller_id=borne.seller_id[row],
        cause_hi=cause_hi[row],
        cause_lo=cause_lo[row],
        leg=leg,
        source=none + Account.OUTSIDE,
        target=targets[leg],
        amount_minor=amounts[row, leg],
        why=none + Why.REVERSAL,
        at_us=none + at_us,
    )


def reversal_causes(cause_hi: Int, cause_lo: Int) -> tuple[Int, Int]:
    """One reversal per compensation, filed under the moment of what it reverses."""
    return causes_of(CauseKind.REVERSAL, moments_in(cause_hi), cause_hi, cause_lo)


def moments_in(cause_hi: Int) -> Int:
    """The moments that causes are filed under, to the millisecond."""
    milliseconds = (cause_hi.view(np.uint64) >> np.uint64(16)).astype(np.int64)
    return milliseconds * 1000
