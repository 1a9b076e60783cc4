"""First publication: a market gets its pack; whatever changes it later is announced instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.problems import Problem
from xiaobao.promises import store
from xiaobao.promises.facts import PackRow
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.changes import Refusal, changes_between, needs_notice
from xiaobao.promises.rules.later import with_all_columns
from xiaobao.promises.rules.lint import lint_pack

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Finding, Pack, Term
    from xiaobao.promises.rules.changes import Changes

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


class AnnounceFirst(Problem):
    """A market that has its pack changes by notice alone (E-Commerce Law, article 34)."""

    code = "announce_first"
    zh = (
        "市场“{market}”已有规则包，“{version}”改动了条款、条文或协议：先征求意见（xiaobao policy "
        "consult），再公示（xiaobao policy announce）"
    )
    en = (
        "market '{market}' has its pack, and '{version}' changes terms, clauses or the agreement: "
        "put it to consultation (xiaobao policy consult), then announce it (xiaobao policy "
        "announce)"
    )


class VersionWithdrawn(Problem):
    """What was withdrawn stays so: the same content cannot come back under its version."""

    code = "version_withdrawn"
    zh = "版本“{version}”已撤回：换一个版本号，重新征求意见并公示"
    en = "version '{version}' was withdrawn: give it another version, and announce that"


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
        "{row} 的起止落在生效时刻 {at} 之前；写在那以后",
        "{row} would begin or end before the moment of effect, {at}; move it later",
    ),
}


def publish_pack(name_or_path: str, *, at: datetime, may_switch: bool = False) -> PackRow:
    """Publish a market's first pack, at once; the same content again changes nothing.

    Later only corrections are taken: better titles, sources and certainties, and tables that were
    never published. `may_switch` lets a pack of another name take over the market: only a caller
    who knows that no order exists there may say so.

    :raises PackNotReadable: if the folder cannot be read as a pack
    :raises PackRefused: if the linter has findings
    :raises OtherPackLine: if packs of another name govern the market
    :raises OtherMarketShape: if currency or zone differ from the market's
    :raises TermsStand: if it would change, drop or backdate what is published
    :raises VersionWithdrawn: if this very content was withdrawn
    :raises AnnounceFirst: if it would change what binds sellers, and so needs notice
    """
    pack, findings = lint_pack(read_files(name_or_path))
    if findings:
        raise PackRefused(pack.name or name_or_path, findings)
    with transaction.atomic():
        known = _known(pack)
        if known is not None:
            return known
        store.hold_catalogue()
        market_id = _market(pack, may_switch=may_switch)
        # Somebody else may have published it while this waited.
        known = _known(pack)
        if known is not None:
            return known
        published = with_all_columns(store.terms_of(market_id, pack.name))
        changes = lawful_changes(market_id, pack, published, at)
        if needs_notice(published, changes) or store.reworded(market_id, pack):
            raise AnnounceFirst(market=pack.market, version=pack.version)
        pack_id = record_pack(pack, market_id, changes, at)
    return PackRow(pack_id, pack.market, pack.name, pack.sha256, at, pack.version, market_id)


def _known(pack: Pack) -> PackRow | None:
    known = store.published_pack(pack)
    if known is not None and store.is_withdrawn(known.pack_id):
        raise VersionWithdrawn(version=known.version)
    return known


def lawful_changes(
    market_id: int,
    pack: Pack,
    published: list[Term],
    effective_at: datetime,
    *,
    is_announced: bool = False,
) -> Changes:
    """What the pack changes, if it leaves alone what stands and what is before its effect.

    A table never published may begin earlier, unless it is announced with the rest.

    :raises TermsStand: if it does not
    """
    moved = store.moved_categories(market_id, pack.categories)
    if moved:
        raise TermsStand(**dict(zip(("why_zh", "why_en"), _moved(moved), strict=True)))
    changes = changes_between(published, pack.terms, us_of(effective_at))
    refused = list(changes.refused)
    if is_announced:
        early = [t for t in changes.added if t.begins_us < us_of(effective_at)]
        refused += [(Refusal.RETROACTIVE, term) for term in early]
    if refused:
        raise _stands(*refused[0], effective_at)
    return changes


def record_pack(pack: Pack, market_id: int, changes: Changes, at: datetime) -> int:
    pack_id = store.add_pack(pack, market_id, at)
    store.put_categories(market_id, pack.categories)
    store.end_terms(changes.ended)
    store.note_terms(changes.noted)
    store.add_terms(pack_id, market_id, pack.name, changes.added)
    return pack_id


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
