"""Questions about versions of packs: drafts and comments, announced, in force, kept for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.problems import Problem
from xiaobao.promises.facts import Comment, Draft, PackState, Version
from xiaobao.promises.rules.lifecycle import states_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime


class VersionUnknown(Problem):
    """No version of this name was published or announced."""

    code: ClassVar[str] = "version_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "市场“{market}”没有版本“{version}”：用 xiaobao policy versions 查看"
    en: ClassVar[str] = "market '{market}' has no version '{version}': see xiaobao policy versions"


_VERSION = (
    "SELECT p.pack_id, p.market_id, m.name, p.name, p.version, p.sha256, "
    "coalesce(a.effective_at, p.published_at), a.announced_at, coalesce(a.announced_by, ''), "
    "coalesce(a.is_major, false), coalesce(a.notice_days, 0), coalesce(a.why_major, '[]'), "
    "coalesce(a.draft_id, 0), w.withdrawn_at, coalesce(w.withdrawn_by, ''), coalesce(w.why, '') "
    "FROM promises_pack p JOIN promises_market m USING (market_id) "
    "LEFT JOIN promises_announcement a USING (pack_id) "
    "LEFT JOIN promises_withdrawal w USING (pack_id) "
)


def versions(market_id: int, *, at: datetime) -> list[Version]:
    """Every version of a market's packs, oldest first, as each stands at a moment."""
    rows = fetch_rows(_VERSION + "WHERE p.market_id = %s ORDER BY p.pack_id", [market_id])
    line = fetch_rows("SELECT line FROM promises_market WHERE market_id = %s", [market_id])
    return states_of([_version(row) for row in rows], line[0][0] if line else "", at)


def _version(row: Sequence[Any]) -> Version:
    # The state follows from all dates together; see `states_of`.
    values = [*row[:6], PackState.ANNOUNCED, *row[6:11], tuple(row[11]), *row[12:]]
    return Version(*values)


def version_of(pack_id: int, *, at: datetime) -> Version:
    rows = fetch_rows("SELECT market_id FROM promises_pack WHERE pack_id = %s", [pack_id])
    assert rows, pack_id
    return next(v for v in versions(rows[0][0], at=at) if v.pack_id == pack_id)


def version_named(market: str, version: str, *, at: datetime) -> Version:
    """The last that bears this name: corrections of words may share one.

    :raises VersionUnknown: if there is none
    """
    rows = fetch_rows("SELECT market_id FROM promises_market WHERE name = %s", [market])
    found = [v for v in versions(rows[0][0], at=at) if v.version == version] if rows else []
    if not found:
        raise VersionUnknown(market=market, version=version)
    return found[-1]


def version_with(market_id: int, name: str, sha256: str, *, at: datetime) -> Version | None:
    """The version with this very content."""
    found = [
        v for v in versions(market_id, at=at) if (v.name, v.sha256) == (name, sha256)
    ]  # fmt: skip
    return found[0] if found else None


def version_in_force(market_id: int, *, at: datetime) -> Version | None:
    found = [v for v in versions(market_id, at=at) if v.state is PackState.IN_FORCE]
    return found[0] if found else None


def versions_announced(market_id: int, *, at: datetime) -> list[Version]:
    """What is announced and not yet in force, in the order in which it will be."""
    return [v for v in versions(market_id, at=at) if v.state is PackState.ANNOUNCED]


def withdrawn_packs() -> set[int]:
    """The packs whose terms never were and never will be in force."""
    return {row[0] for row in fetch_rows("SELECT pack_id FROM promises_withdrawal")}


def has_version(market_id: int, name: str, version: str) -> bool:
    return bool(
        fetch_rows(
            "SELECT 1 FROM promises_pack WHERE market_id = %s AND name = %s AND version = %s",
            [market_id, name, version],
        )
    )


# -- consultation --------------------------------------------------------------------------------


def draft(market: str, version: str) -> Draft | None:
    """The draft of a market's pack under this version."""
    found = [one for one in drafts(market) if one.version == version]
    return found[-1] if found else None


def drafts(market: str) -> list[Draft]:
    """Every draft that was ever put to consultation, oldest first."""
    return [
        Draft(*row)
        for row in fetch_rows(
            "SELECT d.draft_id, d.market_id, d.name, d.version, d.sha256, d.opened_at, "
            "d.opened_by FROM promises_draft d JOIN promises_market m USING (market_id) "
            "WHERE m.name = %s ORDER BY d.draft_id",
            [market],
        )
    ]


def draft_files(draft_id: int) -> dict[str, str]:
    rows = fetch_rows("SELECT files FROM promises_draft WHERE draft_id = %s", [draft_id])
    return dict(rows[0][0]) if rows else {}


def comments_on(draft_id: int) -> list[Comment]:
    """Comments with their replies, in the order in which they were made."""
    return [
        Comment(*row)
        for row in fetch_rows(
            "SELECT c.comment_id, c.said_at, c.said_by, c.words, r.said_at, "
            "coalesce(r.said_by, ''), coalesce(r.words, '') FROM promises_comment c "
            "LEFT JOIN promises_reply r USING (comment_id) WHERE c.draft_id = %s "
            "ORDER BY c.comment_id",
            [draft_id],
        )
    ]


def has_comment(comment_id: int) -> bool:
    return bool(
        fetch_rows("SELECT 1 FROM promises_comment WHERE comment_id = %s::bigint", [comment_id])
    )
