"""Order files: rows in documented columns become order facts, or are named with what is wrong."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from xiaobao.gateways.feeds.cells import Cells, is_empty, mask_of
from xiaobao.gateways.feeds.faults import Fault, Words, WrongColumns
from xiaobao.gateways.feeds.reading import read_sheet
from xiaobao.gateways.feeds.rejects import NOTES
from xiaobao.kernel.money import MINOR_DIGITS
from xiaobao.orders.facts import FACT_SCHEMA, CancelReason, FactKind, Route

if TYPE_CHECKING:
    from collections.abc import Sequence
    from enum import IntEnum
    from pathlib import Path

    from xiaobao.gateways.feeds.sheets import Sheet
    from xiaobao.kernel.columns import Int, Mask
    from xiaobao.orders.acts import FactsRefused

REQUIRED = ("seller", "order", "fact", "at")
COLUMNS = tuple(FACT_SCHEMA.names)

K = FactKind
# What a fact must say, and what it may say beside that.
MUST = {
    "buyer": (K.PLACED,),
    "goods": (K.PLACED,),
    "currency": (K.PLACED,),
    "item": (K.LINE,),
    "quantity": (K.LINE,),
    "price": (K.LINE,),
    "amount": (K.REFUND_ASKED, K.REFUND_PAID),
}
MAY = {
    "freight": (K.PLACED,),
    "category": (K.PLACED,),
    "ship_by": (K.PLACED,),
    "ship_hours": (K.PLACED,),
    "route": (K.PLACED,),
    "title": (K.LINE,),
    "waybill": (K.LABELLED, K.SCANNED),
    "item": (K.REFUND_ASKED, K.REFUND_PAID),
    "reason": (K.CANCELLED,),  # empty where nobody says
}
# Least and greatest of what is not simply any amount.
BETWEEN = {"quantity": (1, 10**9), "ship_hours": (1, 100_000), "amount": (1, 10**14)}


MUST_SAY = Words("此类事实必须填写这一列", "this fact must say it")
BESIDE = Words(
    "同一订单的其他行有误；整笔订单等待改正",
    "another row of this order is wrong; the whole order waits until it is mended",
)


@dataclass(frozen=True)
class OrderFeed:
    """A file's facts, and what is wrong with the rest."""

    sheet: Sheet
    facts: pa.Table  # FACT_SCHEMA, what the good rows tell, in the file's order
    kept: Int  # of each fact the position of its row in the sheet
    faults: list[Fault]
    group: Int | None = None  # per row of the sheet: rows of one number go in together

    def without(self, refused: FactsRefused) -> OrderFeed:
        """The feed less the rows that were refused, which are now among its faults."""
        bad = np.zeros(len(self.sheet), bool)
        faults = list(self.faults)
        for one in refused.bad_rows:
            rows = self.kept[one.row - 1 : one.row]
            bad[rows] = True
            faults.append(Fault(one.field, Words(one.words.zh, one.words.en), rows))
        if self.group is not None:
            beside = np.isin(self.group, self.group[bad]) & ~bad
            if beside.any():
                faults.append(Fault("", BESIDE, np.flatnonzero(beside)))
            bad |= beside
        good = ~bad[self.kept]
        facts = self.facts.filter(pa.array(good))
        return OrderFeed(self.sheet, facts, self.kept[good], faults, self.group)

    def shown_as(self, sheet: Sheet) -> OrderFeed:
        """The same, with other columns to tell what is wrong from."""
        return replace(self, sheet=sheet)


def read_order_file(file: Path, *, currency: str, encoding: str = "utf-8") -> OrderFeed:
    """Read a CSV, JSON Lines or Parquet file of order facts.

    :raises FileUnusable: in one of its kinds, where the file as a whole cannot be read
    """
    sheet = read_sheet(file, encoding=encoding, known=(*COLUMNS, *NOTES), required=REQUIRED)
    feed = facts_of(sheet, currency=currency)
    # One such row may be a mistake of that row; where several have it, the file has no column.
    lacking = {
        fault.field for fault in feed.faults
        if fault.words is MUST_SAY and len(fault.rows) > 1 and fault.field not in sheet.columns
    }  # fmt: skip
    if lacking:
        raise WrongColumns(file, _lacking_words([name for name in COLUMNS if name in lacking]))
    return feed


def _lacking_words(names: list[str]) -> Words:
    """Of columns that facts of the file need, and no line has: said once, not line by line."""
    zh = "；".join(f"缺少列 {name}，{_kinds(MUST[name])} 必须有它" for name in names)
    en = "; ".join(
        f"column {name} is missing, and {_kinds(MUST[name])} needs it" for name in names
    )
    return Words(f"{zh}。未记录任何内容", f"{en}. Nothing was recorded")


def _kinds(kinds: Sequence[FactKind]) -> str:
    return ", ".join(one.name.lower() for one in kinds)


def facts_of(sheet: Sheet, *, currency: str) -> OrderFeed:
    """The facts of a sheet whose columns are known."""
    cells = Cells(len(sheet))
    given = sheet.columns.get
    columns: dict[str, pa.Array] = {
        name: cells.ids(name, given(name)) for name in ("seller", "order", "buyer", "item")
    }
    columns |= {name: cells.texts(name, given(name)) for name in ("title", "category")}
    columns["waybill"] = cells.ids("waybill", given("waybill"))
    for name in ("goods", "freight", "amount", "quantity", "price", "ship_hours"):
        columns[name] = cells.wholes(name, given(name))
    columns |= {name: cells.moments(name, given(name)) for name in ("at", "ship_by")}
    columns["fact"] = _word(cells, "fact", given("fact"), list(FactKind))
    columns["route"] = _word(cells, "route", given("route"), list(Route))
    columns["reason"] = _word(cells, "reason", given("reason"), list(CancelReason)[1:])
    columns["currency"] = _currency(cells, given("currency"), currency)
    _check_presence(cells, sheet, columns)
    for name, (least, most) in BETWEEN.items():
        if is_empty(columns[name]):
            continue
        wrong = pc.or_(pc.less(columns[name], least), pc.greater(columns[name], most))
        cells.blame(
            name,
            Words(f"应为 {least} 至 {most}", f"this must be between {least} and {most}"),
            mask_of(pc.fill_null(wrong, fill_value=False)),
        )
    bad = cells.bad
    table = pa.Table.from_arrays([columns[name] for name in COLUMNS], names=list(COLUMNS))
    kept = np.flatnonzero(~bad)
    facts = (table.take(pa.array(kept)) if bad.any() else table).cast(FACT_SCHEMA)
    return OrderFeed(sheet, facts, kept, cells.faults)


def _word(
    cells: Cells, field: str, values: pa.Array | None, members: Sequence[IntEnum]
) -> pa.Array:
    return cells.words(
        field, values, [member.name.lower() for member in members], [int(m) for m in members]
    )


def _currency(cells: Cells, values: pa.Array | None, currency: str) -> pa.Array:
    codes = cells.words("currency", values, list(MINOR_DIGITS), range(len(MINOR_DIGITS)))
    if is_empty(codes):
        return pa.nulls(len(codes), pa.large_string())
    place = list(MINOR_DIGITS).index(currency)
    cells.blame(
        "currency",
        Words(
            f"市场的货币是 {currency}；请用该货币，或导入另一个市场（--market）",
            f"the market keeps {currency}; use it, or import into another market (--market)",
        ),
        mask_of(pc.fill_null(pc.not_equal(codes, place), fill_value=False)),
    )
    return pc.take(pa.array(list(MINOR_DIGITS), pa.large_string()), codes)


def _check_presence(cells: Cells, sheet: Sheet, columns: dict[str, pa.Array]) -> None:
    """Each fact says what it must, and nothing that belongs to another fact."""
    for name in REQUIRED:
        cells.blame(name, Words("不能为空", "this may not be empty"), ~_given(sheet, name))
    kind = pc.fill_null(columns["fact"], 0).to_numpy(zero_copy_only=False)
    for name in {**MUST, **MAY}:
        is_given = _given(sheet, name)
        must = MUST.get(name, ())
        may = (*must, *MAY.get(name, ()))
        allowed = _kinds(may)
        cells.blame(name, MUST_SAY, _among(must)[kind] & ~is_given)
        cells.blame(
            name,
            Words(f"只属于 {allowed}；请留空", f"only {allowed} says it; leave it empty"),
            is_given & (kind > 0) & ~_among(may)[kind],
        )


@cache
def _among(kinds: tuple[FactKind, ...]) -> Mask:
    """For each number that a fact may have, and for 0, whether it is one of these."""
    return np.isin(np.arange(max(FactKind) + 1), kinds)


def _given(sheet: Sheet, name: str) -> Mask:
    """Where the file itself says something in this column, right or wrong."""
    values = sheet.columns.get(name)
    if values is None or is_empty(values):
        return np.zeros(len(sheet), bool)
    if pa.types.is_large_string(values.type):
        return mask_of(pc.fill_null(pc.not_equal(values, ""), fill_value=False))
    return mask_of(values.is_valid())
