"""Shapes of a pack's versions: drafts and comments, notice, and where each version stands."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime


class PackState(IntEnum):
    """Where a version of a pack stands; follows from its dates alone."""

    ANNOUNCED = 1
    IN_FORCE = 2
    SUPERSEDED = 3
    WITHDRAWN = 4


# zh, en; the glossary's words.
STATE_WORDS = {
    PackState.ANNOUNCED: ("公示中", "announced"),
    PackState.IN_FORCE: ("生效", "in force"),
    PackState.SUPERSEDED: ("已被接替", "superseded"),
    PackState.WITHDRAWN: ("已撤回", "withdrawn"),
}


@dataclass(frozen=True)
class Notice:
    """The announcement of a pack: from when it is told till it takes effect, and why so long."""

    announced_at: datetime
    effective_at: datetime
    is_major: bool
    days: int
    why_major: tuple[tuple[str, str], ...]  # zh, en


@dataclass(frozen=True)
class Version:
    """One version of a market's pack and its life; kept for ever.

    A first publication was never announced: nobody was bound by anything before it.
    """

    pack_id: int
    market_id: int
    market: str
    name: str
    version: str
    sha256: str
    state: PackState
    effective_at: datetime
    announced_at: datetime | None
    announced_by: str
    is_major: bool
    notice_days: int
    why_major: tuple[dict[str, str], ...]
    draft_id: int
    withdrawn_at: datetime | None
    withdrawn_by: str
    why_withdrawn: str


@dataclass(frozen=True)
class Draft:
    """A pack put to consultation, and the first moment at which it may be announced."""

    draft_id: int
    market_id: int
    name: str
    version: str
    sha256: str
    opened_at: datetime
    opened_by: str


@dataclass(frozen=True)
class Comment:
    """What somebody said of a draft, and what was replied; a reply not given is empty."""

    comment_id: int
    said_at: datetime
    said_by: str
    words: str
    replied_at: datetime | None
    replied_by: str
    reply: str
