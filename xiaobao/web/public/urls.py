"""Addresses of the public pages."""

from django.urls import path

from xiaobao.web.public import pages

urlpatterns = [
    path("shop/<name:shop>/", pages.shop, name="shop"),
    path("shop/<name:shop>/label.json", pages.label, name="shop-label"),
    path("shop/<name:shop>/badge.svg", pages.badge, name="shop-badge"),
    path("label-key.txt", pages.key, name="label-key"),
    path("register/", pages.register, name="register"),
    path("policy/", pages.policy, name="policy"),
    path("policy/<int:pack>/<name:file>", pages.policy_file, name="policy-file"),
]
