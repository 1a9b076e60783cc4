"""Rows for the tests of advances: short ways to write what is owed."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.advances.facts import Owed
from xiaobao.kernel.references import causes_of
from xiaobao.ledger.queries import balances

if TYPE_CHECKING:
    from collections.abc import Sequence

AT = 1_740_000_000_000_000
BREACH = 101


def owed_by(
    seller: Sequence[int],
    buyer: Sequence[int],
    platform: Sequence[int],
    *,
    number: Sequence[int] | None = None,
    at_us: int = AT,
    market_id: int = 1,
) -> Owed:
    """One row per cause; causes are told apart by `number` (their position if not given)."""
    count = len(seller)
    numbers = np.arange(count) if number is None else np.array(number, np.int64)
    moments = np.full(count, at_us, np.int64)
    sellers = np.array(seller, np.int64)
    high, low = causes_of(BREACH, moments, sellers, numbers)
    return Owed(
        seller_id=sellers,
        cause_hi=high,
        cause_lo=low,
        market_id=np.full(count, market_id, np.int64),
        subject_id=1000 + numbers,
        buyer_id=2000 + numbers,
        buyer_minor=np.array(buyer, np.int64),
        platform_minor=np.array(platform, np.int64),
        at_us=moments,
    )


def book(seller: int) -> dict[str, int]:
    """A book's balances that are not zero."""
    columns = balances(np.array([seller])).as_dict()
    return {name: int(c[0]) for name, c in columns.items() if c[0] and name not in _KEYS}


_KEYS = ("seller_id", "seq")
