"""A claim as ERC-1497 knows disputes: one context with its question, and pieces of evidence.

As one JSON, or as a folder: `metaevidence.json`, one JSON for each piece, and the files. Hashes
are SHA-256 multihashes in base 58. A file's own hash is of the document without that member, as
JSON with sorted keys and no blanks.
"""

from __future__ import annotations

import hashlib
import json
from typing import TYPE_CHECKING, Any

from xiaobao.claims.facts import KIND_WORDS
from xiaobao.evidence.facts import KINDS, SUFFIXES
from xiaobao.gateways.disputes.case import as_json

if TYPE_CHECKING:
    from xiaobao.evidence.facts import Piece
    from xiaobao.gateways.disputes.case import Case
    from xiaobao.kernel.contents import Content

SHA2_256 = b"\x12\x20"
ALPHABET = "123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz"


def as_bundle(case: Case) -> dict[str, Any]:
    """The context and every piece; files are named by their hashes, and not inside."""
    return {
        "metaevidence": _signed(_context(case)),
        "evidence": [_signed(_piece(case, piece)) for piece in case.pieces],
    }


def as_files(case: Case) -> list[tuple[str, bytes | Content]]:
    """The folder: `fileURI` is a file's place in it, and `fileHash` that of its very bytes."""
    told = as_bundle(case)
    return [
        ("metaevidence.json", as_json(told["metaevidence"])),
        *(
            (f"evidence/{piece.seq}.json", as_json(one))
            for piece, one in zip(case.pieces, told["evidence"], strict=True)
        ),
        *case.named_files(),
    ]


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


def _piece(case: Case, piece: Piece) -> dict[str, Any]:
    document, digest = case.files.get(piece.seq), case.digest_of(piece)
    return {
        "fileURI": f"/evidence/{digest.hex()}"
        if document is None
        else f"/files/{case.name_of(piece)}",
        "fileHash": multihash(digest),
        "fileTypeExtension": SUFFIXES[piece.media] if document is None else document.suffix,
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
