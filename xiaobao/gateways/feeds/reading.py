"""Reading a file into a sheet, by its ending."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.gateways.feeds.csv_rows import csv_sheet
from xiaobao.gateways.feeds.faults import FileUnusable, Words
from xiaobao.gateways.feeds.json_rows import json_sheet
from xiaobao.gateways.feeds.opening import read_bytes, text_of
from xiaobao.gateways.feeds.parquet_rows import parquet_sheet
from xiaobao.gateways.feeds.sheets import Sheet, check_columns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

KINDS = {".csv": "csv", ".jsonl": "jsonl", ".ndjson": "jsonl", ".parquet": "parquet"}


def read_sheet(
    file: Path, *, encoding: str, known: Sequence[str], required: Sequence[str]
) -> Sheet:
    """Read a file by its ending.

    :raises FileUnusable: in one of its kinds, where the file as a whole cannot be read
    """
    kind = KINDS.get(file.suffix.lower())
    if kind is None and not file.is_dir():
        raise FileUnusable(
            file,
            Words(
                f"不认识扩展名 {file.suffix or '（无）'}；请用 {'、'.join(KINDS)}",
                f"ending {file.suffix or '(none)'} is not known; use {', '.join(KINDS)}",
            ),
        )
    body = read_bytes(file)
    if kind == "parquet":
        sheet = parquet_sheet(file, body)
    elif kind == "jsonl":
        sheet = json_sheet(file, text_of(file, body, encoding, may_choose=True), known)
    else:
        sheet = csv_sheet(file, text_of(file, body, encoding, may_choose=True), known, required)
    check_columns(file, list(sheet.columns), known, required if len(sheet) else ())
    return sheet
