"""Questions about the log: its tree, checkpoints, and proofs that a stranger can check."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from xiaobao.database.sets import fetch_rows
from xiaobao.evidence.facts import EntryKind, PieceProof, Sealed, Stamp
from xiaobao.evidence.queries.cases import chain_of, piece_of
from xiaobao.evidence.rules.merkle import (
    HASH_BYTES,
    consistency_proof,
    inclusion_proof,
    root_of,
    tree_over,
)
from xiaobao.evidence.store.keys import log_verifier
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.rules.notes import Verifier

TILE_HEIGHT = 8
TILE_WIDTH = 1 << TILE_HEIGHT


class NotSealed(Problem):
    """A piece is recorded and chained, and the log was not sealed since."""

    code = "evidence_not_sealed"
    status = 409
    zh = "卖家 {seller_id} 案件 {case_id} 的第 {seq} 号证据未入日志：先运行 xiaobao evidence seal"
    en = (
        "piece {seq} of case {case_id} of seller {seller_id} is not in the log yet: run xiaobao "
        "evidence seal first"
    )


class Tree:
    """The log's tree, read tile by tile as a proof asks for it: a few thousand bytes a level."""

    def __init__(self, size: int) -> None:
        self.size = size
        self._tiles: dict[tuple[int, int], list[bytes]] = {}

    def whole(self, height: int, index: int) -> bytes:
        """The hash over leaves [index << height, (index + 1) << height)."""
        level, inside = divmod(height, TILE_HEIGHT)
        tile, place = divmod(index << inside, TILE_WIDTH)
        hashes = self._hashes(level, tile)[place : place + (1 << inside)]
        return root_of(0, len(hashes), tree_over(hashes))

    def root(self) -> bytes:
        return root_of(0, self.size, self.whole)

    def _hashes(self, level: int, tile: int) -> list[bytes]:
        if (level, tile) not in self._tiles:
            self._tiles[level, tile] = tile_hashes(level, tile) or edge_hashes(level, tile)
        return self._tiles[level, tile]


def tile_hashes(level: int, tile: int) -> list[bytes]:
    """The hashes of a whole tile; none where it is not whole yet."""
    rows = fetch_rows(
        "SELECT hashes FROM evidence_tile WHERE level = %s AND tile = %s", [level, tile]
    )
    body = bytes(rows[0][0]) if rows else b""
    return [body[at : at + HASH_BYTES] for at in range(0, len(body), HASH_BYTES)]


def edge_hashes(level: int, tile: int) -> list[bytes]:
    """What there is of a tile at the right edge: leaves, or the roots of whole tiles below."""
    first, last = tile * TILE_WIDTH, (tile + 1) * TILE_WIDTH
    if level == 0:
        rows = fetch_rows(
            "SELECT leaf FROM evidence_leaf WHERE leaf_index >= %s AND leaf_index < %s "
            "ORDER BY leaf_index",
            [first, last],
        )
    else:
        rows = fetch_rows(
            "SELECT root FROM evidence_tile WHERE level = %s AND tile >= %s AND tile < %s "
            "ORDER BY tile",
            [level - 1, first, last],
        )
    return [bytes(row[0]) for row in rows]


def checkpoints(limit: int = 20) -> list[tuple[Sealed, datetime]]:
    """The latest checkpoints, newest first, and when each was signed."""
    rows = fetch_rows(
        "SELECT size, root, note, sealed_at, "
        "size - coalesce(lead(size) OVER (ORDER BY size DESC), 0) "
        "FROM evidence_checkpoint ORDER BY size DESC LIMIT %s",
        [limit],
    )
    return [(Sealed(added, size, bytes(root), note), at) for size, root, note, at, added in rows]


def lot_of(seller_id: int, case_id: int, at: datetime) -> bytes:
    """What a lot about a case is drawn from: nobody chose it, and anybody finds it again.

    The SHA-256 of the end of the case's chain at that moment, as far as parties made it (looks at
    evidence are left out: whoever looks would choose), and of the log's root signed last by then.
    """
    ((head, root),) = fetch_rows(
        "SELECT (SELECT hash FROM evidence_entry WHERE seller_id = %s AND case_id = %s "
        "AND kind = %s AND at <= %s ORDER BY seq DESC LIMIT 1), "
        "(SELECT root FROM evidence_checkpoint WHERE sealed_at <= %s ORDER BY size DESC LIMIT 1)",
        [seller_id, case_id, int(EntryKind.PIECE), at, at],
    )
    return hashlib.sha256(bytes(head or b"") + bytes(root or b"")).digest()


def log_key() -> Verifier | None:
    """The log's public key, where this home has sealed."""
    return log_verifier()


def unsealed() -> int:
    """How many chains grew since the log was sealed."""
    ((count,),) = fetch_rows("SELECT count(*) FROM evidence_case WHERE seq > sealed_seq")
    return int(count)


def stamps_of(size: int) -> list[Stamp]:
    """The trusted timestamps over the checkpoint of this size."""
    rows = fetch_rows(
        "SELECT size, token, authority, stamped_at FROM evidence_stamp WHERE size = %s "
        "ORDER BY stamped_at",
        [size],
    )
    return [Stamp(size_, bytes(token), who, at) for size_, token, who, at in rows]


def consistency_of(old_size: int, new_size: int) -> list[bytes]:
    """The proof that the log at one size begins with the log at another."""
    return consistency_proof(old_size, new_size, Tree(new_size).whole)


def proof_of(seller_id: int, case_id: int, seq: int) -> PieceProof:
    """All that a stranger needs: from the piece's entry to a signed checkpoint.

    :raises PieceUnknown: if there is no such piece
    :raises NotSealed: if the log was not sealed since it was recorded
    """
    piece_of(seller_id, case_id, seq)
    return entry_proof_of(seller_id, case_id, seq)


def entry_proof_of(seller_id: int, case_id: int, seq: int) -> PieceProof:
    """As `proof_of`, for an entry of any kind.

    :raises NotSealed: if the log was not sealed since it was recorded
    """
    rows = fetch_rows(
        "SELECT l.seq, l.leaf_index, l.leaf, c.size, c.root, c.note, c.verifier "
        "FROM evidence_leaf l, LATERAL (SELECT * FROM evidence_checkpoint c "
        "WHERE c.size > l.leaf_index ORDER BY c.size LIMIT 1) AS c "
        "WHERE l.seller_id = %s AND l.case_id = %s AND l.seq >= %s ORDER BY l.seq LIMIT 1",
        [seller_id, case_id, seq],
    )
    if not rows:
        raise NotSealed(seller_id=seller_id, case_id=case_id, seq=seq)
    ((sealed_seq, index, leaf, size, root, note, verifier),) = rows
    path = inclusion_proof(index, size, Tree(size).whole)
    return PieceProof(
        entries=tuple(chain_of(seller_id, case_id, first=seq, last=sealed_seq)),
        leaf=bytes(leaf), leaf_index=index, size=size, path=tuple(path), root=bytes(root),
        note=note, verifier=verifier, stamps=tuple(stamps_of(size)),
    )  # fmt: skip
