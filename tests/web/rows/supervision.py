"""Addresses of the console of supervision."""

from tests.claims.making import SHOP
from tests.web.matrix import SUPERVISOR, act, page

ONE = f"/supervision/inspections/{SHOP}/1/"
ROWS = {
    "supervision/": page("/supervision/", SUPERVISOR),
    "supervision/signals/": page("/supervision/signals/", SUPERVISOR),
    "supervision/shops/<name:shop>/": page(f"/supervision/shops/{SHOP}/", SUPERVISOR),
    "supervision/shops/<name:shop>/inspect/": act(
        f"/supervision/shops/{SHOP}/inspect/", SUPERVISOR
    ),
    "supervision/inspections/": page("/supervision/inspections/", SUPERVISOR),
    # Of inspections there is none in this world.
    "supervision/inspections/<name:shop>/<int:number>/": page(ONE),
    "supervision/inspections/<name:shop>/<int:number>/find/": act(
        f"{ONE}find/", SUPERVISOR, status=404
    ),
    "supervision/inspections/<name:shop>/<int:number>/close/": act(
        f"{ONE}close/", SUPERVISOR, status=404, is_sensitive=True
    ),
    "supervision/cheating/": page("/supervision/cheating/", SUPERVISOR),
    "supervision/platform/": page("/supervision/platform/", SUPERVISOR),
    "supervision/penalties/": page("/supervision/penalties/", SUPERVISOR),
}
