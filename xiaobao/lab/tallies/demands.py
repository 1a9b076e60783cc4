"""Deposits by size of shop at each month's end: asked for, there, and short; under both packs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from xiaobao.lab.history.shapes import month_of
from xiaobao.lab.tallies.shapes import Sums, summed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.lab.replay.deposits import DayEnd


def tally_of_day(
    side: int, end: DayEnd, sizes_minor: Sequence[int], asked: Sums, fund: Sums
) -> None:
    """Sellers by size at the end of a month, added; a shop's size is its window's turnover.

    Beside it what the fund paid in the month, and what it is owed at its end, by whomever: who
    left may owe it too.
    """
    month = int(month_of(np.array([end.day]))[0])
    _add(fund, (side, month), (int(end.fund_minor.sum()), int(end.debt_minor.sum())))
    rows = np.flatnonzero(end.is_inside)
    one = np.ones(len(rows), np.int64)
    goods = end.goods_minor[rows]
    size = np.searchsorted(np.array(sizes_minor), goods, side="right") - 1
    short = end.shortfall_minor[rows]
    sums = summed(
        [one * side, one * month, size],
        [one, end.required_minor[rows], end.there_minor[rows], end.is_short[rows].astype(np.int64),
         short, goods],
    )  # fmt: skip
    for key, values in sums.items():
        _add(asked, key, values)


def _add(sums: Sums, key: tuple[int, ...], values: tuple[int, ...]) -> None:
    had = sums.get(key, (0,) * len(values))
    sums[key] = tuple(map(sum, zip(had, values, strict=True)))
