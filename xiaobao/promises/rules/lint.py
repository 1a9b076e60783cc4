"""What is wrong with a pack as a whole: spans and references; and everything else asked of it."""

from __future__ import annotations

import tomllib
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import UNREAD_CLOCKS, Finding, Pack, Term
from xiaobao.promises.rules.cases import case_findings
from xiaobao.promises.rules.formats import FORMATS, Keys
from xiaobao.promises.rules.hearing import hearing_findings
from xiaobao.promises.rules.limits import limit_findings
from xiaobao.promises.rules.notice import (
    effective_us_of,
    notice_findings,
    understated_findings,
)
from xiaobao.promises.rules.reading import read_pack
from xiaobao.promises.rules.statutes import law_named
from xiaobao.promises.rules.texts import agreement_findings, language_findings, void_findings

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from xiaobao.promises.rules.majority import MarketSellers

UNREAD = frozenset(kind.name.lower() for kind in UNREAD_CLOCKS)


def lint_pack(
    files: Mapping[str, str], sellers: MarketSellers | None = None
) -> tuple[Pack, list[Finding]]:
    """The pack, its open ends closed by what follows, and every finding: none, or no pack.

    With `sellers` it is judged too for how many its changes matter.
    """
    pack, findings = read_pack(files)
    law = law_named(pack.law)
    # Rows that could not be read would be missed once more: their files come first.
    broken = {f.file for f in findings if f.row}
    terms, spans = close_spans(pack.terms, pack.covers_from_us)
    pack = replace(pack, terms=tuple(terms))
    head = _head(files)
    effective_us = effective_us_of(head, pack.zone)
    notice = notice_findings(head, pack, law)
    whole = [*spans, *missing_keys(pack), *limit_findings(pack, law, effective_us)]
    findings += [f for f in whole if f.file not in broken]
    findings += unknown_references(pack)
    findings += [*unread_clocks(pack, effective_us), *hearing_findings(pack, law, effective_us)]
    findings += case_findings(pack)
    findings += agreement_findings(pack, law)
    findings += void_findings(pack, law)
    findings += language_findings(pack)
    findings += notice
    if not findings:
        findings += understated_findings(pack, head, law, sellers)
    return pack, sorted(findings, key=lambda f: (f.file, f.row, f.field, f.code))


def _head(files: Mapping[str, str]) -> dict[str, Any]:
    try:
        return tomllib.loads(files.get("pack.toml", ""))
    except tomllib.TOMLDecodeError:
        return {}


def close_spans(terms: Iterable[Term], covers_from_us: int) -> tuple[list[Term], list[Finding]]:
    """Each row ends where it says, else where the next row of its key begins."""
    by_key: dict[tuple[str, str], list[Term]] = {}
    for term in sorted(terms, key=lambda t: t.name):
        by_key.setdefault((term.table, term.key), []).append(term)
    findings: list[Finding] = []
    closed: list[Term] = []
    for rows in by_key.values():
        # A key that the engine can do without may begin later.
        is_needed = rows[0].key in FORMATS[rows[0].table].needs
        if is_needed and rows[0].begins_us > covers_from_us:
            findings.append(_gap(rows[0], covers_from_us, rows[0].begins_us))
        followed = [_followed(row, after) for row, after in pairwise(rows)]
        closed += [row for row, _ in followed] + [rows[-1]]
        findings += [finding for _, finding in followed if finding is not None]
        may_end = rows[-1].table == "clocks" and rows[-1].key in UNREAD
        if rows[-1].begins_us < rows[-1].ends_us != FAR_US and not may_end:
            findings.append(_gap(rows[-1], rows[-1].ends_us, FAR_US))
    findings += [_ends_early(row) for row in closed if row.ends_us <= row.begins_us]
    return closed, findings


def _followed(row: Term, after: Term) -> tuple[Term, Finding | None]:
    """A row with its end, given the next row of its key; and what is wrong between them."""
    if row.ends_us == FAR_US and row.begins_us < after.begins_us:
        return replace(row, ends_us=after.begins_us), None
    if row.ends_us > after.begins_us:
        return row, _overlap(row, after)
    if row.ends_us < after.begins_us:
        return row, _gap(after, row.ends_us, after.begins_us)
    return row, None


def _ends_early(row: Term) -> Finding:
    return Finding(
        "ends_early", row.file, row.row, "ends",
        "ends 须晚于 begins", "ends must be later than begins",
    )  # fmt: skip


def _overlap(row: Term, following: Term) -> Finding:
    since = moment_of(following.begins_us)
    named = following.key or following.table
    return Finding(
        "overlap", following.file, following.row, "begins",
        f"“{named}”自 {since} 起与第 {row.row} 行重叠：改 begins，或把那一行的 ends 提前",
        f"'{named}' overlaps row {row.row} from {since}: move begins, or end that row earlier",
    )  # fmt: skip


def _gap(row: Term, since_us: int, until_us: int) -> Finding:
    named = row.key or row.table
    since = moment_of(since_us)
    until = "∞" if until_us == FAR_US else str(moment_of(until_us))
    return Finding(
        "gap", row.file, row.row, "begins" if until_us == row.begins_us else "ends",
        f"“{named}”在 {since} 至 {until} 之间没有有效的行：补一行，或改起止",
        f"'{named}' has no row in force from {since} to {until}: add a row, or move its ends",
    )  # fmt: skip


def missing_keys(pack: Pack) -> list[Finding]:
    """Tables and keys that must be there."""
    known: dict[str, set[str]] = {}
    for term in pack.terms:
        known.setdefault(term.table, set()).add(term.key)
    files = {file.rpartition(".")[0]: file for file in pack.files}
    findings = []
    for table, format_ in FORMATS.items():
        if table not in files:
            if format_.may_lack:
                continue
            findings.append(
                Finding(
                    "missing_table", f"{table}.csv", 0, "",
                    f"缺少“{format_.zh}”表：新建 {table}.csv 或 {table}.toml",
                    f"missing table '{format_.en}': add {table}.csv or {table}.toml",
                )
            )  # fmt: skip
            continue
        findings += [
            Finding("missing_key", files[table], 0, "key", f"缺少“{key or table}”一行：补上",
                    f"no row for '{key or table}': add one")
            for key in format_.needs if key not in known.get(table, set())
        ]  # fmt: skip
    return findings


def unread_clocks(pack: Pack, effective_us: int) -> list[Finding]:
    """Clocks in force from a moment on that nothing reads: what they promise would not happen."""
    return [
        Finding(
            "unread_clock", term.file, term.row, "key",
            f"“{term.key}”没有任何地方读取，写了也不起作用：删去；已发布的，在 ends 写生效日",
            f"nothing reads '{term.key}', so it does nothing: take it out; where it was "
            "published, let it end on the day of effect",
        )
        for term in pack.terms
        if term.table == "clocks" and term.key in UNREAD and term.ends_us > effective_us
    ]  # fmt: skip


def unknown_references(pack: Pack) -> list[Finding]:
    """Clauses, sources and categories that a row names and no file holds."""
    clauses = {c.ref for c in pack.clauses}
    categories = {c.code for c in pack.categories}
    findings = []
    for term in pack.terms:
        row = {"clause": term.clause, "source": term.source}
        for column, named in [("", row), *term.notes.items()]:
            where = f"{column}." if column else ""
            if "clause" in named and named["clause"] not in clauses:
                findings.append(_unknown(term, f"{where}clause", named["clause"], "clauses.toml"))
            # A source may be followed by a colon and a place in it.
            source = named.get("source", "").partition(":")[0]
            if "source" in named and source not in pack.sources:
                findings.append(_unknown(term, f"{where}source", source, "sources.toml"))
        code = category_in(term)
        if code and code not in categories:
            findings.append(_unknown(term, "key", code, "categories.toml"))
    return findings


def category_in(term: Term) -> str:
    """The category that a row's key names; empty where it names none."""
    keys = FORMATS[term.table].keys
    if keys is Keys.WORDS_CATEGORY:
        return term.key.partition(".")[2]
    return term.key if keys is Keys.CATEGORY else ""


def _unknown(term: Term, field: str, name: str, file: str) -> Finding:
    return Finding(
        "unknown_reference", term.file, term.row, field,
        f"“{name}”不在 {file} 中：在那里补上，或改正此处",
        f"'{name}' is not in {file}: add it there, or mend it here",
    )  # fmt: skip
