"""Addresses of the buyer's console."""

from django.urls import path

from xiaobao.web.buyer import pages

urlpatterns = [
    path("open/<name:shop>/<str:secret>/", pages.open_link, name="buyer-open"),
    path("<name:shop>/<name:order>/", pages.order, name="buyer-order"),
    path("<name:shop>/<name:order>/file/", pages.file, name="buyer-file"),
    path("<name:shop>/<name:order>/<name:claim>/", pages.claim, name="buyer-claim"),
    path("<name:shop>/<name:order>/<name:claim>/do/", pages.act, name="buyer-act"),
    path("<name:shop>/<name:order>/<name:claim>/seller/", pages.seller, name="buyer-seller"),
    path("<name:shop>/<name:order>/<name:claim>/dossier/", pages.dossier, name="buyer-dossier"),
    path("<name:shop>/<name:order>/<name:claim>/<int:seq>/", pages.piece, name="buyer-piece"),
]
