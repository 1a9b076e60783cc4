"""Drafts in consultation, for everybody to read (E-Commerce Law, article 34)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from xiaobao.promises import queries as promises
from xiaobao.web.policy.reading import clocks_of, draft_or_404, said_differently
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def draft(request: HttpRequest, draft: int) -> HttpResponse:
    """What a draft changes, how long it may be commented on, what was said and answered.

    What was said, and not who said it.
    """
    found, at = draft_or_404(draft), now()
    standing = promises.version_in_force(found.market_id, at=at)
    read, _ = promises.draft_read(found)
    clocks = clocks_of(found, at=at)
    return render(request, "public/draft.html", clocks | {
        "comments": [(one.words, one.replied_at, one.reply) for one in clocks["comments"]],
        "standing": standing,
        "changes": said_differently(promises.version_read(standing)[0], read) if standing else [],
        "is_announced": promises.has_version(found.market_id, found.name, found.version),
        "files": sorted(promises.draft_files(found.draft_id)),
    })  # fmt: skip


@require_safe
def draft_file(request: HttpRequest, draft: int, file: str) -> HttpResponse:  # noqa: ARG001
    """One file of a draft, as it was put to consultation."""
    text = promises.draft_files(draft).get(file)
    if text is None:
        raise Http404
    return HttpResponse(
        text, content_type="text/plain; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{file}"'},
    )  # fmt: skip
