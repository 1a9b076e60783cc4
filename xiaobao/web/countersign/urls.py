"""Addresses of what takes two persons."""

from django.urls import path

from xiaobao.web.countersign import pages

urlpatterns = [
    path("", pages.waiting, name="countersign"),
    path("<uuid:intent>/", pages.sign, name="countersign-sign"),
]
