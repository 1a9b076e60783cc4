"""How insurance cover is drawn: first come, first served, never beyond what is left."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import drawn_within, groups_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask


def cover_drawn(seller_id: Int, wanted: Int, left: Int, is_drawn: Mask, drawn: Int) -> Int:
    """What each row gets of its seller's cover; a row drawn before keeps what it got then."""
    fresh = np.where(is_drawn, 0, np.maximum(wanted, 0))
    return np.where(is_drawn, drawn, drawn_within(fresh, groups_of(seller_id), left))
