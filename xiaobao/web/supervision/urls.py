"""Addresses of the console of supervision."""

from django.urls import path

from xiaobao.web.supervision import gauge, inspections, pages, shops

urlpatterns = [
    path("", shops.ranked, name="supervision"),
    path("signals/", shops.signals, name="supervision-signals"),
    path("shops/<name:shop>/", shops.shop, name="supervision-shop"),
    path("shops/<name:shop>/inspect/", inspections.begin, name="supervision-inspect"),
    path("inspections/", inspections.listed, name="supervision-inspections"),
    path("inspections/<name:shop>/<int:number>/", inspections.one, name="supervision-inspection"),
    path("inspections/<name:shop>/<int:number>/find/", inspections.find, name="supervision-find"),
    path(
        "inspections/<name:shop>/<int:number>/close/", inspections.close, name="supervision-close"
    ),
    path("cheating/", gauge.cheating, name="supervision-cheating"),
    path("platform/", pages.platform, name="supervision-platform"),
    path("penalties/", pages.penalties, name="supervision-penalties"),
]
