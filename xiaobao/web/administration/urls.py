"""Addresses of the administrator's console."""

from django.urls import path

from xiaobao.web.administration import pages

urlpatterns = [
    path("", pages.accounts, name="administration"),
    path("add/", pages.add, name="administration-add"),
    path("people/<name:person>/", pages.account, name="administration-account"),
    path("people/<name:person>/change/", pages.change, name="administration-change"),
    path("log/", pages.log, name="administration-log"),
]
