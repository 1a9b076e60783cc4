"""The only code that locks cases and writes what their chains tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from xiaobao.database.sets import ask_rows, execute, fetch_rows, put_in, write
from xiaobao.evidence.rules.chain import BEGINNING, entry_hash
from xiaobao.evidence.rules.fingerprints import BANDS, bands_of
from xiaobao.kernel.clocks import us_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.database.trips import Asked
    from xiaobao.evidence.facts import Custody, EntryKind, Fingerprint, Piece

_ENTRY = {
    "seller_id": "i8", "case_id": "i8", "at": "ts", "seq": "i4", "kind": "i2",
    "previous": "bytes", "hash": "bytes",
}  # fmt: skip
_PIECE = {
    "seller_id": "i8", "case_id": "i8", "seq": "i4", "kind": "i2", "party": "i2",
    "party_id": "i8", "media": "i2", "size": "i8", "sha256": "bytes", "name": "text",
    "words": "text", "submitted_at": "ts", "recorded_at": "ts", "salt": "bytes",
}  # fmt: skip
_KEY = {"seller_id": "i8", "case_id": "i8", "seq": "i4"}
_HASHES = {"phash": "i8", "dhash": "i8", "is_flat": "bool"}
_FINGERPRINT = {**_KEY, **_HASHES, **{f"band{place}": "i4" for place in range(BANDS)}}


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


_LOCK = "SELECT seq, head FROM evidence_case WHERE seller_id = %s AND case_id = %s FOR UPDATE"


def hold_case(seller_id: int, case_id: int, at: datetime) -> Head:
    """Lock a case's chain until the transaction ends; opened where it is not there yet."""
    return ask_case(seller_id, case_id, at).answer


def ask_case(seller_id: int, case_id: int, at: datetime) -> Asked[Head]:
    """As `hold_case`; it is locked with whatever is asked or done next."""
    stands = ask_rows(_LOCK, [seller_id, case_id], list)

    def head_of(opened: list[tuple[Any, ...]]) -> Head:
        # Where another transaction opened it meanwhile it is there now, and has been locked since
        # the INSERT met it: what was asked after that is not older than the lock.
        found = stands.answer or opened or fetch_rows(_LOCK, [seller_id, case_id])
        ((seq, head),) = found
        return Head(seller_id, case_id, seq, bytes(head))

    return ask_rows(
        "INSERT INTO evidence_case (seller_id, case_id, opened_at, last_at, head) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT (seller_id, case_id) "
        "DO UPDATE SET last_at = EXCLUDED.last_at WHERE false RETURNING seq, head",
        [seller_id, case_id, at, at, BEGINNING],
        head_of,
    )


def append(head: Head, kind: EntryKind, content: bytes, at: datetime) -> bytes:
    """Add one entry after the head, which becomes it; return its hash."""
    return append_all(head, kind, [content], at)[0]


def append_all(
    head: Head, kind: EntryKind, contents: Sequence[bytes], at: datetime
) -> list[bytes]:
    """Add entries after the head, which becomes the last of them; return their hashes."""
    first, made = head.next_seq, [head.hash]
    for content in contents:
        made.append(entry_hash(made[-1], content))
    count = len(contents)
    put_in(
        "evidence_entry",
        {
            "seller_id": [head.seller_id] * count, "case_id": [head.case_id] * count,
            "at": [us_of(at)] * count, "seq": range(first, first + count),
            "kind": [int(kind)] * count, "previous": made[:-1], "hash": made[1:],
        },
        _ENTRY,
    )  # fmt: skip
    head.seq, head.hash = head.seq + count, made[-1]
    return made[1:]


def close_case(head: Head, at: datetime) -> None:
    """Write where the chain ends now; once after all entries of a transaction."""
    write(
        "UPDATE evidence_case SET seq = %s, head = %s, last_at = %s "
        "WHERE seller_id = %s AND case_id = %s",
        [head.seq, head.hash, at, head.seller_id, head.case_id],
    )


def add_pieces(added: Sequence[tuple[Piece, Fingerprint | None]]) -> None:
    """Add pieces, pictures with their fingerprints."""
    pieces = [piece for piece, _ in added]
    columns: dict[str, list[Any]] = {
        name: [getattr(piece, name) for piece in pieces] for name in _PIECE
    }
    for name in ("submitted_at", "recorded_at"):
        columns[name] = [us_of(moment) for moment in columns[name]]
    put_in("evidence_piece", columns, _PIECE)
    pictures = [(piece, hashes) for piece, hashes in added if hashes is not None]
    bands = [bands_of(hashes.phash) for _, hashes in pictures]
    put_in(
        "evidence_fingerprint",
        {
            **{n: [getattr(piece, n) for piece, _ in pictures] for n in _KEY},
            **{n: [getattr(hashes, n) for _, hashes in pictures] for n in _HASHES},
            **{f"band{place}": [band[place] for band in bands] for place in range(BANDS)},
        },
        _FINGERPRINT,
    )


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
