"""Publishing a pack: its terms come into force for orders placed from then on."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.problems import Problem
from xiaobao.promises import store
from xiaobao.promises.facts import PackRow
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.changes import Refusal, changes_between
from xiaobao.promises.rules.lint import lint_pack

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Finding, Pack, Term

SHOWN_FINDINGS = 5


class PackRefused(Problem):
    """The linter has findings; `findings` on the problem holds all of them."""

    code = "pack_refused"
    status = 422
    zh = "规则包“{pack}”有 {count} 处要改：{first_zh}"
    en = "pack '{pack}' has {count} findings: {first_en}"

    def __init__(self, pack: str, findings: list[Finding]) -> None:
        self.findings = findings
        some = findings[:SHOWN_FINDINGS]
        super().__init__(
            pack=pack,
            count=len(findings),
            first_zh="；".join(f"{_place(f)}：{f.zh}" for f in some),
            first_en="; ".join(f"{_place(f)}: {f.en}" for f in some),
        )


class OtherPackLine(Problem):
    """The market is governed by packs of another name."""

    code = "other_pack_line"
    zh = (
        "市场“{market}”由规则包“{line}”管辖，不能混入“{pack}”："
        "换一个 XIAOBAO_HOME（或数据库）再用“{pack}”，或继续用“{line}”"
    )
    en = (
        "market '{market}' is governed by pack '{line}' and cannot be mixed with '{pack}': "
        "use '{pack}' with another XIAOBAO_HOME (or database), or go on with '{line}'"
    )


class OtherMarketShape(Problem):
    """A market keeps the currency and zone with which it began."""

    code = "other_market_shape"
    zh = "市场“{market}”的 {field} 是“{before}”，规则包写的是“{after}”：改回 {before}"
    en = "market '{market}' has {field} '{before}', the pack says '{after}': write {before}"


class TermsStand(Problem):
    """A published row may only be followed, never changed, dropped or set into the past."""

    code = "terms_stand"
    zh = "已发布的条款不可改动：{why_zh}"
    en = "published terms stand: {why_en}"


_WHY = {
    Refusal.REWRITTEN: (
        "{row} 的数值或条款与已发布的不同；另加一行，begins 写在今后",
        "{row} says something else than when it was published; add a row that begins later",
    ),
    Refusal.LOST: (
        "{row} 已发布，但规则包里没有；放回去，另加一行接替它",
        "{row} was published and is missing from the pack; put it back and add a row after it",
    ),
    Refusal.RETROACTIVE: (
        "{row} 的起止落在发布时刻 {at} 之前；写在今后",
        "{row} would begin or end before the moment of publication, {at}; move it later",
    ),
}


def publish_pack(name_or_path: str, *, at: datetime, may_switch: bool = False) -> PackRow:
    """Publish a pack; the same content again changes nothing.

    `may_switch` lets a pack of another name take over the market: only a caller who knows that no
    order exists there may say so.

    :raises PackNotReadable: if the folder cannot be read as a pack
    :raises PackRefused: if the linter has findings
    :raises OtherPackLine: if packs of another name govern the market
    :raises OtherMarketShape: if currency or zone differ from the market's
    :raises TermsStand: if it would change, drop or backdate what is published
    """
    pack, findings = lint_pack(read_files(name_or_path))
    if findings:
        raise PackRefused(pack.name or name_or_path, findings)
    with transaction.atomic():
        known = store.published_pack(pack)
        if known is not None:
            return known
        store.hold_catalogue()
        market_id = _market(pack, may_switch=may_switch)
        # Somebody else may have published it while this waited.
        known = store.published_pack(pack)
        if known is not None:
            return known
        moved = store.moved_categories(market_id, pack.categories)
        if moved:
            raise TermsStand(**dict(zip(("why_zh", "why_en"), _moved(moved), strict=True)))
        changes = changes_between(store.terms_of(market_id, pack.name), pack.terms, us_of(at))
        if changes.refused:
            raise _stands(*changes.refused[0], at)
        pack_id = store.add_pack(pack, market_id, at)
        store.put_categories(market_id, pack.categories)
        store.end_terms(changes.ended)
        store.note_terms(changes.noted)
        store.add_terms(pack_id, market_id, pack.name, changes.added)
    return PackRow(pack_id, pack.market, pack.name, pack.sha256, at, pack.version, market_id)


def _market(pack: Pack, *, may_switch: bool) -> int:
    """The market's number; made with its first pack."""
    held = store.market_row(pack.market)
    if held is None:
        return store.add_market(pack)
    market_id, line, currency, zone = held
    if line != pack.name:
        if not may_switch:
            raise OtherPackLine(market=pack.market, line=line, pack=pack.name)
        store.set_line(market_id, pack.name)
    for field, before, after in (
        ("currency", currency, pack.currency),
        ("zone", zone, pack.zone),
    ):
        if before != after:
            raise OtherMarketShape(market=pack.market, field=field, before=before, after=after)
    return market_id


def _stands(refusal: Refusal, term: Term, at: datetime) -> TermsStand:
    row = f"{term.table} {term.key} {moment_of(term.begins_us).isoformat()}".replace("  ", " ")
    zh, en = _WHY[refusal]
    return TermsStand(why_zh=zh.format(row=row, at=at), why_en=en.format(row=row, at=at))


def _moved(codes: list[str]) -> tuple[str, str]:
    names = ", ".join(codes)
    return (
        f"类目 {names} 的上级与已发布的不同或已被删去；改回",
        f"categories {names} have another parent than when published, or are gone; put them back",
    )


def _place(finding: Finding) -> str:
    return ":".join(str(p) for p in (finding.file, finding.row or "", finding.field) if p)
