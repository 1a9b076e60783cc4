"""Addresses of the buyer's console."""

from django.urls import path

from xiaobao.web.buyer import pages

urlpatterns = [
    path("open/<str:shop>/<str:secret>/", pages.open_link, name="buyer-open"),
    path("<str:shop>/<str:order>/", pages.order, name="buyer-order"),
    path("<str:shop>/<str:order>/file/", pages.file, name="buyer-file"),
    path("<str:shop>/<str:order>/<str:claim>/", pages.claim, name="buyer-claim"),
    path("<str:shop>/<str:order>/<str:claim>/do/", pages.act, name="buyer-act"),
]
