"""Every chain and the whole log recomputed; each thing that is wrong, the first of each chain."""

from __future__ import annotations

from itertools import groupby, islice
from typing import TYPE_CHECKING

from xiaobao.database.sets import fetch_rows
from xiaobao.evidence.facts import Broken, Entry
from xiaobao.evidence.queries.cases import entries_after
from xiaobao.evidence.queries.log import TILE_WIDTH, edge_hashes, tile_hashes
from xiaobao.evidence.rules.chain import ChainBroken, verify_chain
from xiaobao.evidence.rules.merkle import Edge, leaf_hash, root_of, tree_over
from xiaobao.evidence.rules.notes import NoteRefused, open_note, read_checkpoint, read_verifier
from xiaobao.evidence.store.blobs import BytesDamaged, BytesMissing, blobs
from xiaobao.evidence.store.keys import log_verifier

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xiaobao.evidence.rules.notes import Verifier

_AT_ONCE = 5_000
# Of one look: whoever changed more than this is found out as well.
MOST_TOLD = 100
# What each check looks at, for those who read that all of them hold.
LAWS = {
    "chain": ("每个案件的哈希链完整", "each case's hash chain is whole"),
    "head": ("链尾与案件记录一致", "the end of each chain is as its case says"),
    "orphan": ("每件证据都在链上", "everything told stands in a chain"),
    "leaf": ("日志里的每片叶子都是某条链的一环", "each leaf of the log is an entry of a chain"),
    "order": ("叶子连续编号", "leaves are numbered without a gap"),
    "tile": ("日志的每块哈希与叶子一致", "each tile of the log is as its leaves"),
    "root": ("每个检查点的根与叶子一致", "the root of each checkpoint is that of its leaves"),
    "note": ("每个检查点由本日志的密钥签名", "each checkpoint is signed by the log's key"),
    "bytes": ("证据原件与其哈希一致", "the bytes of each piece have their hash"),
}


def check(*, with_bytes: bool = False, trusted: Sequence[Verifier] = ()) -> list[Broken]:
    """What is wrong, at most a hundred of each look; empty where evidence is sound.

    Signatures must be of a `trusted` key, else of this home's, else (where it has none) of the
    key recorded beside them. `with_bytes` reads every original, too.
    """
    looks = [_chains(), _heads(), _orphans(), _leaves(), _tiles(), _notes(trusted)]
    looks += [_bytes()] if with_bytes else []
    return [broken for look in looks for broken in islice(look, MOST_TOLD)]


def _all_entries() -> Iterator[Entry]:
    after = (-(2**63), 0, 0)
    while entries := entries_after(after, _AT_ONCE):
        yield from entries
        after = (entries[-1].seller_id, entries[-1].case_id, entries[-1].seq)


def _chains() -> Iterator[Broken]:
    for key, entries in groupby(_all_entries(), lambda entry: (entry.seller_id, entry.case_id)):
        try:
            verify_chain(list(entries))
        except ChainBroken as trouble:
            zh = f"哈希链断裂：{_ZH[trouble.why]}"
            yield Broken("chain", *key, trouble.seq, zh, trouble.why)


_ZH = {
    "missing": "缺少这一环",
    "does not follow from the entry before it": "与前一环不相接",
    "its content is not what was hashed": "内容已被改动",
}


def _heads() -> Iterator[Broken]:
    for seller, case, seq in fetch_rows(
        "SELECT c.seller_id, c.case_id, c.seq FROM evidence_case c "
        "LEFT JOIN LATERAL (SELECT e.seq, e.hash FROM evidence_entry e "
        "WHERE e.seller_id = c.seller_id AND e.case_id = c.case_id ORDER BY e.seq DESC LIMIT 1) "
        "AS e ON true WHERE coalesce(e.seq, 0) <> c.seq "
        "OR (e.hash IS NOT NULL AND e.hash <> c.head) ORDER BY 1, 2"
    ):
        yield Broken("head", seller, case, seq, "链尾与案件记录不符",
                     "the chain does not end where it should")  # fmt: skip


def _orphans() -> Iterator[Broken]:
    tables = ("piece", "custody", "hold", "lift", "end")
    union = " UNION ALL ".join(
        f"SELECT t.seller_id, t.case_id, t.seq FROM evidence_{name} t WHERE NOT EXISTS "
        "(SELECT 1 FROM evidence_entry e WHERE e.seller_id = t.seller_id "
        "AND e.case_id = t.case_id AND e.seq = t.seq)"
        for name in tables
    )
    for seller, case, seq in fetch_rows(f"{union} ORDER BY 1, 2, 3"):
        yield Broken("orphan", seller, case, seq, "不在哈希链上", "stands in no chain")


# -- the log -------------------------------------------------------------------------------------


def _leaves() -> Iterator[Broken]:
    """Leaves against the chains, their order, and every checkpoint's root."""
    roots = {size: bytes(root) for size, root in fetch_rows(
        "SELECT size, root FROM evidence_checkpoint ORDER BY size")}  # fmt: skip
    edge = Edge()
    for seller, case, seq, index, leaf, made in _all_leaves():
        if made is None or leaf_hash(bytes(made)) != bytes(leaf):
            yield Broken("leaf", seller, case, seq, "日志所记与链不符",
                         "the log holds another hash than the chain")  # fmt: skip
        if index != edge.size:
            yield Broken("order", seller, case, seq, f"叶子编号应为 {edge.size}，实为 {index}",
                         f"leaf {index} stands where {edge.size} should")  # fmt: skip
            return
        edge.add([bytes(leaf)])
        if edge.size in roots and roots.pop(edge.size) != edge.root():
            yield _at_size("root", edge.size, "检查点的根与叶子不符",
                           "the checkpoint's root is not that of its leaves")  # fmt: skip
    for size in roots:
        yield _at_size("order", size, "检查点比日志长，缺少叶子",
                       "the checkpoint is larger than the log: leaves are missing")  # fmt: skip


def _all_leaves() -> Iterator[tuple[int, int, int, int, bytes, bytes | None]]:
    after = -1
    while rows := fetch_rows(
        "SELECT l.seller_id, l.case_id, l.seq, l.leaf_index, l.leaf, e.hash FROM evidence_leaf l "
        "LEFT JOIN evidence_entry e USING (seller_id, case_id, seq) WHERE l.leaf_index > %s "
        "ORDER BY l.leaf_index, l.seller_id, l.case_id, l.seq LIMIT %s",
        [after, _AT_ONCE],
    ):
        yield from rows
        after = rows[-1][3]


def _at_size(law: str, size: int, zh: str, en: str) -> Broken:
    return Broken(law, 0, 0, 0, f"大小 {size} 的日志：{zh}", f"the log at size {size}: {en}")


def _tiles() -> Iterator[Broken]:
    for level, tile, root in fetch_rows(
        "SELECT level, tile, root FROM evidence_tile ORDER BY level, tile"
    ):
        hashes = tile_hashes(level, tile)
        is_sound = hashes == edge_hashes(level, tile) and len(hashes) == TILE_WIDTH
        if not is_sound or root_of(0, TILE_WIDTH, tree_over(hashes)) != bytes(root):
            yield Broken("tile", 0, 0, 0, f"第 {level} 层第 {tile} 块与叶子不符",
                         f"tile {tile} of level {level} is not as its leaves")  # fmt: skip


def _notes(trusted: Sequence[Verifier]) -> Iterator[Broken]:
    mine = log_verifier()
    known = [*trusted, *([mine] if mine else [])]
    for size, root, note, verifier in fetch_rows(
        "SELECT size, root, note, verifier FROM evidence_checkpoint ORDER BY size"
    ):
        try:
            told = read_checkpoint(open_note(note, known or [read_verifier(verifier)]))
        except NoteRefused as trouble:
            yield _at_size("note", size, f"签名无效：{trouble}", f"bad signature: {trouble}")
            continue
        if (told.size, told.root) != (size, bytes(root)):
            yield _at_size("note", size, "签名的不是这个大小和根",
                           "what was signed is another size or root")  # fmt: skip


def _bytes() -> Iterator[Broken]:
    kept = blobs()
    after = b""
    while rows := fetch_rows(
        "SELECT DISTINCT ON (sha256) sha256, seller_id, case_id, seq FROM evidence_piece "
        "WHERE sha256 > %s ORDER BY sha256, seller_id, case_id, seq LIMIT %s",
        [after, _AT_ONCE],
    ):
        for digest, seller, case, seq in rows:
            try:
                kept.content(bytes(digest))
            except (BytesMissing, BytesDamaged) as trouble:
                yield Broken("bytes", seller, case, seq, trouble.says("zh"), trouble.says("en"))
        after = bytes(rows[-1][0])
