"""Policy packs: versions kept for ever, their files, what is wrong with one, what differs."""

from __future__ import annotations

from typing import Annotated

from django.http import HttpRequest
from ninja import Query, Router
from pydantic import Field, StrictStr

from xiaobao.api.asking import needs
from xiaobao.api.shapes import NO_NUL, Asked, Code, Moment, Told, name_of
from xiaobao.kernel.clocks import moment_of
from xiaobao.promises import queries
from xiaobao.promises.facts import PackState, Version
from xiaobao.promises.rules.comparing import Side, changes_of
from xiaobao.promises.rules.lint import lint_pack
from xiaobao.promises.rules.telling import reworded, sentences
from xiaobao.work.clock import now

router = Router(tags=["packs"])
MOST_FILES = 100
VersionName = Annotated[str, Query(max_length=200, pattern=NO_NUL)]


class VersionTold(Told):
    """One version of a market's pack and its life."""

    market: str
    pack: str
    version: str
    sha256: str
    state: Annotated[str, Code(PackState)]
    effective_at: Moment
    announced_at: Moment | None
    is_major: bool
    notice_days: int
    withdrawn_at: Moment | None
    why_withdrawn: str


class VersionsTold(Told):
    versions: list[VersionTold]


class VersionWhole(VersionTold):
    """A version with its files, as they were published."""

    files: dict[str, str]


class FilesAsked(Asked):
    """The files of a pack by name, as text."""

    files: Annotated[
        dict[StrictStr, Annotated[StrictStr, Field(max_length=2_000_000)]],
        Field(min_length=1, max_length=MOST_FILES),
    ]


class FindingTold(Told):
    code: str
    file: str
    row: int
    field: str
    zh: str
    en: str
    law: str


class LintTold(Told):
    ok: bool
    findings: list[FindingTold]


class ChangeTold(Told):
    table: str
    key: str
    begins: Moment | None
    zh: str
    en: str


class DiffTold(Told):
    """What two versions say differently, in sentences."""

    changes: list[ChangeTold]


@router.get("/packs", **needs("packs:read"), response=VersionsTold,
            summary="Every version of every market's pack")  # fmt: skip
def listed(
    request: HttpRequest,  # noqa: ARG001
    market: Annotated[str | None, Query(max_length=200, pattern=NO_NUL)] = None,
) -> VersionsTold:
    at = now()
    markets = queries.markets() if market is None else [queries.market(market)]
    found = [one for each in markets for one in queries.versions(each.market_id, at=at)]
    return VersionsTold(versions=[version_told(one) for one in found])


@router.post("/packs/lint", **needs("packs:read"), response=LintTold,
             summary="What is wrong with a pack")  # fmt: skip
def lint(request: HttpRequest, asked: FilesAsked) -> LintTold:  # noqa: ARG001
    """Changes nothing."""
    _, findings = lint_pack(asked.files)
    return LintTold(
        ok=not findings,
        findings=[
            FindingTold(
                code=one.code, file=one.file, row=one.row or 0, field=one.field, zh=one.zh,
                en=one.en, law=one.law,
            )
            for one in findings
        ],
    )  # fmt: skip


@router.get("/packs/{name:market}/diff", **needs("packs:read"), response=DiffTold,
            summary="What two versions say differently")  # fmt: skip
def diff(
    request: HttpRequest, market: str, before: VersionName, after: VersionName  # noqa: ARG001
) -> DiffTold:  # fmt: skip
    at = now()
    old, new = (
        queries.version_read(queries.version_named(market, name, at=at))[0]
        for name in (before, after)
    )
    changes = changes_of(Side(old.terms, old.categories), Side(new.terms, new.categories))
    told = [
        ChangeTold(table=one.table, key=str(one.key), begins=moment_of(one.begins_us), zh=zh,
                   en=en)
        for one, zh, en in sentences(changes, new)
    ]  # fmt: skip
    words = [
        ChangeTold(table="", key=what, begins=None, zh=zh, en=en)
        for what, zh, en in reworded(old, new)
    ]
    return DiffTold(changes=[*told, *words])


@router.get("/packs/{name:market}/{name:version}", **needs("packs:read"), response=VersionWhole,
            summary="One version with its files")  # fmt: skip
def one_version(request: HttpRequest, market: str, version: str) -> VersionWhole:  # noqa: ARG001
    found = queries.version_named(market, version, at=now())
    files = queries.pack_files(found.pack_id)
    return VersionWhole(**version_told(found).model_dump(), files=files)


def version_told(one: Version) -> VersionTold:
    return VersionTold(
        market=one.market, pack=one.name, version=one.version, sha256=one.sha256,
        state=name_of(one.state), effective_at=one.effective_at, announced_at=one.announced_at,
        is_major=one.is_major, notice_days=one.notice_days, withdrawn_at=one.withdrawn_at,
        why_withdrawn=one.why_withdrawn,
    )  # fmt: skip
