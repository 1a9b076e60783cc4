"""What the platform owes for being late."""

from __future__ import annotations

from xiaobao.kernel.clocks import DAY_US
from xiaobao.kernel.money import WHOLE_BPS

DAYS_A_YEAR = 365


def days_late(due_us: int, done_us: int) -> int:
    """Days begun after the clock ran out; 0 where it was kept."""
    return max(0, -(-(done_us - due_us) // DAY_US))


def interest_minor(amount_minor: int, yearly_bps: int, days: int) -> int:
    """Simple interest; rounds up, so the platform and not the seller bears the odd unit."""
    product = amount_minor * yearly_bps * days
    return -(-product // (WHOLE_BPS * DAYS_A_YEAR))
