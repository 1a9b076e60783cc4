"""From when on money goes to an account that was changed; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import add_days

if TYPE_CHECKING:
    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int, Mask


def paid_from(changed_us: Int, is_changed: Mask, wait_days: Int, zone: Zone) -> Int:
    """When an account bound then may be paid to; 0 for one that never was another."""
    known = np.where(is_changed, changed_us, 0)
    return np.where(is_changed, add_days(known, wait_days, zone), 0)


def is_waiting(paid_from_us: Int, at_us: Int | int) -> Mask:
    """Whether nothing is paid there yet: whoever had the account before may still say so."""
    waiting: Mask = paid_from_us > at_us
    return waiting
