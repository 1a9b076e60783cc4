"""Addresses of the console of finance."""

from django.urls import path

from xiaobao.web.finance import books, pages, reconciling, unowed

urlpatterns = [
    path("", pages.balance, name="finance"),
    path("debts/", books.debts, name="finance-debts"),
    path("books/", books.find, name="finance-find"),
    path("books/<name:shop>/", books.book, name="finance-book"),
    path("books/<name:shop>/csv/", books.book_csv, name="finance-book-csv"),
    path("reconciliation", reconciling.reconciliation, name="reconciliation"),
    path("reconciliation/bill", reconciling.take_bill, name="reconciliation-bill"),
    path("reconciliation/ask", reconciling.ask, name="reconciliation-ask"),
    path("reconciliation/unowed", unowed.settle, name="reconciliation-unowed"),
    path("reconciliation/close", reconciling.close, name="reconciliation-close"),
]
