"""Announcing a version: told long enough before it takes effect; withdrawn, or followed."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from xiaobao.kernel.problems import Problem
from xiaobao.promises import queries, store
from xiaobao.promises.acts.consulting import DraftUnknown, VersionTaken, usable
from xiaobao.promises.acts.publishing import (
    OtherMarketShape,
    OtherPackLine,
    PackRefused,
    VersionWithdrawn,
    lawful_changes,
    record_pack,
)
from xiaobao.promises.facts import PackState
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.later import with_all_columns
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.rules.notice import (
    announcement_findings,
    earliest_lawful,
    local_day,
    notice_of,
)
from xiaobao.promises.rules.statutes import law_named

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Draft, Pack, Version
    from xiaobao.promises.rules.majority import MarketSellers


class ConsultationShort(Problem):
    code: ClassVar[str] = "consultation_short"
    zh: ClassVar[str] = "征求意见不足 {days} 天（{law_zh}）：最早 {earliest} 公示"
    en: ClassVar[str] = (
        "less than {days} days of consultation ({law_en}): announce on {earliest} or later"
    )


class CommentsUnanswered(Problem):
    """Comments and replies are published with the announcement."""

    code: ClassVar[str] = "comments_unanswered"
    zh: ClassVar[str] = "版本“{version}”有 {count} 条意见没有答复：先用 xiaobao policy reply 答复"
    en: ClassVar[str] = (
        "{count} comments on version '{version}' have no reply: answer them with xiaobao policy "
        "reply"
    )
    page_zh: ClassVar[str] = (
        "版本“{version}”有 {count} 条意见没有答复：请先在“意见与答复”里逐条答复，再公示"
    )
    page_en: ClassVar[str] = (
        "{count} comments on version '{version}' have no reply: answer each under 'Comments and "
        "replies', then announce it"
    )


class AnnouncementStands(Problem):
    """Only the last version announced can be withdrawn, and only before it is in force."""

    code: ClassVar[str] = "announcement_stands"
    zh: ClassVar[str] = "版本“{version}”不能撤回：{why_zh}"
    en: ClassVar[str] = "version '{version}' cannot be withdrawn: {why_en}"


def announce_pack(
    name_or_path: str, *, by: str, at: datetime, sellers: MarketSellers | None = None
) -> Version:
    """Announce a version: its terms will be in force from the day it names, without any more ado.

    The same content again changes nothing. An announced version is never edited: another follows
    it, or it is withdrawn before it is in force. `sellers` says whom its changes can touch: many
    make it major.

    :raises PackNotReadable: if the folder cannot be read as a pack
    :raises PackRefused: if the linter has findings, the day announced is not today, or the notice
        is shorter than its changes ask for
    :raises MarketUnknown: if no pack governs the market: its first needs no notice
    :raises OtherPackLine: if packs of another name govern it
    :raises OtherMarketShape: if it is under another law than the market
    :raises DraftUnknown: if the version was not put to consultation
    :raises ConsultationShort: if it was, for too short a time
    :raises CommentsUnanswered: if comments were made and not answered
    :raises VersionWithdrawn: if this very content was withdrawn
    :raises TermsStand: if it would change what stands, or anything before it takes effect
    """
    pack, findings = lint_pack(read_files(name_or_path), sellers)
    if findings:
        raise PackRefused(pack.name or name_or_path, findings)
    with transaction.atomic():
        store.hold_versions()
        store.hold_catalogue()
        market = queries.market(pack.market)
        line = queries.line_of(market.market_id)
        if line != pack.name:
            raise OtherPackLine(market=pack.market, line=line, pack=pack.name)
        known = queries.version_with(market.market_id, pack.name, pack.sha256, at=at)
        if known is not None and known.withdrawn_at is None:
            return known
        if known is not None:
            raise VersionWithdrawn(version=known.version)
        if queries.has_version(market.market_id, pack.name, pack.version):
            raise VersionTaken(market=pack.market, version=pack.version)
        _check_law(pack, market.market_id, at)
        _check_day(pack, at)
        draft = _consulted(pack, market.market_id, at)
        notice = notice_of(pack, at, sellers)
        published = with_all_columns(store.terms_of(market.market_id, pack.name))
        changes = lawful_changes(
            market.market_id, pack, published, notice.effective_at, is_announced=True
        )
        pack_id = record_pack(pack, market.market_id, changes, at)
        store.add_announcement(pack_id, draft.draft_id, notice, by=usable(by))
        return queries.version_of(pack_id, at=at)


def _check_law(pack: Pack, market_id: int, at: datetime) -> None:
    """A market stays under its law: else the next version could choose a lighter one."""
    standing = queries.version_in_force(market_id, at=at)
    assert standing is not None, "a market has its first pack"
    before = lint_pack(queries.pack_files(standing.pack_id))[0].law
    if pack.law != before:
        raise OtherMarketShape(market=pack.market, field="law", before=before, after=pack.law)


def _check_day(pack: Pack, at: datetime) -> None:
    findings = announcement_findings(pack, at)
    if findings:
        raise PackRefused(pack.name, findings)


def _consulted(pack: Pack, market_id: int, at: datetime) -> Draft:
    draft = store.draft_of(market_id, pack.name, pack.version)
    if draft is None:
        raise DraftUnknown(version=pack.version)
    law = law_named(pack.law)
    opened = local_day(draft.opened_at, pack.zone)
    earliest = earliest_lawful(opened, law.consultation_days, pack.zone)
    if local_day(at, pack.zone) < earliest:
        zh, en = law.cited(law.consultation_law)
        raise ConsultationShort(
            days=law.consultation_days, earliest=earliest, law_zh=zh, law_en=en
        )
    unanswered = [c for c in queries.comments_on(draft.draft_id) if c.replied_at is None]
    if unanswered:
        raise CommentsUnanswered(version=pack.version, count=len(unanswered))
    return draft


@transaction.atomic
def withdraw_pack(market: str, version: str, *, why: str, by: str, at: datetime) -> Version:
    """Withdraw an announced version before it is in force: what was in force goes on.

    :raises VersionUnknown: if there is none
    :raises AnnouncementStands: if it is in force, or a later one builds on it
    """
    store.hold_catalogue()
    found = queries.version_named(market, version, at=at)
    if found.withdrawn_at is not None:
        return found
    if found.state is not PackState.ANNOUNCED:
        raise AnnouncementStands(
            version=version, why_zh="它已生效；公示一个新版本接替它",
            why_en="it is in force; announce a version that follows it",
        )  # fmt: skip
    later = [
        v for v in queries.versions(found.market_id, at=at)
        if v.pack_id > found.pack_id and v.state is PackState.ANNOUNCED
    ]  # fmt: skip
    if later:
        raise AnnouncementStands(
            version=version, why_zh=f"其后的“{later[-1].version}”以它为基础；先撤回那一个",
            why_en=f"'{later[-1].version}' builds on it; withdraw that one first",
        )  # fmt: skip
    store.withdraw_pack(found.pack_id, by=usable(by), why=usable(why), at=at)
    return queries.version_of(found.pack_id, at=at)
