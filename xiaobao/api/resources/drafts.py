"""Drafts of packs: put to consultation, commented on, answered, announced; versions withdrawn."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, ClassVar

import numpy as np
from django.http import HttpRequest
from ninja import Path, Query, Router, Status
from pydantic import Field

from xiaobao.api.asking import caller_in, needs, person_in, signature
from xiaobao.api.resources.packs import FilesAsked, VersionTold, version_told
from xiaobao.api.shapes import NO_NUL, WORDS, Asked, Moment, Told
from xiaobao.kernel.problems import Problem
from xiaobao.people import acts as people
from xiaobao.people.facts import Duty
from xiaobao.promises import acts, queries
from xiaobao.promises.acts.consulting import CommentUnknown, DraftUnknown
from xiaobao.promises.packs import shipped
from xiaobao.sellers import acts as sellers
from xiaobao.sellers import queries as sellers_known
from xiaobao.work.clock import now
from xiaobao.work.drafts import announce_draft, folder_of, stands_alone
from xiaobao.work.scopes import ClientRole

if TYPE_CHECKING:
    from xiaobao.promises.facts import Draft
    from xiaobao.work.callers import Caller

router = Router(tags=["packs"])
AT = "/drafts/{name:market}/{name:version}"
_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}\.(toml|csv|md)")
By = Annotated[str, Field(max_length=200, pattern=NO_NUL)]
Speech = Annotated[str, Field(min_length=1, max_length=WORDS, pattern=NO_NUL)]


class AnnouncingTakesTwo(Problem):
    """Two persons sign for it, and a program is neither of them."""

    code = "announcing_takes_two"
    status: ClassVar[int] = 403
    zh = "公示规则包须由两人联签，不能由客户端办理；请在规则控制台签署，再由另一人联签"
    en = (
        "announcing a pack takes two persons' signatures, and no client announces it: sign at the "
        "policy console, where another person signs too"
    )


class PackNotWhole(Problem):
    code = "pack_not_whole"
    status: ClassVar[int] = 422
    zh = (
        "files 字段：文件名须如 clocks.csv（.toml、.csv、.md，不含文件夹），"
        "其中须有可读的 pack.toml；based_on 只能是随附的规则包：{shipped}"
    )
    en = (
        "files: names are such as clocks.csv (.toml, .csv, .md, no folders), with a readable "
        "pack.toml among them; based_on can only name a pack that comes with the house: {shipped}"
    )


class DraftAsked(FilesAsked):
    by: By = Field("", description="in whose name; the platform's own system says so")


class CommentAsked(Asked):
    words: Speech
    by: Annotated[By, Field(min_length=1)]


class ReplyAsked(Asked):
    words: Speech
    by: By = ""


class AnnouncementAsked(Asked):
    by: By = ""


class WithdrawalAsked(Asked):
    why: Speech
    by: By = ""


class CommentTold(Told):
    """What somebody said of a draft, and what was replied."""

    comment: str
    said_at: Moment
    said_by: str = Field(description="for the marketplace and its policy owners; else one's own")
    words: str
    replied_at: Moment | None
    replied_by: str = Field(description="for the marketplace and its policy owners alone")
    reply: str


class DraftTold(Told):
    """A version put to consultation, which everybody may comment on."""

    market: str
    pack: str
    version: str
    sha256: str
    opened_at: Moment
    opened_by: str = Field(description="for the marketplace and its policy owners alone")
    is_announced: bool
    unanswered: int


class DraftWhole(DraftTold):
    comments: list[CommentTold]
    files: dict[str, str]


class DraftsTold(Told):
    drafts: list[DraftTold]


@router.get("/drafts", **needs("packs:read"), response=DraftsTold,
            summary="Drafts of a market's pack")  # fmt: skip
def listed(
    request: HttpRequest, market: Annotated[str, Query(max_length=200, pattern=NO_NUL)]
) -> DraftsTold:  # fmt: skip
    where = queries.market(market)
    found = queries.drafts(where.name)
    return DraftsTold(drafts=[_told(request, where.name, one) for one in found])


@router.post("/drafts", **needs("packs:write"), response={201: DraftWhole},
             summary="Put a pack to consultation")  # fmt: skip
def consult(request: HttpRequest, asked: DraftAsked) -> Status[DraftWhole]:
    """Its linter has no findings; the same again changes nothing."""
    by = person_in(request, asked.by)
    are_named = "pack.toml" in asked.files and all(map(_NAME.fullmatch, asked.files))
    if not are_named or not stands_alone(asked.files):
        raise PackNotWhole(shipped=", ".join(shipped()))
    with folder_of(asked.files) as folder:
        draft = acts.consult_on(folder, by=by, at=now())
    market = queries.market_of(draft.market_id).name
    return Status(201, _whole(request, market, draft))


@router.get(AT, **needs("packs:read"), response=DraftWhole,
            summary="One draft with its files, comments and replies")  # fmt: skip
def one_draft(request: HttpRequest, market: str, version: str) -> DraftWhole:
    return _whole(request, market, _draft(market, version))


@router.post(f"{AT}/comments", **needs("drafts:comment"), response={201: DraftWhole},
             summary="Comment on a draft")  # fmt: skip
def comment(
    request: HttpRequest, market: str, version: str, asked: CommentAsked
) -> Status[DraftWhole]:
    """In the name of whoever is named; a shop's own client, beside its shop's."""
    by = f"{asked.by}{_signed(caller)}" if (caller := caller_in(request)).is_of_shop else asked.by
    acts.comment_on(market, version, words=asked.words, by=by, at=now())
    return Status(201, _whole(request, market, _draft(market, version)))


@router.post(f"{AT}/comments/{{int:number}}", **needs("packs:write"), response=DraftWhole,
             summary="Answer a comment, once")  # fmt: skip
def reply(
    request: HttpRequest, market: str, version: str,
    number: Annotated[int, Path(ge=1, le=2**62)], asked: ReplyAsked,
) -> DraftWhole:  # fmt: skip
    by, draft = person_in(request, asked.by), _draft(market, version)
    if number not in {one.comment_id for one in queries.comments_on(draft.draft_id)}:
        raise CommentUnknown(comment=number)
    acts.reply_to(number, words=asked.words, by=by, at=now())
    return _whole(request, market, draft)


@router.post(f"{AT}/announcement", **needs("packs:write"), response={201: VersionTold},
             summary="Announce a draft, where one person may")  # fmt: skip
def announce(
    request: HttpRequest, market: str, version: str, asked: AnnouncementAsked
) -> Status[VersionTold]:
    """Where two persons sign for it no client announces it: 403 `announcing_takes_two`."""
    by, draft = person_in(request, asked.by), _draft(market, version)
    if people.takes_two(Duty.ANNOUNCE_PACK):
        raise AnnouncingTakesTwo
    return Status(201, version_told(announce_draft(draft.draft_id, by=by, at=now())))


@router.post("/packs/{name:market}/{name:version}/withdrawal", **needs("packs:write"),
             response=VersionTold,
             summary="Withdraw an announced version before it is in force")  # fmt: skip
def withdraw(
    request: HttpRequest, market: str, version: str, asked: WithdrawalAsked
) -> VersionTold:
    """What was in force goes on; every seller that was told is told."""
    found = acts.withdraw_pack(
        market, version, why=asked.why, by=person_in(request, asked.by), at=now()
    )
    sellers.tell_of_withdrawal(found)
    return version_told(found)


def _signed(caller: Caller) -> str:
    names = sellers_known.names_of(np.array([caller.seller_id], np.int64))
    return signature(caller, names[caller.seller_id])


def _shows_names(request: HttpRequest) -> bool:
    return caller_in(request).role in {ClientRole.PLATFORM, ClientRole.POLICY}


def _draft(market: str, version: str) -> Draft:
    """:raises DraftUnknown: where there is none"""
    found = queries.draft(market, version)
    if found is None:
        raise DraftUnknown(version=version)
    return found


def _told(request: HttpRequest, market: str, one: Draft) -> DraftTold:
    comments = queries.comments_on(one.draft_id)
    return DraftTold(
        market=market, pack=one.name, version=one.version, sha256=one.sha256,
        opened_at=one.opened_at, opened_by=one.opened_by if _shows_names(request) else "",
        is_announced=queries.has_version(one.market_id, one.name, one.version),
        unanswered=sum(each.replied_at is None for each in comments),
    )  # fmt: skip


def _whole(request: HttpRequest, market: str, one: Draft) -> DraftWhole:
    caller, is_named = caller_in(request), _shows_names(request)
    mine = _signed(caller) if caller.is_of_shop else ""
    return DraftWhole(
        **_told(request, market, one).model_dump(), files=queries.draft_files(one.draft_id),
        comments=[
            CommentTold(
                comment=str(each.comment_id), said_at=each.said_at,
                said_by=each.said_by if is_named or (mine and each.said_by.endswith(mine)) else "",
                words=each.words, replied_at=each.replied_at,
                replied_by=each.replied_by if is_named else "", reply=each.reply,
            )
            for each in queries.comments_on(one.draft_id)
        ],
    )  # fmt: skip
