"""Addresses of the console of supervision."""

from django.urls import path

from xiaobao.web.supervision import pages

urlpatterns = [
    path("", pages.shops, name="supervision"),
    path("platform/", pages.platform, name="supervision-platform"),
    path("penalties/", pages.penalties, name="supervision-penalties"),
]
