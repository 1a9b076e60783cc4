"""Addresses of the public pages."""

from django.urls import path

from xiaobao.web.public import drafts, pages, reports

urlpatterns = [
    path("shop/<name:shop>/", pages.shop, name="shop"),
    path("shop/<name:shop>/label.json", pages.label, name="shop-label"),
    path("shop/<name:shop>/badge.svg", pages.badge, name="shop-badge"),
    path("label-key.txt", pages.key, name="label-key"),
    path("register/", pages.register, name="register"),
    path("report/", reports.reports, name="reports"),
    path("report/<str:quarter>/", reports.report, name="report"),
    path("report/<str:quarter>/report.json", reports.report_json, name="report-json"),
    path("policy/", pages.policy, name="policy"),
    path("policy/drafts/<int:draft>/", drafts.draft, name="policy-draft"),
    path("policy/drafts/<int:draft>/<name:file>", drafts.draft_file, name="policy-draft-file"),
    path("policy/<int:pack>/<name:file>", pages.policy_file, name="policy-file"),
]
