"""Telling: rows of another system tell order facts, and a fault is named by that system's field.

What is told passes the very checks that order files pass. An order is taken whole or not at all:
where one of its rows is wrong its sums are too, so its other rows wait until that one is mended.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

import numpy as np
import pyarrow as pa

from xiaobao.gateways.feeds.faults import Fault, Words
from xiaobao.gateways.feeds.orders import BESIDE, COLUMNS, OrderFeed, facts_of
from xiaobao.gateways.feeds.sheets import Sheet
from xiaobao.kernel.money import MINOR_DIGITS

if TYPE_CHECKING:
    from collections.abc import Iterable

    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.orders.facts import FactKind

MONEY_LOOKS = re.compile(r"[0-9]{1,12}(\.[0-9]{1,3})?")
LOCAL_LOOKS = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2} [0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?")
NOT_MONEY = Words(
    "应为非负的十进制金额，例如 12.50",
    "this must be a decimal amount that is not negative, like 12.50",
)
NOT_LOCAL = Words(
    "应为 2026-01-31 09:30:00 这样的时间；电子表格会改写时间并丢掉秒，请重新导出",
    "this must be a time like 2026-01-31 09:30:00; spreadsheets rewrite times and lose their "
    "seconds, so export it again",
)
MISSING = Words("不能为空", "this may not be empty")


@dataclass(frozen=True)
class Cell:
    """One value of a row, with the name that the file gives its field."""

    field: str
    text: str = ""

    def __bool__(self) -> bool:
        return bool(self.text)


class Telling:
    """Collects what rows tell and what is wrong with them; `sheet` is what they came in."""

    def __init__(self, sheet: Sheet, *, currency: str, zone: str) -> None:
        self.sheet = sheet
        self.currency = currency
        self.zone = ZoneInfo(zone)
        self._told: list[tuple[int, dict[str, Cell]]] = []
        self._faults: dict[tuple[str, Words], dict[int, None]] = {}
        self._orders: dict[int, tuple[str, str]] = {}  # per row: seller and order
        self._spoilt: set[str] = set()

    def blame(self, row: int, field: str, words: Words) -> None:
        self._faults.setdefault((field, words), {})[row] = None

    def about(self, row: int, seller: str, order: str) -> None:
        """The row belongs to that order, whatever it tells."""
        self._orders[row] = (seller, order)

    def spoil(self, order: str) -> None:
        """A row of that order could not be read at all."""
        self._spoilt.add(order)

    def money(self, row: int, cell: Cell) -> Cell:
        """A decimal amount in minor units."""
        if not cell:
            return cell
        digits = MINOR_DIGITS[self.currency]
        minor = Decimal(cell.text) * 10**digits if MONEY_LOOKS.fullmatch(cell.text) else None
        if minor is None or minor != int(minor):
            self.blame(row, cell.field, NOT_MONEY)
            return Cell(cell.field)
        return Cell(cell.field, str(int(minor)))

    def local(self, row: int, cell: Cell) -> Cell:
        """A time on the market's own clocks, with its zone."""
        if not cell:
            return cell
        try:
            moment = datetime.fromisoformat(cell.text)
        except ValueError:
            moment = None
        if moment is None or not LOCAL_LOOKS.fullmatch(cell.text):
            self.blame(row, cell.field, NOT_LOCAL)
            return Cell(cell.field)
        return Cell(cell.field, moment.replace(tzinfo=self.zone).isoformat())

    def must(self, row: int, *cells: Cell) -> bool:
        """Whether each of these says something; those that do not are blamed."""
        for cell in cells:
            if not cell:
                self.blame(row, cell.field, MISSING)
        return all(cells)

    def tell(self, row: int, fact: FactKind, **cells: Cell) -> None:
        """One fact; nothing where its moment is not known."""
        if not cells["at"]:
            return
        self._told.append((row, {"fact": Cell("", fact.name.lower()), **cells}))

    def feed(self) -> OrderFeed:
        """What was told of orders of which nothing is wrong."""
        source = np.array([row for row, _ in self._told], np.int64)
        columns = {
            name: pa.array(
                [cells[name].text or None if name in cells else None for _, cells in self._told],
                pa.large_string(),
            )
            for name in COLUMNS
        }
        inner = facts_of(
            Sheet(self.sheet.file, columns, self.sheet.line[source], []), currency=self.currency
        )
        group = self._groups()
        before = self._bad()
        # A sum that another row spoilt is missing through no fault of the row that tells it.
        innocent = np.isin(group, group[before]) & ~before
        for fault in inner.faults:
            for told in fault.rows.tolist():
                row, cells = self._told[told]
                if not innocent[row]:
                    self.blame(row, cells.get(fault.field, Cell(fault.field)).field, fault.words)
        bad = self._bad()
        held = np.isin(group, group[bad]) | np.array(
            [self._order(row) in self._spoilt for row in range(len(self.sheet))], bool
        )
        faults = [
            Fault(field, words, np.array(sorted(rows), np.int64))
            for (field, words), rows in self._faults.items()
        ]
        if (held & ~bad).any():
            faults.append(Fault("", BESIDE, np.flatnonzero(held & ~bad)))
        kept = source[inner.kept]
        good = ~(bad | held)[kept]
        return OrderFeed(self.sheet, inner.facts.filter(pa.array(good)), kept[good], faults, group)

    def _bad(self) -> Mask:
        bad = np.zeros(len(self.sheet), bool)
        bad[[row for rows in self._faults.values() for row in rows]] = True
        return bad

    def _order(self, row: int) -> str | None:
        return self._orders[row][1] if row in self._orders else None

    def _groups(self) -> Int:
        """Per row the number of its order; rows of no order stand alone."""
        numbers: dict[object, int] = {}
        keys: Iterable[object] = (self._orders.get(row, row) for row in range(len(self.sheet)))
        return np.array([numbers.setdefault(key, len(numbers)) for key in keys], np.int64)
