"""Shapes of calls about packs: drawn by `make map` from the OpenAPI, not by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING, TypedDict

if TYPE_CHECKING:
    from xiaobao.client.shapes.shared import Money


class AnswerTold(TypedDict):
    version: str
    is_accepted: bool
    said_at: str
    said_by: str


class ChangeTold(TypedDict):
    table: str
    key: str
    begins: str | None
    zh: str
    en: str


class CommentTold(TypedDict):
    """What somebody said of a draft, and what was replied."""

    comment: str
    said_at: str
    said_by: str
    words: str
    replied_at: str | None
    replied_by: str
    reply: str


class DiffTold(TypedDict):
    """What two versions say differently, in sentences."""

    changes: list[ChangeTold]


class DraftTold(TypedDict):
    """A version put to consultation, which everybody may comment on."""

    market: str
    pack: str
    version: str
    sha256: str
    opened_at: str
    opened_by: str
    is_announced: bool
    unanswered: int


class DraftWhole(TypedDict):
    market: str
    pack: str
    version: str
    sha256: str
    opened_at: str
    opened_by: str
    is_announced: bool
    unanswered: int
    comments: list[CommentTold]
    files: dict[str, str]


class DraftsTold(TypedDict):
    drafts: list[DraftTold]


class FindingTold(TypedDict):
    code: str
    file: str
    row: int
    field: str
    zh: str
    en: str
    law: str


class LintTold(TypedDict):
    ok: bool
    findings: list[FindingTold]


class NoticeTold(TypedDict):
    """What a version changes for a seller: what its own orders pay before and after."""

    version: str
    told_at: str
    orders: int
    before: Money
    after: Money
    lines: list[dict[str, str]]


class PoliciesTold(TypedDict):
    notices: list[NoticeTold]
    answers: list[AnswerTold]


class VersionTold(TypedDict):
    """One version of a market's pack and its life."""

    market: str
    pack: str
    version: str
    sha256: str
    state: str
    effective_at: str
    announced_at: str | None
    is_major: bool
    notice_days: int
    withdrawn_at: str | None
    why_withdrawn: str


class VersionWhole(TypedDict):
    """A version with its files, as they were published."""

    market: str
    pack: str
    version: str
    sha256: str
    state: str
    effective_at: str
    announced_at: str | None
    is_major: bool
    notice_days: int
    withdrawn_at: str | None
    why_withdrawn: str
    files: dict[str, str]


class VersionsTold(TypedDict):
    versions: list[VersionTold]
