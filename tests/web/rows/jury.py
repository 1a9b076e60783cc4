"""Addresses of the juror's console."""

from tests.claims.making import SHOP
from tests.web.matrix import JUROR, act, page

ROWS = {
    "jury/": page("/jury/", JUROR),
    "jury/<name:shop>/<name:claim>/": page(f"/jury/{SHOP}/C-1/", JUROR),
    "jury/<name:shop>/<name:claim>/<int:seq>/": page(f"/jury/{SHOP}/C-1/1/", JUROR),
    "jury/<name:shop>/<name:claim>/vote/": act(f"/jury/{SHOP}/C-1/vote/", JUROR, status=302),
}
