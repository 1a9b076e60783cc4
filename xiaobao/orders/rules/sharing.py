"""Breaches shared out: what each pays to buyer and platform once those before it have paid."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.columns import Columns, Int
from xiaobao.orders.rules.amounts import (
    is_capped,
    owed_to_platform,
    paid_in_turn,
    punished_in_turn,
)

if TYPE_CHECKING:
    from xiaobao.orders.rules.amounts import Sharing


@dataclass(frozen=True, slots=True)
class Shares(Columns):
    """What each breach pays, and what its order's group and its pair had had before."""

    owed_minor: Int
    buyer_minor: Int
    order_had_minor: Int
    pair_had_minor: Int
    platform_minor: Int
    platform_had_minor: Int


def shared(
    owed_minor: Int, terms: Sharing, *, lane: Int, order: Int, pair: Int, order_paid: Int,
    order_punished: Int, pair_paid: Int,
) -> Shares:  # fmt: skip
    """In the order given; groups and what they had before are as `paid_in_turn` says."""
    paid, order_had, pair_had = paid_in_turn(
        owed_minor, terms.pair_day_most_minor, lane=lane, order=order, order_paid=order_paid,
        pair=pair, pair_paid=pair_paid,
    )  # fmt: skip
    # Where there is no cap, nobody keeps count of the pair.
    pair_had = np.where(is_capped(terms), pair_had, 0)
    punished, platform_had = punished_in_turn(
        owed_to_platform(owed_minor, pair_had, terms), order=order, order_had=order_punished
    )
    return Shares(owed_minor, paid, order_had, pair_had, punished, platform_had)
