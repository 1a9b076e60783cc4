"""The doors' addresses; consoles and resources add theirs here."""

from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [
    path("account/", include("allauth.urls")),
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
