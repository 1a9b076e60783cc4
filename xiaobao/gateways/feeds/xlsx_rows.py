"""XLSX: the first sheet of a workbook as text, cell by cell; formulas and styles are passed over.

Only what exports need is read. It is unpacked up to a limit whatever the archive declares, row by
row: rows, columns and cells are counted, for a small archive may hold a sheet without end.
"""

from __future__ import annotations

import io
import re
import zipfile
import zlib
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from xiaobao.gateways.feeds.faults import FileNotWhatItSays, FileUnusable, Words
from xiaobao.gateways.feeds.opening import cut_off

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

BEGINNING = b"PK\x03\x04"
SHEET = "xl/worksheets/sheet1.xml"
STRINGS = "xl/sharedStrings.xml"
MOST_BYTES = 2**28
# A workbook is text, and packs to a tenth or so: what packs to a two-hundredth is none.
MOST_RATIO, ANY_RATIO_BYTES = 200, 2**24
# Exports have up to 70 columns; a worksheet at most 1,048,576 rows.
MOST_COLUMNS, MOST_ROWS, MOST_CELLS = 1_000, 2**20, 2**24
TOO_MANY = Words(
    "工作表的行、列或单元格太多（至多 1048576 行、1000 列、1677 万格）；请分段导出",
    "the sheet has too many rows, columns or cells (at most 1,048,576 rows, 1,000 columns, 16.7 "
    "million cells); export it in several parts",
)
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
TOO_LARGE = Words(
    "解压后超过 256 MiB，或超过压缩包的 200 倍；请分段导出",
    "unpacked it is larger than 256 MiB, or than 200 times what it packs to; export it in parts",
)


def is_xlsx(body: bytes) -> bool:
    return body.startswith(BEGINNING)


def xlsx_records(file: Path, body: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first sheet with its number; empty rows are passed over.

    :raises FileUnusable: in one of its kinds, where it is no workbook or cannot be read
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            strings = _strings(file, _part(file, archive, STRINGS))
            sheet = _part(file, archive, SHEET)
            rows = [] if sheet is None else list(_rows(file, sheet, strings))
    except (zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError) as trouble:
        raise cut_off(file, str(trouble)) from None
    if sheet is None:
        raise FileNotWhatItSays(
            file,
            Words(
                "不是 XLSX 工作簿；请重新导出，或另存为 UTF-8 CSV",
                "this is no XLSX workbook; export it again, or save it as CSV in UTF-8",
            ),
        )
    return iter(rows)


def _part(file: Path, archive: zipfile.ZipFile, name: str) -> bytes | None:
    if name not in archive.namelist():
        return None
    packed_to = archive.getinfo(name).compress_size
    most = min(MOST_BYTES, max(ANY_RATIO_BYTES, MOST_RATIO * packed_to))
    with archive.open(name) as packed:
        body = packed.read(most + 1)
    if len(body) > most:
        raise FileUnusable(file, TOO_LARGE)
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        # No workbook has one; entities are how a small file becomes a huge one.
        raise FileNotWhatItSays(
            file, Words("工作簿中有 DOCTYPE", "there is a DOCTYPE in the workbook")
        )
    return body


def _elements(file: Path, part: bytes, tag: str) -> Iterator[ET.Element]:
    """Each element of that name once it is whole; what was read of it is let go afterwards."""
    inside: list[ET.Element] = []
    try:
        # No DOCTYPE, so no entities.
        for event, element in ET.iterparse(io.BytesIO(part), events=("start", "end")):  # noqa: S314
            if event == "start":
                inside.append(element)
                continue
            inside.pop()
            if element.tag == tag:
                yield element
                if inside:
                    inside[-1].clear()
    except ET.ParseError as trouble:
        raise cut_off(file, str(trouble)) from None


def _strings(file: Path, part: bytes | None) -> list[str]:
    if part is None:
        return []
    strings: list[str] = []
    for one in _elements(file, part, f"{NS}si"):
        strings.append(_text(one))
        if len(strings) > MOST_CELLS:
            raise FileUnusable(file, TOO_MANY)
    return strings


def _text(element: ET.Element) -> str:
    """All the text below, without how it is to be pronounced."""
    return "".join(
        run.text or ""
        for child in element
        for run in ([child] if child.tag == f"{NS}t" else child.iter(f"{NS}t"))
        if child.tag != f"{NS}rPh"
    )


def _rows(file: Path, sheet: bytes, strings: list[str]) -> Iterator[tuple[int, list[str]]]:
    width, read = 0, 0
    for place, row in enumerate(_elements(file, sheet, f"{NS}row"), 1):
        cells: list[str] = []
        for cell in row.iter(f"{NS}c"):
            column = _column(cell.get("r"), len(cells))
            if column >= MOST_COLUMNS:
                raise FileUnusable(file, TOO_MANY)
            cells += [""] * (column - len(cells))
            cells.append(_value(cell, strings))
        read += max(width, len(cells))
        if place > MOST_ROWS or read > MOST_CELLS:
            raise FileUnusable(file, TOO_MANY)
        if any(cells):
            # Cells that are empty at the end of a row are often left out.
            width = width or len(cells)
            yield int(row.get("r", place)), cells + [""] * (width - len(cells))


def _column(reference: str | None, at: int) -> int:
    found = REFERENCE.fullmatch(reference or "")
    if found is None:
        return at
    number = 0
    for letter in found[1]:
        number = number * 26 + ord(letter) - ord("A") + 1
    return number - 1


def _value(cell: ET.Element, strings: list[str]) -> str:
    kind = cell.get("t")
    if kind == "inlineStr":
        inner = cell.find(f"{NS}is")
        return "" if inner is None else _text(inner)
    text = cell.findtext(f"{NS}v") or ""
    if kind == "s":
        return strings[int(text)] if text.isdigit() and int(text) < len(strings) else ""
    return text
