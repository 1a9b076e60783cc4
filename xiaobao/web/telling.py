"""What pages share: the language of a request, problems told to people, forms that act once."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

from django.contrib import messages

if TYPE_CHECKING:
    from django.http import HttpRequest

    from xiaobao.kernel.problems import Problem

# What a form gives is cut to this before anybody looks at it.
FIELD, WORDS = 200, 4000


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
    """What a form gives, cut, and without NUL, which PostgreSQL takes nowhere."""
    return request.POST.get(name, "").replace("\0", "").strip()[:most]
