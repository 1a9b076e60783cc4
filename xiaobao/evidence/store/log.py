"""The only code that writes the log: leaves in order, whole tiles, checkpoints, stamps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.database.sets import cursor, execute, fetch_rows

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

    from xiaobao.evidence.facts import Sealed

# "evidence" in bytes: the key under which PostgreSQL lets one process at a time seal.
SEALING = int.from_bytes(b"evidence", "big", signed=True)


def hold_log() -> None:
    """Wait until nobody else seals; ends with the transaction."""
    execute("SELECT pg_advisory_xact_lock(%s)", [SEALING])


def unsealed_heads(limit: int) -> list[tuple[int, int, int, bytes]]:
    """Chains that grew since they were sealed, locked: seller, case, last entry and its hash.

    A chain that somebody is just writing to waits for the next sealing.
    """
    return fetch_rows(
        "SELECT seller_id, case_id, seq, head FROM evidence_case WHERE seq > sealed_seq "
        "ORDER BY last_at, seller_id, case_id LIMIT %s FOR UPDATE SKIP LOCKED",
        [limit],
    )


def add_leaves(
    heads: Sequence[tuple[int, int, int, bytes]], leaves: Sequence[bytes], first: int
) -> None:
    """Give these heads the next places of the log, and mark their chains sealed so far."""
    with cursor() as cur:
        cur.execute(
            "INSERT INTO evidence_leaf (seller_id, case_id, seq, leaf_index, leaf) "
            "SELECT * FROM unnest(%s::bigint[], %s::bigint[], %s::int[], %s::bigint[], "
            "%s::bytea[])",
            [
                [h[0] for h in heads], [h[1] for h in heads], [h[2] for h in heads],
                list(range(first, first + len(heads))), list(leaves),
            ],
        )  # fmt: skip
        cur.execute(
            "UPDATE evidence_case AS c SET sealed_seq = n.seq "
            "FROM unnest(%s::bigint[], %s::bigint[], %s::int[]) AS n (seller_id, case_id, seq) "
            "WHERE c.seller_id = n.seller_id AND c.case_id = n.case_id",
            [[h[0] for h in heads], [h[1] for h in heads], [h[2] for h in heads]],
        )


def add_tile(level: int, tile: int, root: bytes, hashes: bytes) -> None:
    execute(
        "INSERT INTO evidence_tile (level, tile, root, hashes) VALUES (%s, %s, %s, %s)",
        [level, tile, root, hashes],
    )


def add_checkpoint(sealed: Sealed, verifier: str, at: datetime) -> None:
    execute(
        "INSERT INTO evidence_checkpoint (size, root, note, verifier, sealed_at) "
        "VALUES (%s, %s, %s, %s, %s)",
        [sealed.size, sealed.root, sealed.note, verifier, at],
    )


def add_stamp(
    size: int, authority: str, token: bytes, *, stamped_at: datetime, at: datetime
) -> None:
    execute(
        "INSERT INTO evidence_stamp (size, authority, token, stamped_at, recorded_at) "
        "VALUES (%s, %s, %s, %s, %s) ON CONFLICT DO NOTHING",
        [size, authority, token, stamped_at, at],
    )
