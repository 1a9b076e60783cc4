"""The tables of a pack: each row with its key, span, values, clause, source and certainty."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import Certainty, Term
from xiaobao.promises.rules.formats import FORMATS, BadCell, Format, Keys, cell, names_of
from xiaobao.promises.rules.later import later_value

if TYPE_CHECKING:
    from xiaobao.promises.rules.files import Files

NOT_TABLES = {"pack", "clauses", "categories", "sources"}
ROW_FIELDS = ("key", "begins", "ends", "clause", "source", "certainty")
NOTE_FIELDS = ("clause", "source", "certainty")


def tables(files: Files) -> list[Term]:
    terms = []
    for file in sorted(files.texts):
        name, _, kind = file.rpartition(".")
        if kind == "md" or (name in NOT_TABLES and kind == "toml"):
            continue
        if name not in FORMATS or kind not in {"csv", "toml"}:
            known = ", ".join(FORMATS)
            files.found(
                "unknown_table", file, 0, "", f"不认识的表；已知：{known}（.csv 或 .toml）",
                f"unknown table; known: {known} (.csv or .toml)",
            )  # fmt: skip
            continue
        rows = files.lines(file) if kind == "csv" else files.entries(file, name)
        terms += [_term(files, name, file, row, given) for row, given in rows]
    return [t for t in terms if t is not None]


def _term(files: Files, table: str, file: str, row: int, given: dict[str, Any]) -> Term | None:
    format_ = FORMATS[table]
    before = len(files.findings)
    files.only(file, row, given, (*ROW_FIELDS, *format_.all_columns))
    key = _key(files, format_, file, row, given)
    begins = files.moment(file, row, "begins", given.get("begins", ""))
    ends_raw = given.get("ends", "")
    ends = FAR_US if ends_raw == "" else files.moment(file, row, "ends", ends_raw)
    values, notes = _values(files, table, file, row, given)
    certainty = _certainty(files, file, row, "certainty", given.get("certainty", ""))
    clause, source = (files.words(file, row, given, f) for f in ("clause", "source"))
    if len(files.findings) > before or begins is None or ends is None:
        return None
    return Term(table, key, begins, ends, values, clause, source, certainty, notes, file, row)


def _key(files: Files, format_: Format, file: str, row: int, given: dict[str, Any]) -> str:
    key = str(given.get("key", "")).strip()
    if format_.keys is Keys.NONE and key:
        files.found(
            "unknown_key",
            file,
            row,
            "key",
            "本表没有 key：留空",
            "this table has no key: leave empty",
        )
    if format_.keys is Keys.WORDS and key not in format_.words:
        known = ", ".join(format_.words)
        files.found(
            "unknown_key", file, row, "key",
            f"不认识“{key}”，可用：{known}", f"unknown '{key}', known: {known}",
        )  # fmt: skip
    if format_.keys is Keys.WORDS_CATEGORY:
        word, _, code = key.partition(".")
        if word not in format_.words or not code:
            known = ", ".join(format_.words)
            files.found(
                "unknown_key", file, row, "key",
                f"“{key}”：写“词.类目代码”，词可用：{known}",
                f"'{key}': write word.category, where the word is one of: {known}",
            )  # fmt: skip
    if format_.keys is Keys.CATEGORY and not key:
        files.found("unknown_key", file, row, "key", "写类目代码", "write a category's code")
    return key


def _certainty(files: Files, file: str, row: int, field: str, raw: object) -> int:
    names = names_of(Certainty)
    if raw in names:
        return int(Certainty[str(raw).upper()])
    files.found(
        "bad_certainty", file, row, field,
        f"“{raw}”：每个数字都要有把握程度，写 {'、'.join(names)} 之一",
        f"'{raw}': every number has a certainty, one of {', '.join(names)}",
    )  # fmt: skip
    return 0


def _values(
    files: Files, table: str, file: str, row: int, given: dict[str, Any]
) -> tuple[dict[str, int | bool | str], dict[str, dict[str, str]]]:
    values: dict[str, int | bool | str] = {}
    notes: dict[str, dict[str, str]] = {}
    format_ = FORMATS[table]
    for column in format_.all_columns:
        raw = given.get(column)
        if isinstance(raw, dict):
            notes[column] = _note(files, file, row, column, raw)
            raw = raw.get("value")
        if raw is None or raw == "":
            added = later_value(table, column)
            # A pack of before it was there stands, and is read; a draft has to fill it in.
            note = files.found if added is None else files.found_later
            note(
                "missing_value", file, row, column, f"缺少 {column}：填写",
                f"missing {column}: fill it in",
            )  # fmt: skip
            if added is not None:
                values[column] = added
            continue
        try:
            values[column] = cell(column, raw, is_text=column in format_.texts)
        except BadCell as problem:
            files.found(
                "bad_value", file, row, column,
                f"“{raw}”：{problem.zh}", f"'{raw}': {problem.en}",
            )  # fmt: skip
    return values, notes


def _note(files: Files, file: str, row: int, column: str, given: dict[str, Any]) -> dict[str, str]:
    files.only(file, row, given, ("value", *NOTE_FIELDS))
    if "certainty" in given:
        _certainty(files, file, row, f"{column}.certainty", given["certainty"])
    return {f: str(given[f]) for f in NOTE_FIELDS if f in given}
