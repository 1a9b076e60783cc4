"""A policy pack as books of terms: from a folder, a shipped pack, or a published version."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np

from xiaobao.claims.rules.law import law_of
from xiaobao.claims.terms import AwardTerms, BurdenTerms, ClaimRules, ClaimTerms
from xiaobao.deposits.terms import DepositRules, DepositTerms
from xiaobao.exits.terms import ConditionTerms, ExitRules
from xiaobao.hearings.terms import HearingTerms
from xiaobao.kernel.clocks import zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.problems import Problem
from xiaobao.orders.terms import CompensationTerms, ShippingTerms
from xiaobao.promises.packs import PackNotReadable, read_files, shipped
from xiaobao.promises.rules.books import book_from
from xiaobao.promises.rules.clocks import calendar_of
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.rules.notice import effective_us_of
from xiaobao.promises.terms import ClockTerms
from xiaobao.violations.terms import (
    BreachTerms,
    ClassTerms,
    KindTerms,
    RuleTerms,
    RulingTerms,
    StepTerms,
)

if TYPE_CHECKING:
    from collections.abc import Mapping

    from xiaobao.claims.rules.law import Law
    from xiaobao.kernel.books import Book
    from xiaobao.lab.history.shapes import Place
    from xiaobao.promises.facts import Pack


class PackUnsound(Problem):
    """The linter has findings: what such a pack says is not sure."""

    code = "lab.pack_unsound"
    status = 422
    zh = "规则包“{pack}”有 {count} 处要改，不能比较：{first_zh}（先看 xiaobao policy lint）"
    en = (
        "pack '{pack}' has {count} findings and cannot be compared: {first_en} "
        "(see xiaobao policy lint)"
    )


class PackOfAnotherMarket(Problem):
    """The pack speaks of another market than the history."""

    code = "lab.pack_of_another_market"
    status = 422
    zh = "规则包“{pack}”写的是市场“{market}”（{currency}），历史是市场“{here}”（{here_currency}）"
    en = (
        "pack '{pack}' is for market '{market}' ({currency}), the history is of market "
        "'{here}' ({here_currency})"
    )


class PackUnknown(Problem):
    """No folder, no shipped pack and no published version has this name."""

    code = "lab.pack_unknown"
    status = 404
    zh = "没有规则包“{pack}”：写文件夹、随附名称（{shipped}）或已发布的“名称@版本”（{published}）"
    en = (
        "no pack '{pack}': give a folder, a shipped name ({shipped}) or a published "
        "'name@version' ({published})"
    )


@dataclass(frozen=True)
class Penal:
    """What a pack says of violations."""

    kinds: Book[KindTerms]
    classes: Book[ClassTerms]
    rungs: Book[StepTerms]
    breaches: Book[BreachTerms]
    rulings: Book[RulingTerms]
    rules: Book[RuleTerms]


@dataclass(frozen=True)
class Leaving:
    """What a pack says of exits."""

    conditions: Book[ConditionTerms]
    rules: Book[ExitRules]
    clocks: Book[ClockTerms]


@dataclass(frozen=True)
class Policy:
    """What a pack says, as the rules read it."""

    name: str
    version: str
    sha256: str
    title_zh: str
    title_en: str
    effective_us: int
    shipping: Book[ShippingTerms]
    compensation: Book[CompensationTerms]
    deposit: Book[DepositTerms]
    sizing: Book[DepositRules]
    claims: Law
    hearings: Book[HearingTerms]
    violations: Penal
    exits: Leaving

    @property
    def label(self) -> str:
        return f"{self.name}@{self.version}"


def policy_of(
    files: Mapping[str, str], place: Place, asked: str, *, at_us: int | None = None,
    is_published: bool = False,
) -> Policy:  # fmt: skip
    """A pack's files as a policy over the categories of this history.

    With `at_us`, as if what it says of that moment had always held. A published pack was linted
    when it was published, and stands whatever a later linter says.

    :raises PackUnsound: if the linter has findings
    :raises PackOfAnotherMarket: if it is for another market or currency
    """
    pack, findings = lint_pack(files)
    if findings and not is_published:
        first = findings[0]
        where = ":".join(str(p) for p in (first.file, first.row or "", first.field) if p)
        raise PackUnsound(
            pack=pack.name or asked, count=len(findings), first_zh=f"{where}：{first.zh}",
            first_en=f"{where}: {first.en}",
        )  # fmt: skip
    if (pack.market, pack.currency) != (place.market, place.currency):
        raise PackOfAnotherMarket(
            pack=pack.name, market=pack.market, currency=pack.currency, here=place.market,
            here_currency=place.currency,
        )  # fmt: skip
    return _policy(pack if at_us is None else _as_of(pack, at_us), place)


def _as_of(pack: Pack, at_us: int) -> Pack:
    held = [t for t in pack.terms if t.begins_us <= at_us < t.ends_us]
    always = tuple(replace(t, begins_us=-FAR_US, ends_us=FAR_US) for t in held)
    return replace(pack, terms=always)


def _policy(pack: Pack, place: Place) -> Policy:
    known = {category.code for category in pack.categories}
    # A category of the history that the pack does not know has what its parent there has.
    here = [(n, c) for n, c in place.categories if c.code in known]
    here += [
        (n, _under_known(c, place, known)) for n, c in place.categories if c.code not in known
    ]

    def book(terms: Any) -> Any:
        return book_from(terms, pack.terms, here)

    return Policy(
        pack.name, pack.version, pack.sha256, pack.title_zh, pack.title_en,
        effective_us_of(tomllib.loads(pack.files["pack.toml"]), pack.zone),
        book(ShippingTerms), book(CompensationTerms), book(DepositTerms), book(DepositRules),
        law_of(
            book(ClaimTerms), book(BurdenTerms), book(AwardTerms), book(ClaimRules),
            zone=zone_of(place.zone), calendar=calendar_of(place.zone),
        ),
        book(HearingTerms),
        Penal(
            book(KindTerms), book(ClassTerms), book(StepTerms), book(BreachTerms),
            book(RulingTerms), book(RuleTerms),
        ),
        Leaving(book(ConditionTerms), book(ExitRules), book(ClockTerms)),
    )  # fmt: skip


def _under_known(category: Any, place: Place, known: set[str]) -> Any:
    parents = {c.code: c.parent for _, c in place.categories}
    code = category.parent
    while code and code not in known:
        code = parents[code]
    return type(category)(category.code, code or "general", category.zh, category.en)


def read_policy(asked: str, place: Place, at_us: int | None = None) -> Policy:
    """The policy of this name: a folder, a shipped pack, or `name@version` as published.

    With `at_us`, as if what it says of that moment had always held.

    :raises PackUnknown: if there is none
    :raises PackUnsound: if the linter has findings
    :raises PackOfAnotherMarket: if it is for another market or currency
    """
    for pack in reversed(place.packs):
        names = (f"{pack['name']}@{pack['version']}", pack["sha256"])
        if asked in names:
            return policy_of(pack["files"], place, asked, at_us=at_us, is_published=True)
    try:
        files = read_files(asked)
    except PackNotReadable as problem:
        if "/" in asked or asked in shipped():
            raise
        published = ", ".join(f"{p['name']}@{p['version']}" for p in place.packs) or "-"
        raise PackUnknown(
            pack=asked, shipped=", ".join(shipped()), published=published
        ) from problem
    return policy_of(files, place, asked, at_us=at_us)


def policy_in_force(place: Place, at_us: int | None = None) -> Policy:
    """What governed the market: the last pack of its line, whose rows say what held when.

    With `at_us`, as if what it says of that moment had always held.

    :raises PackUnknown: if the history knows no published pack
    """
    for pack in reversed(place.packs):
        if pack["name"] == place.line:
            return policy_of(
                pack["files"], place, str(pack["name"]), at_us=at_us, is_published=True
            )
    raise PackUnknown(pack=place.line, shipped=", ".join(shipped()), published="-")


def same_terms(one: Book[Any], other: Book[Any]) -> bool:
    """Both books say the same at every time, whatever their versions are called."""
    spans = ("key", "begins_us", "ends_us")
    if any(not np.array_equal(getattr(one, n), getattr(other, n)) for n in spans):
        return False
    left, right = one.rows.as_dict(), other.rows.as_dict()
    return all(np.array_equal(left[n], right[n]) for n in left if n != "version")
