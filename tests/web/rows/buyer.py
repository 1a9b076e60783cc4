"""Addresses of the buyer's console."""

from tests.claims.making import SHOP
from tests.web.matrix import BUYER, Row, everybody, for_buyer

_ORDER, _AT = "buyer/<name:shop>/<name:order>/", f"/buyer/{SHOP}/A/"
ROWS = {
    # A link that was never made: it shows how to come by one, and opens nothing.
    "buyer/open/<name:shop>/<str:secret>/": Row(
        f"/buyer/open/{SHOP}/guess/", everybody(200), everybody(404)
    ),
    _ORDER: for_buyer(_AT),
    f"{_ORDER}file/": for_buyer(f"{_AT}file/", is_form=True),
    f"{_ORDER}<name:claim>/": for_buyer(f"{_AT}C-1/"),
    f"{_ORDER}<name:claim>/<int:seq>/": for_buyer(f"{_AT}C-1/1/"),
    # A form without fields: whoever asks is told, and that is written down.
    f"{_ORDER}<name:claim>/seller/": Row(
        f"{_AT}C-1/seller/", everybody(405), everybody(404) | {BUYER: 200}
    ),
    # A form without fields: the archive itself answers it.
    f"{_ORDER}<name:claim>/dossier/": Row(
        f"{_AT}C-1/dossier/", everybody(405), everybody(404) | {BUYER: 200}
    ),
    f"{_ORDER}<name:claim>/do/": for_buyer(f"{_AT}C-1/do/", is_form=True),
}
