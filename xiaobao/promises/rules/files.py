"""A pack's files as they come: TOML and CSV with line numbers, words, dates; and findings.

Nothing is opened here: files come as text. A finding names file, row, field and the fix.
"""

from __future__ import annotations

import csv
import io
import re
import tomllib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from xiaobao.kernel.clocks import us_of
from xiaobao.promises.facts import Finding

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

Row = tuple[int, dict[str, Any]]


class Files:
    """One pass over the files; `findings` grows, and what could be read stands in the fields."""

    def __init__(self, texts: Mapping[str, str]) -> None:
        self.texts = dict(texts)
        self.findings: list[Finding] = []
        self.later: list[Finding] = []
        self.zone = ZoneInfo("UTC")

    def found(self, code: str, file: str, row: int, field: str, zh: str, en: str) -> None:
        self.findings.append(Finding(code, file, row, field, zh, en))

    def found_later(self, code: str, file: str, row: int, field: str, zh: str, en: str) -> None:
        """What earlier packs were not asked for: a row without it is read all the same."""
        self.later.append(Finding(code, file, row, field, zh, en))

    # -- whole files ---------------------------------------------------------------------------

    def toml(self, file: str) -> dict[str, Any]:
        if file not in self.texts:
            self.found(
                "missing_file", file, 0, "", f"缺少文件：新建 {file}", f"missing: add {file}"
            )
            return {}
        try:
            return tomllib.loads(self.texts[file])
        except tomllib.TOMLDecodeError as problem:
            line = re.search(r"line (\d+)", str(problem))
            row = int(line[1]) if line else 0
            self.found(
                "not_toml", file, row, "", f"TOML 语法错误：{problem}", f"not TOML: {problem}"
            )
            return {}

    def entries(self, file: str, name: str) -> list[Row]:
        """The `[[name]]` entries of a TOML file, numbered from 1."""
        read = self.toml(file)
        self.only(file, 0, read, [name])
        given = read.get(name, [])
        if not isinstance(given, list) or not all(isinstance(e, dict) for e in given):
            self.found(
                "not_entries", file, 0, name, f"写成 [[{name}]] 条目", f"write [[{name}]] entries"
            )
            return []
        return list(enumerate(given, 1))

    def lines(self, file: str) -> list[Row]:
        """The rows of a CSV file under its header, by line number; `#` begins a comment line."""
        kept = [
            "" if line.startswith("#") else line
            for line in self.texts[file].removeprefix("\ufeff").split("\n")
        ]
        reader = csv.reader(io.StringIO("\n".join(kept)), strict=True)
        out: list[Row] = []
        header: list[str] = []
        try:
            for cells in reader:
                if not cells:
                    continue
                if not header:
                    header = [c.strip() for c in cells]
                elif len(cells) == len(header):
                    out.append((reader.line_num, dict(zip(header, cells, strict=True))))
                else:
                    self.found(
                        "row_length", file, reader.line_num, "",
                        f"有 {len(cells)} 格，表头有 {len(header)} 格：补齐或删去",
                        f"{len(cells)} cells under a header of {len(header)}: fill or remove",
                    )  # fmt: skip
        except csv.Error as problem:
            self.found(
                "not_csv", file, reader.line_num, "", f"CSV 错误：{problem}", f"not CSV: {problem}"
            )
        return out

    def words(self, file: str, row: int, given: Mapping[str, Any], field: str) -> str:
        """A required text."""
        value = given.get(field)
        if isinstance(value, str) and value.strip():
            return value.strip()
        language = {"zh": "中文", "en": "英文"}.get(field.rsplit("_", 1)[-1], "")
        self.found(
            "missing_words", file, row, field,
            f"缺少{language}文字：填写 {field}", f"missing words: write {field}",
        )  # fmt: skip
        return ""

    def only(self, file: str, row: int, given: Mapping[str, Any], known: Sequence[str]) -> None:
        """Find every field that is not known, so that no misspelt one is passed over."""
        for field in given:
            if field not in known:
                self.found(
                    "unknown_field", file, row, field,
                    f"不认识“{field}”，已知：{', '.join(known)}",
                    f"unknown '{field}', known: {', '.join(known)}",
                )  # fmt: skip

    def moment(self, file: str, row: int, field: str, raw: object) -> int | None:
        """A date (its midnight in the pack's zone) or a time with its offset."""
        value = raw
        if isinstance(raw, str):
            try:
                value = datetime.fromisoformat(raw.strip())
                if len(raw.strip()) == len("2025-02-13"):
                    value = value.date()
            except ValueError:
                value = None
        if isinstance(value, datetime):
            if value.tzinfo is not None:
                return us_of(value)
        elif isinstance(value, date):
            return us_of(datetime.combine(value, time(), self.zone))
        self.found(
            "bad_moment", file, row, field,
            f"“{raw}”不是日期：写 2025-02-13，或带时区的 2025-02-13T00:00:00+08:00",
            f"'{raw}' is no date: write 2025-02-13, or 2025-02-13T00:00:00+08:00 with its offset",
        )  # fmt: skip
        return None
