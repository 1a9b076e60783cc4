"""Handing in: examined, kept under its hash on the disk, and only then recorded and chained."""

from __future__ import annotations

import secrets
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.db import transaction

from xiaobao.evidence.facts import (
    GROUP_OF,
    EntryKind,
    Fingerprint,
    Group,
    Kind,
    Media,
    Party,
    Piece,
    Receipt,
    Refused,
    Sniffed,
    Submission,
)
from xiaobao.evidence.queries.cases import ask_pieces, chain_of
from xiaobao.evidence.rules.admission import examine, limits_at, too_many
from xiaobao.evidence.rules.chain import canonical, piece_content
from xiaobao.evidence.rules.fingerprints import fingerprint
from xiaobao.evidence.rules.words import refusal_words
from xiaobao.evidence.store import rows
from xiaobao.evidence.store.blobs import blobs
from xiaobao.kernel.contents import content_of
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from datetime import datetime

    from xiaobao.evidence.store.rows import Head
    from xiaobao.evidence.terms import EvidenceTerms
    from xiaobao.kernel.books import Book

_SALT_BYTES = 16


class EvidenceRefused(Problem):
    """A file cannot be taken as evidence; nothing of the batch was recorded."""

    code = "evidence_refused"
    status = 422
    zh = "第 {row} 件，{field}：{what_zh}"
    en = "piece {row}, {field}: {what_en}"


@dataclass(frozen=True)
class Prepared:
    """One piece examined, its bytes safe on the disk; not recorded yet."""

    given: Submission
    sniffed: Sniffed
    sha256: bytes
    fingerprint: Fingerprint | None
    # Facts of the platform itself: of these a case takes any number.
    is_own: bool = False


def submit_evidence(given: Submission, *, limits: Book[EvidenceTerms], at: datetime) -> Receipt:
    """Take one piece; the same bytes of the same kind from the same party are one piece.

    :raises EvidenceRefused: naming the field and the fix
    """
    return submit_all([given], limits=limits, at=at)[0]


def submit_all(
    given: Sequence[Submission], *, limits: Book[EvidenceTerms], at: datetime
) -> list[Receipt]:
    """Take several pieces, all or none; a receipt for each, in their order.

    :raises EvidenceRefused: for the first that cannot be taken
    """
    terms = limits_at(limits, at)
    prepared = prepare(given, terms, at=at)
    with transaction.atomic():
        return record_prepared(prepared, terms, at=at)


def prepare(given: Sequence[Submission], limits: EvidenceTerms, *, at: datetime) -> list[Prepared]:
    """Examine, and write the bytes; called before any transaction.

    Bytes that no transaction then records stay as they are: harmless, and found under the same
    hash when the same thing is handed in again.

    :raises EvidenceRefused: for the first that cannot be taken; nothing was written
    """
    found = [examine(one, limits, at=at) for one in given]
    for row, sniffed in enumerate(found, 1):
        if isinstance(sniffed, Refused):
            raise _refused(row, sniffed)
    kept = blobs()
    return [
        Prepared(one, sniffed, kept.put(one.body), _fingerprint(one, sniffed))
        for one, sniffed in zip(given, found, strict=True)
        if isinstance(sniffed, Sniffed)
    ]


def sweep_unfinished() -> int:
    """Remove files whose writers were killed before they were whole; how many.

    :raises StoreUnusable: where the place for bytes cannot be understood
    """
    return blobs().sweep()


def _fingerprint(given: Submission, sniffed: Sniffed) -> Fingerprint | None:
    if GROUP_OF[sniffed.media] is not Group.IMAGE:
        return None
    return fingerprint(given.body, sniffed.media)


def _refused(row: int, refused: Refused) -> EvidenceRefused:
    zh, en = refusal_words(refused)
    return EvidenceRefused(
        row=row, field=refused.about, reason=refused.reason.value, what_zh=zh, what_en=en
    )


def record_prepared(
    prepared: Sequence[Prepared], limits: EvidenceTerms | None, *, at: datetime
) -> list[Receipt]:
    """Record and chain what was prepared, inside the caller's transaction.

    `limits` are asked for where anything was handed in.

    :raises EvidenceRefused: where a party has handed in all that a case takes
    """
    receipts: dict[int, Receipt] = {}
    # Cases are locked in order, so that two batches never wait for each other.
    for key in sorted({(one.given.seller_id, one.given.case_id) for one in prepared}):
        mine = [
            (row, one)
            for row, one in enumerate(prepared, 1)
            if (one.given.seller_id, one.given.case_id) == key
        ]
        receipts |= _record_case(*key, mine, limits, at)
    return [receipts[row] for row in range(1, len(prepared) + 1)]


def _record_case(
    seller_id: int, case_id: int, asked: Sequence[tuple[int, Prepared]],
    limits: EvidenceTerms | None, at: datetime,
) -> dict[int, Receipt]:  # fmt: skip
    locked = rows.ask_case(seller_id, case_id, at)
    pieces, head = ask_pieces(seller_id, case_id).answer, locked.answer
    known = {(p.sha256, p.kind, p.party): p for p in pieces}
    counts = Counter((p.party, GROUP_OF[p.media]) for p in known.values())
    receipts: dict[int, Receipt] = {}
    repeated: list[tuple[int, tuple[bytes, Kind, Party]]] = []
    added: dict[int, tuple[Piece, Fingerprint | None]] = {}
    for row, one in asked:
        name = (one.sha256, one.given.kind, one.given.party)
        if name in known:
            repeated.append((row, name))
            continue
        place = (one.given.party, GROUP_OF[one.sniffed.media])
        if not one.is_own:
            assert limits is not None, "what is handed in has limits"
            refused = too_many(*place, counts[place], limits)
            if refused is not None:
                raise _refused(row, refused)
        counts[place] += 1
        known[name] = piece = _piece(one, head.next_seq + len(added), at)
        added[row] = piece, one.fingerprint
    if added:
        receipts |= _add(head, added, at)
    return receipts | {row: _known(known[name]) for row, name in repeated}


def _add(
    head: Head, added: Mapping[int, tuple[Piece, Fingerprint | None]], at: datetime
) -> dict[int, Receipt]:
    """Record new pieces, each with its entry in the chain; a receipt for each, by its row."""
    rows.add_pieces(list(added.values()))
    contents = [piece_content(piece) for piece, _ in added.values()]
    made = rows.append_all(head, EntryKind.PIECE, contents, at)
    rows.close_case(head, at)
    return {
        row: Receipt(p.seller_id, p.case_id, p.seq, p.sha256, entry, is_new=True)
        for (row, (p, _)), entry in zip(added.items(), made, strict=True)
    }


def _known(piece: Piece) -> Receipt:
    key = (piece.seller_id, piece.case_id)
    (entry,) = chain_of(*key, first=piece.seq, last=piece.seq)
    return Receipt(*key, piece.seq, piece.sha256, entry.hash, is_new=False)


def _piece(one: Prepared, seq: int, at: datetime) -> Piece:
    given = one.given
    return Piece(
        seller_id=given.seller_id, case_id=given.case_id, seq=seq, kind=given.kind,
        party=given.party, party_id=given.party_id, media=one.sniffed.media,
        size=content_of(given.body).size, sha256=one.sha256, name=_plain(given.name),
        words=_plain(given.words), submitted_at=given.submitted_at, recorded_at=at,
        salt=secrets.token_bytes(_SALT_BYTES),
    )  # fmt: skip


def _plain(words: str) -> str:
    """Without control characters (PostgreSQL takes no NUL) and halves of letters."""
    kept = "".join(c for c in words if c >= " " or c in "\n\t")
    return kept.encode("utf-8", "replace").decode()


def record_snapshot(
    seller_id: int,
    case_id: int,
    kind: Kind,
    facts: Mapping[str, Any],
    *,
    happened_at: datetime,
    at: datetime,
    words: str = "",
) -> Receipt:
    """Record facts the platform holds as evidence by themselves: canonical JSON, no floats.

    `kind` is SNAPSHOT, LOGISTICS_FACTS, ORDER_FACTS, or a notice; `happened_at` is the moment of
    which they tell.

    :raises TypeError: where a fact is neither text nor a whole number, a list or a mapping
    """
    prepared = facts_prepared(
        seller_id, case_id, kind, facts, happened_at=happened_at, words=words
    )
    with transaction.atomic():
        return record_prepared([prepared], None, at=at)[0]


def facts_prepared(
    seller_id: int,
    case_id: int,
    kind: Kind,
    facts: Mapping[str, Any],
    *,
    happened_at: datetime,
    words: str = "",
) -> Prepared:
    """As `prepare`, for facts of the platform: called before any transaction."""
    body = canonical(facts)
    given = Submission(seller_id, case_id, kind, Party.PLATFORM, body, happened_at, words=words)
    return Prepared(given, Sniffed(Media.JSON), blobs().put(body), None, is_own=True)
