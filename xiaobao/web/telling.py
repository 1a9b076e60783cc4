"""What pages share: the language of a request, problems told to people, what forms give."""

from __future__ import annotations

import re
import uuid
from typing import TYPE_CHECKING

from django.contrib import messages

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


def tell_wrong(request: HttpRequest, *, zh: str, en: str) -> None:
    messages.error(request, say_to(request, zh=zh, en=en))


def tell_problem(request: HttpRequest, problem: Problem) -> None:
    messages.error(request, problem.says(spoken_in(request)))


def new_key() -> str:
    """Names one form: sent twice, it acts once."""
    return uuid.uuid4().hex


def field(request: HttpRequest, name: str, most: int = FIELD) -> str:
    """What a form gives, cut, without control characters: a terminal may obey them, one day."""
    return _CONTROLS.sub("", request.POST.get(name, "")).strip()[:most]
