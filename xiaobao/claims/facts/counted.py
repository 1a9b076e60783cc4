"""Shapes of claims counted over a span of time: for whoever reports on them."""

from __future__ import annotations

from dataclasses import dataclass

from xiaobao.kernel.columns import Columns, Int, Mask


@dataclass(frozen=True, slots=True)
class Endings(Columns):
    """Claims that were decided, settled or given up in a time: each once, by what was last."""

    seller_id: Int
    kind: Int  # ClaimKind
    event: Int  # ClaimEvent: RULED, ACCEPTED, OFFER_ACCEPTED, WITHDRAWN or LAPSED
    is_for_buyer: Mask  # it brought the buyer something
