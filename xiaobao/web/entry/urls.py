"""Addresses of the front door."""

from django.urls import path

from xiaobao.web.entry import pages
from xiaobao.web.entry.invited import invited

urlpatterns = [
    path("", pages.home, name="home"),
    path("language/", pages.choose_language, name="language"),
    path("zone/", pages.choose_zone, name="zone"),
    path("invited/<str:link>/", invited, name="invited"),
    path("demo/", pages.be_somebody, name="be-somebody"),
]
