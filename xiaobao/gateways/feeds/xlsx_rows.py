"""XLSX: the first sheet of a workbook as text, cell by cell; formulas and styles are passed over.

Only what exports need is read. The sizes that the archive declares are checked before anything is
unpacked, and the parser is told how deep and how large things may be.
"""

from __future__ import annotations

import io
import re
import zipfile
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
NS = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
REFERENCE = re.compile(r"([A-Z]{1,3})[0-9]+")
TOO_LARGE = Words(
    "解压后超过 256 MiB；请分段导出",
    "unpacked it is larger than 256 MiB; export it in several parts",
)


def is_xlsx(body: bytes) -> bool:
    return body.startswith(BEGINNING)


def xlsx_records(file: Path, body: bytes) -> Iterator[tuple[int, list[str]]]:
    """Each row of the first sheet with its number; empty rows are passed over.

    :raises FileUnusable: in one of its kinds, where it is no workbook or cannot be read
    """
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            strings = _strings(_part(file, archive, STRINGS))
            sheet = _part(file, archive, SHEET)
            rows = [] if sheet is None else list(_rows(sheet, strings))
    except (zipfile.BadZipFile, OSError, ValueError) as trouble:
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


def _part(file: Path, archive: zipfile.ZipFile, name: str) -> ET.Element | None:
    if name not in archive.namelist():
        return None
    if archive.getinfo(name).file_size > MOST_BYTES:
        raise FileUnusable(file, TOO_LARGE)
    body = archive.read(name)
    if b"<!DOCTYPE" in body or b"<!ENTITY" in body:
        # No workbook has one; entities are how a small file becomes a huge one.
        raise FileNotWhatItSays(
            file, Words("工作簿中有 DOCTYPE", "there is a DOCTYPE in the workbook")
        )
    try:
        return ET.fromstring(body)  # noqa: S314  no DOCTYPE, so no entities
    except ET.ParseError as trouble:
        raise cut_off(file, str(trouble)) from None


def _strings(part: ET.Element | None) -> list[str]:
    return [] if part is None else [_text(one) for one in part.iter(f"{NS}si")]


def _text(element: ET.Element) -> str:
    """All the text below, without how it is to be pronounced."""
    return "".join(
        run.text or ""
        for child in element
        for run in ([child] if child.tag == f"{NS}t" else child.iter(f"{NS}t"))
        if child.tag != f"{NS}rPh"
    )


def _rows(sheet: ET.Element, strings: list[str]) -> Iterator[tuple[int, list[str]]]:
    width = 0
    for place, row in enumerate(sheet.iter(f"{NS}row"), 1):
        cells: list[str] = []
        for cell in row.iter(f"{NS}c"):
            column = _column(cell.get("r"), len(cells))
            cells += [""] * (column - len(cells))
            cells.append(_value(cell, strings))
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
