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
    from xiaobao.lab.replay.days import Moves, OfSellers
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

    @classmethod
    def of(cls, sellers: int) -> _Books:
        """Before anything happened."""
        a, b, c, d, e, f = np.zeros((6, sellers), np.int64)
        return cls(a, b, c, d, e, f, *np.zeros((3, sellers), np.bool_))

    def moved(self, lived: Lived, row: int) -> Int:
        """The day's facts, then its breaches down the waterfall, then what repays debts.

        Of whom neither tells anything, nothing moves: who owes has nothing left to draw on.
        Returned: those after whose movements somebody looks.
        """
        moves, (at, amount) = lived.days.moves(row), lived.charges(row)
        if len(moves) == 0 and len(at) == 0:
            return at
        self._told(moves)
        rows = at if len(moves) == 0 else np.union1d(moves.at, at)
        charged = _spread(at, amount, len(self.debt))[rows]
        left = self._drawn(rows, self.debt[rows] + charged)
        # Cover pays for the day's breaches alone: it repays no debt.
        for_breaches = np.minimum(left, charged)
        from_cover = np.minimum(for_breaches, self.insured(lived, row, rows))
        self.insured_used[rows] += from_cover
        self.drawn[rows] += for_breaches - from_cover
        self.debt[rows] = left - from_cover
        seen = moves.at[(moves.looks > 0) | (moves.new_covers > 0)]
        return at if len(seen) == 0 else np.union1d(seen, at)

    def _told(self, m: Moves) -> None:
        # Money that a harsher policy has charged away cannot leave once more.
        self.deposit[m.at] = np.maximum(self.deposit[m.at] + m.deposit_minor, 0)
        self.reserve[m.at] = np.maximum(self.reserve[m.at] + m.reserve_minor, 0)
        self.debt[m.at] = np.maximum(self.debt[m.at] + m.debt_minor, 0)
        self.drawn[m.at] += np.maximum(m.debt_minor, 0)
        used = np.where(m.new_covers > 0, 0, self.insured_used[m.at])
        self.insured_used[m.at] = np.maximum(used + m.cover_minor, 0)

    def look(
        self, at: _At, lived: Lived, rows: Int, *, unseen: bool = False, released: bool = False
    ) -> None:
        """Somebody looks what is missing of these sellers; of the others what was seen stays."""
        if len(rows) == 0:
            return
        _, missing = self.standing(at, lived, rows, unseen=unseen, released=released)
        self.is_short[rows] = at.inside[rows] & (missing > 0)

    def standing(
        self, at: _At, lived: Lived, rows: Int, *, unseen: bool = False, released: bool = False
    ) -> tuple[Int, Int]:
        """What counts towards the requirement of these sellers, and what is missing.

        The day's holds for claims come after whatever makes somebody look (`unseen`), and what is
        `released` of the reserve goes when everybody was quoted.
        """
        required, reserve = self.required[rows], self.reserve[rows]
        deposit = self.deposit[rows]
        moves = lived.days.moves(at.row)
        if unseen and len(moves):
            deposit = deposit - _spread(moves.at, moves.unseen_minor, len(self.debt))[rows]
        if not released and len(moves):
            reserve = reserve - _spread(moves.at, moves.released_minor, len(self.debt))[rows]
        cover = self.insured(lived, at.row, rows)
        sizing = at.sizing.take(slice(len(rows)))
        there, _ = rules.counted(required, deposit, reserve, cover, sizing)
        return there, np.maximum(required - there, 0)

    def insured(self, lived: Lived, row: int, rows: Int) -> Int:
        """What is left of the cover of these sellers that is in force on a day."""
        left: Int = np.maximum(lived.insured(row)[rows] - self.insured_used[rows], 0)
        return left

    def _drawn(self, rows: Int, wanted: Int) -> Int:
        """Reserve first, deposit next; what is left is for cover and fund."""
        reserve, deposit = self.reserve[rows], self.deposit[rows]
        from_reserve = np.minimum(wanted, reserve)
        from_deposit = np.minimum(wanted - from_reserve, deposit)
        self.reserve[rows] = reserve - from_reserve
        self.deposit[rows] = deposit - from_deposit
        return wanted - from_reserve - from_deposit


def _spread(at: Int, amount: Int, sellers: int) -> Int:
    """A few sellers' amounts among all."""
    every = np.zeros(sellers, np.int64)
    every[at] = amount
    return every


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
    books = _Books.of(len(sellers))
    midnights = midnight_of(np.arange(days.start, days.stop), zone)
    in_force, has_sizing = policy.sizing.positions(midnights, np.zeros(len(days), np.int64))
    resized = _resized(policy.sizing.rows, in_force, days) if has_sizing.any() else has_sizing
    windows = policy.sizing.rows.window_days
    sizings = {
        number: policy.sizing.rows.take(np.full(len(sellers), number))
        for number in np.unique(in_force[has_sizing]).tolist()
    }
    categories, of_category = np.unique(sellers.category_id, return_inverse=True)
    for number, day in enumerate(days):
        row = day - lived.days.first
        seen = books.moved(lived, row)
        if not has_sizing[number]:
            continue
        inside = lived.is_inside(row)
        at = _At(row, inside, sizings[int(in_force[number])])
        books.look(at, lived, seen, unseen=True)
        due = np.flatnonzero(inside & (~books.is_quoted | books.is_zero_start | resized[number]))
        window = int(windows[in_force[number]])
        if len(due):
            facts = _facts(lived, books, day, window, due)
            of_due = of_category[due]
            asked = np.flatnonzero(np.bincount(of_due))
            terms = _terms(policy, categories[asked], int(midnights[number]))
            _requote(books, facts, terms.take(np.searchsorted(asked, of_due)), at, due)
            books.look(at, lived, due)
        moves = lived.days.moves(row)
        books.look(at, lived, moves.at[moves.released_minor != 0], released=True)
        if ends[number]:
            yield _day_end(day, sellers, lived, books, at, window)


def _day_end(
    day: int, sellers: Sellers, lived: Lived, books: _Books, at: _At, window: int
) -> DayEnd:
    every = np.arange(len(sellers))
    there, missing = books.standing(at, lived, every, released=True)
    is_short = at.inside & books.is_short
    goods = lived.sold.in_window(day, window)[1]
    drawn, books.drawn = books.drawn, np.zeros_like(books.drawn)
    return DayEnd(
        day, sellers.seller_id, at.inside, is_short, books.required.copy(), there,
        np.where(is_short, missing, 0), goods, books.debt.copy(), drawn,
    )  # fmt: skip


@dataclass(frozen=True)
class _At:
    """One day: its row in the tables, who is inside, and the terms of sizing for each seller."""

    row: int
    inside: Mask
    sizing: DepositRules


def _resized(sizing: DepositRules, in_force: Int, days: range) -> Mask:
    """On which of these days everybody is quoted."""
    every = np.arange(days.start, days.stop).astype("M8[D]")
    of_month = (every - every.astype("M8[M]").astype("M8[D]")).astype(np.int64) + 1
    is_it: Mask = sizing.resize_day[np.maximum(in_force, 0)] == of_month
    return is_it


def _terms(policy: Policy, category_id: Int, at_us: int) -> DepositTerms:
    """The terms of each category; one without terms has the general ones."""
    moments = np.full(len(category_id), at_us)
    _, known = policy.deposit.positions(moments, category_id)
    return policy.deposit.in_force(moments, np.where(known, category_id, 0))


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
    open_orders, open_goods = lived.open.to(row)
    first_sale = lived.days.first_sale_by(day)[due]
    has_sold = first_sale < day
    return DepositFacts(
        seller_id=lived.days.ids[due], orders=sold[0][due], goods_minor=sold[1][due],
        open_orders=open_orders[due], open_goods_minor=open_goods[due], breaches=found[0][due],
        breach_minor=found[1][due], has_sold=has_sold,
        midnights_since_sale=np.where(has_sold, day - first_sale, 0),
        debt_minor=books.debt[due], is_short=books.is_short[due],
    )  # fmt: skip


def _requote(books: _Books, facts: DepositFacts, terms: DepositTerms, at: _At, due: Int) -> None:
    before = LastQuote(books.is_quoted[due], books.is_zero_start[due], books.required[due])
    quote = rules.quote(before, facts, terms, at.sizing.take(slice(len(due))))
    books.required[due], books.is_zero_start[due] = quote.required_minor, quote.is_zero_start
    books.is_quoted[due] = True
