"""Addresses of the adjudicator's desk."""

from tests.claims.making import SHOP
from tests.web.matrix import ADJUDICATOR, act, page

ROWS = {
    "desk/": page("/desk/", ADJUDICATOR),
    "desk/claims/<name:shop>/<name:claim>/": page(f"/desk/claims/{SHOP}/C-1/", ADJUDICATOR),
    "desk/claims/<name:shop>/<name:claim>/<int:seq>/": page(
        f"/desk/claims/{SHOP}/C-1/1/", ADJUDICATOR
    ),
    "desk/claims/<name:shop>/<name:claim>/rule/": act(
        f"/desk/claims/{SHOP}/C-1/rule/", ADJUDICATOR, is_sensitive=True
    ),
    "desk/claims/<name:shop>/<name:claim>/jury/": act(
        f"/desk/claims/{SHOP}/C-1/jury/", ADJUDICATOR, status=302, is_sensitive=True
    ),
    "desk/claims/<name:shop>/<name:claim>/suspend/": act(
        f"/desk/claims/{SHOP}/C-1/suspend/", ADJUDICATOR, status=302, is_sensitive=True
    ),
    "desk/claims/<name:shop>/<name:claim>/resume/": act(
        f"/desk/claims/{SHOP}/C-1/resume/", ADJUDICATOR, status=302, is_sensitive=True
    ),
    "desk/violations/": page("/desk/violations/", ADJUDICATOR),
    "desk/violations/record/": act("/desk/violations/record/", ADJUDICATOR, is_sensitive=True),
    "desk/violations/<name:shop>/<name:violation>/": page(
        f"/desk/violations/{SHOP}/V-1/", ADJUDICATOR
    ),
    "desk/violations/<name:shop>/<name:violation>/decide/": act(
        f"/desk/violations/{SHOP}/V-1/decide/", ADJUDICATOR, is_sensitive=True
    ),
    "desk/exits/": page("/desk/exits/", ADJUDICATOR),
    "desk/exits/<name:shop>/decide/": act(
        f"/desk/exits/{SHOP}/decide/", ADJUDICATOR, status=302, is_sensitive=True
    ),
    "desk/reports/": page("/desk/reports/", ADJUDICATOR),
    "desk/reports/<name:shop>/<name:order>/review/": act(
        f"/desk/reports/{SHOP}/A/review/", ADJUDICATOR, status=302
    ),
    "desk/consults/": page("/desk/consults/", ADJUDICATOR),
    "desk/consults/<name:shop>/<int:number>/": page(f"/desk/consults/{SHOP}/1/", ADJUDICATOR),
    "desk/consults/<name:shop>/<int:number>/answer/": act(
        f"/desk/consults/{SHOP}/1/answer/", ADJUDICATOR
    ),
}
