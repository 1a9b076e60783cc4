"""The first page, the choice of language, and the demo's one-click sign-in."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from allauth.usersessions.models import UserSession
from django.conf import settings
from django.contrib.auth import login
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST, require_safe

from xiaobao.kernel.languages import CODES
from xiaobao.orders import queries as orders
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers
from xiaobao.web import zones
from xiaobao.web.buyer.gate import remember
from xiaobao.web.entry.demo import (
    DOES,
    JUROR,
    JUROR_DOES,
    JUROR_WORDS,
    STAFF_DOORS,
    demo_orders,
    demo_user,
    is_generated,
)
from xiaobao.web.entry.shops import demo_shops
from xiaobao.web.gates import visitor_of
from xiaobao.web.people import ROLE_WORDS
from xiaobao.web.proving import DEMO
from xiaobao.web.speaking import COOKIE, COOKIE_SECONDS
from xiaobao.web.telling import field
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from django.http import HttpRequest


@require_safe
def home(request: HttpRequest) -> HttpResponse:
    who = visitor_of(request)
    names = sellers.names_of(np.array(who.shops, np.int64))
    return render(request, "web/home.html", {
        "shops": sorted(names.values()),
        "staff": [(ROLE_WORDS[role], STAFF_DOORS.get(role)) for role in who.staff_roles],
        "markets": promises.markets(),
        "demo_shops": demo_shops() if settings.IS_DEMO else [],
        "demo_orders": demo_orders() if settings.IS_DEMO else [],
        "demo_staff": [
            *((role.name.lower(), ROLE_WORDS[role], DOES[role]) for role in STAFF_DOORS),
            (JUROR, JUROR_WORDS, JUROR_DOES),
        ],
    })  # fmt: skip


@require_POST
def choose_language(request: HttpRequest) -> HttpResponse:
    response = _back(request)
    chosen = request.POST.get("lang", "")
    if chosen in CODES:
        response.set_cookie(
            COOKIE, chosen, max_age=COOKIE_SECONDS, samesite="Lax", secure=settings.IS_SECURE,
            httponly=True,
        )  # fmt: skip
    return response


@require_POST
def choose_zone(request: HttpRequest) -> HttpResponse:
    """The time zone in which moments are shown from now on."""
    response = _back(request)
    zones.choose(request, response, field(request, "zone"), visitor_of(request).user_id)
    return response


def _back(request: HttpRequest) -> HttpResponse:
    """To the page where it was chosen, and nowhere outside."""
    back = request.POST.get("next", "")
    safe = url_has_allowed_host_and_scheme(back, {request.get_host()})
    return HttpResponseRedirect(back if safe else reverse("home"))


@require_POST
def be_somebody(request: HttpRequest) -> HttpResponse:
    """In the demo alone: sign in as anybody, by one click."""
    if not is_generated():
        raise Http404
    if field(request, "order"):
        return _as_buyer(request, field(request, "shop"), field(request, "order"))
    user, address = demo_user(field(request, "role"), field(request, "shop"), at=now())
    login(request, user, backend="django.contrib.auth.backends.ModelBackend")
    request.session[DEMO] = True
    # As the library does where somebody signs in by themselves: the session is listed, and ends.
    UserSession.objects.create_from_request(request)
    return HttpResponseRedirect(address)


def _as_buyer(request: HttpRequest, shop: str, order: str) -> HttpResponse:
    detail = orders.order_of(shop, order)
    if detail is None:
        raise Http404
    remember(request, detail.seller_id, detail.order_id)
    request.session[DEMO] = True
    return HttpResponseRedirect(reverse("buyer-order", args=[shop, order]))


def closed(request: HttpRequest) -> HttpResponse:  # noqa: ARG001
    """For addresses of allauth that this house has no use for."""
    raise Http404
