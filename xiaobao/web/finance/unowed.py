"""Finance on money that left unowed: asked back, come back, written off by one person or two."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.shortcuts import redirect
from django.views.decorators.http import require_POST

from xiaobao.kernel.money import minor_from
from xiaobao.kernel.problems import Problem
from xiaobao.people.facts import Duty
from xiaobao.web.gates import staff_page, visitor_of
from xiaobao.web.people import Role
from xiaobao.web.proving import proven
from xiaobao.web.signing import sign_first
from xiaobao.web.telling import field, tell, tell_problem
from xiaobao.work.clock import now
from xiaobao.work.unowed import STEP_WORDS, StepKind, unowed_numbered
from xiaobao.work.writing_off import WriteOffTakesTwo, ask_back, book_back, write_off

if TYPE_CHECKING:
    from django.http import HttpRequest, HttpResponse


@require_POST
@staff_page(Role.FINANCE)
@proven
def settle(request: HttpRequest) -> HttpResponse:
    """One step about one number; what takes two persons is signed for first."""
    verb, number, words = (field(request, name) for name in ("step", "number", "words"))
    try:
        if verb == StepKind.ASKED.name.lower():
            done = StepKind.ASKED
            ask_back(number, ref=field(request, "ref"), words=words, by=_who(request), at=now())
        elif verb == StepKind.BACK.name.lower():
            done = StepKind.BACK
            row = unowed_numbered(number)
            book_back(
                number, minor_from(field(request, "amount"), row.currency) or 0,
                ref=field(request, "ref"), words=words, by=_who(request), at=now(),
            )  # fmt: skip
        else:
            done = StepKind.WRITTEN_OFF
            write_off(number, words=words, by=_who(request), at=now())
    except WriteOffTakesTwo:
        row = unowed_numbered(number)
        sign_first(
            request, Duty.WRITE_OFF, row.seller_id, number, words=words,
            amount_minor=row.open_minor, currency=row.currency,
        )  # fmt: skip
    except Problem as problem:
        tell_problem(request, problem)
    else:
        zh, en = STEP_WORDS[done]
        tell(request, zh=f"{number}：{zh}", en=f"{number}: {en}")
    return redirect("reconciliation")


def _who(request: HttpRequest) -> str:
    return visitor_of(request).actor.name
