"""The only code that locks cases and writes what their chains tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from xiaobao.database.sets import execute, fetch_rows
from xiaobao.evidence.rules.chain import BEGINNING, entry_hash
from xiaobao.evidence.rules.fingerprints import bands_of

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.facts import Custody, EntryKind, Fingerprint, Piece


@dataclass
class Head:
    """The end of a case's chain, locked; it moves as entries are appended."""

    seller_id: int
    case_id: int
    seq: int
    hash: bytes

    @property
    def next_seq(self) -> int:
        return self.seq + 1


def hold_case(seller_id: int, case_id: int, at: datetime) -> Head:
    """Lock a case's chain until the transaction ends; opened where it is not there yet."""
    found = _lock(seller_id, case_id)
    if not found:
        execute(
            "INSERT INTO evidence_case (seller_id, case_id, opened_at, last_at, head) "
            "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
            [seller_id, case_id, at, at, BEGINNING],
        )
        found = _lock(seller_id, case_id)
    ((seq, head),) = found
    return Head(seller_id, case_id, seq, bytes(head))


def _lock(seller_id: int, case_id: int) -> list[tuple[int, bytes]]:
    return fetch_rows(
        "SELECT seq, head FROM evidence_case WHERE seller_id = %s AND case_id = %s FOR UPDATE",
        [seller_id, case_id],
    )


def append(head: Head, kind: EntryKind, content: bytes, at: datetime) -> bytes:
    """Add one entry after the head, which becomes it; return its hash."""
    seq, previous = head.next_seq, head.hash
    made = entry_hash(previous, content)
    execute(
        "INSERT INTO evidence_entry (seller_id, case_id, seq, kind, at, previous, hash) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [head.seller_id, head.case_id, seq, int(kind), at, previous, made],
    )
    head.seq, head.hash = seq, made
    return made


def close_case(head: Head, at: datetime) -> None:
    """Write where the chain ends now; once after all entries of a transaction."""
    execute(
        "UPDATE evidence_case SET seq = %s, head = %s, last_at = %s "
        "WHERE seller_id = %s AND case_id = %s",
        [head.seq, head.hash, at, head.seller_id, head.case_id],
    )


def add_piece(piece: Piece, fingerprint: Fingerprint | None) -> None:
    execute(
        "INSERT INTO evidence_piece (seller_id, case_id, seq, kind, party, party_id, media, size, "
        "sha256, name, words, submitted_at, recorded_at, salt) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            piece.seller_id, piece.case_id, piece.seq, int(piece.kind), int(piece.party),
            piece.party_id, int(piece.media), piece.size, piece.sha256, piece.name, piece.words,
            piece.submitted_at, piece.recorded_at, piece.salt,
        ],
    )  # fmt: skip
    if fingerprint is not None:
        execute(
            "INSERT INTO evidence_fingerprint (seller_id, case_id, seq, phash, dhash, is_flat, "
            "band0, band1, band2, band3) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
            [
                piece.seller_id, piece.case_id, piece.seq, fingerprint.phash, fingerprint.dhash,
                fingerprint.is_flat, *bands_of(fingerprint.phash),
            ],
        )  # fmt: skip


def add_custody(custody: Custody) -> None:
    execute(
        "INSERT INTO evidence_custody (seller_id, case_id, seq, piece_seq, kind, viewer, "
        "viewer_id, is_personal, why, happened_at) "
        "VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)",
        [
            custody.seller_id, custody.case_id, custody.seq, custody.piece_seq, int(custody.kind),
            int(custody.viewer), custody.viewer_id, custody.is_personal, custody.why,
            custody.happened_at,
        ],
    )  # fmt: skip


def add_hold(head: Head, at: datetime, *, is_whole_seller: bool, authority: str, why: str) -> None:
    execute(
        "INSERT INTO evidence_hold (seller_id, case_id, seq, placed_at, is_whole_seller, "
        "authority, why) VALUES (%s, %s, %s, %s, %s, %s, %s)",
        [head.seller_id, head.case_id, head.seq, at, is_whole_seller, authority, why],
    )


def add_lift(head: Head, at: datetime, *, hold_seq: int, why: str) -> None:
    execute(
        "INSERT INTO evidence_lift (seller_id, case_id, seq, lifted_at, hold_seq, why) "
        "VALUES (%s, %s, %s, %s, %s, %s)",
        [head.seller_id, head.case_id, head.seq, at, hold_seq, why],
    )


def add_end(head: Head, at: datetime, keep_until: datetime | None) -> None:
    execute(
        "INSERT INTO evidence_end (seller_id, case_id, seq, ended_at, keep_until) "
        "VALUES (%s, %s, %s, %s, %s)",
        [head.seller_id, head.case_id, head.seq, at, keep_until],
    )
