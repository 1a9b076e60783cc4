"""Addresses of the adjudicator's desk."""

from django.urls import path

from xiaobao.web.desk import pages

urlpatterns = [
    path("", pages.queue, name="desk"),
    path("claims/<str:shop>/<str:claim>/", pages.case, name="desk-case"),
    path("claims/<str:shop>/<str:claim>/rule/", pages.rule, name="desk-rule"),
    path("exits/", pages.exits, name="desk-exits"),
    path("exits/<str:shop>/decide/", pages.decide, name="desk-decide"),
]
