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
from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask

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
    def none(cls) -> Sold:
        return cls(*[np.zeros(0, np.int64)] * 6)

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


class Running:
    """Sums of a table's rows up to any row; cheap where rows are asked for in order."""

    def __init__(self, table: Int) -> None:
        self._table = table
        self._row, self._total = -1, np.zeros(table.shape[1], np.int64)

    def to(self, row: int) -> Int:
        """The sum of the rows up to this one, it included."""
        if row < self._row:
            self._row, self._total = -1, np.zeros_like(self._total)
        if row > self._row:
            step = self._table[self._row + 1 : row + 1]
            self._total = self._total + (step[0] if len(step) == 1 else step.sum(axis=0))
            self._row = row
        return self._total


class Standing(Running):
    """The same of a table that changes on few days."""

    def __init__(self, table: Int) -> None:
        super().__init__(table)
        self._changes = np.flatnonzero(_is_any(table))

    def to(self, row: int) -> Int:
        """The sum of the rows up to this one, it included."""
        changed = int(np.searchsorted(self._changes, row, side="right"))
        return super().to(int(self._changes[changed - 1]) if changed else -1)


@dataclass(frozen=True)
class Told:
    """Counts and amounts by day and seller, with the few rows that came to be known later."""

    first: int
    tables: tuple[Int, ...]
    late_at: Int
    late_day: Int
    late_known: Int
    late_amounts: tuple[Int, ...]

    @classmethod
    def of(cls, table: Days, at: Int, day: Int, known_day: Int, amounts: Sequence[Int]) -> Told:
        late = np.flatnonzero(known_day > day)
        return cls(
            table.first, tuple(table.spread(day, at, v) for v in amounts), at[late], day[late],
            known_day[late], tuple(v[late] for v in amounts),
        )  # fmt: skip


class Windows:
    """Counts and amounts summed over the days of a window, asked for day after day."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._ends = [(Running(table), Running(table)) for table in told.tables]

    def in_window(self, day: int, window: int) -> list[Int]:
        """The sums over the days of the window that ended with the day before, as known then."""
        t = self._told
        last = day - 1 - t.first
        unknown = np.flatnonzero(
            (t.late_known > day) & (t.late_day < day) & (t.late_day >= day - window)
        )
        found = []
        for (until, before), amount in zip(self._ends, t.late_amounts, strict=True):
            total = until.to(max(last, -1)) - before.to(max(last - window, -1))
            if len(unknown):
                np.subtract.at(total, t.late_at[unknown], amount[unknown])
            found.append(total)
        return found


class Days:
    """Tables of day and seller, whatever the policy; days are counted from `first`."""

    def __init__(
        self, sellers: Sellers, rows: OfSellers, sold: Sold, days: range, zone: Zone
    ) -> None:
        self.first, self.count = days.start, len(days) + 2
        self.ids, self.zone = sellers.seller_id, zone
        self._orders(sold)
        self._money(rows.money)
        self._spans(rows)

    def _orders(self, sold: Sold) -> None:
        mine, at = self.mine(sold.seller_id)
        s = sold.take(mine)
        one = np.ones(len(s), np.int64)
        heads = np.flatnonzero(s.known_day < _NEVER)
        first = s.take(heads)
        self.sold = Told.of(
            self, at[heads], first.ordered_day, first.known_day, [one[heads], first.goods_minor]
        )
        opened = s.open_from < s.open_to
        self.open_steps = tuple(
            self.spread(s.open_from, at, np.where(opened, v, 0))
            - self.spread(s.open_to, at, np.where(opened, v, 0))
            for v in (one, s.goods_minor)
        )
        self._first_sale = np.full(len(self.ids), _NEVER)
        in_time = first.known_day == first.ordered_day
        np.minimum.at(self._first_sale, at[heads][in_time], first.ordered_day[in_time])

    def first_sale_by(self, day: int) -> Int:
        """The day of each seller's first order, as known at the beginning of a day."""
        told = np.flatnonzero(self.sold.late_known <= day)
        if len(told) == 0:
            return self._first_sale
        earlier = self._first_sale.copy()
        np.minimum.at(earlier, self.sold.late_at[told], self.sold.late_day[told])
        return earlier

    def _money(self, money: Money) -> None:
        mine, at = self.mine(money.seller_id)
        m = money.take(mine)
        self.deposit, self.reserve, self.debt, self.insured_drawn, self.unseen, self.released = (
            self.spread(m.day, at, v)
            for v in (m.deposit_minor, m.reserve_minor, m.debt_minor, m.cover_minor,
                      m.unseen_minor, m.released_minor)
        )  # fmt: skip
        self.looked = self.spread(m.day, at, m.is_looked.astype(np.int64))

    def _spans(self, rows: OfSellers) -> None:
        """Who is inside at each day's end, and how far it is insured then."""
        mine, at = self.mine(rows.stays.seller_id)
        s = rows.stays.take(mine)
        self.inside_steps = self._steps(s.from_us, s.to_us, at, np.ones(len(s), np.int64))
        mine, at = self.mine(rows.covers.seller_id)
        c = rows.covers.take(mine)
        self.insured_steps = self._steps(c.from_us, c.to_us, at, c.limit_minor)
        begins = _day_after(c.from_us, self.zone) - 1
        self.new_covers = self.spread(begins, at, np.ones(len(c), np.int64))
        moved = [self.deposit, self.reserve, self.debt, self.insured_drawn, self.new_covers,
                 self.looked]  # fmt: skip
        self.has_facts = np.any([_is_any(table) for table in moved], axis=0)
        self.has_releases = _is_any(self.released)

    def _steps(self, from_us: Int, to_us: Int, at: Int, values: Int) -> Int:
        begins, ends = (_day_after(moments, self.zone) - 1 for moments in (from_us, to_us))
        steps: Int = self.spread(begins, at, values) - self.spread(ends, at, values)
        return steps

    def mine(self, seller_id: Int) -> tuple[Int, Int]:
        """The rows of these sellers, and each one's place among them."""
        at = np.searchsorted(self.ids, seller_id)
        at = np.minimum(at, len(self.ids) - 1)
        mine = np.flatnonzero(self.ids[at] == seller_id)
        return mine, at[mine]

    def spread(self, day: Int, at: Int, values: Int) -> Int:
        """Values by day and seller; what is earlier counts on the first day, later on the last."""
        wide = len(self.ids)
        if len(values) == 0:
            return np.broadcast_to(np.int64(0), (self.count, wide))
        table = np.zeros(self.count * wide, np.int64)
        # Along one line this is five times as quick as over two.
        np.add.at(table, np.clip(day - self.first, 0, self.count - 1) * wide + at, values)
        return table.reshape(self.count, wide)


def _is_any(table: Int) -> Mask:
    """On which days anything stands; a table of nothing is not looked through."""
    if table.strides[1] == 0:
        return np.zeros(len(table), np.bool_)
    busy: Mask = np.asarray(table.any(axis=1))
    return busy


class Lived:
    """The same days under one policy: with its breaches, and as far as they were lived."""

    def __init__(self, days: Days, b: Breaches) -> None:
        self.days = days
        mine, at = days.mine(b.seller_id)
        found = b.take(mine)
        due = days_of(found.due_us, days.zone)
        night = np.maximum(due, days_of(found.known_us, days.zone))
        one = np.ones(len(found), np.int64)
        self.found = Windows(Told.of(days, at, due, night, [one, found.buyer_minor]))
        paid = np.where(found.is_paid_by_itself, found.buyer_minor + found.platform_minor, 0)
        self.charged = days.spread(night, at, paid)
        self.has_charges = _is_any(self.charged)
        self.sold = Windows(days.sold)
        self.open_orders, self.open_goods = (Running(steps) for steps in days.open_steps)
        self.inside, self.insured = Standing(days.inside_steps), Standing(days.insured_steps)
