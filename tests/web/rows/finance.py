"""Addresses of the console of finance."""

from tests.web.matrix import BOOKKEEPER, page

ROWS = {"finance/": page("/finance/", BOOKKEEPER, "the administrator")}
