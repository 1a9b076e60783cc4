"""Which sellers are natural persons: their names are not for everybody to read."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.database import sets

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int, Mask


def sellers_in(market_id: int) -> Int:
    """Every seller of a market, by id."""
    return sets.fetch_arrays(
        "SELECT seller_id FROM sellers_seller WHERE market_id = %s ORDER BY seller_id",
        [market_id],
        {"seller_id": "i8"},
    )["seller_id"]


def natural_persons(seller_ids: Int) -> Mask:
    """Which of these, row for row, are natural persons."""
    rows = sets.fetch_arrays(
        "SELECT seller_id FROM sellers_seller WHERE seller_id = ANY(%s::bigint[]) "
        "AND is_natural_person",
        [seller_ids],
        {"seller_id": "i8"},
    )
    return np.isin(seller_ids, rows["seller_id"])
