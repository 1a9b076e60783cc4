"""Addresses of the juror's console."""

from django.urls import path

from xiaobao.web.jury import pages

urlpatterns = [
    path("", pages.seats, name="jury"),
    path("<name:shop>/<name:claim>/", pages.case, name="jury-case"),
    path("<name:shop>/<name:claim>/<int:seq>/", pages.piece, name="jury-piece"),
    path("<name:shop>/<name:claim>/vote/", pages.vote, name="jury-vote"),
]
