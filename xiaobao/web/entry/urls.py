"""Addresses of the front door."""

from django.urls import path

from xiaobao.web.entry import pages

urlpatterns = [
    path("", pages.home, name="home"),
    path("language/", pages.choose_language, name="language"),
    path("demo/", pages.be_somebody, name="be-somebody"),
]
