"""Pictures that look like one another, in whatever case of whatever seller."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.database.sets import ask_rows
from xiaobao.evidence.facts import NearDuplicate, Party
from xiaobao.evidence.rules.fingerprints import BANDS

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.database.trips import Asked

    _Rows = list[tuple[Any, ...]]

# A band that more pictures share than this says little; the search stays bounded.
MOST_PER_BAND = 500
# Of 64 bits. Measured: scaling, recompression and light edits stay within eight.
NEAR_BITS = 8
# dHash confirms: what is alike by chance in one is not in the other.
CONFIRM_BITS = 16
_CANDIDATES = " UNION ".join(
    f"(SELECT f.* FROM evidence_fingerprint f, me WHERE NOT f.is_flat AND f.band{place} = "
    f"me.band{place} LIMIT {MOST_PER_BAND})"
    for place in range(BANDS)
)


def near_duplicates(
    seller_id: int, case_id: int, seq: int, *, within: int = NEAR_BITS, limit: int = 50
) -> list[NearDuplicate]:
    """Pieces of other cases with the same bytes, or pictures that look alike; nearest first.

    Found for certain: the same bytes, and pictures whose hashes differ in at most three bits;
    those that differ in more are found where they share one of four bands. A signal for a person
    to look at, never a finding.
    """
    found: dict[tuple[int, int, int], NearDuplicate] = {}
    same = _same_bytes(seller_id, case_id, seq, limit)
    alike = _alike(seller_id, case_id, seq, within, limit)
    for row in (*same.answer, *alike.answer):
        found.setdefault(row[:3], _duplicate(row))
    nearest = sorted(found.values(), key=lambda d: (d.distance, d.submitted_at, d.seller_id))
    return nearest[:limit]


def _duplicate(row: Sequence[Any]) -> NearDuplicate:
    seller, case, seq, party, party_id, distance, is_same, at = row
    return NearDuplicate(seller, case, seq, Party(party), party_id, distance, is_same, at)


def _same_bytes(seller_id: int, case_id: int, seq: int, limit: int) -> Asked[_Rows]:
    return ask_rows(
        "SELECT o.seller_id, o.case_id, o.seq, o.party, o.party_id, 0, true, o.submitted_at "
        "FROM evidence_piece p JOIN evidence_piece o ON o.sha256 = p.sha256 "
        "WHERE p.seller_id = %s AND p.case_id = %s AND p.seq = %s "
        "AND (o.seller_id, o.case_id) <> (p.seller_id, p.case_id) LIMIT %s",
        [seller_id, case_id, seq, limit],
        list,
    )


def _alike(seller_id: int, case_id: int, seq: int, within: int, limit: int) -> Asked[_Rows]:
    return ask_rows(
        f"""
        WITH me AS (
            SELECT * FROM evidence_fingerprint
            WHERE seller_id = %s AND case_id = %s AND seq = %s AND NOT is_flat
        ), near AS (
            SELECT f.seller_id, f.case_id, f.seq,
                   bit_count((f.phash # me.phash)::bit(64))::int AS distance,
                   bit_count((f.dhash # me.dhash)::bit(64))::int AS confirm
            FROM ({_CANDIDATES}) AS f, me
            WHERE (f.seller_id, f.case_id) <> (me.seller_id, me.case_id)
        )
        SELECT p.seller_id, p.case_id, p.seq, p.party, p.party_id, n.distance, false,
               p.submitted_at
        FROM near n JOIN evidence_piece p USING (seller_id, case_id, seq)
        WHERE n.distance <= %s AND n.confirm <= %s ORDER BY n.distance, p.submitted_at LIMIT %s
        """,
        [seller_id, case_id, seq, within, CONFIRM_BITS, limit],
        list,
    )
