"""Addresses of the adjudicator's desk."""

from tests.claims.making import SHOP
from tests.web.matrix import ADJUDICATOR, act, page

ROWS = {
    "desk/": page("/desk/", ADJUDICATOR),
    "desk/claims/<name:shop>/<name:claim>/": page(f"/desk/claims/{SHOP}/C-1/", ADJUDICATOR),
    "desk/claims/<name:shop>/<name:claim>/rule/": act(
        f"/desk/claims/{SHOP}/C-1/rule/", ADJUDICATOR, is_sensitive=True
    ),
    "desk/exits/": page("/desk/exits/", ADJUDICATOR),
    "desk/exits/<name:shop>/decide/": act(
        f"/desk/exits/{SHOP}/decide/", ADJUDICATOR, is_sensitive=True
    ),
}
