"""Claims that the law gives whoever buys certain goods: no category of such goods may lack one."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.promises.facts import Finding

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.promises.facts import Category, Pack, Term
    from xiaobao.promises.rules.statutes import Heard, Law


def hearing_findings(pack: Pack, law: Law, effective_us: int) -> list[Finding]:
    """Categories of such goods, by place or by name, in which the claim is not heard."""
    above = {one.code: one.parent for one in pack.categories}
    rows = [t for t in pack.terms if t.table == "claims" and t.ends_us > effective_us]
    return [
        _unheard(law, asked, one)
        for asked in law.heard
        for one in pack.categories
        if _is_meant(asked, one, above) and not _is_heard(asked, one.code, above, rows)
    ]


def _line(code: str, above: dict[str, str]) -> Iterator[str]:
    """The category, and those it stands beneath; a circle is found elsewhere."""
    seen: set[str] = set()
    while code and code not in seen:
        yield code
        seen.add(code)
        code = above.get(code, "")


def _is_meant(asked: Heard, one: Category, above: dict[str, str]) -> bool:
    said = (one.code.lower(), one.zh, one.en.lower())
    is_named = any(pattern.search(words) for pattern in asked.patterns for words in said)
    return is_named or any(code in asked.codes for code in _line(one.code, above))


def _is_heard(asked: Heard, code: str, above: dict[str, str], rows: list[Term]) -> bool:
    for step in _line(code, above):
        found = [row for row in rows if row.key == f"{asked.claim}.{step}"]
        if found:
            return all(bool(row.values["is_heard"]) for row in found)
    return True  # without any row the table itself is refused


def _unheard(law: Law, asked: Heard, one: Category) -> Finding:
    zh, en = law.cited(asked.law)
    return Finding(
        "unheard_claim", "categories.toml", 0, one.code,
        f"“{one.zh}”是这类商品，而“{asked.claim}”在此不受理（{zh}：{asked.zh}）：归到受理它的上级类目，"
        f"或在 claims 中加一行 {asked.claim}.{one.code}",
        f"'{one.en}' is such goods, and '{asked.claim}' is not heard there ({en}: {asked.en}): "
        f"put it beneath a category where it is, or add a row {asked.claim}.{one.code} to claims",
        asked.law,
    )  # fmt: skip
