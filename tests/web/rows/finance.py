"""Addresses of the console of finance."""

from tests.claims.making import SHOP
from tests.web.matrix import ADMINISTRATOR, BOOKKEEPER, Row, act, everybody, gated, page

WHO = (BOOKKEEPER, ADMINISTRATOR)
_FIND = f"/finance/books/?shop={SHOP}"
ROWS = {
    "finance/": page("/finance/", *WHO),
    "finance/debts/": page("/finance/debts/", *WHO),
    "finance/books/": Row(_FIND, gated(WHO, 302), everybody(405)),
    "finance/books/<name:shop>/": page(f"/finance/books/{SHOP}/", *WHO),
    "finance/books/<name:shop>/csv/": page(f"/finance/books/{SHOP}/csv/", *WHO),
    "finance/reconciliation": page("/finance/reconciliation", *WHO),
    "finance/reconciliation/bill": act("/finance/reconciliation/bill", *WHO),
    "finance/reconciliation/ask": act("/finance/reconciliation/ask", *WHO, status=302),
    "finance/reconciliation/unowed": act("/finance/reconciliation/unowed", BOOKKEEPER, status=302),
    "finance/reconciliation/close": act("/finance/reconciliation/close", *WHO, status=302),
}
