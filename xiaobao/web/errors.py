"""Pages of errors: what happened, and what to do next, in the house's look and both languages."""

from __future__ import annotations

import sys
from http import HTTPStatus
from typing import TYPE_CHECKING

import psycopg
from django.db import OperationalError
from django.http import HttpResponseNotAllowed
from django.shortcuts import render

from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# Of each: the title in both languages, and the words.
WORDS = {
    400: (
        ("请求有误", "The request cannot be read"),
        ("浏览器发来的内容不完整或不合规。请返回上一页，刷新后重试；没有记录任何内容。",
         ("What the browser sent is not whole, or not allowed. Go back, reload the page and try "
         "again; nothing was recorded.")),
    ),
    403: (
        ("页面已过期", "The page has expired"),
        (("页面打开太久，或浏览器没有保存本站的 Cookie，所以没有接受提交，也没有记录任何内容。"
         "请返回上一页，刷新后再提交。"),
         ("It was open for too long, or the browser keeps no cookies of this site: what was sent "
         "was not taken, and nothing was recorded. Go back, reload the page and send it again.")),
    ),
    404: (
        ("没有这个页面", "There is no such page"),
        ("地址可能有误，或者您无权查看。", "The address may be wrong, or it is not yours to see."),
    ),
    405: (
        ("这里只接收表单", "Nothing to see here"),
        ("这个地址不是用来打开的：请返回上一页，从那里的按钮继续。",
         "This address is not one to open: go back, and go on from the buttons there."),
    ),
    500: (
        ("出错了", "Something broke"),
        ("这是我们的错误，没有任何资金或记录被改动一半。请稍后再试。",
         ("The mistake is ours; no money and no record was left half-changed. "
         "Please try again later.")),
    ),
    503: (
        ("暂时无法使用", "Away for a moment"),
        (("数据库暂时连接不上。已记录的内容都在，刚才提交的可能没有记录。"
         "请一分钟后刷新本页：重新提交是安全的，不会重复记录。"),
         ("The database cannot be reached at the moment. What was recorded is kept; what you have "
         "just sent may not have been recorded. Reload this page in a minute: sending again is "
         "safe, nothing is recorded twice.")),
    ),
}  # fmt: skip
# Why the server refused or broke a connection; where it said nothing there is no state at all.
_AWAY = ("08", "57P", "53300")


def error(request: HttpRequest, status: int) -> HttpResponse:
    title, words = WORDS[status]
    shown = {"title": title, "words": words, "status": status}
    return render(request, "web/error.html", shown, status=status)


def unreadable(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error(request, 400)


def not_allowed(request: HttpRequest, exception: Exception) -> HttpResponse:  # noqa: ARG001
    return error(request, 403)


def expired(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001
    """A form without the token of its page."""
    return error(request, 403)


def not_found(request: HttpRequest, exception: Exception | None = None) -> HttpResponse:  # noqa: ARG001
    return error(request, 404)


def broken(request: HttpRequest) -> HttpResponse:
    """Nothing is asked of the database here: it may be what broke."""
    trouble = sys.exception()
    if _is_away(trouble):
        response = error(request, 503)
    elif isinstance(trouble, Problem) and trouble.status == HTTPStatus.SERVICE_UNAVAILABLE:
        # Before there is a page to say it on: a file had no room, while the form was read.
        said = trouble.says("zh"), trouble.says("en")
        shown = {"title": WORDS[503][0], "words": said, "status": 503}
        response = render(request, "web/error.html", shown, status=503)
    else:
        return error(request, 500)
    response.headers["Retry-After"] = "60"
    return response


def _is_away(trouble: BaseException | None) -> bool:
    """The database was not reached; a deadlock or a statement that took too long is no such."""
    # The driver's own, where sets of rows are read; else the library's, which the driver's caused.
    cause = trouble.__cause__ or trouble if isinstance(trouble, OperationalError) else trouble
    if not isinstance(cause, OperationalError | psycopg.OperationalError):
        return False
    state: str | None = getattr(cause, "sqlstate", None)
    return state is None or state.startswith(_AWAY)


class NotAllowedMiddleware:
    """Whoever opens an address that only takes forms is told so."""

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.answer(request)
        if not isinstance(response, HttpResponseNotAllowed):
            return response
        page = error(request, 405)
        page.headers["Allow"] = response.headers["Allow"]
        return page
