"""A lone posting whose refusal could only come from its book or its key: no need to read first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger.facts import FLOORS, LEGS, Account, Op

if TYPE_CHECKING:
    from xiaobao.ledger.facts import Postings

# Balances within 2**62 either way and a sum below this cannot overflow.
_MOST = 2**60
# Moments that a datetime can say: the years 1 to 9999.
_FIRST_US, _LAST_US = -(2**55), 2**57


def is_straight(p: Postings) -> bool:
    """Whether this one posting is a sound MOVE, or a sound HOLD that still has time.

    Of such a posting three things are left to ask, and the database asks them as it writes: that
    the book's balances stay within their floors and ceilings, that the key is new, and the name.
    """
    op, source, target, amount, leg, at, ends = (
        int(column[0])
        for column in (p.op, p.source, p.target, p.amount_minor, p.leg, p.at_us, p.expires_us)
    )
    is_named = bool(p.hold_hi[0] | p.hold_lo[0])
    if not (0 < amount <= _MOST and 0 <= leg < LEGS and _FIRST_US < at < _LAST_US):
        return False
    if source not in FLOORS or target not in FLOORS or source in (target, Account.LOCKED):
        return False
    if op == Op.MOVE:
        return not is_named and target != Account.LOCKED
    is_lasting = at < ends < _LAST_US or ends >= FAR_US
    return (
        op == Op.HOLD
        and is_named
        and is_lasting
        and target == Account.LOCKED
        and source != Account.FUND
    )
