"""The language of a request: what the person chose, else what their browser asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation

from xiaobao.kernel.languages import CODES, asked_in
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

COOKIE = "lang"
COOKIE_SECONDS = 365 * 86_400
# Marks between words, as each language sets them.
MARKS = {
    "zh": {"colon": "：", "comma": "、", "semicolon": "；", "open": "（", "close": "）"},
    "en": {"colon": ": ", "comma": ", ", "semicolon": "; ", "open": " (", "close": ")"},
}


def language_of(request: HttpRequest) -> str:
    """`zh` or `en`."""
    chosen = request.COOKIES.get(COOKIE, "")
    if chosen in CODES:
        return chosen
    return asked_in(request.headers.get("Accept-Language", ""))


class SpeakingMiddleware:
    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        language = language_of(request)
        request.language = language  # type: ignore[attr-defined]
        with translation.override(CODES[language]):
            response = self.answer(request)
        response.headers.setdefault("Content-Language", language)
        response.headers["Vary"] = ", ".join(
            {*filter(None, response.headers.get("Vary", "").split(", ")), "Accept-Language",
             "Cookie"}
        )  # fmt: skip
        return response


def spoken(request: HttpRequest) -> dict[str, Any]:
    """What every template knows: the language, the moment, who is asking, whether it is a demo."""
    language = getattr(request, "language", "zh")
    return {
        "lang": language,
        "mark": MARKS[language],
        "now": now(),
        "visitor": getattr(request, "visitor", None),
        "is_demo": settings.IS_DEMO,
    }
