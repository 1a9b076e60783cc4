"""Addresses of the console of policy, and of what takes two persons."""

from tests.web.matrix import ADJUDICATOR, BOOKKEEPER, POLICY_OWNER, act, both, page

_PACK, _DRAFT = "/policy-desk/packs/{pack}/", "/policy-desk/drafts/{draft}/"
_COMPARISON = "/policy-desk/comparisons/{comparison}/"
ROWS = {
    "policy-desk/": page("/policy-desk/", POLICY_OWNER),
    "policy-desk/check/": both("/policy-desk/check/", POLICY_OWNER),
    "policy-desk/packs/<int:pack>/": page(_PACK, POLICY_OWNER),
    "policy-desk/packs/<int:pack>/withdraw/": act(
        f"{_PACK}withdraw/", POLICY_OWNER, status=302, is_sensitive=True
    ),
    "policy-desk/drafts/<int:draft>/": page(_DRAFT, POLICY_OWNER),
    "policy-desk/drafts/<int:draft>/announce/": act(
        f"{_DRAFT}announce/", POLICY_OWNER, is_sensitive=True
    ),
    "policy-desk/drafts/<int:draft>/reply/": act(f"{_DRAFT}reply/", POLICY_OWNER, status=302),
    "policy-desk/drafts/<int:draft>/compare/": act(f"{_DRAFT}compare/", POLICY_OWNER, status=302),
    "policy-desk/comparisons/": page("/policy-desk/comparisons/", POLICY_OWNER),
    "policy-desk/comparisons/<uuid:comparison>/": page(_COMPARISON, POLICY_OWNER),
    "policy-desk/comparisons/<uuid:comparison>/report/": page(
        f"{_COMPARISON}report/", POLICY_OWNER
    ),
    "countersign/": page("/countersign/", ADJUDICATOR, POLICY_OWNER, BOOKKEEPER),
    # An exit is signed for: that is the adjudicators'.
    "countersign/<uuid:intent>/": act(
        "/countersign/{intent}/", ADJUDICATOR, status=302, is_sensitive=True
    ),
}
