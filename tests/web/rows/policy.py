"""Addresses of the console of policy, and of what takes two persons."""

from uuid import UUID

from tests.web.matrix import ADJUDICATOR, POLICY_OWNER, Row, act, both, everybody, gated, page

_PACK, _DRAFT = "/policy-desk/packs/999999/", "/policy-desk/drafts/999999/"
ROWS = {
    "policy-desk/": page("/policy-desk/", POLICY_OWNER),
    "policy-desk/check/": both("/policy-desk/check/", POLICY_OWNER),
    # Numbers that nothing has; what there is, is read and moved in `test_policy.py`.
    "policy-desk/packs/<int:pack>/": page(_PACK),
    "policy-desk/packs/<int:pack>/withdraw/": act(
        f"{_PACK}withdraw/", POLICY_OWNER, status=404, is_sensitive=True
    ),
    "policy-desk/drafts/<int:draft>/": page(_DRAFT),
    "policy-desk/drafts/<int:draft>/announce/": act(
        f"{_DRAFT}announce/", POLICY_OWNER, status=404, is_sensitive=True
    ),
    "policy-desk/drafts/<int:draft>/reply/": act(f"{_DRAFT}reply/"),
    "countersign/": page("/countersign/", ADJUDICATOR, POLICY_OWNER),
    "countersign/<uuid:intent>/": Row(
        f"/countersign/{UUID(int=1)}/", everybody(405), gated((), 404)
    ),
}
