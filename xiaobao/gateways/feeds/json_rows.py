"""JSON Lines: one object per line; numbers keep the digits the file gives them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from xiaobao.gateways.feeds.faults import Unread, Words
from xiaobao.gateways.feeds.sheets import (
    ID_COLUMNS,
    LONG_LINE,
    LONGEST_LINE,
    RAW_KEPT,
    SAFE_WHOLE,
    Sheet,
    with_guess,
)

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


class Whole(str):
    """A whole number as the file writes it: its digits are kept, however many."""

    __slots__ = ()


class Fraction(str):
    """A number with a point or an exponent, as the file writes it."""

    __slots__ = ()


def _refuse_constant(name: str) -> None:
    raise ValueError(name)


def _members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    row = dict(pairs)
    if len(row) != len(pairs):
        raise KeyError
    return row


_DECODER = json.JSONDecoder(
    parse_int=Whole, parse_float=Fraction, parse_constant=_refuse_constant,
    object_pairs_hook=_members,
)  # fmt: skip


def json_sheet(file: Path, text: bytes, known: Sequence[str]) -> Sheet:
    rows: list[dict[str, Any]] = []
    line: list[int] = []
    unread: list[Unread] = []
    for number, raw in enumerate(text.split(b"\n"), 1):
        if not raw.strip():
            continue
        row = _json_row(raw, known)
        if isinstance(row, Words):
            unread.append(Unread(number, row, raw[:RAW_KEPT].decode(errors="replace")))
        else:
            line.append(number)
            rows.append(row)
    names = [name for name in known if any(name in row for row in rows)]
    columns = {
        name: pa.array([row.get(name) or None for row in rows], pa.large_string())
        for name in names
    }
    return Sheet(file, columns, np.array(line, np.int64), unread)


def _json_row(raw: bytes, known: Sequence[str]) -> dict[str, Any] | Words:  # noqa: PLR0911
    if len(raw) > LONGEST_LINE:
        return LONG_LINE
    try:
        row = _DECODER.decode(raw.decode())
    except KeyError:
        return Words("同一个键出现两次", "a key is given twice")
    except (ValueError, RecursionError):
        return Words(
            "不是完整的 JSON 对象；每行写一个 {…}",
            "this is not one whole JSON object; write one {…} per line",
        )
    if not isinstance(row, dict):
        return Words("每行应是一个 JSON 对象 {…}", "each line must be one JSON object {…}")
    unknown = [with_guess(name, known) for name in row if name not in known]
    if unknown:
        named = ", ".join(unknown[:5])
        return Words(f"不认识的键 {named}", f"unknown keys {named}")
    for name, value in row.items():
        words = _json_value(name, value)
        if words is not None:
            return words
    return row


def _json_value(name: str, value: Any) -> Words | None:
    if value is None or isinstance(value, str):
        try:
            (value or "").encode()
        except UnicodeEncodeError:
            return Words(
                f"{name}：不是有效的文字（单独的代理码元）",
                f"{name}: this is not text (a lone surrogate)",
            )
        if isinstance(value, Whole) and name in ID_COLUMNS and abs(int(value[:30])) > SAFE_WHOLE:
            return Words(
                f"{name}：{value[:30]} 大于 2^53，作为数字会丢失末位；请写成字符串",
                f"{name}: {value[:30]} is beyond 2^53 and loses digits as a number; write it as a "
                "string",
            )
        return None
    return Words(f"{name}：应是字符串或整数", f"{name}: this must be a string or a whole number")
