"""What pages share: the language of a request, problems told to people, what forms give."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from django.contrib import messages

from xiaobao.web.forms.faults import Fault, faults_of

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.kernel.problems import Problem

# What a form gives is cut to this before anybody looks at it.
FIELD, WORDS = 200, 4000
# All but tabs and ends of lines; PostgreSQL takes no NUL at all.
_CONTROLS = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")


def spoken_in(request: HttpRequest) -> str:
    """`zh` or `en`."""
    found: str = request.language  # type: ignore[attr-defined]
    return found


def say_to(request: HttpRequest, *, zh: str, en: str) -> str:
    return zh if spoken_in(request) == "zh" else en


def tell(request: HttpRequest, *, zh: str, en: str) -> None:
    messages.info(request, say_to(request, zh=zh, en=en))


def tell_wrong(request: HttpRequest, *, zh: str, en: str, about: str = "") -> None:
    """Beside the field that it is about, where a form was sent."""
    _wrong(request, Fault(say_to(request, zh=zh, en=en), about))


def tell_problem(request: HttpRequest, problem: Problem) -> None:
    """Beside the field that the problem names."""
    _wrong(request, Fault(problem.beside(spoken_in(request)), problem.about))


def _wrong(request: HttpRequest, fault: Fault) -> None:
    if request.method == "POST":
        faults_of(request).append(fault)
    else:
        messages.error(request, fault.words)


def tell_stale(request: HttpRequest) -> None:
    """A form without the key that its page gave it: it is sent again from the page itself."""
    tell_wrong(
        request, zh="这份表单不完整，请再提交一次", en="the form was not whole: send it again"
    )


def new_key() -> str:
    """Names one form: sent twice, it acts once."""
    return uuid.uuid4().hex


def field(request: HttpRequest, name: str, most: int = FIELD) -> str:
    """What a form gives, cut, without control characters: a terminal may obey them, one day."""
    return _CONTROLS.sub("", request.POST.get(name, "")).strip()[:most]
