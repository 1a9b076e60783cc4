"""Examples of the description: one body for every call that takes one."""

from __future__ import annotations

from typing import Any

SHOP, CLAIM = "/sellers/{seller}", "/sellers/{seller}/claims/{claim}"
_DRAFT = "/drafts/{market}/{version}"


def _cny(amount: int) -> dict[str, Any]:
    return {"amount": amount, "currency": "CNY"}


def _fact(name: str, at: str, **more: Any) -> dict[str, Any]:
    return {"seller": "cups", "order": "A-1", "fact": name, "at": at} | more


_SPOKEN = {"party": "buyer", "words": "a word about it"}
_FILES = {"pack.toml": 'market = "cn"\nversion = "2027-03"\n'}

# By the address of a POST; forms have their fields, and a file's name stands for the file.
EXAMPLES: dict[str, dict[str, Any]] = {
    "/enrolments": {"market": "cn", "sellers": ["cups"], "signed_by": "Li Lei"},
    f"{SHOP}/profile": {
        "changes": {"phone": "0571-1234", "payout_account": "c@example.com", "legal_name": "Cups"}
    },
    f"{SHOP}/promises": {
        "promises": [
            "ships_on_time", "in_stock", "tracking_moves", "real_shipment", "refund_on_time",
            "as_described", "return_7_days", "genuine",
        ]
    },
    f"{SHOP}/items/plan": {"items": ["mug", "cup"]},
    f"{SHOP}/items/mark": {"items": ["mug", "cup"]},
    f"{SHOP}/items/unmark": {"items": ["cup"]},
    f"{SHOP}/items/undo": {},
    "/facts": {
        "market": "cn",
        "facts": [
            _fact("placed", "2025-09-29T10:00:00+08:00", buyer="li", goods=_cny(12_800)),
            _fact(
                "line", "2025-09-29T10:00:00+08:00", item="mug", title="a mug", quantity=1,
                price=_cny(12_800),
            ),
            _fact("paid", "2025-09-29T10:01:00+08:00"),
        ],
    },
    f"{SHOP}/deposit/lodgements": {"amount": _cny(100_000)},
    f"{SHOP}/deposit/mix": {"reserve_bps": 500},
    f"{SHOP}/deposit/covers": {
        "cover": "policy 7-1", "insurer": "a mutual insurer", "limit": _cny(200_000),
        "begins_at": "2025-10-01T00:00:00+08:00", "ends_at": "2026-10-01T00:00:00+08:00",
        "is_premium_paid": True,
    },
    f"{SHOP}/orders/{{order}}/links": {"hours": 48},
    "/buyers/{buyer}/account": {"account": "li@example.com", "name": "Li Lei"},
    f"{SHOP}/claims": {
        "claim": "C1", "order": "A", "buyer": "buyer", "kind": "not_as_described",
        "words": "another colour than in the picture",
    },
    f"{CLAIM}/evidence": {
        "file": ["photo.jpg"], "kind": "photo", "party": "buyer", "words": "as it came",
    },
    f"{CLAIM}/answer": {"answer": "deny", "words": "it is as in the picture"},
    f"{CLAIM}/offers": {"party": "seller", "amount": _cny(3_000), "words": "keep it"},
    f"{CLAIM}/offers/{{number}}/decline": {"party": "buyer", "words": "it is too little"},
    f"{CLAIM}/offers/{{number}}/accept": {"party": "buyer"},
    f"{CLAIM}/talks/end": _SPOKEN,
    f"{CLAIM}/person": _SPOKEN,
    f"{CLAIM}/suspension": {
        "party": "platform", "reason": "court", "words": "the court took the case on 3 March",
    },
    f"{CLAIM}/resumption": {"party": "platform", "words": "the court has ruled"},
    f"{CLAIM}/test": {"cost": _cny(20_000), "words": "which metal it is"},
    f"{CLAIM}/rulings": {"verdict": "uphold", "words": "the photos show it", "by": "ada"},
    f"{CLAIM}/appeals": {
        "words": "the video shows more", "party": "buyer", "kind": "unboxing_video",
        "file": ["unboxing.mp4"],
    },
    f"{CLAIM}/ask": {"ask": "compensation", "words": "it is another colour altogether"},
    f"{CLAIM}/goods": {
        "party": "seller", "words": "sent back repaired", "kind": "waybill",
        "file": ["waybill.jpg"],
    },
    f"{CLAIM}/withdrawal": _SPOKEN,
    f"{CLAIM}/reopening": {"words": "it broke again", "kind": "photo", "file": ["photo.jpg"]},
    f"{CLAIM}/jury/seals": {"juror": "wang", "sha256": "0" * 64},
    f"{CLAIM}/jury/votes": {
        "juror": "wang", "vote": "uphold", "salt": "a long secret", "words": "it is blue",
    },
    "/jurors": {"juror": "wang", "kind": "buyer"},
    "/known-cases": {"case": "the blue mug", "right": "uphold", "words": "the photo is clear"},
    "/jurors/{juror}/tests": {"case": "the blue mug", "vote": "uphold"},
    f"{SHOP}/exits": {"scope": "part", "amount": _cny(100), "reason": "own_wish"},
    f"{SHOP}/exit/approve": {"words": "nothing is in the way", "by": "ada"},
    f"{SHOP}/orders/{{order}}/report/review": {
        "until": "2026-01-05T00:00:00+08:00", "words": "the road was closed", "by": "ada",
    },
    f"{SHOP}/exit/refuse": {"words": "a trade is open", "by": "ada"},
    f"{SHOP}/exit/cancel": {"words": "we stay"},
    f"{SHOP}/exit/relief": {"take": "instalments"},
    f"{SHOP}/threads": {"topic": "the deposit", "words": "how do we lower it?"},
    f"{SHOP}/threads/{{number}}": {"as": "specialist", "words": "by a cover", "by": "ada"},
    f"{SHOP}/threads/{{number}}/close": {"as": "seller"},
    f"{SHOP}/violations": {
        "violation": "V1", "kind": "misdescribed", "words": "the title says gold", "by": "ada",
    },
    f"{SHOP}/violations/{{violation}}/appeal": {"words": "it is gold: see the certificate"},
    f"{SHOP}/violations/{{violation}}/decision": {
        "decision": "revoke", "words": "the certificate is real", "by": "bea",
    },
    "/packs/lint": {"files": _FILES},
    "/drafts": {"files": _FILES, "by": "ada"},
    f"{_DRAFT}/comments": {"words": "48 hours are too short", "by": "a seller"},
    f"{_DRAFT}/comments/{{number}}": {"words": "we made it 72", "by": "ada"},
    f"{_DRAFT}/announcement": {"by": "ada"},
    "/packs/{market}/{version}/withdrawal": {"why": "a number is wrong", "by": "ada"},
    f"{SHOP}/policies/{{version}}": {"answer": "accept", "by": "the owner"},
    "/bills": {"file": "20251001.csv.zip"},
    "/movements/ask": {"number": "20251001123456"},
    "/days/{day}/close": {"because": "the bill of the day is in"},
    "/unowed/{number}": {"step": "asked", "ref": "L-1", "words": "a letter", "by": "ada"},
    "/webhooks": {"url": "https://hooks.example.com/xiaobao", "kinds": ["claim.*"]},
    "/webhooks/{number}/rotate": {"keep_hours": 24},
    "/webhooks/{number}/replay": {"since": "2025-10-01T00:00:00+08:00"},
    "/webhooks/{number}/end": {},
}  # fmt: skip


def show(paths: dict[str, Any], prefix: str) -> None:
    """Write the examples into the paths of a description."""
    for path, example in EXAMPLES.items():
        for shape in paths[prefix + path]["post"]["requestBody"]["content"].values():
            shape["example"] = example
