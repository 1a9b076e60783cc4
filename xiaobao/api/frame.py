"""The frame of every call: who asks, how often, once under its key; answered and written down."""

from __future__ import annotations

import logging
import re
import time
import uuid
from functools import cache
from http import HTTPStatus
from typing import TYPE_CHECKING, ClassVar
from urllib.parse import unquote_plus

import psycopg
from django.conf import settings
from django.db import DatabaseError
from django.http import Http404
from django.urls import resolve
from ninja.params.models import QueryModel

from xiaobao.api.asking import NotFound, NotSignedIn, asker
from xiaobao.api.once import HEADER, REPLAYED, once
from xiaobao.api.problems import RequestInvalid, answer_to
from xiaobao.api.resources import RESOURCES
from xiaobao.api.trying import CONTENT, MULTIPART, WrongContent, tried, whatever_comes
from xiaobao.kernel.languages import asked_in
from xiaobao.kernel.problems import Problem
from xiaobao.work import calls
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest, HttpResponse
    from ninja.operation import Operation

    from xiaobao.work.callers import Caller

log = logging.getLogger("xiaobao.api")
PREFIX = "/api/v1/"
# Tokens are the sign-in library's own: it wants its middleware about it.
NOT_OURS = ("/api/v1/token", "/api/v1/revoke")
MOST_BYTES = 20_000_000  # of a body that is no form: ten thousand facts and much room
_CONTROLS = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
# Who somebody is, wherever the name may end: what follows it is known.
_PERSON = re.compile(r"^(/api/v1/+)(buyer|juror)s/.*?(/account|/end|/tests)?/?$")
# What is said in a query about people: nothing for a log that nobody can take it out of again.
_OF_PEOPLE = {"why"}
# Whoever needs no token is counted by where they come from.
CALLS_WITHOUT_TOKEN = 300


class TooLarge(Problem):
    code = "body_too_large"
    status: ClassVar[int] = 413
    zh = "请求体（连同 file 字段的文件）至多 {most} 字节；请分几次发送"
    en = "a body, with the files of its field file, has at most {most} bytes; send it in parts"


class TooManyCalls(Problem):
    code = "too_many_calls"
    status: ClassVar[int] = 429
    zh = "每分钟至多 {most} 次调用；{seconds} 秒后再试"
    en = "at most {most} calls a minute; try again in {seconds} s"


class ApiMiddleware:
    """Answers what is under /api/v1/; everything else goes on to the pages."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if not request.path_info.startswith(PREFIX):
            return self.answer(request)
        if request.path_info not in NOT_OURS:
            return answered(request)
        # Further in a body too large is refused on a page, for people.
        return _too_large(request, settings.STRANGERS_REQUEST_BYTES) or self.answer(request)


def answered(request: HttpRequest) -> HttpResponse:
    """Answer one call, whatever comes of it, and write it down."""
    began = time.perf_counter_ns()
    number = uuid.uuid4().hex
    speak(request)
    request.caller = None  # type: ignore[attr-defined]
    allowance: dict[str, str] = {}
    response = whatever_comes(request, number, lambda: _respond(request, allowance))
    for name, value in allowance.items():
        response.headers[name] = value
    response.headers["X-Request-Id"] = number
    response.headers.setdefault("Cache-Control", "no-store")
    response.headers.setdefault("Content-Language", request.language)  # type: ignore[attr-defined]
    response.headers["Vary"] = "Accept-Language, Authorization"
    _write_down(request, response, (time.perf_counter_ns() - began) // 1000)
    return response


def _too_large(request: HttpRequest, most: int) -> HttpResponse | None:
    """What whoever asks for a token is told of a body that holds more than names and secrets."""
    if _length_of(request) <= most:
        return None
    speak(request)
    told = answer_to(request, TooLarge(most=most))
    del told.headers["X-Problem"]
    return told


def speak(request: HttpRequest) -> None:
    """The language that whoever calls is answered in."""
    request.language = asked_in(request.headers.get("Accept-Language", ""))  # type: ignore[attr-defined]


def _respond(request: HttpRequest, allowance: dict[str, str]) -> HttpResponse:
    """:raises Problem: where the call cannot be answered otherwise"""
    try:
        caller = asker(request)
    except NotSignedIn:
        # Tokens that are none are counted by where they come from, as calls without one are.
        _count(request, None, allowance)
        raise
    request.caller = caller  # type: ignore[attr-defined]
    _count(request, caller, allowance)
    if "\0" in request.path_info:
        raise NotFound(what_zh="地址", what_en="address")
    try:
        match = resolve(request.path_info)
    except Http404 as trouble:
        raise NotFound(what_zh="地址", what_en="address") from trouble
    request.resolver_match = match
    _check_query(request, caller, match.route)
    _read_body(request, caller)

    def run() -> HttpResponse:
        return tried(request, lambda: match.func(request, *match.args, **match.kwargs))

    return run() if request.method != "POST" else _once(request, caller, match.route, run)


def _once(
    request: HttpRequest, caller: Caller | None, route: str, run: Callable[[], HttpResponse]
) -> HttpResponse:
    """As `once`; a kept answer is told to nobody who may not ask for it now.

    :raises Problem: where the call is not answered
    """
    if caller is None:
        raise NotSignedIn
    for check in _checks_of_posts().get(route, ()):
        check(request)
    return once(request, caller, run)


@cache
def _checks_of_posts() -> dict[str, Sequence[Callable[..., object]]]:
    """What each POST takes of whoever makes it, by its route."""
    return {
        route: call.auth_callbacks for (method, route), call in _calls().items()
        if method == "POST"
    }  # fmt: skip


def _check_query(request: HttpRequest, caller: Caller | None, route: str) -> None:
    """What follows the question mark is what the call takes: a word misspelt is not passed over.

    :raises RequestInvalid: where something else does
    """
    call = _calls().get((str(request.method), route))
    if call is None or (caller is None and call.auth_callbacks):
        return  # it is refused for another reason
    taken = {
        name for one in call.models if issubclass(one, QueryModel)
        for name in one.model_fields
    }  # fmt: skip
    unknown = [name for name in request.GET if name not in taken]
    if unknown:
        raise RequestInvalid(
            [{"type": "extra_forbidden", "loc": ("query", name[:60])} for name in unknown]
        )


@cache
def _calls() -> dict[tuple[str, str], Operation]:
    """Every call, by its method and its route as Django knows it."""
    return {
        (method, _route(path)): call
        for router in RESOURCES
        for path, view in router.path_operations.items()
        for call in view.operations
        for method in call.methods
    }


def _route(path: str) -> str:
    return PREFIX[1:] + path.strip("/").replace("{", "<").replace("}", ">")


def _count(request: HttpRequest, caller: Caller | None, allowance: dict[str, str]) -> None:
    """Count a call against its minute, and say what is left (RateLimit, by the IETF's draft).

    :raises TooManyCalls: where nothing is
    """
    most = CALLS_WITHOUT_TOKEN if caller is None else caller.calls_per_minute
    who = f"from {from_where(request)}" if caller is None else caller.client_id
    so_many, seconds = calls.count(0 if caller is None else caller.seller_id, who, at=now())
    left = max(0, most - so_many)
    allowance["RateLimit-Policy"] = f'"minute";q={most};w=60'
    allowance["RateLimit"] = f'"minute";r={left};t={seconds}'
    if so_many > most:
        allowance["Retry-After"] = str(seconds)
        raise TooManyCalls(most=most, seconds=seconds)


def from_where(request: HttpRequest) -> str:
    """Where a call comes from; behind a door that speaks TLS, who the door says it was."""
    if settings.IS_SECURE:
        said = request.headers.get("X-Forwarded-For", "").split(",")[-1].strip()
        if said:
            return said[:60]
    return str(request.META.get("REMOTE_ADDR", ""))[:60]


def _read_body(request: HttpRequest, caller: Caller | None) -> None:
    """Read what a call carries, so far as calls carry anything: of whoever is not known, nothing.

    :raises NotSignedIn: where a body comes from nobody
    :raises TooLarge: where it is more than any call takes
    :raises WrongContent: where it is of no kind that any call takes
    """
    if caller is None:
        if request.method == "POST":
            raise NotSignedIn
        return
    length = _length_of(request)
    if request.content_type == MULTIPART:
        if length > settings.LARGEST_REQUEST_BYTES:
            raise TooLarge(most=settings.LARGEST_REQUEST_BYTES)
        return
    if length > MOST_BYTES:
        raise TooLarge(most=MOST_BYTES)
    # Read past Django's own limit, which is that of forms.
    request._body = request.read()  # noqa: SLF001
    if length and request.method == "POST" and request.content_type not in CONTENT:
        raise WrongContent(wanted=f"application/json, {MULTIPART}")


def _length_of(request: HttpRequest) -> int:
    """How many bytes a body says it has; nonsense is no length to the library either."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def _write_down(request: HttpRequest, response: HttpResponse, took_us: int) -> None:
    """Everything that was asked, and how it was answered; without a body."""
    caller: Caller | None = request.caller  # type: ignore[attr-defined]
    code = response.headers.get("X-Problem", "")
    if "X-Problem" in response.headers:
        del response.headers["X-Problem"]
    if caller is None and response.status_code == HTTPStatus.TOO_MANY_REQUESTS:
        # Whoever calls and calls without a token fills no table with it.
        return
    try:
        calls.write_down(
            calls.Called(
                seller_id=0 if caller is None else caller.seller_id,
                client_id="" if caller is None else caller.client_id,
                method=_shown(str(request.method), 20),
                path=_shown(_address(request), 500),
                status=response.status_code,
                code=code,
                key=_shown(request.headers.get(HEADER, ""), 200),
                is_replayed=REPLAYED in response.headers,
                took_us=took_us,
            ),
            at=now(),
        )
    except (psycopg.Error, DatabaseError):
        # Where the database is away there is nowhere to write: the answer says so already.
        log.exception("a call answered %s could not be written down", response.status_code)
        if response.status_code < HTTPStatus.INTERNAL_SERVER_ERROR:
            raise


def _address(request: HttpRequest) -> str:
    """What was asked for, without names of persons: whatever is written down here stays."""
    path, _, query = request.get_full_path().partition("?")
    kept = "&".join(
        one for one in query.split("&") if unquote_plus(one.partition("=")[0]) not in _OF_PEOPLE
    )
    return _PERSON.sub(r"\1\2s/{\2}\3", path) + (kept and f"?{kept}")


def _shown(text: str, most: int) -> str:
    return _CONTROLS.sub("", text)[:most]
