"""What is sensitive asks for a second factor, shortly before it is done."""

from __future__ import annotations

import time
from functools import wraps
from typing import TYPE_CHECKING, Any

from allauth.account.adapter import get_adapter
from allauth.account.authentication import get_authentication_records
from allauth.core.exceptions import ReauthenticationRequired
from django.conf import settings
from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse

from xiaobao.web.telling import tell_wrong

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest

    Page = Callable[..., HttpResponse]

# In the session of whoever stepped into somebody's shoes by one click.
DEMO = "demo"


def proven(page: Page) -> Page:
    """A form that counts only right after a second factor.

    Whoever has none is led to set one up; whoever has one is asked for it, and what they sent
    goes on by itself afterwards.
    """

    @wraps(page)
    def passed(request: HttpRequest, *given: Any, **rest: Any) -> HttpResponse:
        if is_proven(request):
            return page(request, *given, **rest)
        methods = get_adapter().get_reauthentication_methods(request.user)
        if not any(one["id"].startswith("mfa") for one in methods):
            tell_wrong(
                request,
                zh="此事项须先验证第二因素，而此账号还没有绑定；请先绑定一种。没有记录任何内容",
                en="this asks for a second factor, and the account has none: set one up first. "
                "Nothing was recorded",
            )
            return HttpResponseRedirect(reverse("mfa_index"))
        raise ReauthenticationRequired

    return passed


def is_proven(request: HttpRequest) -> bool:
    """A second factor within the last minutes; in the demo alone nobody has any."""
    if is_demo_session(request):
        return True
    # Of the wall's clock, as the library writes it down.
    now = time.time()  # noqa: TID251
    return any(
        one["method"] == "mfa" and now - one["at"] < settings.ACCOUNT_REAUTHENTICATION_TIMEOUT
        for one in get_authentication_records(request, request.user)
    )


def is_demo_session(request: HttpRequest) -> bool:
    return bool(settings.IS_DEMO and request.session.get(DEMO))
