"""Trying: whatever comes of a call is told as a problem; what lost a race is done again."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, ClassVar

import psycopg
from django.core.exceptions import BadRequest, SuspiciousOperation
from django.db import DatabaseError, InterfaceError, OperationalError, connection
from django.http import Http404, HttpResponseNotAllowed, RawPostDataException, UnreadablePostError
from django.http.multipartparser import MultiPartParserError

from xiaobao.api.asking import NotFound
from xiaobao.api.problems import (
    BodyUnreadable,
    Broken,
    MethodNotAllowed,
    QueryUnreadable,
    Unavailable,
    answer_to,
)
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

log = logging.getLogger("xiaobao.api")
MULTIPART = "multipart/form-data"
# A form without files may come so too.
CONTENT = ("application/json", "application/x-www-form-urlencoded")
TRIES = 3
# Class 40: the server took a transaction back, because it and another waited for each other, or
# would not have come out as one after the other; 55P03: a lock was not had in time.
_ROLLED_BACK, _LOCKED = "40", "55P03"
_DATABASE = (psycopg.Error, DatabaseError, InterfaceError)
_AWAY = (psycopg.OperationalError, psycopg.InterfaceError, OperationalError, InterfaceError)


class Busy(Problem):
    """Others were at the same rows; nothing was recorded."""

    code = "busy"
    status: ClassVar[int] = 503
    zh = "同一时刻有别的请求在改动同样的数据，未记录任何内容；请稍后用同一 Idempotency-Key 重试"
    en = (
        "other calls were changing the same data at that moment, and nothing was recorded; try "
        "again soon, with the same Idempotency-Key"
    )


class WrongContent(Problem):
    code = "content_unsupported"
    status: ClassVar[int] = 415
    zh = "Content-Type 头：请用 {wanted}"
    en = "Content-Type: use {wanted}"


def whatever_comes(
    request: HttpRequest, number: str, respond: Callable[[], HttpResponse]
) -> HttpResponse:
    """Answer one call: what goes wrong is a problem like any other; the last frame of a door."""
    problem: Problem
    try:
        return respond()
    except Problem as told:
        problem = told
    except _AWAY as trouble:
        if lost_a_race(trouble):
            log.warning("call %s lost a race for rows: %s", number, trouble)
        else:
            log.exception("call %s: the database does not answer", number)
        problem = Busy() if lost_a_race(trouble) else Unavailable()
    except Http404:
        # The library of resources has pages of its own, which are nobody's here.
        problem = NotFound(what_zh="地址", what_en="address")
    except RawPostDataException:
        # A form of parts, read as one, where a call wants its body whole.
        problem = WrongContent(wanted=CONTENT[0])
    except (SuspiciousOperation, BadRequest, MultiPartParserError, UnreadablePostError):
        # What the library of pages says of bodies it cannot or will not read.
        problem = QueryUnreadable() if request.method == "GET" else BodyUnreadable()
    except Exception:
        log.exception("call %s broke", number)
        problem = Broken(request=number)
    return answer_to(request, problem)


def tried(request: HttpRequest, respond: Callable[[], HttpResponse]) -> HttpResponse:
    """Answer, and again where the answer lost a race: its transaction was taken back whole.

    What it did before that it did under the call's own key, so once. The files of a form are read
    by then: whoever sent them sends them again. Nor is it of use within somebody's transaction.
    """
    is_last_try = request.content_type == MULTIPART or connection.in_atomic_block
    for left in reversed(range(1 if is_last_try else TRIES)):
        try:
            return _allowed(request, respond())
        except _DATABASE as trouble:
            if not left or not lost_a_race(trouble):
                raise
    raise AssertionError("the last try answers or raises")


def lost_a_race(trouble: BaseException) -> bool:
    """Whether the server undid a transaction for the sake of another one."""
    cause = trouble if isinstance(trouble, psycopg.Error) else trouble.__cause__
    state = cause.sqlstate if isinstance(cause, psycopg.Error) else None
    return state is not None and (state.startswith(_ROLLED_BACK) or state == _LOCKED)


def _allowed(request: HttpRequest, response: HttpResponse) -> HttpResponse:
    if not isinstance(response, HttpResponseNotAllowed):
        return response
    allowed = response.headers["Allow"]
    told = answer_to(request, MethodNotAllowed(method=str(request.method)[:20], allowed=allowed))
    told.headers["Allow"] = allowed
    return told
