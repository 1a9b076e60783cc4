"""The doors' addresses; consoles and resources add theirs here."""

from django.urls import URLPattern, URLResolver, include, path, re_path

import xiaobao.work.names  # noqa: F401  the kind of part `name`, before addresses use it
from xiaobao.web.entry.pages import closed

urlpatterns: list[URLPattern | URLResolver] = [
    # Accounts are given, and no mail leaves the house: nobody signs up, or is written to.
    re_path(
        "^account/(?:confirm-email|email|login/code|password/(?:re)?set|reauthenticate/code|signup)/",
        closed,
    ),
    path("account/", include("allauth.urls")),
    path("api/v1/", include("xiaobao.api.urls")),
    path("seller/", include("xiaobao.web.seller.urls")),
    path("buyer/", include("xiaobao.web.buyer.urls")),
    path("administration/", include("xiaobao.web.administration.urls")),
    path("countersign/", include("xiaobao.web.countersign.urls")),
    path("policy-desk/", include("xiaobao.web.policy.urls")),
    path("supervision/", include("xiaobao.web.supervision.urls")),
    path("jury/", include("xiaobao.web.jury.urls")),
    path("desk/", include("xiaobao.web.desk.urls")),
    path("finance/", include("xiaobao.web.finance.urls")),
    path("notify/", include("xiaobao.web.notify.urls")),
    path("webhooks/", include("xiaobao.web.webhooks.urls")),
    path("", include("xiaobao.web.public.urls")),
    path("", include("xiaobao.web.entry.urls")),
]
handler400 = "xiaobao.web.errors.unreadable"
handler404 = "xiaobao.web.errors.not_found"
handler403 = "xiaobao.web.errors.not_allowed"
handler500 = "xiaobao.web.errors.broken"
