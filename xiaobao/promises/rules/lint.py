"""What is wrong with a pack as a whole: spans, references, the agreement, notice, void terms."""

from __future__ import annotations

import re
import tomllib
from dataclasses import replace
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.promises.facts import Finding, Pack, Term
from xiaobao.promises.rules.formats import FORMATS, Keys
from xiaobao.promises.rules.notice import notice_findings
from xiaobao.promises.rules.reading import read_pack

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

# E-Commerce Law, article 58: amount, management, use and refund of a deposit are agreed clearly.
DEPOSIT_CLAUSES = {
    "deposit-amount": ("金额", "amount"),
    "deposit-management": ("管理", "management"),
    "deposit-use": ("使用", "use"),
    "deposit-refund": ("退还", "refund"),
}
LEAST_CLAUSE_LETTERS = 30
# A heading that ends in {#mark}, and what stands under it.
_SECTION = re.compile(r"^#+ [^\n]*\{#([a-z-]+)\}[^\n]*\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
# Void as a standard term: 法释〔2022〕8, article 1.
VOID_TERMS = ("最终解释权", "final interpretation", "final right of interpretation")


def lint_pack(files: Mapping[str, str]) -> tuple[Pack, list[Finding]]:
    """The pack, its open ends closed by what follows, and every finding: none, or no pack."""
    pack, findings = read_pack(files)
    # Rows that could not be read would be missed once more: their files come first.
    broken = {f.file for f in findings if f.row}
    terms, spans = close_spans(pack.terms, pack.covers_from_us)
    pack = replace(pack, terms=tuple(terms))
    findings += [f for f in (*spans, *missing_keys(pack)) if f.file not in broken]
    findings += unknown_references(pack)
    findings += agreement_findings(pack)
    findings += void_terms(pack)
    findings += notice_findings(_head(files), pack.zone)
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
        if rows[-1].begins_us < rows[-1].ends_us != FAR_US:
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
        is_category = FORMATS[term.table].keys is Keys.CATEGORY
        if is_category and term.key not in categories:
            findings.append(_unknown(term, "key", term.key, "categories.toml"))
    return findings


def _unknown(term: Term, field: str, name: str, file: str) -> Finding:
    return Finding(
        "unknown_reference", term.file, term.row, field,
        f"“{name}”不在 {file} 中：在那里补上，或改正此处",
        f"'{name}' is not in {file}: add it there, or mend it here",
    )  # fmt: skip


def agreement_findings(pack: Pack) -> list[Finding]:
    """The four deposit clauses, each under a heading marked `{#deposit-…}`, in both languages."""
    findings = []
    for language, text in (("zh", pack.agreement.zh), ("en", pack.agreement.en)):
        sections = dict(_SECTION.findall(text))
        for mark, (zh, en) in DEPOSIT_CLAUSES.items():
            letters = len("".join(sections.get(mark, "").split()))
            if letters < LEAST_CLAUSE_LETTERS:
                findings.append(
                    Finding(
                        "agreement_clause", f"agreement.{language}.md", 0, mark,
                        f"协议须写明保证金的{zh}：加一节，标题末尾写 {{#{mark}}}",
                        f"the agreement must say the {en} of the deposit: add a section whose "
                        f"heading ends in {{#{mark}}}",
                    )
                )  # fmt: skip
    return findings


def void_terms(pack: Pack) -> list[Finding]:
    """Words that courts hold void in a standard contract."""
    texts = [(f, 0, t) for f, t in pack.files.items() if f.startswith("agreement.")]
    texts += [("clauses.toml", n, f"{c.zh}\n{c.en}") for n, c in enumerate(pack.clauses, 1)]
    return [
        Finding(
            "void_term", file, row, "",
            f"“{words}”类条款无效：删去", f"'{words}' is void: remove it",
        )
        for file, row, text in texts for words in VOID_TERMS if words in text.lower()
    ]  # fmt: skip
