"""What is wrong with the words of a pack: void terms, deposit clauses missing, wrong language."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from xiaobao.promises.facts import Finding
from xiaobao.promises.rules.formats import FORMATS

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.promises.facts import Pack
    from xiaobao.promises.rules.statutes import Law, VoidTerm

# What must be agreed clearly of a deposit.
DEPOSIT_CLAUSES = {
    "deposit-amount": ("金额", "amount"),
    "deposit-management": ("管理", "management"),
    "deposit-use": ("使用", "use"),
    "deposit-refund": ("退还", "refund"),
}
LEAST_CLAUSE_LETTERS = 30
# A heading that ends in {#mark}, and what stands under it.
_SECTION = re.compile(r"^#+ [^\n]*\{#([a-z-]+)\}[^\n]*\n(.*?)(?=^#|\Z)", re.MULTILINE | re.DOTALL)
_HAN = re.compile("[\u4e00-\u9fff]")
# Marks of Markdown, and letters of no width: they may stand inside a word and change nothing.
_MARKS = re.compile("[*_`~\u200b-\u200f\u2060\ufeff]")


def agreement_findings(pack: Pack, law: Law) -> list[Finding]:
    """The four deposit clauses, each under a heading marked `{#deposit-…}`, in both languages."""
    findings = []
    cited_zh, cited_en = law.cited(law.deposit_law)
    for language, text in (("zh", pack.agreement.zh), ("en", pack.agreement.en)):
        sections = dict(_SECTION.findall(text))
        for mark, (zh, en) in DEPOSIT_CLAUSES.items():
            letters = len("".join(sections.get(mark, "").split()))
            if text.strip() and letters < LEAST_CLAUSE_LETTERS:
                findings.append(
                    Finding(
                        "agreement_clause", f"agreement.{language}.md", 0, mark,
                        f"协议须写明保证金的{zh}（{cited_zh}）：加一节，标题末尾写 {{#{mark}}}",
                        f"the agreement must say the {en} of the deposit ({cited_en}): add a "
                        f"section whose heading ends in {{#{mark}}}",
                        law.deposit_law,
                    )
                )  # fmt: skip
    return findings


def void_findings(pack: Pack, law: Law) -> list[Finding]:
    """Words that courts hold void in a standard contract."""
    return [
        _void(law, term, file, row, field)
        for file, row, field, is_chinese, text in _texts(pack)
        for term in law.void_terms
        if any(
            one.search(text) for one in (term.zh_patterns if is_chinese else term.en_patterns)
        )
    ]  # fmt: skip


def _void(law: Law, term: VoidTerm, file: str, row: int, field: str) -> Finding:
    zh, en = law.cited(term.law)
    return Finding(
        "void_term", file, row, field,
        f"“{term.zh}”类条款无效（{zh}）：删去", f"'{term.en}' is void ({en}): remove it",
        term.law,
    )  # fmt: skip


def _texts(pack: Pack) -> Iterator[tuple[str, int, str, bool, str]]:
    """File, row, field, whether Chinese, and the text as it is searched."""
    for file, row, field, text in _written(pack):
        is_chinese = field.endswith("zh") or file.endswith(".zh.md")
        plain = _MARKS.sub("", unicodedata.normalize("NFKC", text))
        blank = "" if is_chinese else " "
        yield file, row, field, is_chinese, blank.join(plain.lower().split())


def _written(pack: Pack) -> Iterator[tuple[str, int, str, str]]:
    yield "agreement.zh.md", 0, "", pack.agreement.zh
    yield "agreement.en.md", 0, "", pack.agreement.en
    for row, clause in enumerate(pack.clauses, 1):
        for field in ("title_zh", "title_en", "zh", "en"):
            yield "clauses.toml", row, field, getattr(clause, field)
    for term in pack.terms:
        for column in FORMATS[term.table].texts:
            yield term.file, term.row, column, str(term.values[column])


def language_findings(pack: Pack) -> list[Finding]:
    """Chinese words that hold no Chinese, and English words that do."""
    findings = []
    for file, row, field, text in _written(pack):
        wants_chinese = field.endswith("zh") or file.endswith(".zh.md")
        if not text.strip() or bool(_HAN.search(text)) == wants_chinese:
            continue
        findings.append(
            Finding(
                "wrong_language", file, row, field,
                "这里须是中文" if wants_chinese else "这里须是英文，不夹中文",
                "this must be Chinese" if wants_chinese else "this must be English, not Chinese",
            )
        )  # fmt: skip
    return findings
