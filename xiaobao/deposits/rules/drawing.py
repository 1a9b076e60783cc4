"""How insurance cover is drawn: first come, first served, never beyond what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import drawn_within, groups_of

if TYPE_CHECKING:
    from xiaobao.deposits.facts import CoverAsked
    from xiaobao.kernel.columns import Int


def cover_drawn(seller_id: Int, wanted: Int, asked: CoverAsked) -> Int:
    """What each row gets of its cover; a cause that drew before keeps what it got then."""
    if len(wanted) == 0:
        return np.zeros(0, np.int64)
    fresh = np.where(asked.is_drawn, 0, np.maximum(wanted, 0))
    got = drawn_within(fresh, groups_of(seller_id, asked.cover_id), asked.left_minor)
    return np.where(asked.is_drawn, asked.drawn_minor, got)
