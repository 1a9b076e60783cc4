"""Which promises a shop gave at a moment, as the catalogue tells them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.promises import queries as promises
from xiaobao.sellers.queries.known import promised

if TYPE_CHECKING:
    from xiaobao.promises.facts import PromiseRow


def promises_given(seller_id: int, market_id: int, at_us: int) -> list[PromiseRow]:
    """The promises that this shop gave then, and no others."""
    listed = promises.promises_of(market_id, at_us)
    numbers = np.array([int(one.promise) for one in listed], np.int64)
    given = promised(np.full(len(numbers), seller_id), numbers, np.full(len(numbers), at_us))
    return [one for one, is_given in zip(listed, given.tolist(), strict=True) if is_given]
