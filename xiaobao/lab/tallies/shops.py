"""Shops by size: who pays more and who pays less; a seller's whole period lies in one bucket."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import numpy as np

from xiaobao.kernel.columns import Columns, Int
from xiaobao.lab.tallies.shapes import Sums, summed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.lab.history.shapes import Stretch
    from xiaobao.lab.replay.breaches import Breaches


@dataclass(frozen=True, slots=True)
class Sales(Columns):
    """What each seller sold in one month."""

    seller_id: Int
    orders: Int
    goods_minor: Int

    @classmethod
    def of_stretch(cls, stretch: Stretch, is_last: Int) -> Self:
        f = stretch.states
        ids, orders, goods = per_seller(f.seller_id, is_last, f.goods_minor * is_last)
        return cls(ids, orders, goods)


def per_seller(seller_id: Int, *values: Int) -> tuple[Int, ...]:
    """Sellers, each once, and their sums."""
    if len(seller_id) == 0:
        return (seller_id, *values)
    order = np.argsort(seller_id, kind="stable")
    heads = np.flatnonzero(np.append(True, np.diff(seller_id[order]) != 0))
    return (seller_id[order[heads]], *(np.add.reduceat(v[order], heads) for v in values))


def tally_of_shops(
    sold: Sequence[Sales], old: Breaches, new: Breaches, sizes_minor: Sequence[int]
) -> Sums:
    """Sellers by the size of their mean month, and what they pay under either policy."""
    if not sold:
        return {}
    months = Sales.concat(sold)
    ids, orders, goods, count = per_seller(
        months.seller_id, months.orders, months.goods_minor, np.ones(len(months), np.int64)
    )
    size = np.searchsorted(np.array(sizes_minor), goods // count, side="right") - 1
    paid = [_paid(ids, b) for b in (old, new)]
    one = np.ones(len(ids), np.int64)
    return summed(
        [size],
        [one, orders, goods, (paid[1] > paid[0]).astype(np.int64),
         (paid[1] < paid[0]).astype(np.int64), paid[0], paid[1]],
    )  # fmt: skip


def _paid(ids: Int, b: Breaches) -> Int:
    """What each seller pays for breaches that pay by themselves."""
    paid = np.zeros(len(ids), np.int64)
    rows = b.take(b.is_paid_by_itself)
    np.add.at(paid, np.searchsorted(ids, rows.seller_id), rows.buyer_minor + rows.platform_minor)
    return paid
