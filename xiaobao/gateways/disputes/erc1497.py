"""A claim as ERC-1497 knows disputes: one context with its question, and pieces of evidence.

Hashes are SHA-256 multihashes in base 58. A file's own hash is of the document without that
member, as JSON with sorted keys and no blanks.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import KIND_WORDS
from xiaobao.evidence.facts import KINDS, SUFFIXES

if TYPE_CHECKING:
    from xiaobao.evidence.facts import Piece
    from xiaobao.gateways.disputes.case import Case

SHA2_256 = b"\x12\x20"
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def as_bundle(case: Case) -> dict[str, Any]:
    """The context and every piece; files are named by their hashes, and not inside."""
    return {
        "metaevidence": _signed(_context(case)),
        "evidence": [_signed(_piece(piece)) for piece in case.pieces],
    }


def _context(case: Case) -> dict[str, Any]:
    claim = case.claim
    words = KIND_WORDS[claim.kind]
    return {
        "category": "Escrow",
        "title": f"{claim.claim}: {words.en}",
        "description": claim.words,
        "aliases": {f"buyer:{claim.buyer}": "Buyer", f"seller:{claim.seller_id}": claim.seller},
        "question": f"Is the claim '{words.en}' about order {claim.order} justified?",
        "rulingOptions": {
            "type": "single-select",
            "titles": ["Yes", "No"],
            "descriptions": [
                f"The buyer gets {case.decimal(case.asked_minor)} {claim.money.currency}.",
                "The seller keeps the money.",
            ],
        },
    }


def _piece(piece: Piece) -> dict[str, Any]:
    return {
        "fileURI": f"/evidence/{piece.sha256.hex()}",
        "fileHash": multihash(piece.sha256),
        "fileTypeExtension": SUFFIXES[piece.media],
        "name": piece.name or KINDS[piece.kind].en,
        "description": " · ".join(
            part for part in (KINDS[piece.kind].en, piece.party.name.lower(), piece.words) if part
        ),
    }


def _signed(document: dict[str, Any]) -> dict[str, Any]:
    body = json.dumps(document, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return document | {"selfHash": multihash(hashlib.sha256(body.encode()).digest())}


def multihash(sha256: bytes) -> str:
    number = int.from_bytes(SHA2_256 + sha256)
    text = ""
    while number:
        number, rest = divmod(number, 58)
        text = ALPHABET[rest] + text
    return text
