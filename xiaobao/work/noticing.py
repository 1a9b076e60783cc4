"""Sellers are told what an announced version changes for them, by their own history; once each."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.lab.history.stored import StoredHistory
from xiaobao.lab.impact import Impact, impacts_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Promise
from xiaobao.promises.rules.comparing import Side, changes_of, touches
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.rules.notice import effective_us_of
from xiaobao.promises.rules.telling import day_words, sentences
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_now
from xiaobao.sellers.facts import PolicyNoticeRow
from xiaobao.work.impact_words import impact_lines

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from xiaobao.kernel.columns import Int
    from xiaobao.promises.facts import Market, Pack, Version
    from xiaobao.promises.rules.comparing import Change
    from xiaobao.work.impact_words import Said

    Told = list[tuple[Change, str, str]]

# Sellers told in one transaction.
BATCH = 500
# So many buckets that one holds hardly more than the one seller asked for.
ONE_SELLER_BUCKETS = 1_000_003


@dataclass(frozen=True)
class Turn:
    """One pack of a market follows another at a moment."""

    market: Market
    before: Pack
    after: Pack
    effective_us: int
    is_published: bool  # the pack that follows

    @property
    def sides(self) -> tuple[Side, Side]:
        return (
            Side(self.before.terms, self.before.categories),
            Side(self.after.terms, self.after.categories),
        )

    def told(self) -> Told:
        """What changes from then on, one sentence a row."""
        changes = [c for c in changes_of(*self.sides) if c.ends_us > self.effective_us]
        return sentences(changes, self.after)


@dataclass(frozen=True)
class SellerImpact:
    """What a turn means for one seller: its history judged under both, and the words for it."""

    impact: Impact
    lines: tuple[Said, ...]


def tell_announced(at: datetime) -> int:
    """Tell every seller not told yet of every version announced; return how many were told.

    May be cut off anywhere and called again: whoever was told is passed over.
    """
    return sum(
        _tell_all(market, version, at)
        for market in promises.markets()
        for version in promises.versions_announced(market.market_id, at=at)
    )


def _tell_all(market: Market, version: Version, at: datetime) -> int:
    ids = sellers_now.untold(market.market_id, version.pack_id)
    if not len(ids):
        return 0
    turn = turn_to(market, promises.pack_files(version.pack_id), at=at)
    history = StoredHistory.of_size(market.name)
    told, done = turn.told(), 0
    for bucket in range(history.buckets):
        mine = ids[ids % history.buckets == bucket]
        found = _impacts(turn, history, bucket, mine, told)
        for first in range(0, len(mine), BATCH):
            some = mine[first : first + BATCH].tolist()
            done += sellers.tell_of_version(
                {i: _notice(version, found[i], at, market.zone) for i in some}
            )
    return done


def _notice(version: Version, found: SellerImpact, at: datetime, zone: str) -> PolicyNoticeRow:
    impact = found.impact
    lines = (*found.lines, _choice(version, zone))
    return PolicyNoticeRow(
        version.pack_id, at, impact.orders, impact.before_minor, impact.after_minor,
        tuple({"zh": zh, "en": en} for zh, en in lines),
    )  # fmt: skip


def turn_to(market: Market, files: Mapping[str, str], *, at: datetime) -> Turn:
    """The turn to a pack from what is in force just before it takes effect, or before `at`."""
    after, _ = lint_pack(files)
    head = tomllib.loads(after.files["pack.toml"])
    effective_us = max(effective_us_of(head, after.zone), us_of(at))
    standing = promises.version_in_force(market.market_id, at=moment_of(effective_us - 1))
    before = after if standing is None else lint_pack(promises.pack_files(standing.pack_id))[0]
    known = promises.versions(market.market_id, at=at)
    is_published = any(version.sha256 == after.sha256 for version in known)
    return Turn(market, before, after, effective_us, is_published)


def impact_on(turn: Turn, seller_id: int) -> SellerImpact:
    """What a turn means for one seller.

    :raises PackUnsound: if the linter has findings in the pack
    :raises PackOfAnotherMarket: if it is for another market or currency
    """
    history = StoredHistory(turn.market.name, ONE_SELLER_BUCKETS)
    bucket = seller_id % history.buckets
    only = np.array([seller_id])
    return _impacts(turn, history, bucket, only, turn.told())[seller_id]


def _impacts(
    turn: Turn, history: StoredHistory, bucket: int, seller_ids: Int, told: Told
) -> dict[int, SellerImpact]:
    """Of these sellers of a bucket; who never sold anything has an empty history."""
    if not len(seller_ids):
        return {}
    known = impacts_of(
        history, bucket, before=turn.before.files, after=turn.after.files,
        effective_us=turn.effective_us, is_published=turn.is_published, only=seller_ids,
    )  # fmt: skip
    found = {int(i): Impact(int(i), 0, ()) for i in seller_ids}
    found |= {impact.seller_id: impact for impact in known}
    categories = sellers_now.categories_of(seller_ids)
    before, after = turn.sides
    is_asked = any(change.table == "promises" for change, _, _ in told)
    out = {}
    for seller_id, impact in found.items():
        given = _given(seller_id) if is_asked else set()
        mine = [
            (zh, en) for change, zh, en in told
            if touches(change, before, after, categories[seller_id], given)
        ]  # fmt: skip
        replayed = impact_lines(impact, turn.after.currency) if mine else ()
        out[seller_id] = SellerImpact(impact, (*mine, *replayed))
    return out


def _given(seller_id: int) -> set[str]:
    """The promises a seller gives now, by their names in packs."""
    rows = sellers_now.promises_of(seller_id)
    return {Promise(row.promise).name.lower() for row in rows if row.ended_at is None}


def _choice(version: Version, zone: str) -> Said:
    """What the seller may do (E-Commerce Law, article 34)."""
    day = day_words(us_of(version.effective_at), zone)
    en = "accept it, or object and leave under the rules before it; earlier orders keep theirs"
    return (
        f"{day} 生效前可以接受，也可以反对；反对的可以按原规则退出，已有订单适用原规则",
        f"Until {day}: {en}",
    )
