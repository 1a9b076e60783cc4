"""The doors' addresses; consoles and resources add theirs here."""

from django.urls import URLPattern, URLResolver, include, path

import xiaobao.work.names  # noqa: F401  the kind of part `name`, before addresses use it
from xiaobao.web.entry.pages import closed

urlpatterns: list[URLPattern | URLResolver] = [
    # No mail leaves the house: nobody adds an address, or has one written to.
    path("account/email/", closed),
    path("account/password/reset/", closed),
    path("account/", include("allauth.urls")),
    path("api/v1/", include("xiaobao.api.urls")),
    path("seller/", include("xiaobao.web.seller.urls")),
    path("buyer/", include("xiaobao.web.buyer.urls")),
    path("desk/", include("xiaobao.web.desk.urls")),
    path("finance/", include("xiaobao.web.finance.urls")),
    path("", include("xiaobao.web.public.urls")),
    path("", include("xiaobao.web.entry.urls")),
]
handler404 = "xiaobao.web.entry.pages.not_found"
handler403 = "xiaobao.web.entry.pages.not_allowed"
handler500 = "xiaobao.web.entry.pages.broken"
