"""A lone posting whose refusal could only come from its book or its key: no need to read first."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.kernel.columns import FAR_US
from xiaobao.ledger.facts import FLOORS, LEGS, Account, Op

if TYPE_CHECKING:
    from xiaobao.ledger.facts import Postings

# Balances within 2**62 either way and a sum below this cannot overflow.
MOST = 2**60
# Moments that a datetime can say: the years 1 to 9999.
FIRST_US, LAST_US = -(2**55), 2**57


def is_straight(p: Postings) -> bool:
    """Whether this one posting is of a sound shape, and a HOLD still has time.

    What is left to ask the database asks as it writes: that the book's balances stay within their
    floors and ceilings, that the key is new, and that the hold's name is new or stands open.
    """
    op, source, target, amount, leg, at, ends = (
        int(column[0])
        for column in (p.op, p.source, p.target, p.amount_minor, p.leg, p.at_us, p.expires_us)
    )
    is_named = bool(p.hold_hi[0] | p.hold_lo[0])
    is_whole = op in (Op.RELEASE, Op.EXPIRE)
    is_integer = p.amount_minor.dtype.kind == "i"
    if not (is_integer and amount + is_whole > 0 and amount <= MOST and 0 <= leg < LEGS):
        return False
    if source not in FLOORS or target not in FLOORS or source == target:
        return False
    if not FIRST_US < at < LAST_US or is_named == (op == Op.MOVE):
        return False
    if op == Op.MOVE:
        return Account.LOCKED not in (source, target)
    if op == Op.HOLD:
        is_lasting = at < ends < LAST_US or ends >= FAR_US
        return is_lasting and target == Account.LOCKED and source != Account.FUND
    is_target = op == Op.CAPTURE or (is_whole and target != Account.FUND)
    return is_target and source == Account.LOCKED
