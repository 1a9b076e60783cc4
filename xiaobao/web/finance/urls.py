"""Addresses of the console of finance."""

from django.urls import path

from xiaobao.web.finance import pages, reconciling

urlpatterns = [
    path("", pages.balance, name="finance"),
    path("reconciliation", reconciling.reconciliation, name="reconciliation"),
    path("reconciliation/bill", reconciling.take_bill, name="reconciliation-bill"),
    path("reconciliation/close", reconciling.close, name="reconciliation-close"),
]
