"""Who may pass: strangers sign in, and whoever is signed in sees their own or nothing at all."""

from __future__ import annotations

from functools import wraps
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib.auth import SESSION_KEY, logout
from django.contrib.auth.views import redirect_to_login
from django.http import Http404
from django.shortcuts import render

from xiaobao.sellers import queries as sellers
from xiaobao.web.buyer.gate import OPENED
from xiaobao.web.errors import not_found
from xiaobao.web.people import SHOP_ROLES, STAFF, Role, Visitor, visitor
from xiaobao.web.proving import DEMO
from xiaobao.web.zones import recall

if TYPE_CHECKING:
    from collections.abc import Callable

    from django.http import HttpRequest, HttpResponse
    from django.http.response import HttpResponseBase

    from xiaobao.sellers.facts import SellerRow

    Page = Callable[..., HttpResponseBase]

FRAMES = {
    Role.ADJUDICATOR: "desk/base.html",
    Role.POLICY: "rules/base.html",
    Role.FINANCE: "finance/base.html",
    Role.SUPERVISOR: "supervision/base.html",
    Role.ADMINISTRATOR: "administration/base.html",
}


class SizeMiddleware:
    """Refuses what no page takes before any of it is read: too large, or names that cannot be.

    Whoever is not known here sends no files: names and passwords have room in little. No more is
    ever read of a body than it says it has.
    """

    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        length = length_of(request)
        if length > settings.STRANGERS_REQUEST_BYTES:
            most = (
                settings.LARGEST_REQUEST_BYTES
                if _is_known(request)
                else settings.STRANGERS_REQUEST_BYTES
            )
            if length > most:
                shown = {"most": most, "is_known": most == settings.LARGEST_REQUEST_BYTES}
                return render(request, "web/too_large.html", shown, status=413)
        # PostgreSQL takes no NUL, so nothing is called so.
        if "\0" in request.path_info:
            return not_found(request)
        return self.answer(request)


def length_of(request: HttpRequest) -> int:
    """How many bytes a request says it carries; as the library reads it, nonsense is none."""
    try:
        return max(0, int(request.META.get("CONTENT_LENGTH") or 0))
    except ValueError:
        return 0


def _is_known(request: HttpRequest) -> bool:
    """Somebody signed in, or a buyer who opened an order; asked of large requests alone."""
    return bool(request.session.get(SESSION_KEY) or request.session.get(OPENED))


class VisitorMiddleware:
    def __init__(self, answer: Callable[[HttpRequest], HttpResponse]) -> None:
        self.answer = answer

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if request.session.get(DEMO) and not settings.IS_DEMO:
            # Nobody goes on in the shoes they stepped into where it was a demo.
            logout(request)
        user = request.user
        who = visitor(int(user.pk), user.get_username()) if user.is_authenticated else Visitor()
        request.visitor = who  # type: ignore[attr-defined]
        if not who.is_stranger:
            recall(request, who.user_id)
        response = self.answer(request)
        if not who.is_stranger:
            # What one person may see is for nobody's cache.
            response.headers.setdefault("Cache-Control", "private, no-store")
        return response


def visitor_of(request: HttpRequest) -> Visitor:
    found: Visitor = request.visitor  # type: ignore[attr-defined]
    return found


def frame_of(request: HttpRequest, *roles: Role) -> str:
    """Of a page that consoles share: the frame of the first that the visitor may open."""
    held = visitor_of(request)
    return next(FRAMES[role] for role in roles if held.has(role))


def shop_page(*roles: Role) -> Callable[[Page], Page]:
    """A page of one shop, for its members in these roles (any, where none is named).

    The page gets the shop's row in place of its name; to anybody else there is no such page.
    """
    allowed = roles or SHOP_ROLES

    def gate(page: Page) -> Page:
        @wraps(page)
        def passed(request: HttpRequest, shop: str, **rest: Any) -> HttpResponseBase:
            who = visitor_of(request)
            if who.is_stranger:
                return redirect_to_login(request.get_full_path())
            row: SellerRow | None = sellers.seller(shop)
            if row is None or not any(who.has(role, row.seller_id) for role in allowed):
                raise Http404
            return page(request, row, **rest)

        return passed

    return gate


def staff_page(*roles: Role) -> Callable[[Page], Page]:
    """A page for the marketplace's staff in these roles; to anybody else there is none."""

    def gate(page: Page) -> Page:
        @wraps(page)
        def passed(request: HttpRequest, **rest: Any) -> HttpResponseBase:
            who = visitor_of(request)
            if who.is_stranger:
                return redirect_to_login(request.get_full_path())
            if not any(who.has(role, STAFF) for role in roles):
                raise Http404
            return page(request, **rest)

        return passed

    return gate
