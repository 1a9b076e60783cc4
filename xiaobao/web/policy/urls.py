"""Addresses of the console of policy."""

from django.urls import path

from xiaobao.web.policy import checking, comparing, pages

urlpatterns = [
    path("", pages.overview, name="rules"),
    path("check/", checking.check, name="rules-check"),
    path("packs/<int:pack>/", pages.version, name="rules-version"),
    path("packs/<int:pack>/withdraw/", pages.withdraw, name="rules-withdraw"),
    path("drafts/<int:draft>/", pages.draft, name="rules-draft"),
    path("drafts/<int:draft>/announce/", pages.announce, name="rules-announce"),
    path("drafts/<int:draft>/reply/", pages.reply, name="rules-reply"),
    path("drafts/<int:draft>/compare/", comparing.ask, name="rules-compare"),
    path("comparisons/", comparing.overview, name="rules-comparisons"),
    path("comparisons/<uuid:comparison>/", comparing.comparison, name="rules-comparison"),
    path("comparisons/<uuid:comparison>/report/", comparing.report, name="rules-report"),
]
