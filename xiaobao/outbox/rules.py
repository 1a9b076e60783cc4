"""How an event gets its name; pure."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.references import causes_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def event_ids(kind: Int, cause_hi: Int, cause_lo: Int) -> tuple[Int, Int]:
    """One name per kind and cause, filed under the cause's own moment, whenever it is told."""
    milliseconds = (cause_hi.view(np.uint64) >> np.uint64(16)).astype(np.int64)
    return causes_of(700, milliseconds * 1000, kind, cause_hi, cause_lo)
