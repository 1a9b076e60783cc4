"""Problems over HTTP: RFC 9457 `application/problem+json`, in the language asked for."""

from __future__ import annotations

import json
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, ClassVar

from django.http import HttpResponse

from xiaobao.api.wording import TITLES, explained
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Sequence

    from django.http import HttpRequest

PROBLEM_JSON = "application/problem+json"
LISTED = 100
# When whoever was answered 503 asks again; a program waits longer by itself each time.
RETRY_SECONDS = 1


@dataclass(frozen=True)
class Row:
    """What is wrong with one of many rows, counted from 1."""

    row: int
    field: str
    zh: str
    en: str


class RequestInvalid(Problem):
    """What was sent is not of the shape that the call takes."""

    code = "request_invalid"
    status: ClassVar[int] = 422
    zh = "请求有 {count} 处不对；第一处 {field}：{what_zh}"
    en = "{count} faults in the request; the first is {field}: {what_en}"

    def __init__(self, errors: Sequence[dict[str, Any]]) -> None:
        self.errors = [
            {"field": _place(one["loc"]), "words": explained(one)} for one in errors[:LISTED]
        ]
        first = self.errors[0]
        zh, en = first["words"]
        super().__init__(count=len(errors), field=first["field"], what_zh=zh, what_en=en)


class BodyUnreadable(Problem):
    code = "body_unreadable"
    status: ClassVar[int] = 400
    zh = "请求体不是 UTF-8 编码的完整 JSON；请检查引号、逗号与编码"
    en = "the body is not whole JSON in UTF-8; check its quotes, commas and encoding"


class QueryUnreadable(Problem):
    code = "query_unreadable"
    status: ClassVar[int] = 400
    zh = "地址中问号之后的参数无法读取（过多，或不是 UTF-8）；请只带此调用接受的参数"
    en = (
        "what follows the question mark cannot be read: it has too many parts, or is not UTF-8; "
        "send only the parameters that this call takes"
    )


class MethodNotAllowed(Problem):
    code = "method_not_allowed"
    status: ClassVar[int] = 405
    zh = "此地址不接受 {method}；可用：{allowed}"
    en = "this address takes no {method}; it takes: {allowed}"


class Broken(Problem):
    """A bug of ours."""

    code = "internal_error"
    status: ClassVar[int] = 500
    zh = "服务内部出错；请用同一 Idempotency-Key 重试，并把编号 {request} 告诉我们"
    en = (
        "something broke in here; try again with the same Idempotency-Key, and tell us the "
        "number {request}"
    )


class Unavailable(Problem):
    """The database does not answer."""

    code = "unavailable"
    status: ClassVar[int] = 503
    zh = "数据库暂时不可用；请稍后用同一 Idempotency-Key 重试"
    en = "the database does not answer now; try again soon, with the same Idempotency-Key"


def language_of(request: HttpRequest) -> str:
    """`zh` or `en`."""
    found: str = getattr(request, "language", "zh")
    return found


def answer_to(request: HttpRequest, problem: Problem) -> HttpResponse:
    """What a problem looks like to whoever called."""
    language = language_of(request)
    place = 0 if language == "zh" else 1
    told = problem.as_dict() | {
        "title": TITLES[problem.status][place],
        "detail": problem.says(language),
        "instance": request.path,
    }
    for name in [name for name in told if name.endswith(("_zh", "_en"))]:
        mine = told.pop(name)
        if name.endswith(language):
            told[name[:-3]] = mine
    if isinstance(problem, RequestInvalid):
        told["errors"] = [
            {"field": one["field"], "detail": one["words"][place]} for one in problem.errors
        ]
    rows: Sequence[Row] = getattr(problem, "rows", ())
    if rows:
        told["rows"] = [
            {"row": one.row, "field": one.field, "detail": (one.zh, one.en)[place]}
            for one in rows[:LISTED]
        ]
    response = HttpResponse(
        json.dumps(told, ensure_ascii=False), status=problem.status, content_type=PROBLEM_JSON
    )
    response.headers["X-Problem"] = problem.code
    if problem.status == HTTPStatus.SERVICE_UNAVAILABLE:
        response.headers["Retry-After"] = str(RETRY_SECONDS)
    if problem.status == HTTPStatus.UNAUTHORIZED:
        response.headers["WWW-Authenticate"] = 'Bearer realm="xiaobao", error="invalid_token"'
    return response


def _place(loc: Sequence[Any]) -> str:
    """Where in a request a fault lies, as a person points at it: `body.facts.3.at`."""
    # The parameter that holds a whole body has a name of ours alone.
    parts = [str(part) for part in loc]
    if parts[:1] == ["body"] and len(parts) > 1:
        parts = ["body", *parts[2:]]
    return ".".join(parts)
