"""From the text of a pack's files to a pack, and everything that is wrong on the way.

Nothing is opened here: files come as text. A finding names file, row, field and the fix.
"""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tomllib
from datetime import date, datetime, time
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from xiaobao.kernel.clocks import UnknownZone, us_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.money import MINOR_DIGITS
from xiaobao.promises.facts import Agreement, Category, Certainty, Clause, Finding, Pack, Term
from xiaobao.promises.rules.formats import FORMATS, BadCell, Format, Keys, cell, names_of

if TYPE_CHECKING:
    from collections.abc import Mapping

NOT_TABLES = {"pack", "clauses", "categories", "sources"}
ROW_FIELDS = ("key", "begins", "ends", "clause", "source", "certainty")
NOTE_FIELDS = ("clause", "source", "certainty")
GENERAL = Category("general", "", "通用", "general")
_NAME = re.compile(r"[a-z0-9][a-z0-9_-]{0,31}")


def digest_of(files: Mapping[str, str]) -> str:
    """The content hash of a pack: every file's name and text, in order of name."""
    made = hashlib.sha256()
    for name in sorted(files):
        for part in (name.encode(), files[name].encode()):
            made.update(len(part).to_bytes(8, "big") + part)
    return made.hexdigest()


class Reading:
    """One pass over the files; `findings` grows, and what could be read stands in the fields."""

    def __init__(self, files: Mapping[str, str]) -> None:
        self.files = dict(files)
        self.findings: list[Finding] = []
        self.zone = ZoneInfo("UTC")

    def found(self, code: str, file: str, row: int, field: str, zh: str, en: str) -> None:
        self.findings.append(Finding(code, file, row, field, zh, en))

    # -- whole files ---------------------------------------------------------------------------

    def toml(self, file: str) -> dict[str, Any]:
        if file not in self.files:
            self.found("missing_file", file, 0, "", f"缺少文件：新建 {file}", f"missing: add {file}")
            return {}
        try:
            return tomllib.loads(self.files[file])
        except tomllib.TOMLDecodeError as problem:
            line = re.search(r"line (\d+)", str(problem))
            row = int(line[1]) if line else 0
            self.found(
                "not_toml", file, row, "", f"TOML 语法错误：{problem}", f"not TOML: {problem}"
            )
            return {}

    def entries(self, file: str, name: str) -> list[tuple[int, dict[str, Any]]]:
        """The `[[name]]` entries of a TOML file, numbered from 1."""
        known = self.toml(file)
        given = known.pop(name, [])
        for other in known:
            self.found(
                "unknown_field", file, 0, other,
                f"不认识“{other}”：本文件只写 [[{name}]] 条目",
                f"unknown '{other}': this file holds [[{name}]] entries only",
            )  # fmt: skip
        if not isinstance(given, list) or not all(isinstance(e, dict) for e in given):
            self.found(
                "not_entries", file, 0, name, f"写成 [[{name}]] 条目", f"write [[{name}]] entries"
            )
            return []
        return list(enumerate(given, 1))

    def lines(self, file: str) -> list[tuple[int, dict[str, Any]]]:
        """The rows of a CSV file under its header, by line number; `#` begins a comment line."""
        kept = [
            "" if line.startswith("#") else line
            for line in self.files[file].removeprefix("\ufeff").split("\n")
        ]
        reader = csv.reader(io.StringIO("\n".join(kept)), strict=True)
        out: list[tuple[int, dict[str, Any]]] = []
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

    # -- parts ---------------------------------------------------------------------------------

    def set_zone(self, name: object) -> str:
        try:
            if not isinstance(name, str):
                raise UnknownZone(name)
            zone_of(name)
            self.zone = ZoneInfo(name)
        except UnknownZone:
            self.found(
                "unknown_zone", "pack.toml", 0, "zone",
                f"不认识时区“{name}”：写 IANA 名称，如 Asia/Shanghai",
                f"unknown zone '{name}': write an IANA name such as Asia/Shanghai",
            )  # fmt: skip
            return "UTC"
        return str(name)

    def clauses(self, market: str) -> tuple[Clause, ...]:
        made = []
        for row, given in self.entries("clauses.toml", "clauses"):
            ref = self.words("clauses.toml", row, given, "id")
            if ref and not ref.startswith(f"{market}."):
                self.found(
                    "clause_name", "clauses.toml", row, "id",
                    f"条款编号“{ref}”须以“{market}.”开头",
                    f"clause '{ref}' must begin with '{market}.'",
                )  # fmt: skip
            fields = ("title_zh", "title_en", "zh", "en")
            made.append(
                Clause(ref, *(self.words("clauses.toml", row, given, f) for f in fields))
            )
        self._only_once("clauses.toml", "id", [c.ref for c in made])
        return tuple(made)

    def categories(self) -> tuple[Category, ...]:
        made = []
        for row, given in self.entries("categories.toml", "categories"):
            code = self.words("categories.toml", row, given, "code")
            zh, en = (self.words("categories.toml", row, given, f) for f in ("zh", "en"))
            parent = given.get("parent", "" if code == GENERAL.code else GENERAL.code)
            made.append(Category(code, str(parent), zh, en))
        codes = [c.code for c in made]
        self._only_once("categories.toml", "code", codes)
        for row, category in enumerate(made, 1):
            if category.parent and category.parent not in codes[: row - 1]:
                self.found(
                    "unknown_parent", "categories.toml", row, "parent",
                    f"上级“{category.parent}”须写在本条之前",
                    f"parent '{category.parent}' must stand before this entry",
                )  # fmt: skip
        if GENERAL.code not in codes:
            self.found(
                "missing_key", "categories.toml", 0, "code",
                "缺少 general：其他类目都归于它", "missing 'general', under which all others stand",
            )  # fmt: skip
        return tuple(made)

    def sources(self) -> dict[str, str]:
        made = {}
        for row, given in self.entries("sources.toml", "sources"):
            ref = self.words("sources.toml", row, given, "id")
            self.words("sources.toml", row, given, "zh")
            made[ref] = self.words("sources.toml", row, given, "en")
        return made

    def _only_once(self, file: str, field: str, names: list[str]) -> None:
        for row, name in enumerate(names, 1):
            if name and name in names[: row - 1]:
                self.found(
                    "twice", file, row, field, f"“{name}”写了两次：删去一条",
                    f"'{name}' stands twice: remove one",
                )  # fmt: skip

    def agreement(self, given: object) -> Agreement:
        version = ""
        if isinstance(given, dict):
            version = self.words("pack.toml", 0, given, "version")
        else:
            self.found(
                "missing_field", "pack.toml", 0, "agreement",
                "缺少 [agreement] version", "missing [agreement] version",
            )  # fmt: skip
        texts = {}
        for language in ("zh", "en"):
            file = f"agreement.{language}.md"
            texts[language] = self.files.get(file, "")
            if not texts[language].strip():
                self.found(
                    "missing_file", file, 0, "", f"缺少协议：新建 {file}",
                    f"missing agreement: add {file}",
                )  # fmt: skip
        body = f"{texts['zh']}\0{texts['en']}"
        return Agreement(version, texts["zh"], texts["en"], hashlib.sha256(body.encode()).hexdigest())

    # -- tables --------------------------------------------------------------------------------

    def tables(self) -> list[Term]:
        terms = []
        for file in sorted(self.files):
            name, _, kind = file.rpartition(".")
            if kind == "md" or (name in NOT_TABLES and kind == "toml"):
                continue
            if name not in FORMATS or kind not in {"csv", "toml"}:
                known = ", ".join(FORMATS)
                self.found(
                    "unknown_table", file, 0, "", f"不认识的表；已知：{known}（.csv 或 .toml）",
                    f"unknown table; known: {known} (.csv or .toml)",
                )  # fmt: skip
                continue
            rows = self.lines(file) if kind == "csv" else self.entries(file, name)
            terms += [self._term(name, file, row, given) for row, given in rows]
        return [t for t in terms if t is not None]

    def _term(self, table: str, file: str, row: int, given: dict[str, Any]) -> Term | None:
        format_ = FORMATS[table]
        before = len(self.findings)
        key = self._key(format_, file, row, given)
        begins = self.moment(file, row, "begins", given.get("begins", ""))
        ends_raw = given.get("ends", "")
        ends = FAR_US if ends_raw == "" else self.moment(file, row, "ends", ends_raw)
        values, notes = self._values(format_, file, row, given)
        certainty = self._certainty(file, row, "certainty", given.get("certainty", ""))
        clause, source = (self.words(file, row, given, f) for f in ("clause", "source"))
        if len(self.findings) > before or begins is None or ends is None:
            return None
        return Term(
            table, key, begins, ends, values, clause, source, certainty, notes, file, row
        )

    def _key(self, format_: Format, file: str, row: int, given: dict[str, Any]) -> str:
        key = str(given.get("key", "")).strip()
        if format_.keys is Keys.NONE and key:
            self.found(
                "unknown_key", file, row, "key", "本表没有 key：留空", "this table has no key: leave empty"
            )
        if format_.keys is Keys.WORDS and key not in format_.words:
            known = ", ".join(format_.words)
            self.found(
                "unknown_key", file, row, "key",
                f"不认识“{key}”，可用：{known}", f"unknown '{key}', known: {known}",
            )  # fmt: skip
        if format_.keys is Keys.CATEGORY and not key:
            self.found(
                "unknown_key", file, row, "key", "写类目代码", "write a category's code"
            )
        return key

    def _certainty(self, file: str, row: int, field: str, raw: object) -> int:
        names = names_of(Certainty)
        if raw in names:
            return int(Certainty[str(raw).upper()])
        self.found(
            "bad_certainty", file, row, field,
            f"“{raw}”：每个数字都要有把握程度，写 {'、'.join(names)} 之一",
            f"'{raw}': every number has a certainty, one of {', '.join(names)}",
        )  # fmt: skip
        return 0

    def _values(
        self, format_: Format, file: str, row: int, given: dict[str, Any]
    ) -> tuple[dict[str, int | bool | str], dict[str, dict[str, str]]]:
        values: dict[str, int | bool | str] = {}
        notes: dict[str, dict[str, str]] = {}
        for column in format_.all_columns:
            raw = given.get(column)
            if isinstance(raw, dict):
                notes[column] = self._note(file, row, column, raw)
                raw = raw.get("value")
            if raw is None or raw == "":
                self.found(
                    "missing_value", file, row, column, f"缺少 {column}：填写",
                    f"missing {column}: fill it in",
                )  # fmt: skip
                continue
            try:
                values[column] = cell(column, raw, is_text=column in format_.texts)
            except BadCell as problem:
                self.found(
                    "bad_value", file, row, column,
                    f"“{raw}”：{problem.zh}", f"'{raw}': {problem.en}",
                )  # fmt: skip
        for column in given:
            if column not in format_.all_columns and column not in ROW_FIELDS:
                known = ", ".join(format_.all_columns)
                self.found(
                    "unknown_column", file, row, column,
                    f"不认识的列，已知：{known}", f"unknown column, known: {known}",
                )  # fmt: skip
        return values, notes

    def _note(
        self, file: str, row: int, column: str, given: dict[str, Any]
    ) -> dict[str, str]:
        for field in given:
            if field != "value" and field not in NOTE_FIELDS:
                self.found(
                    "unknown_field", file, row, f"{column}.{field}",
                    f"不认识“{field}”；可写 value, clause, source, certainty",
                    f"unknown '{field}'; write value, clause, source, certainty",
                )  # fmt: skip
        if "certainty" in given:
            self._certainty(file, row, f"{column}.certainty", given["certainty"])
        return {f: str(given[f]) for f in NOTE_FIELDS if f in given}


def read_pack(files: Mapping[str, str]) -> tuple[Pack, list[Finding]]:
    """The pack in these files, and what could not be read in it."""
    reading = Reading(files)
    head = reading.toml("pack.toml")
    name, market, version = (reading.words("pack.toml", 0, head, f) for f in ("name", "market", "version"))
    for field, value in (("name", name), ("market", market)):
        if value and not _NAME.fullmatch(value):
            reading.found(
                "bad_name", "pack.toml", 0, field, f"“{value}”：用小写字母、数字、- 和 _",
                f"'{value}': lower-case letters, digits, - and _",
            )  # fmt: skip
    zone = reading.set_zone(head.get("zone"))
    currency = head.get("currency")
    if currency not in MINOR_DIGITS:
        known = ", ".join(MINOR_DIGITS)
        reading.found(
            "unknown_currency", "pack.toml", 0, "currency",
            f"不认识币种“{currency}”，可用：{known}", f"unknown currency '{currency}', known: {known}",
        )  # fmt: skip
    covers_from = reading.moment("pack.toml", 0, "covers_from", head.get("covers_from", ""))
    title = head.get("title", {})
    titles = [
        reading.words("pack.toml", 0, {f"title_{k}": v for k, v in title.items()}, f)
        for f in ("title_zh", "title_en")
    ]
    return Pack(
        name=name, market=market, version=version, zone=zone, currency=str(currency),
        title_zh=titles[0], title_en=titles[1], covers_from_us=covers_from or 0,
        agreement=reading.agreement(head.get("agreement")),
        clauses=reading.clauses(market), categories=reading.categories(),
        sources=reading.sources(), terms=tuple(reading.tables()),
        files=dict(files), sha256=digest_of(files),
    ), reading.findings  # fmt: skip
