"""Addresses of the console of finance."""

from django.urls import path

from xiaobao.web.finance import pages

urlpatterns = [path("", pages.balance, name="finance")]
