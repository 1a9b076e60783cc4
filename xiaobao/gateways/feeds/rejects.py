"""Rejected rows: told by line and reason, and written to a file to be mended and fed back."""

from __future__ import annotations

import csv
import filecmp
import os
import stat
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.gateways.feeds.faults import LISTED, BadRow

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path
    from typing import TextIO

    from xiaobao.gateways.feeds.faults import Fault
    from xiaobao.gateways.feeds.sheets import Sheet

# Columns that a file of rejected rows carries beside its own; reading passes over them.
NOTES = ("line", "problem", "raw")


def count_bad(sheet: Sheet, faults: Sequence[Fault]) -> int:
    """How many rows are bad, each counted once."""
    bad = np.zeros(len(sheet), bool)
    for fault in faults:
        bad[fault.rows] = True
    return int(bad.sum()) + len(sheet.unread)


def bad_rows(sheet: Sheet, faults: Sequence[Fault], most: int = LISTED) -> list[BadRow]:
    """The first `most` bad rows in the order of their lines, each with its first reason."""
    first: dict[int, Fault] = {}
    for fault in faults:
        # More of one fault are not listed, whatever the others are.
        for row in fault.rows[:most].tolist():
            first.setdefault(row, fault)
    told = [
        BadRow(int(sheet.line[row]), fault.field, _cell(sheet, fault.field, row), fault.words)
        for row, fault in sorted(first.items())
    ]
    told += [BadRow(one.line, "", "", one.words) for one in sheet.unread[:most]]
    return sorted(told, key=lambda one: one.line)[:most]


def _cell(sheet: Sheet, name: str, row: int) -> str:
    values = sheet.columns.get(name)
    value = None if values is None else values[row].as_py()
    return "" if value is None else str(value)


def write_rejected(
    sheet: Sheet, faults: Sequence[Fault], columns: Sequence[str], folder: Path, language: str
) -> Path:
    """Write every bad row with its line and reasons as UTF-8 CSV; return the file.

    :raises OSError: where the folder may not be written
    """

    def write(out: TextIO) -> None:
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow([*columns, *NOTES])
        rows = sorted(_rows(sheet, faults, columns, language), key=_line_of)
        writer.writerows(rows)

    return keep_file(sheet.file, folder, ".csv", write)


def keep_file(source: Path, folder: Path, ending: str, write: Callable[[TextIO], None]) -> Path:
    """The file of what was rejected, written whole or not at all.

    A file that is there already is kept, for somebody may be mending it: the next free name is
    taken, unless it says the same. Whoever may not read the source may not read its bad rows.
    """
    part = folder / f".{source.name}.{os.getpid()}.part"
    part.unlink(missing_ok=True)
    try:
        held = os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, _mode_like(source))
        with os.fdopen(held, "w", encoding="utf-8", newline="") as out:
            write(out)
        file = _free_name(folder, source.stem, ending, part)
        part.replace(file)
    finally:
        part.unlink(missing_ok=True)
    return file


def _mode_like(file: Path) -> int:
    """As the file may be read; by its owner alone where it is gone by now."""
    try:
        return stat.S_IMODE(file.stat().st_mode) & 0o666 | 0o600
    except OSError:
        return 0o600


def _free_name(folder: Path, stem: str, ending: str, part: Path) -> Path:
    number = 1
    while True:
        mark = f".rejected-{number}" if number > 1 else ".rejected"
        file = folder / (stem + mark + ending)
        if not file.exists() or filecmp.cmp(file, part, shallow=False):
            return file
        number += 1


def _line_of(row: Sequence[str | int]) -> int:
    return int(row[-len(NOTES)])


def reasons_of(faults: Sequence[Fault], language: str) -> dict[int, list[str]]:
    """Per bad row everything that is wrong with it, each reason once."""
    reasons: dict[int, dict[str, None]] = {}
    for fault in faults:
        words = fault.words.says(language)
        said = f"{fault.field}: {words}" if fault.field else words
        for row in fault.rows.tolist():
            reasons.setdefault(row, {})[said] = None
    return {row: list(said) for row, said in reasons.items()}


def _rows(
    sheet: Sheet, faults: Sequence[Fault], columns: Sequence[str], language: str
) -> Iterator[list[str | int]]:
    """Each bad row once: its own cells, then line, problem, raw."""
    for row, said_all in reasons_of(faults, language).items():
        cells = [_cell(sheet, name, row) for name in columns]
        yield [*cells, int(sheet.line[row]), "; ".join(said_all), ""]
    names = list(sheet.columns)
    for one in sheet.unread:
        told = dict(zip(names, one.cells, strict=False))
        raw = one.raw or ",".join(one.cells[len(names) :])
        cells = [told.get(name, "") for name in columns]
        yield [*cells, one.line, one.words.says(language), raw]
