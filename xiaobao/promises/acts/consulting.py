"""Consultation: a draft is shown to everybody, commented on, and every comment is answered."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from django.db import transaction

from xiaobao.kernel.problems import Problem
from xiaobao.promises import queries, store
from xiaobao.promises.acts.publishing import PackRefused
from xiaobao.promises.packs import read_files
from xiaobao.promises.rules.lint import lint_pack

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.promises.facts import Draft

MOST_LETTERS = 10_000
# Of one commentator about one draft: each has to be answered before it is announced.
MOST_COMMENTS = 10


class VersionTaken(Problem):
    """A version names one content for ever."""

    code: ClassVar[str] = "version_taken"
    zh: ClassVar[str] = "version 字段：市场“{market}”已有版本“{version}”，内容不同：换一个版本号"
    en: ClassVar[str] = (
        "version: market '{market}' has a version '{version}' that says something else; write "
        "another"
    )


class DraftUnknown(Problem):
    code: ClassVar[str] = "draft_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "没有征求意见中的版本“{version}”：先运行 xiaobao policy consult"
    en: ClassVar[str] = (
        "no version '{version}' was put to consultation; begin with xiaobao policy consult"
    )


class CommentUnknown(Problem):
    code: ClassVar[str] = "comment_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "没有编号为 {comment} 的意见：用 xiaobao policy consultation 查看"
    en: ClassVar[str] = "no comment {comment}: see them with xiaobao policy consultation"


class ConsultationOver(Problem):
    """What was announced is not commented on any more: comments are published with it."""

    code: ClassVar[str] = "consultation_over"
    zh: ClassVar[str] = "版本“{version}”已公示，征求意见已结束：请对下一个版本提出"
    en: ClassVar[str] = (
        "version '{version}' is announced and its consultation over; wait for the next"
    )


class CommentsEnough(Problem):
    """One and the same commentator has said enough about a draft."""

    code: ClassVar[str] = "comments_enough"
    zh: ClassVar[str] = "版本“{version}”你已提出 {most} 条意见，不再接收：请等待答复"
    en: ClassVar[str] = (
        "version '{version}' has {most} comments of yours already, and takes no more: wait for "
        "replies"
    )


class ReplyStands(Problem):
    code: ClassVar[str] = "reply_stands"
    zh: ClassVar[str] = "意见 {comment} 已答复，答复不可改动"
    en: ClassVar[str] = "comment {comment} was replied to, and a reply is never changed"


class WordsNotUsable(Problem):
    code: ClassVar[str] = "words_not_usable"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "words 字段：为空、超过 {most} 字或含有 NUL：请改写"
    en: ClassVar[str] = (
        "words: blank, longer than {most} letters, or with a NUL in them; rewrite them"
    )


def consult_on(name_or_path: str, *, by: str, at: datetime) -> Draft:
    """Put a pack that passes the linter to public consultation; the same again changes nothing.

    :raises PackNotReadable: if the folder cannot be read as a pack
    :raises PackRefused: if the linter has findings
    :raises MarketUnknown: if no pack governs the market: its first needs no notice
    :raises VersionTaken: if the version names another content
    """
    pack, findings = lint_pack(read_files(name_or_path))
    if findings:
        raise PackRefused(pack.name or name_or_path, findings)
    with transaction.atomic():
        store.hold_versions()
        market_id = queries.market(pack.market).market_id
        known = store.draft_of(market_id, pack.name, pack.version)
        taken = queries.has_version(market_id, pack.name, pack.version)
        if taken or (known is not None and known.sha256 != pack.sha256):
            raise VersionTaken(market=pack.market, version=pack.version)
        if known is None:
            store.add_draft(pack, market_id, by=usable(by), at=at)
            known = store.draft_of(market_id, pack.name, pack.version)
            assert known is not None, "a draft just added is there"
    return known


@transaction.atomic
def comment_on(market: str, version: str, *, words: str, by: str, at: datetime) -> int:
    """Comment on a draft; return the comment's number. The same words again are the same comment.

    :raises DraftUnknown: if the version was never put to consultation
    :raises ConsultationOver: if it is announced
    :raises CommentsEnough: if whoever it is said enough already
    """
    store.hold_versions(is_shared=True)
    draft = queries.draft(market, version)
    if draft is None:
        raise DraftUnknown(version=version)
    if queries.has_version(draft.market_id, draft.name, draft.version):
        raise ConsultationOver(version=version)
    said, who = usable(words), usable(by)
    mine = {one.words for one in queries.comments_on(draft.draft_id) if one.said_by == who}
    if len(mine) >= MOST_COMMENTS and said not in mine:
        raise CommentsEnough(version=version, most=MOST_COMMENTS)
    return store.add_comment(draft.draft_id, words=said, by=who, at=at)


@transaction.atomic
def reply_to(comment_id: int, *, words: str, by: str, at: datetime) -> None:
    """Answer a comment, once.

    :raises CommentUnknown: if there is none of this number
    :raises ReplyStands: if it was answered with other words
    """
    if not queries.has_comment(comment_id):
        raise CommentUnknown(comment=comment_id)
    said = usable(words)
    if store.add_reply(comment_id, words=said, by=usable(by), at=at) != said:
        raise ReplyStands(comment=comment_id)


def usable(words: str) -> str:
    """:raises WordsNotUsable: for nothing, far too much, or what cannot be stored"""
    said = words.strip()
    if not said or len(said) > MOST_LETTERS or "\0" in said:
        raise WordsNotUsable(most=MOST_LETTERS)
    return said
