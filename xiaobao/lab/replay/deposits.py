"""Deposits day by day under any policy: what is asked for, what is there, and who is short.

All sellers of a bucket at once, one day after another, by the live rules: quotes on the pack's
day of the month and every night of a zero start, the waterfall of the day's breaches, and what
counts towards the requirement. Lodgements, settlements and what claims moved are facts and taken
as they were; so is who was inside the guarantee, and what was told late counts once it was told.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.deposits import rules
from xiaobao.deposits.facts import DepositFacts, LastQuote
from xiaobao.kernel.clocks import midnight_of
from xiaobao.lab.history.shapes import month_of
from xiaobao.lab.replay.days import Days, Lived, Sold

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xiaobao.deposits.terms import DepositRules, DepositTerms
    from xiaobao.kernel.clocks import Zone
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.lab.history.tables import Sellers
    from xiaobao.lab.replay.breaches import Breaches
    from xiaobao.lab.replay.days import OfSellers
    from xiaobao.lab.replay.policies import Policy

# Sellers whose days stand in memory together.
BLOCK = 8_192


@dataclass(frozen=True)
class DayEnd:
    """How a block of sellers stands at the end of a day."""

    day: int
    seller_id: Int
    is_inside: Mask
    is_short: Mask  # as somebody looked last
    required_minor: Int
    there_minor: Int
    shortfall_minor: Int
    goods_minor: Int  # sold in the window before
    debt_minor: Int
    fund_minor: Int  # drawn from the fund since the day end before


@dataclass
class _Books:
    """What each seller of a block has, owes and was last asked for."""

    deposit: Int
    reserve: Int
    debt: Int
    drawn: Int  # from the fund, since the last end
    insured_used: Int  # of the cover in force
    required: Int
    is_zero_start: Mask
    is_quoted: Mask
    is_short: Mask  # as somebody looked last

    def moved(self, lived: Lived, row: int) -> None:
        """The day's facts, then its breaches down the waterfall, then what repays debts."""
        days = lived.days
        if days.has_facts[row]:
            self._told(days, row)
        if not (days.has_facts[row] or lived.has_charges[row]):
            return
        charged = lived.charged[row]
        left = self._drawn(self.debt + charged)
        # Cover pays for the day's breaches alone: it repays no debt.
        for_breaches = np.minimum(left, charged)
        from_cover = np.minimum(for_breaches, self.insured(lived, row))
        self.insured_used = self.insured_used + from_cover
        self.drawn = self.drawn + for_breaches - from_cover
        self.debt = left - from_cover

    def _told(self, days: Days, row: int) -> None:
        # Money that a harsher policy has charged away cannot leave once more.
        self.deposit = np.maximum(self.deposit + days.deposit[row], 0)
        self.reserve = np.maximum(self.reserve + days.reserve[row], 0)
        self.debt = np.maximum(self.debt + days.debt[row], 0)
        self.drawn = self.drawn + np.maximum(days.debt[row], 0)
        used = np.where(days.new_covers[row] > 0, 0, self.insured_used)
        self.insured_used = np.maximum(used + days.insured_drawn[row], 0)

    def look(
        self, at: _At, lived: Lived, rows: Int, *, unseen: bool = False, released: bool = False
    ) -> None:
        """Somebody looks what is missing of these sellers; of the others what was seen stays."""
        if len(rows) == 0:
            return
        _, missing = self.standing(at, lived, rows, unseen=unseen, released=released)
        is_short = self.is_short.copy()
        is_short[rows] = at.inside[rows] & (missing > 0)
        self.is_short = is_short

    def standing(
        self, at: _At, lived: Lived, rows: Int, *, unseen: bool = False, released: bool = False
    ) -> tuple[Int, Int]:
        """What counts towards the requirement of these sellers, and what is missing.

        The day's holds for claims come after whatever makes somebody look (`unseen`), and what is
        `released` of the reserve goes when everybody was quoted.
        """
        required, reserve = self.required[rows], self.reserve[rows]
        deposit = self.deposit[rows]
        if unseen:
            deposit = deposit - lived.days.unseen[at.row][rows]
        if not released:
            reserve = reserve - lived.days.released[at.row][rows]
        cover = self.insured(lived, at.row)[rows]
        there, _ = rules.counted(required, deposit, reserve, cover, at.sizing(len(rows)))
        return there, np.maximum(required - there, 0)

    def insured(self, lived: Lived, row: int) -> Int:
        """What is left of the cover that is in force on a day."""
        left: Int = np.maximum(lived.insured.to(row) - self.insured_used, 0)
        return left

    def _drawn(self, wanted: Int) -> Int:
        """Reserve first, deposit next; what is left is for cover and fund."""
        from_reserve = np.minimum(wanted, self.reserve)
        from_deposit = np.minimum(wanted - from_reserve, self.deposit)
        self.reserve = self.reserve - from_reserve
        self.deposit = self.deposit - from_deposit
        return wanted - from_reserve - from_deposit


def day_ends(
    rows: OfSellers, sold: Sequence[Sold], sides: Sequence[tuple[Policy, Breaches]], zone: Zone,
    days: range, *, ends: Mask | None = None,
) -> Iterator[tuple[int, DayEnd]]:  # fmt: skip
    """How the sellers of a bucket stand at the ends of days, and of which side's policy.

    At those marked in `ends`; else at the end of each month, and of the last day.
    """
    marked = _month_ends(days) if ends is None else ends
    orders = Sold.concat(sold)
    for begins in range(0, len(rows.sellers), BLOCK):
        block = rows.sellers.take(np.arange(begins, min(begins + BLOCK, len(rows.sellers))))
        table = Days(block, rows, orders, days, zone)
        for side, (policy, found) in enumerate(sides):
            for end in _block(block, Lived(table, found), policy, zone, days, marked):
                yield side, end


def _block(
    sellers: Sellers, lived: Lived, policy: Policy, zone: Zone, days: range, ends: Mask
) -> Iterator[DayEnd]:
    none = np.zeros(len(sellers), np.int64)
    no = np.zeros(len(sellers), np.bool_)
    books = _Books(none, none, none, none, none, none, no, no, no)
    midnights = midnight_of(np.arange(days.start, days.stop), zone)
    in_force, has_sizing = policy.sizing.positions(midnights, np.zeros(len(days), np.int64))
    resized = _resized(policy.sizing.rows, in_force, days) if has_sizing.any() else has_sizing
    windows = policy.sizing.rows.window_days
    for number, day in enumerate(days):
        row = day - lived.days.first
        books.moved(lived, row)
        if not has_sizing[number]:
            continue
        inside = lived.inside.to(row) > 0
        at = _At(row, inside, policy.sizing.rows, int(in_force[number]))
        books.look(at, lived, _looked_at(lived, row), unseen=True)
        due = np.flatnonzero(inside & (~books.is_quoted | books.is_zero_start | resized[number]))
        window = int(windows[in_force[number]])
        if len(due):
            facts = _facts(lived, books, day, window, due)
            terms = _terms(policy, sellers.take(due), int(midnights[number]))
            _requote(books, facts, terms, at.sizing(len(due)), due)
            books.look(at, lived, due)
        if lived.days.has_releases[row]:
            books.look(at, lived, np.flatnonzero(lived.days.released[row]), released=True)
        if ends[number]:
            every = np.arange(len(sellers))
            there, missing = books.standing(at, lived, every, released=True)
            is_short = inside & books.is_short
            goods = lived.sold.in_window(day, window)[1]
            yield DayEnd(
                day, sellers.seller_id, inside, is_short, books.required, there,
                np.where(is_short, missing, 0), goods, books.debt, books.drawn,
            )  # fmt: skip
            books.drawn = none


@dataclass(frozen=True)
class _At:
    """One day: its row in the tables, who is inside, and the terms of sizing in force."""

    row: int
    inside: Mask
    versions: DepositRules
    in_force: int

    def sizing(self, count: int) -> DepositRules:
        return self.versions.take(np.full(count, self.in_force))


def _looked_at(lived: Lived, row: int) -> Int:
    """Of whom something moved on a day, before its quotes, after which somebody looks."""
    days = lived.days
    if not (days.has_facts[row] or lived.has_charges[row]):
        return np.zeros(0, np.int64)
    return np.flatnonzero(
        (days.looked[row] > 0) | (lived.charged[row] > 0) | (days.new_covers[row] > 0)
    )


def _resized(sizing: DepositRules, in_force: Int, days: range) -> Mask:
    """On which of these days everybody is quoted."""
    every = np.arange(days.start, days.stop).astype("M8[D]")
    of_month = (every - every.astype("M8[M]").astype("M8[D]")).astype(np.int64) + 1
    is_it: Mask = sizing.resize_day[np.maximum(in_force, 0)] == of_month
    return is_it


def _terms(policy: Policy, sellers: Sellers, at_us: int) -> DepositTerms:
    """The terms of each seller's category; a category without terms has the general ones."""
    moments = np.full(len(sellers), at_us)
    _, known = policy.deposit.positions(moments, sellers.category_id)
    return policy.deposit.in_force(moments, np.where(known, sellers.category_id, 0))


def _month_ends(days: range) -> Mask:
    """The last day of each month, and the last of all."""
    months = month_of(np.arange(days.start, days.stop + 1))
    ends: Mask = months[1:] != months[:-1]
    ends[-1:] = True
    return ends


def _facts(lived: Lived, books: _Books, day: int, window: int, due: Int) -> DepositFacts:
    """What those who are due are judged on."""
    row = day - lived.days.first
    sold, found = lived.sold.in_window(day, window), lived.found.in_window(day, window)
    first_sale = lived.days.first_sale_by(day)[due]
    has_sold = first_sale < day
    return DepositFacts(
        seller_id=lived.days.ids[due], orders=sold[0][due], goods_minor=sold[1][due],
        open_orders=lived.open_orders.to(row)[due],
        open_goods_minor=lived.open_goods.to(row)[due], breaches=found[0][due],
        breach_minor=found[1][due], has_sold=has_sold,
        midnights_since_sale=np.where(has_sold, day - first_sale, 0),
        debt_minor=books.debt[due], is_short=books.is_short[due],
    )  # fmt: skip


def _requote(
    books: _Books, facts: DepositFacts, terms: DepositTerms, sizing: DepositRules, due: Int
) -> None:
    before = LastQuote(books.is_quoted[due], books.is_zero_start[due], books.required[due])
    quote = rules.quote(before, facts, terms, sizing)
    required, is_zero_start = books.required.copy(), books.is_zero_start.copy()
    required[due], is_zero_start[due] = quote.required_minor, quote.is_zero_start
    books.required, books.is_zero_start = required, is_zero_start
    books.is_quoted = books.is_quoted.copy()
    books.is_quoted[due] = True
