"""CSV: Arrow's fast reader where the text is beyond doubt, else an exact one, line by line."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa
import pyarrow.csv as pa_csv

from xiaobao.gateways.feeds.faults import FileCutOff, FileUnusable, Unread, Words
from xiaobao.gateways.feeds.parquet_rows import one_array
from xiaobao.gateways.feeds.sheets import (
    LONG_LINE,
    LONGEST_LINE,
    RAW_KEPT,
    Sheet,
    check_columns,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

# Arrow reads in blocks; a row must fit into one.
BLOCK_BYTES = 16 * 1024 * 1024

NO_LINE_BREAK = Words(
    "文件末尾没有换行，可能被截断；确认完整后在末尾加一个换行",
    "the file does not end with a line break and may be cut off; if it is whole, add one",
)
UNCLOSED_QUOTE = Words(
    "此处开始的引号没有结束，其后的行都无法读取；请补上引号",
    "a quotation mark opened here is never closed, so nothing after it can be read; close it",
)
STRAY_QUOTE = Words(
    "引号使用有误；含引号的内容应整体加引号，内部引号写两次",
    "a quotation mark stands where none may; quote the whole field and double the marks inside",
)


def csv_sheet(file: Path, text: bytes, known: Sequence[str], required: Sequence[str]) -> Sheet:
    """Arrow's fast reader where the text is beyond doubt, else the exact one, line by line."""
    first = next(records(text), None)
    if first is None or isinstance(first, Unread):
        raise FileUnusable(
            file, first.words if first else Words("没有表头", "there is no header"), line=1
        )
    names = [name.strip() for name in first[1]]
    check_columns(file, names, known, required)
    sheet = _plain_csv(file, text, names) if first[0] == 1 else None
    if sheet is None:
        sheet = _exact_csv(file, text, names)
    return sheet if text.endswith((b"\n", b"\r")) else without_last_line(sheet)


def without_last_line(sheet: Sheet) -> Sheet:
    """The sheet of a text that does not end with a line break: its last line may be cut off.

    :raises FileCutOff: where that line is the header
    """
    if len(sheet) == 0 and not sheet.unread:
        raise FileCutOff(sheet.file, NO_LINE_BREAK, line=1)
    if len(sheet) == 0 or _ends_unread(sheet):
        return sheet
    last = len(sheet) - 1
    cells = tuple(values[last].as_py() or "" for values in sheet.columns.values())
    unread = [*sheet.unread, Unread(int(sheet.line[last]), NO_LINE_BREAK, "", cells)]
    columns = {name: values.slice(0, last) for name, values in sheet.columns.items()}
    return Sheet(sheet.file, columns, sheet.line[:last], unread)


def _ends_unread(sheet: Sheet) -> bool:
    return bool(sheet.unread) and sheet.unread[-1].line > int(sheet.line[-1])


def _plain_csv(file: Path, text: bytes, names: list[str]) -> Sheet | None:
    """The sheet where every line is one row and every quotation mark stands where it may."""
    if not _is_plain(text):
        return None
    try:
        table = pa_csv.read_csv(
            pa.BufferReader(text),
            read_options=pa_csv.ReadOptions(
                column_names=names, skip_rows=1, block_size=BLOCK_BYTES
            ),
            parse_options=pa_csv.ParseOptions(newlines_in_values=False),
            convert_options=pa_csv.ConvertOptions(
                column_types=dict.fromkeys(names, pa.large_string()),
                null_values=[""],
                strings_can_be_null=True,
                quoted_strings_can_be_null=True,
            ),
        )
    except pa.ArrowInvalid:
        return None
    ends = text.endswith(b"\n")
    if table.num_rows + 1 != text.count(b"\n") + (not ends):
        return None
    columns = {name: one_array(table[name]) for name in names}
    return Sheet(file, columns, np.arange(2, table.num_rows + 2), [])


def _is_plain(text: bytes) -> bool:
    if b"\r" in text and text.count(b"\r") != text.count(b"\r\n"):
        return False
    lengths = np.diff(np.flatnonzero(np.frombuffer(text, np.uint8) == ord("\n")), prepend=-1)
    if len(lengths) == 0 or int(lengths.max()) > LONGEST_LINE:
        return False
    return b'"' not in text or _quotes_are_plain(text)


def _quotes_are_plain(text: bytes) -> bool:
    """Whether each quotation mark opens, closes or is doubled, and all are closed."""
    body = np.frombuffer(b"\n" + text + b"\n", np.uint8)
    at = np.flatnonzero(body == ord('"'))
    before, after = body[at - 1], body[at + 1]
    edges = np.frombuffer(b',\r\n"', np.uint8)
    return len(at) % 2 == 0 and bool((np.isin(before, edges) | np.isin(after, edges)).all())


def records(text: bytes) -> Iterator[Any]:
    """Each record as (line, cells), or as Unread; blank lines are passed over."""
    lines = io.TextIOWrapper(io.BytesIO(text), encoding="utf-8", newline="")
    reader = csv.reader(lines, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as trouble:
            yield _unread_record(text, line, str(trouble))
            continue
        if cells:
            yield line, cells


def _unread_record(text: bytes, line: int, said: str) -> Unread:
    raw = text.split(b"\n", line)[line - 1][:RAW_KEPT].decode(errors="replace")
    if "end of data" in said:
        return Unread(line, UNCLOSED_QUOTE, raw)
    return Unread(line, LONG_LINE if "field limit" in said else STRAY_QUOTE, raw)


def _exact_csv(file: Path, text: bytes, names: list[str]) -> Sheet:
    cells: list[list[str]] = []
    line: list[int] = []
    unread: list[Unread] = []
    found = records(text)
    next(found)
    for record in found:
        if isinstance(record, Unread):
            unread.append(record)
        elif len(record[1]) != len(names):
            unread.append(Unread(record[0], other_count(len(record[1]), len(names)), "",
                                 tuple(record[1])))  # fmt: skip
        else:
            line.append(record[0])
            cells.append(record[1])
    by_column = list(zip(*cells, strict=True)) if cells else [()] * len(names)
    columns = {
        name: pa.array([value or None for value in values], pa.large_string())
        for name, values in zip(names, by_column, strict=True)
    }
    return Sheet(file, columns, np.array(line, np.int64), unread)


def other_count(found: int, wanted: int) -> Words:
    return Words(
        f"有 {found} 个字段，应为 {wanted} 个；可能被截断，或内容里的逗号没有加引号",
        f"there are {found} fields instead of {wanted}: the line is cut off, or a comma inside a "
        "field is not quoted",
    )
