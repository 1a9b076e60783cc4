"""What happened to a block of sellers on each day, as tables of day and seller.

A day's clocks fire at its end, as of their own moments: what was told by then counts, and so does
what was found. What was told later, or found later for that reason, are few rows: they are taken
out of the sums until the day that told of them.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import days_of
from xiaobao.kernel.columns import FAR_US, Columns, Int

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.kernel.clocks import Zone
    from xiaobao.lab.history.shapes import Stretch
    from xiaobao.lab.history.tables import Covers, Money, Sellers, Stays
    from xiaobao.lab.replay.breaches import Breaches

_NEVER = 2**31


@dataclass(frozen=True)
class OfSellers:
    """What history knows of a bucket's sellers that deposits need."""

    sellers: Sellers
    stays: Stays
    covers: Covers
    money: Money


@dataclass(frozen=True, slots=True)
class Sold(Columns):
    """Orders as deposits see them, a row for each state of knowledge."""

    seller_id: Int
    ordered_day: Int
    known_day: Int  # the day that told of the order, where it is the first row; else never
    goods_minor: Int
    open_from: Int  # the first midnight at which it stood paid and not over; huge where never
    open_to: Int  # the first at which it no longer did, as far as this row knew

    @classmethod
    def of_stretch(cls, stretch: Stretch, zone: Zone) -> Sold:
        f = stretch.states
        ended = np.minimum(f.completed_us, f.cancelled_us)
        late = stretch.known_us > 0
        known = np.where(late, days_of(np.where(late, stretch.known_us, 0), zone), 0)
        is_last = stretch.until_us == FAR_US
        # The day that told something new of the order: from then on the next row answers.
        ends = days_of(np.where(is_last, 0, stretch.until_us), zone) + 1
        return cls(
            f.seller_id, stretch.ordered_day,
            np.where(stretch.is_first, np.maximum(stretch.ordered_day, known), _NEVER),
            f.goods_minor,
            np.maximum(_day_after(np.maximum(f.paid_us, f.ordered_us), zone),
                       np.where(late, known, 0)),
            np.minimum(_day_after(ended, zone), np.where(is_last, _NEVER, ends)),
        )  # fmt: skip


def _day_after(moments_us: Int, zone: Zone) -> Int:
    known = moments_us < FAR_US
    return np.where(known, days_of(np.where(known, moments_us, 0), zone) + 1, _NEVER)


class Windows:
    """Counts and amounts by day and seller, summed over the days of any window."""

    def __init__(
        self, table: Days, at: Int, day: Int, known_day: Int, amounts: Sequence[Int]
    ) -> None:
        self._first = table.first
        self._none = np.zeros(len(table.ids), np.int64)
        self._summed = [np.cumsum(table.spread(day, at, v), axis=0) for v in amounts]
        late = np.flatnonzero(known_day > day)
        self._at, self._day, self._known = at[late], day[late], known_day[late]
        self._amounts = [v[late] for v in amounts]

    def in_window(self, day: int, window: int) -> list[Int]:
        """The sums over the days of the window that ended with the day before, as known then."""
        unknown = np.flatnonzero(
            (self._known > day) & (self._day < day) & (self._day >= day - window)
        )
        found = []
        for summed, amount in zip(self._summed, self._amounts, strict=True):
            last, before = day - 1 - self._first, day - 1 - window - self._first
            total = summed[last] if last >= 0 else self._none
            total = total - (summed[before] if before >= 0 else 0)
            if len(unknown):
                np.subtract.at(total, self._at[unknown], amount[unknown])
            found.append(total)
        return found

    def first_by(self, day: int, first: Int) -> Int:
        """The first day of all, and of what came late but is known by then."""
        told = np.flatnonzero(self._known <= day)
        if len(told) == 0:
            return first
        earlier = first.copy()
        np.minimum.at(earlier, self._at[told], self._day[told])
        return earlier


class Days:
    """Tables of day and seller; days are counted from `first`."""

    def __init__(
        self, sellers: Sellers, rows: OfSellers, sold: Sold, b: Breaches, days: range, zone: Zone
    ) -> None:
        self.first, self.count = days.start, len(days) + 2
        self.ids = sellers.seller_id
        self._orders(sold)
        self._breaches(b, zone)
        self._money(rows.money)
        self._spans(rows, zone)

    def _orders(self, sold: Sold) -> None:
        mine, at = self._mine(sold.seller_id)
        s = sold.take(mine)
        one = np.ones(len(s), np.int64)
        heads = np.flatnonzero(s.known_day < _NEVER)
        first = s.take(heads)
        self.sold = Windows(
            self, at[heads], first.ordered_day, first.known_day, [one[heads], first.goods_minor]
        )
        opened = s.open_from < s.open_to
        self.open_orders, self.open_goods = (
            np.cumsum(
                self.spread(s.open_from, at, np.where(opened, v, 0))
                - self.spread(s.open_to, at, np.where(opened, v, 0)),
                axis=0,
            )
            for v in (one, s.goods_minor)
        )
        self._first_sale = np.full(len(self.ids), _NEVER)
        in_time = first.known_day == first.ordered_day
        np.minimum.at(self._first_sale, at[heads][in_time], first.ordered_day[in_time])

    def first_sale_by(self, day: int) -> Int:
        """The day of each seller's first order, as known at the beginning of a day."""
        return self.sold.first_by(day, self._first_sale)

    def _breaches(self, b: Breaches, zone: Zone) -> None:
        mine, at = self._mine(b.seller_id)
        found = b.take(mine)
        due = days_of(found.due_us, zone)
        night = np.maximum(due, days_of(found.known_us, zone))
        one = np.ones(len(found), np.int64)
        self.found = Windows(self, at, due, night, [one, found.buyer_minor])
        paid = np.where(found.is_paid_by_itself, found.buyer_minor + found.platform_minor, 0)
        self.charged = self.spread(night, at, paid)

    def _money(self, money: Money) -> None:
        mine, at = self._mine(money.seller_id)
        m = money.take(mine)
        self.deposit, self.reserve, self.debt, self.insured_drawn = (
            self.spread(m.day, at, v)
            for v in (m.deposit_minor, m.reserve_minor, m.debt_minor, m.cover_minor)
        )

    def _spans(self, rows: OfSellers, zone: Zone) -> None:
        """Who is inside at each day's end, and how far it is insured then."""
        mine, at = self._mine(rows.stays.seller_id)
        s = rows.stays.take(mine)
        one = np.ones(len(s), np.int64)
        self.inside = self._between(s.from_us, s.to_us, at, one, zone) > 0
        mine, at = self._mine(rows.covers.seller_id)
        c = rows.covers.take(mine)
        self.insured = self._between(c.from_us, c.to_us, at, c.limit_minor, zone)
        begins = _day_after(c.from_us, zone) - 1
        self.is_new_cover = self.spread(begins, at, np.ones(len(c), np.int64)) > 0

    def _between(self, from_us: Int, to_us: Int, at: Int, values: Int, zone: Zone) -> Int:
        begins, ends = (_day_after(moments, zone) - 1 for moments in (from_us, to_us))
        steps = self.spread(begins, at, values) - self.spread(ends, at, values)
        table: Int = np.cumsum(steps, axis=0)
        return table

    def _mine(self, seller_id: Int) -> tuple[Int, Int]:
        at = np.searchsorted(self.ids, seller_id)
        at = np.minimum(at, len(self.ids) - 1)
        mine = np.flatnonzero(self.ids[at] == seller_id)
        return mine, at[mine]

    def spread(self, day: Int, at: Int, values: Int) -> Int:
        """Values by day and seller; what is earlier counts on the first day, later on the last."""
        table = np.zeros((self.count, len(self.ids)), np.int64)
        np.add.at(table, (np.clip(day - self.first, 0, self.count - 1), at), values)
        return table
