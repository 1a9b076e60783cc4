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


class ByDay:
    """Amounts of sellers in the order of their days: what is empty on most days costs nothing."""

    def __init__(self, row: Int, at: Int, amounts: Sequence[Int], days: int) -> None:
        # Numbers of 16 bits are sorted by counting, in a tenth of the time.
        order = np.argsort(row.astype(np.uint16) if days < 2**16 else row, kind="stable")
        self.at = at[order]
        self.amounts = [amount[order] for amount in amounts]
        self._ends: list[int] = np.cumsum(np.bincount(row, minlength=days)).tolist()

    def of(self, first: int, last: int) -> slice:
        """Where the amounts of these days stand, both included."""
        return slice(self._ends[first - 1] if first else 0, self._ends[last] if last >= 0 else 0)

    def on(self, row: int) -> tuple[Int, list[Int]]:
        """Whose amounts stand on a day, and which."""
        rows = self.of(row, row)
        return self.at[rows], [amount[rows] for amount in self.amounts]


class Running:
    """Sums by seller up to any day; cheap where days are asked for in order."""

    def __init__(self, table: ByDay, sellers: int) -> None:
        self._table = table
        self._row = -1
        self._totals = [np.zeros(sellers, np.int64) for _ in table.amounts]

    def to(self, row: int) -> list[Int]:
        """The sums of the days up to this one, it included; good until the next question."""
        if row < self._row:
            self._row = -1
            for total in self._totals:
                total[:] = 0
        rows = self._table.of(self._row + 1, row)
        if rows.stop > rows.start:
            at = self._table.at[rows]
            for total, amount in zip(self._totals, self._table.amounts, strict=True):
                np.add.at(total, at, amount[rows])
        self._row = row
        return self._totals


@dataclass(frozen=True)
class Told:
    """Counts and amounts by day and seller, with the few rows that came to be known later."""

    first: int
    sellers: int
    table: ByDay
    late_at: Int
    late_day: Int
    late_known: Int
    late_amounts: tuple[Int, ...]

    @classmethod
    def of(cls, days: Days, at: Int, day: Int, known_day: Int, amounts: Sequence[Int]) -> Told:
        late = np.flatnonzero(known_day > day)
        return cls(
            days.first, len(days.ids), days.by_day(day, at, amounts), at[late], day[late],
            known_day[late], tuple(v[late] for v in amounts),
        )  # fmt: skip


class Windows:
    """Counts and amounts summed over the days of a window, asked for day after day."""

    def __init__(self, told: Told) -> None:
        self._told = told
        self._until, self._before = (Running(told.table, told.sellers) for _ in range(2))

    def in_window(self, day: int, window: int) -> list[Int]:
        """The sums over the days of the window that ended with the day before, as known then."""
        t = self._told
        last = day - 1 - t.first
        unknown = np.flatnonzero(
            (t.late_known > day) & (t.late_day < day) & (t.late_day >= day - window)
        )
        until, before = self._until.to(max(last, -1)), self._before.to(max(last - window, -1))
        found = []
        for one, other, amount in zip(until, before, t.late_amounts, strict=True):
            total = one - other
            if len(unknown):
                np.subtract.at(total, t.late_at[unknown], amount[unknown])
            found.append(total)
        return found


@dataclass(frozen=True, slots=True)
class Moves(Columns):
    """What moved on one day, by seller, each of them once."""

    at: Int
    deposit_minor: Int
    reserve_minor: Int
    debt_minor: Int
    cover_minor: Int
    unseen_minor: Int
    released_minor: Int
    looks: Int
    new_covers: Int


class Days:
    """What happened by day and seller, whatever the policy; days are counted from `first`."""

    def __init__(
        self, sellers: Sellers, rows: OfSellers, sold: Sold, days: range, zone: Zone
    ) -> None:
        self.first, self.count = days.start, len(days) + 2
        self.ids, self.zone = sellers.seller_id, zone
        self._orders(sold)
        self._spans(rows)
        self._moves = self._told(rows)

    def _orders(self, sold: Sold) -> None:
        mine, at = self.mine(sold.seller_id)
        s = sold if len(mine) == len(sold) else sold.take(mine)
        one = np.ones(len(s), np.int64)
        heads = np.flatnonzero(s.known_day < _NEVER)
        first, whose = (s, at) if len(heads) == len(s) else (s.take(heads), at[heads])
        self.sold = Told.of(
            self, whose, first.ordered_day, first.known_day, [one[: len(first)], first.goods_minor]
        )
        opened = np.flatnonzero(s.open_from < s.open_to)
        self.open = self.steps(
            s.open_from[opened], s.open_to[opened], at[opened],
            [one[opened], s.goods_minor[opened]],
        )  # fmt: skip
        self._first_sale = np.full(len(self.ids), _NEVER)
        in_time = first.known_day == first.ordered_day
        np.minimum.at(self._first_sale, whose[in_time], first.ordered_day[in_time])

    def first_sale_by(self, day: int) -> Int:
        """The day of each seller's first order, as known at the beginning of a day."""
        told = np.flatnonzero(self.sold.late_known <= day)
        if len(told) == 0:
            return self._first_sale
        earlier = self._first_sale.copy()
        np.minimum.at(earlier, self.sold.late_at[told], self.sold.late_day[told])
        return earlier

    def _spans(self, rows: OfSellers) -> None:
        """Who is inside at each day's end, and how far it is insured then."""
        mine, at = self.mine(rows.stays.seller_id)
        s = rows.stays.take(mine)
        self.inside = self.steps(
            self._day(s.from_us), self._day(s.to_us), at, [np.ones(len(s), np.int64)]
        )
        mine, at = self.mine(rows.covers.seller_id)
        c = rows.covers.take(mine)
        self.insured = self.steps(self._day(c.from_us), self._day(c.to_us), at, [c.limit_minor])

    def _day(self, moments_us: Int) -> Int:
        return _day_after(moments_us, self.zone) - 1

    def _told(self, rows: OfSellers) -> ByDay:
        """Money and new covers, day by day, a row for each seller."""
        mine, at = self.mine(rows.money.seller_id)
        m = rows.money.take(mine)
        covered, cover_at = self.mine(rows.covers.seller_id)
        begins = self._day(rows.covers.from_us[covered])
        zeros, none = np.zeros(len(m), np.int64), np.zeros(len(begins), np.int64)
        columns = [m.deposit_minor, m.reserve_minor, m.debt_minor, m.cover_minor, m.unseen_minor,
                   m.released_minor, m.is_looked.astype(np.int64)]  # fmt: skip
        return self.cells(
            np.concatenate([m.day, begins]), np.concatenate([at, cover_at]),
            [np.concatenate([column, none]) for column in columns]
            + [np.concatenate([zeros, none + 1])],
        )  # fmt: skip

    def moves(self, row: int) -> Moves:
        """What moved on a day."""
        at, amounts = self._moves.on(row)
        return Moves(at, *amounts)

    def mine(self, seller_id: Int) -> tuple[Int, Int]:
        """The rows of these sellers, and each one's place among them."""
        at = np.searchsorted(self.ids, seller_id)
        at = np.minimum(at, len(self.ids) - 1)
        mine = np.flatnonzero(self.ids[at] == seller_id)
        return mine, at[mine]

    def row_of(self, day: Int) -> Int:
        """What is earlier counts on the first day, what is later on the last."""
        row: Int = np.clip(day - self.first, 0, self.count - 1)
        return row

    def by_day(self, day: Int, at: Int, amounts: Sequence[Int]) -> ByDay:
        return ByDay(self.row_of(day), at, amounts, self.count)

    def steps(self, begins: Int, ends: Int, at: Int, amounts: Sequence[Int]) -> ByDay:
        """Amounts that count from one day until another."""
        return self.by_day(
            np.concatenate([begins, ends]), np.concatenate([at, at]),
            [np.concatenate([amount, -amount]) for amount in amounts],
        )  # fmt: skip

    def cells(self, day: Int, at: Int, amounts: Sequence[Int]) -> ByDay:
        """Amounts summed, so that each seller stands on a day once."""
        code = self.row_of(day) * len(self.ids) + at
        order = np.argsort(code, kind="stable")
        code = code[order]
        heads = np.flatnonzero(np.append(True, code[1:] != code[:-1])) if len(code) else order
        summed = [np.add.reduceat(a[order], heads) if len(heads) else a for a in amounts]
        row, at = np.divmod(code[heads], len(self.ids))
        return ByDay(row, at, summed, self.count)


class Lived:
    """The same days under one policy: with its breaches, and as far as they were lived."""

    def __init__(self, days: Days, b: Breaches) -> None:
        self.days = days
        b = b.take(~b.is_platforms)
        mine, at = days.mine(b.seller_id)
        found = b.take(mine)
        due = days_of(found.due_us, days.zone)
        night = np.maximum(due, days_of(found.known_us, days.zone))
        one = np.ones(len(found), np.int64)
        self.found = Windows(Told.of(days, at, due, night, [one, found.buyer_minor]))
        paid = found.buyer_minor + found.platform_minor
        pays = np.flatnonzero(found.is_paid_by_itself & (paid > 0))
        self._charges = days.cells(night[pays], at[pays], [paid[pays]])
        self.sold = Windows(days.sold)
        wide = len(days.ids)
        self.open, self._inside, self._insured = (
            Running(steps, wide) for steps in (days.open, days.inside, days.insured)
        )

    def charges(self, row: int) -> tuple[Int, Int]:
        """Who is charged for breaches on a day, and how much."""
        at, (amount,) = self._charges.on(row)
        return at, amount

    def is_inside(self, row: int) -> Mask:
        inside: Mask = self._inside.to(row)[0] > 0
        return inside

    def insured(self, row: int) -> Int:
        """The limit of each seller's cover on a day."""
        return self._insured.to(row)[0]
