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
    "report/": public("/report/"),
    "report/<str:quarter>/": public("/report/{quarter}/"),
    "report/<str:quarter>/report.json": public("/report/{quarter}/report.json"),
    "policy/": public("/policy/"),
    "policy/drafts/<int:draft>/": public("/policy/drafts/{draft}/"),
    "policy/drafts/<int:draft>/<name:file>": public("/policy/drafts/{draft}/clocks.csv"),
    "policy/<int:pack>/<name:file>": public("/policy/{pack}/clocks.csv"),
    "language/": Row("/language/", everybody(405), everybody(302)),
    "zone/": Row("/zone/", everybody(405), everybody(302)),
    # Outside the demo there is no such page.
    "demo/": Row("/demo/", everybody(405), everybody(404)),
    # Whoever has the link enters, and nobody without a password.
    "invited/<str:link>/": Row("/invited/{link}/", everybody(200), everybody(422)),
}
