"""Addresses for everybody: the front door, shops as buyers see them, the rules."""

from tests.claims.making import SHOP
from tests.web.matrix import Row, closed, everybody, public

ROWS = {
    "": public("/"),
    "shop/<name:shop>/": public(f"/shop/{SHOP}/"),
    "shop/<name:shop>/label.json": public(f"/shop/{SHOP}/label.json"),
    "shop/<name:shop>/badge.svg": public(f"/shop/{SHOP}/badge.svg"),
    "label-key.txt": public("/label-key.txt"),
    "register/": public("/register/"),
    "policy/": public("/policy/"),
    "policy/<int:pack>/<name:file>": Row("/policy/1/none", everybody(404), everybody(405)),
    "language/": Row("/language/", everybody(405), everybody(302)),
    # Outside the demo there is no such page; nor is there a link that was never made.
    "demo/": Row("/demo/", everybody(405), everybody(404)),
    "invited/<str:link>/": closed("/invited/guess/"),
}
