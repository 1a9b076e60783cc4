"""Addresses of the console of finance."""

from tests.web.matrix import ADMINISTRATOR, BOOKKEEPER, act, page

WHO = (BOOKKEEPER, ADMINISTRATOR)
ROWS = {
    "finance/": page("/finance/", *WHO),
    "finance/reconciliation": page("/finance/reconciliation", *WHO),
    "finance/reconciliation/bill": act("/finance/reconciliation/bill", *WHO),
    "finance/reconciliation/close": act("/finance/reconciliation/close", *WHO),
}
