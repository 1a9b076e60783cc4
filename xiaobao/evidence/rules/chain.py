"""The hash chain of a case: canonical content of each entry, and the hash that binds it.

Words and names enter as their own digests: should a court ever order them erased, the chain
still holds.
"""

from __future__ import annotations

import json
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from xiaobao.evidence.facts import EntryKind
from xiaobao.kernel.clocks import us_of

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.evidence.facts import Custody, Entry, Piece

# Before the first entry of a case; the entry's content names the case.
BEGINNING = bytes(32)
_DOMAIN = b"xiaobao.evidence.chain.1\n"


class ChainBroken(ValueError):  # noqa: N818
    """Entries do not follow from each other; names the first that does not."""

    def __init__(self, seq: int, why: str) -> None:
        super().__init__(f"entry {seq}: {why}")
        self.seq, self.why = seq, why


def canonical(value: Any) -> bytes:
    """One value, one string of bytes: sorted keys, no blanks, UTF-8.

    :raises TypeError: for anything but text, whole numbers, truth values, None, and lists and
        mappings of them: a float has more than one spelling
    """
    _check(value)
    return json.dumps(value, ensure_ascii=False, sort_keys=True, separators=(",", ":")).encode()


def _check(value: Any) -> None:
    if isinstance(value, dict):
        _check([*value.keys(), *value.values()])
        if not all(isinstance(key, str) for key in value):
            raise TypeError("a key has no canonical form: give text")
    elif isinstance(value, list | tuple):
        for inner in value:
            _check(inner)
    elif not (value is None or isinstance(value, str | int)):
        raise TypeError(
            f"{type(value).__name__} has no canonical form: give text or whole numbers"
        )


def entry_hash(previous: bytes, content: bytes) -> bytes:
    return sha256(_DOMAIN + previous + content).digest()


def words_digest(words: str) -> str:
    return sha256(words.encode()).hexdigest()


def _content(
    entry: EntryKind, seller_id: int, case_id: int, seq: int, at: datetime, /, **parts: Any
) -> bytes:
    head = {"case": case_id, "entry": int(entry), "seller": seller_id, "seq": seq}
    return canonical(head | {"at_us": us_of(at)} | parts)


def piece_content(piece: Piece) -> bytes:
    """With the salt, where there is one: without it the hash would give masked digits away."""
    salt = {"salt": piece.salt.hex()} if piece.salt else {}
    return _content(
        EntryKind.PIECE, piece.seller_id, piece.case_id, piece.seq, piece.recorded_at,
        kind=int(piece.kind), media=int(piece.media), name=words_digest(piece.name),
        party=int(piece.party), party_id=piece.party_id, sha256=piece.sha256.hex(),
        size=piece.size, submitted_us=us_of(piece.submitted_at), words=words_digest(piece.words),
        **salt,
    )  # fmt: skip


def custody_content(custody: Custody) -> bytes:
    return _content(
        EntryKind.CUSTODY, custody.seller_id, custody.case_id, custody.seq, custody.happened_at,
        is_personal=custody.is_personal, kind=int(custody.kind), piece=custody.piece_seq,
        viewer=int(custody.viewer), viewer_id=custody.viewer_id, why=words_digest(custody.why),
    )  # fmt: skip


def hold_content(
    seller_id: int, case_id: int, seq: int, at: datetime,
    *, is_whole_seller: bool, authority: str, why: str,
) -> bytes:  # fmt: skip
    return _content(
        EntryKind.HOLD, seller_id, case_id, seq, at,
        authority=words_digest(authority), is_whole_seller=is_whole_seller, why=words_digest(why),
    )  # fmt: skip


def lift_content(
    seller_id: int, case_id: int, seq: int, at: datetime, *, hold_seq: int, why: str
) -> bytes:
    return _content(
        EntryKind.LIFT, seller_id, case_id, seq, at, hold=hold_seq, why=words_digest(why)
    )  # fmt: skip


def end_content(
    seller_id: int, case_id: int, seq: int, at: datetime, *, keep_until: datetime | None
) -> bytes:
    """That a case ended and is kept until then, or (None) that it was opened again."""
    kind = EntryKind.REOPEN if keep_until is None else EntryKind.END
    until_us = 0 if keep_until is None else us_of(keep_until)
    return _content(kind, seller_id, case_id, seq, at, keep_until_us=until_us)


def verify_chain(entries: Sequence[Entry], *, is_whole: bool = True) -> bytes:
    """The head of a run of entries, each following from the one before it.

    A run that is not `is_whole` may begin in the middle of a chain.

    :raises ChainBroken: at the first that does not follow
    """
    head, seq = (BEGINNING, 1) if is_whole else (entries[0].previous, entries[0].seq)
    for entry in entries:
        if entry.seq != seq:
            raise ChainBroken(seq, "missing")
        if entry.previous != head:
            raise ChainBroken(seq, "does not follow from the entry before it")
        if entry.hash != entry_hash(head, entry.content):
            raise ChainBroken(seq, "its content is not what was hashed")
        head, seq = entry.hash, seq + 1
    return head
