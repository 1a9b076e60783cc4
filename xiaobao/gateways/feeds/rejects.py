"""Rejected rows: told by line and reason, and written to a file to be mended and fed back."""

from __future__ import annotations

import csv
import os
from typing import TYPE_CHECKING

from xiaobao.gateways.feeds.faults import LISTED, BadRow, Words
from xiaobao.gateways.feeds.orders import COLUMNS, NOTES

if TYPE_CHECKING:
    from pathlib import Path

    from xiaobao.gateways.feeds.faults import Fault
    from xiaobao.gateways.feeds.orders import OrderFeed
    from xiaobao.gateways.feeds.sheets import Sheet


def bad_rows(feed: OrderFeed, most: int = LISTED) -> list[BadRow]:
    """The first `most` bad rows in the order of their lines."""
    first: dict[int, Fault] = {}
    for fault in feed.faults:
        for row in fault.rows.tolist():
            first.setdefault(row, fault)
    told = [_bad_row(feed.sheet, row, first[row]) for row in sorted(first)[:most]]
    told += [BadRow(one.line, "", "", one.words) for one in feed.sheet.unread[:most]]
    return sorted(told, key=lambda one: one.line)[:most]


def _bad_row(sheet: Sheet, row: int, fault: Fault) -> BadRow:
    return BadRow(int(sheet.line[row]), fault.field, _cell(sheet, fault.field, row), fault.words)


def _cell(sheet: Sheet, name: str, row: int) -> str:
    values = sheet.columns.get(name)
    value = None if values is None else values[row].as_py()
    return "" if value is None else str(value)


def write_rejected(feed: OrderFeed, file: Path, language: str) -> None:
    """Write every bad row with its line and reasons: UTF-8 CSV in the columns of the facts."""
    reasons: dict[int, list[str]] = {}
    for fault in feed.faults:
        for row in fault.rows.tolist():
            reasons.setdefault(row, []).append(_reason(fault.field, fault.words, language))
    rows = [
        (int(feed.sheet.line[row]), "; ".join(said), "",
         {name: _cell(feed.sheet, name, row) for name in COLUMNS})
        for row, said in reasons.items()
    ]  # fmt: skip
    names = list(feed.sheet.columns)
    for one in feed.sheet.unread:
        cells = dict(zip(names, one.cells, strict=False))
        raw = one.raw or ",".join(one.cells[len(names) :])
        rows.append((one.line, one.words.says(language), raw, cells))
    rows.sort(key=lambda row: row[0])
    part = file.with_name(file.name + f".{os.getpid()}.part")
    with part.open("w", encoding="utf-8", newline="") as out:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*COLUMNS, *NOTES])
        for line, problem, raw, cells in rows:
            writer.writerow([*(cells.get(name, "") for name in COLUMNS), line, problem, raw])
    part.replace(file)


def _reason(field: str, words: Words, language: str) -> str:
    return f"{field}: {words.says(language)}"
