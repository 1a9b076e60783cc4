"""Addresses of the console of policy."""

from django.urls import path

from xiaobao.web.policy import checking, pages

urlpatterns = [
    path("", pages.overview, name="rules"),
    path("check/", checking.check, name="rules-check"),
    path("packs/<int:pack>/", pages.version, name="rules-version"),
    path("packs/<int:pack>/withdraw/", pages.withdraw, name="rules-withdraw"),
    path("drafts/<int:draft>/", pages.draft, name="rules-draft"),
    path("drafts/<int:draft>/announce/", pages.announce, name="rules-announce"),
    path("drafts/<int:draft>/reply/", pages.reply, name="rules-reply"),
]
