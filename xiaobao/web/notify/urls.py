"""Addresses that gateways are given."""

from django.urls import path

from xiaobao.web.notify import pages

urlpatterns = [path("alipay", pages.alipay, name="notify-alipay")]
