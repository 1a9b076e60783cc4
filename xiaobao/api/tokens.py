"""Tokens: OAuth 2.0 client credentials (RFC 6749, 4.4), issued by the sign-in library."""

from __future__ import annotations

import secrets
import uuid
from typing import TYPE_CHECKING

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.views import revoke as library_revokes
from allauth.idp.oidc.views import token as library_issues
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from xiaobao.api.frame import from_where, speak
from xiaobao.api.trying import tried, whatever_comes
from xiaobao.work import calls
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse

# A secret is long: nobody guesses it. The limit keeps its slow check from being a burden.
TRIES_PER_MINUTE = 60


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
    return told


def _limited(request: HttpRequest) -> HttpResponse | None:
    tries, seconds = calls.count(0, f"token {from_where(request)}", at=now())
    if tries <= TRIES_PER_MINUTE:
        return None
    return JsonResponse(
        {"error": "slow_down", "error_description": f"try again in {seconds} s"}, status=429,
        headers={"Retry-After": str(seconds)},
    )  # fmt: skip
