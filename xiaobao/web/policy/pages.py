"""Versions and drafts: what each says, what it changes, what was said of it, what comes next."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.problems import Problem
from xiaobao.people import acts as people
from xiaobao.people.facts import STAFF, Duty, Role
from xiaobao.promises import acts
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import STATE_WORDS, PackState
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.policy import comparing
from xiaobao.web.policy.reading import (
    clocks_of,
    draft_or_404,
    in_consultation,
    rows_of,
    said_differently,
    tables_of,
)
from xiaobao.web.proving import proven
from xiaobao.web.signing import sign_first
from xiaobao.web.telling import WORDS, field, tell, tell_problem, tell_wrong
from xiaobao.work.clock import now
from xiaobao.work.drafts import announce_draft

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.promises.facts import Version


@require_safe
@staff_page(Role.POLICY)
def overview(request: HttpRequest) -> HttpResponse:
    """Each market: what is in force, announced and in consultation, with the clocks that run."""
    at = now()
    return render(request, "rules/overview.html", {
        "markets": [
            {"market": market,
             "versions": [(one, STATE_WORDS[one.state], one.state is PackState.ANNOUNCED)
                          for one in reversed(promises.versions(market.market_id, at=at))],
             "drafts": in_consultation(market.name, at=at)}
            for market in promises.markets()
        ],
    })  # fmt: skip


@require_safe
@staff_page(Role.POLICY)
def version(request: HttpRequest, pack: int) -> HttpResponse:
    """One version as it was published: its tables, and what it changed."""
    found = _version(pack)
    read, findings = promises.version_read(found)
    before = _before(found)
    table = request.GET.get("table", "")
    tables = tables_of(read)
    return render(request, "rules/version.html", {
        "version": found,
        "state": STATE_WORDS[found.state],
        "is_announced": found.state is PackState.ANNOUNCED,
        "findings": findings,
        "tables": tables,
        "table": table,
        "rows": rows_of(read, table) if table in {name for name, _, _ in tables} else [],
        "before": before,
        "changes": said_differently(promises.version_read(before)[0], read) if before else [],
        **comparing.of_pack(found.sha256),
    })  # fmt: skip


@require_POST
@staff_page(Role.POLICY)
@proven
def withdraw(request: HttpRequest, pack: int) -> HttpResponse:
    """Withdraw an announced version before it is in force; what was in force goes on."""
    found = _version(pack)
    try:
        acts.withdraw_pack(
            found.market, found.version, why=field(request, "words", WORDS),
            by=visitor_of(request).name, at=now(),
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        tell(request, zh="已撤回，原版本继续有效", en="withdrawn; what was in force goes on")
    return HttpResponseRedirect(reverse("rules-version", args=[pack]))


@require_safe
@staff_page(Role.POLICY)
def draft(request: HttpRequest, draft: int) -> HttpResponse:
    """A draft in consultation: findings, what it changes, comments and replies, announcing."""
    found = draft_or_404(draft)
    read, findings = promises.draft_read(found)
    standing = promises.version_in_force(found.market_id, at=now())
    is_announced = promises.has_version(found.market_id, found.name, found.version)
    return render(request, "rules/draft.html", clocks_of(found, at=now()) | {
        "findings": findings,
        "standing": standing,
        "changes": said_differently(promises.version_read(standing)[0], read) if standing else [],
        "is_announced": is_announced,
        "takes_two": people.takes_two(Duty.ANNOUNCE_PACK),
        **comparing.of_pack(found.sha256),
    })  # fmt: skip


@require_POST
@staff_page(Role.POLICY)
@proven
def announce(request: HttpRequest, draft: int) -> HttpResponse:
    """Announce a draft, at once or after a second person signed for it."""
    found = draft_or_404(draft)
    if field(request, "version") != found.version:
        tell_wrong(
            request, zh="请输入版本号以确认公示", en="type the version to confirm announcing it",
            about="version",
        )  # fmt: skip
    elif people.takes_two(Duty.ANNOUNCE_PACK):
        sign_first(request, Duty.ANNOUNCE_PACK, STAFF, str(draft),
                   words=f"{found.market_id} {found.name} {found.version}")  # fmt: skip
    else:
        try:
            announce_draft(draft, by=visitor_of(request).name, at=now())
        except Problem as problem:
            tell_problem(request, problem)
        else:
            tell(request, zh="已公示，随即逐个告知卖家", en="announced; every seller is told")
    return HttpResponseRedirect(reverse("rules-draft", args=[draft]))


@require_POST
@staff_page(Role.POLICY)
def reply(request: HttpRequest, draft: int) -> HttpResponse:
    """Answer a comment, once."""
    found = draft_or_404(draft)
    number = field(request, "comment")
    known = {str(one.comment_id): one for one in promises.comments_on(found.draft_id)}
    if number in known:
        try:
            acts.reply_to(
                known[number].comment_id, words=field(request, "words", WORDS),
                by=visitor_of(request).name, at=now(),
            )  # fmt: skip
        except Problem as problem:
            tell_problem(request, problem)
        else:
            tell(request, zh="已答复，公众可见", en="answered; everybody can read it")
    return HttpResponseRedirect(reverse("rules-draft", args=[draft]))


def _version(pack_id: int) -> Version:
    if not any(one.pack_id == pack_id for one in promises.packs()):
        raise Http404
    return promises.version_of(pack_id, at=now())


def _before(found: Version) -> Version | None:
    """The version that this one followed, or is to follow."""
    earlier = [
        one for one in promises.versions(found.market_id, at=now())
        if one.pack_id < found.pack_id and one.withdrawn_at is None
    ]  # fmt: skip
    return earlier[-1] if earlier else None
