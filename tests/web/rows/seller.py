"""Addresses of the seller's console."""

from tests.claims.making import SHOP
from tests.web.matrix import MEMBERS, OWNER, act, both, page

_SHOP, _AT = "seller/<name:shop>/", f"/seller/{SHOP}/"
ROWS = {
    _SHOP: page(_AT, *MEMBERS),
    f"{_SHOP}deposit/": page(f"{_AT}deposit/", *MEMBERS),
    f"{_SHOP}deposit/statement/": page(f"{_AT}deposit/statement/", *MEMBERS),
    f"{_SHOP}deposit/lodge/": act(f"{_AT}deposit/lodge/", OWNER),
    f"{_SHOP}items/": both(f"{_AT}items/", *MEMBERS),
    f"{_SHOP}claims/": page(f"{_AT}claims/", *MEMBERS),
    f"{_SHOP}claims/<name:claim>/": page(f"{_AT}claims/C-1/", *MEMBERS),
    f"{_SHOP}claims/<name:claim>/answer/": act(f"{_AT}claims/C-1/answer/", *MEMBERS),
    f"{_SHOP}policy/": page(f"{_AT}policy/", OWNER),
    f"{_SHOP}policy/answer/": act(f"{_AT}policy/answer/", OWNER),
    f"{_SHOP}leaving/": page(f"{_AT}leaving/", OWNER),
    f"{_SHOP}leaving/apply/": act(f"{_AT}leaving/apply/", OWNER),
    f"{_SHOP}leaving/cancel/": act(f"{_AT}leaving/cancel/", OWNER),
}
