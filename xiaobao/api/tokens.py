"""Tokens: OAuth 2.0 client credentials (RFC 6749, 4.4), issued by the sign-in library."""

from __future__ import annotations

import json
import secrets
import uuid
from http import HTTPStatus
from typing import TYPE_CHECKING

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.views import revoke as library_revokes
from allauth.idp.oidc.views import token as library_issues
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from xiaobao.api.frame import from_where, speak
from xiaobao.api.problems import language_of
from xiaobao.api.trying import tried, whatever_comes
from xiaobao.work import calls
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# A secret is long: nobody guesses it. The limit keeps its slow check from being a burden.
TRIES_PER_MINUTE = 60


# What the library names and leaves unexplained; the standard's own member is English alone.
_FIXES = {
    "invalid_client": (
        "客户端编号或密钥不对，或已被撤销；用 HTTP Basic 发送两者，用 xiaobao clients list 查看",
        "the client's id or secret is not right, or was revoked: see xiaobao clients list",
    ),
    "unsupported_grant_type": (
        "请以表单（application/x-www-form-urlencoded）发送 grant_type=client_credentials",
        "send grant_type=client_credentials as a form (application/x-www-form-urlencoded)",
    ),
    "invalid_scope": (
        "scope 中有此客户端没有的权限；请去掉它们，或不写 scope 以取得全部权限",
        "scope names what this client has not; leave those out, or leave scope out for all it has",
    ),
    "invalid_request": (
        "请求缺少内容，或同一内容出现两次；请发送表单 grant_type=client_credentials",
        "something is missing, or there twice; send the form grant_type=client_credentials",
    ),
}


class ApiAdapter(DefaultOIDCAdapter):  # type: ignore[misc]
    """Ids that say what they are, and secrets that need no quoting in a shell."""

    def generate_client_id(self) -> str:
        return f"xb-{secrets.token_hex(12)}"

    def generate_client_secret(self) -> str:
        return secrets.token_urlsafe(32)


@csrf_exempt
def issue(request: HttpRequest) -> HttpResponse:
    """Give a client its token."""
    return _told(request, library_issues)


@csrf_exempt
def revoke(request: HttpRequest) -> HttpResponse:
    """Take a token back before its time."""
    return _told(request, library_revokes)


def _told(request: HttpRequest, library: Callable[[HttpRequest], HttpResponse]) -> HttpResponse:
    """What the library says; what it lets fall is a problem like any other call's."""
    speak(request)
    told = whatever_comes(
        request,
        uuid.uuid4().hex,
        lambda: tried(request, lambda: _limited(request) or library(request)),
    )
    if "X-Problem" in told.headers:
        del told.headers["X-Problem"]
    return _with_fix(request, told)


def _with_fix(request: HttpRequest, told: HttpResponse) -> HttpResponse:
    """A refusal of the library's with what to do about it, in the language asked for."""
    if told.status_code < HTTPStatus.BAD_REQUEST or "json" not in told.headers["Content-Type"]:
        return told
    said = json.loads(told.content)
    if said.get("error") not in _FIXES or "error_description" in said:
        return told
    zh, en = _FIXES[said["error"]]
    said |= {"error_description": en, "detail": zh if language_of(request) == "zh" else en}
    told.content = json.dumps(said, ensure_ascii=False).encode()
    return told


def _limited(request: HttpRequest) -> HttpResponse | None:
    tries, seconds = calls.count(0, f"token {from_where(request)}", at=now())
    if tries <= TRIES_PER_MINUTE:
        return None
    return JsonResponse(
        {"error": "slow_down", "error_description": f"try again in {seconds} s"}, status=429,
        headers={"Retry-After": str(seconds)},
    )  # fmt: skip
