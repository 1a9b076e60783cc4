"""Samples that nobody chose: how many orders, and which; pure."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.money import WHOLE_BPS
from xiaobao.kernel.references import digests_of

if TYPE_CHECKING:
    from xiaobao.kernel.columns import Int


def size_of(population: int, *, sought_bps: int, sure_bps: int) -> int:
    """So many orders that, were the sought share broken, one of those is drawn as surely as asked.

    Rounds up. R. M. Cannon and R. T. Roe's approximation for draws without putting back
    ("Livestock disease surveys", 1982); for a population without end about 29 at 10 % and 95 %.
    """
    if population <= 0:
        return 0
    sought = max(-(-population * sought_bps // WHOLE_BPS), 1)
    missed = 1 - sure_bps / WHOLE_BPS
    size = (1 - missed ** (1 / sought)) * (population - (sought - 1) / 2)
    return int(min(max(math.ceil(size), 1), population))


def draw(order_ids: Int, size: int, *, seed: int, seller_id: int, week: int) -> Int:
    """The orders whose lot, made of the seed, the shop and the week, is least.

    The same give the same sample in whatever order they come; asked again in the same week, the
    sample is the same: nobody draws until they like it.
    """
    count = len(order_ids)
    lots = digests_of(
        *(np.full(count, part, np.int64) for part in (seed, seller_id, week)), order_ids
    ).view(np.uint64)
    return order_ids[np.lexsort((order_ids, lots))[:size]]


def seed_of(lot: bytes) -> int:
    """The seed that a lot gives: the first 62 bits of it."""
    return int.from_bytes(lot[:8], "big") >> 2
