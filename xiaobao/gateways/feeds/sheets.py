"""Sheets: the rows of a file as columns, each row with its line, before anything is believed."""

from __future__ import annotations

import difflib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.gateways.feeds.faults import Unread, Words, WrongColumns

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    import pyarrow as pa

    from xiaobao.kernel.columns import Int

LONGEST_LINE = 1024 * 1024
# How much of a line that could not be read is kept beside its reason.
RAW_KEPT = 2000
# Columns that hold outside names; a number there may have lost digits on its way.
ID_COLUMNS = ("seller", "order", "buyer", "item", "waybill")
SAFE_WHOLE = 2**53

LONG_LINE = Words(
    "这一行超过 1 MiB，可能缺换行或文件已损坏",
    "this line is longer than 1 MiB; line breaks are missing or the file is damaged",
)


@dataclass(frozen=True)
class Sheet:
    """A file's rows; columns are text where the file is text, and typed where it is typed."""

    file: Path
    columns: dict[str, pa.Array]
    line: Int  # per row, counted from 1; for Parquet the number of the row
    unread: list[Unread]

    def __len__(self) -> int:
        return len(self.line)


def check_columns(
    file: Path, names: Sequence[str], known: Sequence[str], required: Sequence[str]
) -> None:
    """Refuse missing, unknown and repeated columns.

    :raises WrongColumns: naming them all
    """
    twice = sorted({name for name in names if names.count(name) > 1})
    unknown = [name for name in names if name not in known]
    missing = [name for name in required if name not in names]
    if not (twice or unknown or missing):
        return
    if len(names) == 1 and any(mark in names[0] for mark in ";\t|"):
        raise WrongColumns(
            file,
            Words(
                "各列不是用逗号分隔的；请另存为逗号分隔的 CSV",
                "the columns are not separated by commas; save it as CSV with commas",
            ),
            line=1,
        )
    zh, en = [], []
    for words_zh, words_en, found in (
        ("缺少列", "missing columns", missing),
        ("不认识的列", "unknown columns", [with_guess(name, known) for name in unknown]),
        ("重复的列", "columns given twice", twice),
    ):
        if found:
            zh.append(f"{words_zh} {'、'.join(found)}")
            en.append(f"{words_en} {', '.join(found)}")
    allowed = ", ".join(known)
    raise WrongColumns(
        file,
        Words(f"{'；'.join(zh)}。可用的列：{allowed}", f"{'; '.join(en)}. Columns are: {allowed}"),
        line=1,
    )


def with_guess(name: str, known: Sequence[str]) -> str:
    near = difflib.get_close_matches(name.strip().lower(), known, n=1)
    shown = repr(name[:40])
    return f"{shown} ({near[0]}?)" if near else shown
