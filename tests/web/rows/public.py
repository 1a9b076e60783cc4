"""Addresses for everybody: the front door, shops as buyers see them, the rules."""

from tests.claims.making import SHOP
from tests.web.matrix import Row, everybody, public

ROWS = {
    "": public("/"),
    "shop/<name:shop>/": public(f"/shop/{SHOP}/"),
    "shop/<name:shop>/label.json": public(f"/shop/{SHOP}/label.json"),
    "shop/<name:shop>/badge.svg": public(f"/shop/{SHOP}/badge.svg"),
    "label-key.txt": public("/label-key.txt"),
    "register/": public("/register/"),
    "policy/": public("/policy/"),
    "policy/<int:pack>/<name:file>": public("/policy/{pack}/clocks.csv"),
    "language/": Row("/language/", everybody(405), everybody(302)),
    "zone/": Row("/zone/", everybody(405), everybody(302)),
    # Outside the demo there is no such page.
    "demo/": Row("/demo/", everybody(405), everybody(404)),
    # Whoever has the link enters, and nobody without a password.
    "invited/<str:link>/": Row("/invited/{link}/", everybody(200), everybody(422)),
}
