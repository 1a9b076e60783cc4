"""Addresses of the adjudicator's desk."""

from django.urls import path

from xiaobao.web.desk import exits, pages

urlpatterns = [
    path("", pages.queue, name="desk"),
    path("claims/<name:shop>/<name:claim>/", pages.case, name="desk-case"),
    path("claims/<name:shop>/<name:claim>/rule/", pages.rule, name="desk-rule"),
    path("exits/", exits.exits, name="desk-exits"),
    path("exits/<name:shop>/decide/", exits.decide, name="desk-decide"),
]
