"""Addresses of the delivery log."""

from django.urls import path

from xiaobao.web.webhooks import pages

urlpatterns = [
    path("", pages.deliveries, name="webhooks"),
    path("<int:subscription>/replay/", pages.replay, name="webhooks-replay"),
    path("<int:subscription>/<uuid:event>/", pages.attempts, name="webhooks-attempts"),
]
