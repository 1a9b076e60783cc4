"""Tokens: OAuth 2.0 client credentials (RFC 6749, 4.4), issued by the sign-in library."""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from allauth.idp.oidc.adapter import DefaultOIDCAdapter
from allauth.idp.oidc.views import revoke as library_revokes
from allauth.idp.oidc.views import token as library_issues
from django.http import JsonResponse
from django.views.decorators.csrf import csrf_exempt

from xiaobao.api.frame import from_where
from xiaobao.work import calls
from xiaobao.work.clock import now

if TYPE_CHECKING:
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
    return _limited(request) or library_issues(request)


@csrf_exempt
def revoke(request: HttpRequest) -> HttpResponse:
    """Take a token back before its time."""
    return _limited(request) or library_revokes(request)


def _limited(request: HttpRequest) -> HttpResponse | None:
    tries, seconds = calls.count(0, f"token {from_where(request)}", at=now())
    if tries <= TRIES_PER_MINUTE:
        return None
    return JsonResponse(
        {"error": "slow_down", "error_description": f"try again in {seconds} s"}, status=429,
        headers={"Retry-After": str(seconds)},
    )  # fmt: skip
