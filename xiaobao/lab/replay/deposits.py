"""Deposits day by day under any policy: what is asked for, what is there, and who is short.

All sellers of a bucket at once, one day after another, by the live rules: quotes on the pack's
day of the month and every night of a zero start, the waterfall of the day's breaches, and what
counts towards the requirement. Lodgements, settlements and what claims moved are facts and taken
as they were.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits import rules
from xiaobao.deposits.facts import DepositFacts, LastQuote
from xiaobao.kernel.clocks import days_of, midnight_of
from xiaobao.kernel.columns import FAR_US, Columns, Int, Mask
from xiaobao.lab.history.shapes import month_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xiaobao.deposits.terms import DepositRules, DepositTerms
    from xiaobao.kernel.clocks import Zone
    from xiaobao.lab.history.shapes import Money, Sellers, Stretch
    from xiaobao.lab.replay.breaches import Breaches
    from xiaobao.lab.replay.policies import Policy

# Sellers whose days stand in memory together.
BLOCK = 2_048


@dataclass(frozen=True, slots=True)
class Sold(Columns):
    """Orders as deposits see them: sold when, and open from which day to which."""

    seller_id: Int
    ordered_day: Int
    goods_minor: Int
    open_from: Int  # the first midnight at which it stood paid and not over; huge where never
    open_to: Int  # the first at which it no longer did

    @classmethod
    def of_stretch(cls, stretch: Stretch, zone: Zone) -> Sold:
        f = stretch.states
        rows = np.flatnonzero(stretch.until_us == FAR_US)
        began = np.maximum(f.paid_us, f.ordered_us)[rows]
        ended = np.minimum(f.completed_us, f.cancelled_us)[rows]
        return cls(
            f.seller_id[rows], stretch.ordered_day[rows], f.goods_minor[rows],
            _day_after(began, zone), _day_after(ended, zone),
        )  # fmt: skip


_NEVER = 2**31


def _day_after(moments_us: Int, zone: Zone) -> Int:
    known = moments_us < FAR_US
    return np.where(known, days_of(np.where(known, moments_us, 0), zone) + 1, _NEVER)


@dataclass(frozen=True)
class DayEnd:
    """How a block of sellers stands at the end of a day."""

    day: int
    seller_id: Int
    is_inside: Mask
    required_minor: Int
    there_minor: Int
    shortfall_minor: Int
    goods_minor: Int  # sold in the window before


class _Days:
    """What happened to each seller of a block on each day, as tables of day and seller."""

    def __init__(
        self, sellers: Sellers, sold: Sold, b: Breaches, money: Money, first: int, last: int,
        zone: Zone,
    ) -> None:  # fmt: skip
        self.first, self.count = first, last - first + 2
        self.ids = sellers.seller_id
        self.cover_from = _day_after(sellers.cover_from_us, zone) - 1
        self.cover_to = _day_after(sellers.cover_to_us, zone) - 1
        mine, at = self._mine(sold.seller_id)
        s = sold.take(mine)
        one = np.ones(len(s), np.int64)
        self.orders = self._summed(s.ordered_day, at, one)
        self.goods = self._summed(s.ordered_day, at, s.goods_minor)
        opened = s.open_from < s.open_to
        self.open_orders, self.open_goods = (
            self._table(s.open_from, at, np.where(opened, v, 0))
            - self._table(s.open_to, at, np.where(opened, v, 0))
            for v in (one, s.goods_minor)
        )
        self.open_orders, self.open_goods = (
            np.cumsum(t, axis=0) for t in (self.open_orders, self.open_goods)
        )
        self.first_sale = np.full(len(self.ids), _NEVER)
        np.minimum.at(self.first_sale, at, s.ordered_day)
        mine, at = self._mine(b.seller_id)
        found = b.take(mine)
        due = days_of(found.due_us, zone)
        night = np.maximum(due, days_of(found.known_us, zone))
        self.breaches = self._summed(due, at, np.ones(len(found), np.int64))
        self.breach_minor = self._summed(due, at, found.buyer_minor)
        paid = np.where(found.is_paid_by_itself, found.buyer_minor + found.platform_minor, 0)
        self.charged = self._table(night, at, paid)
        mine, at = self._mine(money.seller_id)
        m = money.take(mine)
        self.deposit, self.reserve, self.debt = (
            self._table(m.day, at, v) for v in (m.deposit_minor, m.reserve_minor, m.debt_minor)
        )

    def _mine(self, seller_id: Int) -> tuple[Int, Int]:
        at = np.searchsorted(self.ids, seller_id)
        at = np.minimum(at, len(self.ids) - 1)
        mine = np.flatnonzero(self.ids[at] == seller_id)
        return mine, at[mine]

    def _table(self, day: Int, at: Int, values: Int) -> Int:
        table = np.zeros((self.count, len(self.ids)), np.int64)
        np.add.at(table, (np.clip(day - self.first, 0, self.count - 1), at), values)
        return table

    def _summed(self, day: Int, at: Int, values: Int) -> Int:
        return np.cumsum(self._table(day, at, values), axis=0)

    def in_window(self, summed: Int, day: int, window: int) -> Int:
        """The sum over the days of the window that ended with the day before."""
        last, before = day - 1 - self.first, day - 1 - window - self.first
        until = summed[last] if last >= 0 else np.zeros(len(self.ids), np.int64)
        return until - (summed[before] if before >= 0 else 0)


@dataclass
class _Books:
    """What each seller of a block has, owes and was last asked for."""

    deposit: Int
    reserve: Int
    debt: Int
    cover: Int  # what is left of the insured limit
    required: Int
    is_zero_start: Mask
    is_quoted: Mask

    def moved(self, days: _Days, row: int) -> None:
        """The day's facts, then its breaches down the waterfall, then what repays debts."""
        # Money that a harsher policy has charged away cannot leave once more.
        self.deposit = np.maximum(self.deposit + days.deposit[row], 0)
        self.reserve = np.maximum(self.reserve + days.reserve[row], 0)
        self.debt = np.maximum(self.debt + days.debt[row], 0)
        left = self._drawn(self.debt + days.charged[row])
        # Cover pays for the day's breaches alone: it repays no debt.
        from_cover = np.minimum(np.minimum(left, days.charged[row]), self.insured(days, row))
        self.cover = self.cover - from_cover
        self.debt = left - from_cover

    def insured(self, days: _Days, row: int) -> Int:
        """The cover that is in force on a day."""
        day = row + days.first
        return np.where((days.cover_from <= day) & (day < days.cover_to), self.cover, 0)

    def _drawn(self, wanted: Int) -> Int:
        """Reserve first, deposit next; what is left is for cover and fund."""
        from_reserve = np.minimum(wanted, self.reserve)
        from_deposit = np.minimum(wanted - from_reserve, self.deposit)
        self.reserve = self.reserve - from_reserve
        self.deposit = self.deposit - from_deposit
        return wanted - from_reserve - from_deposit


def day_ends(
    sellers: Sellers, sold: Sequence[Sold], b: Breaches, money: Money, policy: Policy, zone: Zone,
    days: range,
) -> Iterator[DayEnd]:  # fmt: skip
    """How the sellers of a bucket stand at the end of each month, and of the last day."""
    orders = Sold.concat(sold)
    for begins in range(0, len(sellers), BLOCK):
        block = sellers.take(np.arange(begins, min(begins + BLOCK, len(sellers))))
        table = _Days(block, orders, b, money, days.start, days.stop, zone)
        yield from _block(block, table, policy, zone, days)


def _block(
    sellers: Sellers, table: _Days, policy: Policy, zone: Zone, days: range
) -> Iterator[DayEnd]:
    none = np.zeros(len(sellers), np.int64)
    no = np.zeros(len(sellers), np.bool_)
    books = _Books(none, none, none, sellers.cover_minor, none, no, no)
    joined = days_of(sellers.joined_us, zone)
    midnights = midnight_of(np.arange(days.start, days.stop), zone)
    in_force, has_sizing = policy.sizing.positions(midnights, np.zeros(len(days), np.int64))
    for number, day in enumerate(days):
        row = day - table.first
        books.moved(table, row)
        if not has_sizing[number]:
            continue
        sizing = policy.sizing.rows.take(np.full(len(sellers), in_force[number]))
        inside = joined <= day
        is_due = inside & (~books.is_quoted | books.is_zero_start | _is_resize_day(day, sizing))
        is_last = _ends_month(day) or day == days.stop - 1
        if is_due.any() or is_last:
            _, shortfall = _standing(books, books.insured(table, row), inside, sizing)
            facts = _facts(table, books, shortfall > 0, day, int(sizing.window_days[0]))
            terms = _terms(policy, sellers, int(midnights[number]))
            _requote(books, facts, terms, sizing, is_due)
        if is_last:
            there, shortfall = _standing(books, books.insured(table, row), inside, sizing)
            yield DayEnd(
                day, sellers.seller_id, inside, books.required, there, shortfall,
                facts.goods_minor,
            )  # fmt: skip


def _terms(policy: Policy, sellers: Sellers, at_us: int) -> DepositTerms:
    """The terms of each seller's category; a category without terms has the general ones."""
    moments = np.full(len(sellers), at_us)
    _, known = policy.deposit.positions(moments, sellers.category_id)
    return policy.deposit.in_force(moments, np.where(known, sellers.category_id, 0))


def _ends_month(day: int) -> bool:
    today, tomorrow = month_of(np.array([day, day + 1])).tolist()
    return bool(today != tomorrow)


def _is_resize_day(day: int, sizing: DepositRules) -> Mask:
    today = np.datetime64(day, "D")
    of_month = int((today - today.astype("M8[M]").astype("M8[D]")).astype(np.int64)) + 1
    is_it: Mask = sizing.resize_day == of_month
    return is_it


def _standing(books: _Books, cover: Int, inside: Mask, sizing: DepositRules) -> tuple[Int, Int]:
    """What counts towards each requirement, and what is missing."""
    there, _ = rules.counted(books.required, books.deposit, books.reserve, cover, sizing)
    return there, np.where(inside, np.maximum(books.required - there, 0), 0)


def _facts(table: _Days, books: _Books, is_short: Mask, day: int, window: int) -> DepositFacts:
    row = day - table.first
    has_sold = table.first_sale < day
    return DepositFacts(
        seller_id=table.ids, orders=table.in_window(table.orders, day, window),
        goods_minor=table.in_window(table.goods, day, window),
        open_orders=table.open_orders[row], open_goods_minor=table.open_goods[row],
        breaches=table.in_window(table.breaches, day, window),
        breach_minor=table.in_window(table.breach_minor, day, window), has_sold=has_sold,
        midnights_since_sale=np.where(has_sold, day - table.first_sale, 0),
        debt_minor=books.debt, is_short=is_short,
    )  # fmt: skip


def _requote(
    books: _Books, facts: DepositFacts, terms: DepositTerms, sizing: DepositRules, is_due: Mask
) -> None:
    if not is_due.any():
        return
    before = LastQuote(books.is_quoted, books.is_zero_start, books.required)
    quote = rules.quote(before, facts, terms, sizing)
    books.required = np.where(is_due, quote.required_minor, books.required)
    books.is_zero_start = np.where(is_due, quote.is_zero_start, books.is_zero_start)
    books.is_quoted = books.is_quoted | is_due
