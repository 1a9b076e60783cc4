"""Addresses of the seller's console."""

from tests.claims.making import SHOP
from tests.web.matrix import MEMBERS, OWNER, act, both, page

_SHOP, _AT = "seller/<name:shop>/", f"/seller/{SHOP}/"
ROWS = {
    _SHOP: page(_AT, *MEMBERS),
    f"{_SHOP}joining/": page(f"{_AT}joining/", OWNER),
    f"{_SHOP}joining/change/": act(f"{_AT}joining/change/", OWNER),
    f"{_SHOP}deposit/": page(f"{_AT}deposit/", *MEMBERS),
    f"{_SHOP}deposit/statement/": page(f"{_AT}deposit/statement/", *MEMBERS),
    f"{_SHOP}deposit/lodge/": act(f"{_AT}deposit/lodge/", OWNER),
    f"{_SHOP}deposit/statement.csv": page(f"{_AT}deposit/statement.csv", *MEMBERS),
    f"{_SHOP}deposit/mix/": act(f"{_AT}deposit/mix/", OWNER),
    f"{_SHOP}items/": page(f"{_AT}items/", *MEMBERS),
    f"{_SHOP}items/change/": act(f"{_AT}items/change/", *MEMBERS),
    f"{_SHOP}items/undo/": act(f"{_AT}items/undo/", *MEMBERS, status=302),
    f"{_SHOP}claims/": page(f"{_AT}claims/", *MEMBERS),
    f"{_SHOP}claims/<name:claim>/": page(f"{_AT}claims/C-1/", *MEMBERS),
    f"{_SHOP}claims/<name:claim>/answer/": act(f"{_AT}claims/C-1/answer/", *MEMBERS),
    f"{_SHOP}claims/<name:claim>/<int:seq>/": page(f"{_AT}claims/C-1/1/", *MEMBERS),
    # A form without fields: the archive itself answers it.
    f"{_SHOP}claims/<name:claim>/dossier/": act(f"{_AT}claims/C-1/dossier/", *MEMBERS, status=200),
    f"{_SHOP}violations/": page(f"{_AT}violations/", *MEMBERS),
    f"{_SHOP}violations/<name:violation>/": page(f"{_AT}violations/V-1/", *MEMBERS),
    f"{_SHOP}violations/<name:violation>/appeal/": act(
        f"{_AT}violations/V-1/appeal/", OWNER, status=302
    ),
    f"{_SHOP}file/": both(f"{_AT}file/", *MEMBERS),
    f"{_SHOP}file/<int:seq>/": page(f"{_AT}file/1/", *MEMBERS),
    f"{_SHOP}advice/": page(f"{_AT}advice/", OWNER),
    f"{_SHOP}advice/ask/": act(f"{_AT}advice/ask/", OWNER),
    f"{_SHOP}advice/<int:number>/": act(f"{_AT}advice/1/", OWNER, status=302),
    f"{_SHOP}policy/": page(f"{_AT}policy/", OWNER),
    f"{_SHOP}policy/comment/": act(f"{_AT}policy/comment/", OWNER, status=302),
    f"{_SHOP}policy/answer/": act(f"{_AT}policy/answer/", OWNER, status=302),
    f"{_SHOP}leaving/": page(f"{_AT}leaving/", OWNER),
    f"{_SHOP}leaving/apply/": act(f"{_AT}leaving/apply/", OWNER, status=302),
    f"{_SHOP}leaving/submit/": act(f"{_AT}leaving/submit/", OWNER, status=302),
    f"{_SHOP}leaving/relief/": act(f"{_AT}leaving/relief/", OWNER, status=302),
    f"{_SHOP}leaving/cancel/": act(f"{_AT}leaving/cancel/", OWNER, status=302),
}
