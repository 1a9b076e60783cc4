"""Addresses of the public pages."""

from django.urls import path

from xiaobao.web.public import pages

urlpatterns = [
    path("shop/<name:shop>/", pages.shop, name="shop"),
    path("policy/", pages.policy, name="policy"),
    path("policy/<int:pack>/<name:file>", pages.policy_file, name="policy-file"),
]
