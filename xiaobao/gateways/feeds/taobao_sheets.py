"""Exports of Taobao's seller centre: which of the known kinds a file is, and its rows as text.

Its versions differ in their columns and in the order of them, so a kind is known by the columns
that nothing else has; those that are not read are passed over. Ids come wrapped for spreadsheets
(`="35153…"`), headers with blanks around them, rows with commas behind them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import Enum
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from xiaobao.gateways.feeds.csv_rows import other_count, records, without_last_line
from xiaobao.gateways.feeds.faults import FileUnusable, Unread, Words, WrongColumns, WrongEncoding
from xiaobao.gateways.feeds.opening import read_bytes, text_of
from xiaobao.gateways.feeds.sheets import Sheet
from xiaobao.gateways.feeds.telling import Cell
from xiaobao.gateways.feeds.xlsx_rows import is_xlsx, xlsx_records

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

WRAPPED = re.compile(r'="(.*)"', re.DOTALL)


class Kind(Enum):
    """What an export lists."""

    ORDERS = "orders"
    PARTS = "parts"  # sub-orders: one line of one order each
    LINES = "lines"  # the lines of orders, without any time
    REFUNDS = "refunds"
    MOVEMENTS = "movements"  # of money: nothing of them is a fact of an order


# Each kind by the columns that only it has together, the most telling first; of columns that were
# renamed any one will do.
KINDS = {
    Kind.MOVEMENTS: (("入帐类型",), ("支付流水号",)),
    Kind.PARTS: (("子订单编号",), ("主订单编号",), ("订单创建时间",), ("买家应付货款",)),
    Kind.REFUNDS: (("退款编号",), ("订单编号",), ("退款的申请时间",), ("买家退款金额",)),
    Kind.ORDERS: (("订单编号",), ("订单创建时间",), ("买家应付货款",)),
    Kind.LINES: (("订单编号",), ("标题",), ("价格",), ("购买数量",)),
}
KEYS = {Kind.PARTS: "主订单编号"}
KEY = "订单编号"


@dataclass(frozen=True)
class Export:
    """One export: its kind, and its rows."""

    kind: Kind
    sheet: Sheet

    @property
    def key(self) -> str:
        """The column with the order's number."""
        return KEYS.get(self.kind, KEY)

    def rows(self) -> Iterable[Row]:
        named = {name: values.to_pylist() for name, values in self.sheet.columns.items()}
        for number in range(len(self.sheet)):
            yield Row(number, {name: plain(values[number]) for name, values in named.items()})

    def spoilt(self) -> Iterable[str]:
        """Orders of rows that could not be read, where they can be told."""
        place = list(self.sheet.columns).index(self.key)
        for one in self.sheet.unread:
            if len(one.cells) > place:
                yield plain(one.cells[place])


@dataclass(frozen=True)
class Row:
    number: int
    values: dict[str, str]

    def __call__(self, *names: str) -> Cell:
        """The first of these columns that the file has and that says something."""
        for name in names:
            if self.values.get(name):
                return Cell(name, self.values[name])
        return Cell(next((name for name in names if name in self.values), names[0]))


def plain(text: str | None) -> str:
    """A cell without what was put around it to get it through spreadsheets unharmed."""
    bare = (text or "").strip()
    wrapped = WRAPPED.fullmatch(bare)
    return (wrapped[1] if wrapped else bare.removeprefix("'")).strip()


def read_export(file: Path) -> Export:
    """Read an export, as CSV in GB18030 or UTF-8, or as XLSX.

    :raises FileUnusable: in one of its kinds, where the file as a whole cannot be read
    """
    body = read_bytes(file)
    text = b"\n" if is_xlsx(body) else _text(file, body)
    found: Iterator[Any] = xlsx_records(file, body) if is_xlsx(body) else records(text)
    header = next(found, None)
    if header is None or isinstance(header, Unread):
        words = header.words if header else Words("没有表头", "there is no header")
        raise FileUnusable(file, words, line=1)
    names = [name.strip() for name in header[1]]
    while names and not names[-1]:
        names.pop()
    kind = _kind(file, names, header[0])
    sheet = _sheet(file, names, found)
    if not text.endswith((b"\n", b"\r")):
        sheet = without_last_line(sheet)
    return Export(kind, sheet)


def _text(file: Path, body: bytes) -> bytes:
    """The seller centre wrote GB18030 for years and writes UTF-8 now: whichever it is."""
    try:
        return text_of(file, body, "utf-8")
    except WrongEncoding:
        return text_of(file, body, "gb18030")


def _kind(file: Path, names: list[str], line: int) -> Kind:
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        raise WrongColumns(
            file,
            Words(f"重复的列 {'、'.join(twice)}", f"columns given twice: {', '.join(twice)}"),
            line=line,
        )
    for kind, needed in KINDS.items():
        if all(any(name in names for name in choice) for choice in needed):
            if kind is Kind.MOVEMENTS:
                raise WrongColumns(file, NO_ORDERS, line=line)
            return kind
    # The kind that the file has most of; of two alike, the one that lacks less.
    nearest = max(
        (needed for kind, needed in KINDS.items() if kind is not Kind.MOVEMENTS),
        key=lambda needed: (len(needed) - len(_missing(needed, names)), -len(needed)),
    )
    missing = "、".join(_missing(nearest, names))
    raise WrongColumns(
        file,
        Words(
            f"不是已知的卖家中心导出：缺少列 {missing}；请导出订单、子订单、订单商品或退款",
            f"this is no export of the seller centre that is known: columns {missing} are "
            "missing; export orders, sub-orders, order lines or refunds",
        ),
        line=line,
    )


NO_ORDERS = Words(
    "这是动账明细：只有资金进出，没有订单事实；请导出订单、子订单或退款，"
    "资金用 xiaobao reconcile 核对",
    "these are movements of money, no facts of orders; export orders, sub-orders or refunds, "
    "and check money with xiaobao reconcile",
)


def _missing(needed: tuple[tuple[str, ...], ...], names: list[str]) -> list[str]:
    return [choice[0] for choice in needed if not any(name in names for name in choice)]


def _sheet(file: Path, names: list[str], found: Iterable[Any]) -> Sheet:
    rows: list[list[str]] = []
    line: list[int] = []
    unread: list[Unread] = []
    for record in found:
        if isinstance(record, Unread):
            unread.append(record)
            continue
        number, cells = record
        if any(cells[len(names) :]) or len(cells) < len(names):
            unread.append(Unread(number, other_count(len(cells), len(names)), "", tuple(cells)))
        elif any(cells):
            rows.append(cells[: len(names)])
            line.append(number)
    columns = {
        name: pa.array([cells[place] or None for cells in rows], pa.large_string())
        for place, name in enumerate(names)
        if name
    }
    return Sheet(file, columns, np.array(line, np.int64), unread)
