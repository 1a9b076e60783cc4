"""Numbers below what the law asks, or above what can be called reasonable."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from xiaobao.promises.facts import ClockUnit, Finding
from xiaobao.promises.rules.formats import UNLIMITED, UNLIMITED_MINOR
from xiaobao.promises.rules.telling import number_words
from xiaobao.promises.rules.units import hours_in

if TYPE_CHECKING:
    from xiaobao.promises.facts import Pack, Term
    from xiaobao.promises.rules.statutes import Law, Limit
    from xiaobao.promises.rules.telling import Said


def limit_findings(pack: Pack, law: Law, effective_us: int) -> list[Finding]:
    """Rows in force from a moment on that break a limit of the law; what is before is history."""
    rows = [t for t in pack.terms if t.ends_us > effective_us]
    findings = []
    for limit in law.limits:
        bound = [t for t in rows if t.table == limit.table and fnmatchcase(t.key, limit.key)]
        if not bound and f"{limit.table}.csv" in pack.files and "*" not in limit.key:
            findings.append(_missing(law, limit))
        findings += [_broken(law, limit, t, pack.currency) for t in bound if breaks(limit, t)]
    return findings


def breaks(limit: Limit, term: Term) -> bool:
    if any(term.values.get(column) != value for column, value in limit.when.items()):
        return False
    value = int(term.values[limit.column])
    least, most = limit.least, limit.most
    if limit.unit:
        unit = ClockUnit[limit.unit.upper()]
        value = hours_in(
            value, int(term.values["unit" if term.table == "clocks" else "window_unit"])
        )
        least, most = (None if n is None else hours_in(n, unit) for n in (least, most))
    return (least is not None and value < least) or (most is not None and value > most)


def _broken(law: Law, limit: Limit, term: Term, currency: str) -> Finding:
    zh, en = law.cited(limit.law)
    is_floor = limit.least is not None
    bound_zh, bound_en = _bound(limit, currency)
    zh_at, en_at = ("至少", "at least") if is_floor else ("至多", "at most")
    if limit.least == UNLIMITED_MINOR:
        zh_at, en_at, bound_zh, bound_en = "写", "write", UNLIMITED, UNLIMITED
    return Finding(
        "below_law" if is_floor else "above_law", term.file, term.row, limit.column,
        f"{limit.zh}（{zh}）：{zh_at} {bound_zh}", f"{limit.en} ({en}): {en_at} {bound_en}",
        limit.law,
    )  # fmt: skip


def _missing(law: Law, limit: Limit) -> Finding:
    zh, en = law.cited(limit.law)
    return Finding(
        "missing_key", f"{limit.table}.csv", 0, "key",
        f"缺少“{limit.key}”一行（{zh}：{limit.zh}）：补上",
        f"no row for '{limit.key}' ({en}: {limit.en}): add one",
        limit.law,
    )  # fmt: skip


def _bound(limit: Limit, currency: str) -> Said:
    value = limit.most if limit.least is None else limit.least
    assert value is not None, "a limit has a side"
    return number_words(limit.column, value, limit.unit, currency)
