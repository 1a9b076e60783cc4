"""JSON bodies of other systems: each object knows its line, and numbers keep their digits."""

from __future__ import annotations

import json
from bisect import bisect_right
from dataclasses import dataclass
from json import scanner
from json.decoder import JSONObject  # type: ignore[attr-defined]
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow as pa

from xiaobao.gateways.feeds.faults import FileUnusable, Unread, Words
from xiaobao.gateways.feeds.opening import read_bytes, text_of
from xiaobao.gateways.feeds.sheets import RAW_KEPT, Sheet
from xiaobao.gateways.feeds.telling import Cell

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

NOT_JSON = Words(
    "不是完整的 JSON；请重新保存整个回应",
    "this is not whole JSON; save the whole answer again",
)


class Placed(dict[str, Any]):
    """An object of a document, with the line on which it begins."""

    line = 1

    def cell(self, *names: str) -> Cell:
        """The first of these fields that says something, as text."""
        for name in names:
            value = self.get(name)
            if value not in (None, "") and not isinstance(value, dict | list):
                return Cell(name, str(value).strip())
        return Cell(names[0])

    def many(self, *path: str) -> list[Placed]:
        """The objects of a list somewhere below; nothing where there is none."""
        value: Any = self
        for name in path:
            value = value.get(name) if isinstance(value, dict) else None
        return [one for one in value or () if isinstance(one, Placed)]


class _Decoder(json.JSONDecoder):
    """The standard decoder, in its slower form that lets each object be told its place."""

    def __init__(self, text: str, first_line: int) -> None:
        super().__init__(parse_int=str, parse_float=str)
        breaks = [at for at, mark in enumerate(text) if mark == "\n"]
        inner: Any = JSONObject

        def placed(s_and_end: Any, *rest: Any) -> tuple[Placed, int]:
            found, end = inner(s_and_end, *rest)
            one = Placed(found)
            one.line = first_line + bisect_right(breaks, s_and_end[1] - 1)
            return one, end

        self.parse_object = placed
        self.scan_once = scanner.py_make_scanner(self)  # type: ignore[attr-defined]


@dataclass(frozen=True)
class Entries:
    """The things of a file, each under the name of its kind."""

    sheet: Sheet
    kinds: list[str]
    bodies: list[Placed]

    def of(self, *kinds: str) -> Iterator[tuple[int, Placed]]:
        return ((n, one) for n, one in enumerate(self.bodies) if self.kinds[n] in kinds)


def bodies_of(file: Path) -> tuple[list[Placed], list[Unread]]:
    """The documents of a file: one, a list of them, or one on each line.

    :raises FileUnusable: in one of its kinds, where the file as a whole cannot be read
    """
    text = text_of(file, read_bytes(file), "utf-8").decode()
    try:
        whole = _Decoder(text, 1).decode(text)
    except (ValueError, RecursionError):
        return _lines(file, text)
    found = whole if isinstance(whole, list) else [whole]
    if not all(isinstance(one, Placed) for one in found):
        raise FileUnusable(file, Words("应是 JSON 对象", "these must be JSON objects"))
    return found, []


def _lines(file: Path, text: str) -> tuple[list[Placed], list[Unread]]:
    bodies: list[Placed] = []
    unread: list[Unread] = []
    for number, line in enumerate(text.split("\n"), 1):
        if not line.strip():
            continue
        try:
            one = _Decoder(line, number).decode(line)
        except (ValueError, RecursionError):
            one = None
        if isinstance(one, Placed):
            bodies.append(one)
        else:
            unread.append(Unread(number, NOT_JSON, line[:RAW_KEPT]))
    if not bodies:
        raise FileUnusable(file, NOT_JSON)
    return bodies, unread


def entries_of(file: Path, found: Sequence[tuple[str, Placed]], unread: list[Unread]) -> Entries:
    line = np.array([one.line for _, one in found], np.int64)
    return Entries(
        Sheet(file, {}, line, unread), [kind for kind, _ in found], [one for _, one in found]
    )


def shown(entries: Entries, fields: Sequence[str]) -> Sheet:
    """The sheet with these fields as columns, for telling what is wrong with them."""
    columns = {
        name: pa.array([one.cell(name).text or None for one in entries.bodies], pa.large_string())
        for name in fields
        if name
    }
    return Sheet(entries.sheet.file, columns, entries.sheet.line, entries.sheet.unread)
