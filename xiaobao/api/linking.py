"""Links of the description: what an answer names, and the calls that take that name."""

from __future__ import annotations

from typing import Any

SHOP, CLAIM = "/sellers/{seller}", "/sellers/{seller}/claims/{claim}"
_SHOP = {"seller": "$request.path.seller"}
_CLAIM = _SHOP | {"claim": "$request.path.claim"}
_FILED = _SHOP | {"claim": "$response.body#/claim"}
_TAG = {"If-Match": "$response.header.ETag"}
_EXIT = _SHOP | _TAG
_THREAD = _SHOP | {"number": "$response.body#/number"}
_VIOLATION = _SHOP | {"violation": "$response.body#/violation"}
_DRAFT = {"market": "$response.body#/market", "version": "$response.body#/version"}
_HOOK = {"number": "$response.body#/number"}

# From a call and the status it answers with, to calls with what they take of it.
LINKS: dict[tuple[str, str, int], dict[tuple[str, str], dict[str, str]]] = {
    ("get", "/sellers", 200): {
        (method, f"{SHOP}{path}"): {"seller": "$response.body#/sellers/0/seller"}
        for method, path in (
            ("get", ""), ("get", "/items"), ("get", "/deposit"), ("get", "/claims"),
            ("get", "/exits"), ("get", "/exit/check"), ("get", "/violations"), ("get", "/threads"),
        )
    },
    ("post", "/enrolments", 201): {
        (method, f"{SHOP}{path}"): {"seller": "$response.body#/sellers/0/seller"}
        for method, path in (
            ("get", ""), ("post", "/profile"), ("post", "/items/mark"), ("get", "/deposit/quote"),
        )
    },
    ("post", f"{SHOP}/items/mark", 200): {
        ("get", f"{SHOP}/items"): _SHOP,
        ("post", f"{SHOP}/items/undo"): _SHOP,
        ("post", f"{SHOP}/items/unmark"): _SHOP,
    },
    ("post", f"{SHOP}/claims", 201): {
        ("get", CLAIM): _FILED,
        ("post", f"{CLAIM}/answer"): _FILED,
        ("post", f"{CLAIM}/offers"): _FILED,
        ("post", f"{CLAIM}/talks/end"): _FILED,
        ("post", f"{CLAIM}/person"): _FILED,
        ("post", f"{CLAIM}/withdrawal"): _FILED,
        ("post", f"{CLAIM}/suspension"): _FILED,
        ("get", f"{CLAIM}/evidence"): _FILED,
        ("get", f"{CLAIM}/dossier"): _FILED,
        ("post", f"{CLAIM}/rulings"): _FILED | _TAG,
    },
    ("get", CLAIM, 200): {
        ("post", f"{CLAIM}/rulings"): _CLAIM | _TAG,
        ("post", f"{CLAIM}/test"): _CLAIM,
        ("post", f"{CLAIM}/jury"): _CLAIM,
        ("get", f"{CLAIM}/rulings"): _CLAIM,
    },
    ("post", f"{CLAIM}/offers", 201): {
        ("post", f"{CLAIM}/offers/{{number}}/{what}"): _CLAIM
        | {"number": "$response.body#/offers/0/number"}
        for what in ("accept", "decline")
    },
    ("post", f"{CLAIM}/suspension", 200): {("post", f"{CLAIM}/resumption"): _CLAIM},
    ("post", f"{CLAIM}/rulings", 201): {
        ("get", "/decisions/{decision}"): {"decision": "$response.body#/decision"},
        ("get", "/decisions/{decision}/replay"): {"decision": "$response.body#/decision"},
        ("post", f"{CLAIM}/appeals"): _CLAIM,
    },
    ("post", f"{CLAIM}/jury", 201): {("get", f"{CLAIM}/juries"): _CLAIM},
    ("post", f"{SHOP}/exits", 201): {
        ("get", f"{SHOP}/exits/{{number}}"): _THREAD,
        ("post", f"{SHOP}/exit/submit"): _SHOP,
        ("post", f"{SHOP}/exit/cancel"): _SHOP,
        ("post", f"{SHOP}/exit/approve"): _EXIT,
        ("post", f"{SHOP}/exit/refuse"): _EXIT,
    },
    ("get", f"{SHOP}/exits/{{number}}", 200): {
        ("post", f"{SHOP}/exit/approve"): _EXIT,
        ("post", f"{SHOP}/exit/refuse"): _EXIT,
    },
    ("post", f"{SHOP}/threads", 201): {
        ("post", f"{SHOP}/threads/{{number}}"): _THREAD,
        ("post", f"{SHOP}/threads/{{number}}/close"): _THREAD,
    },
    ("post", f"{SHOP}/violations", 201): {
        ("get", f"{SHOP}/violations/{{violation}}"): _VIOLATION,
        ("post", f"{SHOP}/violations/{{violation}}/appeal"): _VIOLATION,
        ("post", f"{SHOP}/violations/{{violation}}/decision"): _VIOLATION,
    },
    ("get", "/packs", 200): {
        ("get", "/packs/{market}/{version}"): {
            "market": "$response.body#/versions/0/market",
            "version": "$response.body#/versions/0/version",
        },
    },
    ("post", "/drafts", 201): {
        ("get", "/drafts/{market}/{version}"): _DRAFT,
        ("post", "/drafts/{market}/{version}/comments"): _DRAFT,
        ("post", "/drafts/{market}/{version}/announcement"): _DRAFT,
    },
    ("post", "/drafts/{market}/{version}/comments", 201): {
        ("post", "/drafts/{market}/{version}/comments/{number}"): _DRAFT
        | {"number": "$response.body#/comments/0/comment"},
    },
    ("post", "/jurors", 201): {
        ("post", "/jurors/{juror}/tests"): {"juror": "$response.body#/juror"},
        ("post", "/jurors/{juror}/end"): {"juror": "$response.body#/juror"},
    },
    ("get", "/unowed", 200): {
        ("post", "/unowed/{number}"): {"number": "$response.body#/unowed/0/number"},
    },
    ("post", "/webhooks", 201): {
        ("get", "/webhooks/{number}/secret"): _HOOK,
        ("get", "/webhooks/{number}/deliveries"): _HOOK,
        ("post", "/webhooks/{number}/rotate"): _HOOK,
        ("post", "/webhooks/{number}/replay"): _HOOK,
        ("post", "/webhooks/{number}/end"): _HOOK,
    },
}  # fmt: skip


def link(paths: dict[str, Any], prefix: str) -> None:
    """Write the links into the paths of a description."""
    for (method, path, status), targets in LINKS.items():
        called = {
            paths[prefix + target][to]["operationId"]: parameters
            for (to, target), parameters in targets.items()
        }
        paths[prefix + path][method]["responses"][status]["links"] = {
            name: {"operationId": name, "parameters": parameters}
            for name, parameters in called.items()
        }
