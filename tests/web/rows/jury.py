"""Addresses of the juror's console; of jurors there is none in this world."""

from tests.claims.making import SHOP
from tests.web.matrix import act, page

ROWS = {
    "jury/": page("/jury/"),
    "jury/<name:shop>/<name:claim>/": page(f"/jury/{SHOP}/C-1/"),
    "jury/<name:shop>/<name:claim>/vote/": act(f"/jury/{SHOP}/C-1/vote/"),
}
