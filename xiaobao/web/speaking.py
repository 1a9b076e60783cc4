"""The language of a request: what the person chose, else what their browser asks for."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils import translation
from django.utils.functional import SimpleLazyObject

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.languages import CODES, asked_in
from xiaobao.promises import queries as promises
from xiaobao.web.zones import NAMES, zone_of
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

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
    at = now()
    return {
        "lang": language,
        "mark": MARKS[language],
        "now": at,
        "zone": zone_of(request),
        "zones": list(NAMES),
        # Read once for a page, where it names any.
        "clauses": SimpleLazyObject(lambda: _titles(language, at)),
        "visitor": getattr(request, "visitor", None),
        "is_demo": settings.IS_DEMO,
    }


def _titles(language: str, at: datetime) -> dict[str, str]:
    """The titles of all clauses, by their references."""
    return {
        one.ref: one.title_zh if language == "zh" else one.title_en
        for one in promises.clauses_at(us_of(at))
    }
