"""Sealing: new ends of chains take their places in the log, and its new root is signed."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import transaction

from xiaobao.evidence.facts import Sealed
from xiaobao.evidence.queries.log import (
    TILE_WIDTH,
    Tree,
    checkpoints,
    edge_hashes,
    stamps_of,
)
from xiaobao.evidence.rules import timestamps
from xiaobao.evidence.rules.dossiers import FORMAT, sealed
from xiaobao.evidence.rules.merkle import EMPTY_ROOT, leaf_hash, root_of, tree_over
from xiaobao.evidence.rules.notes import Checkpoint
from xiaobao.evidence.store import log
from xiaobao.evidence.store.keys import LOG_NAME, log_signer
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence
    from datetime import datetime

    from xiaobao.evidence.facts import Stamp
    from xiaobao.evidence.rules.notes import Signer
    from xiaobao.kernel.contents import Content

# One transaction's share: locks are held for about a second.
MOST_AT_ONCE = 50_000


class LogDamaged(Problem):
    """The log as stored does not lead to its last signed root; nothing is added to it."""

    code = "evidence_log_damaged"
    status = 500
    zh = "日志在大小 {size} 处与已签名的根不符，不再追加：运行 xiaobao evidence check，从备份恢复"
    en = (
        "the log at size {size} does not lead to the root that was signed; nothing is added: run "
        "xiaobao evidence check, and restore from a backup"
    )


class StampNotTaken(Problem):
    """A timestamp authority's answer cannot be used."""

    code = "evidence_stamp_not_taken"
    status = 502
    zh = "时间戳机构 {authority} 的回答不可用：{reason}；检查地址与根证书，之后再试"
    en = (
        "the answer of timestamp authority {authority} cannot be used: {reason}; check its "
        "address and root certificate, and try again"
    )


class StampsNotInstalled(Problem):
    """The client for timestamps is an extra that is not installed."""

    code = "evidence_stamps_not_installed"
    status = 503
    zh = "未安装时间戳组件：pip install 'xiaobao[evidence]'"
    en = "the client for timestamps is not installed: pip install 'xiaobao[evidence]'"


def seal(at: datetime, limit: int = MOST_AT_ONCE) -> Sealed:
    """Put the ends of chains that grew into the log and sign it; nothing new, nothing is signed.

    Chains that are being written to this moment wait for the next sealing.

    :raises LogDamaged: where what is stored does not lead to the last root signed
    """
    signer = log_signer()
    return _seal(signer, at, limit)


@transaction.atomic
def _seal(signer: Signer, at: datetime, limit: int) -> Sealed:
    log.hold_log()
    before = _last()
    if Tree(before.size).root() != before.root:
        raise LogDamaged(size=before.size)
    heads = log.unsealed_heads(limit)
    if not heads:
        return before
    leaves = [leaf_hash(bytes(head[3])) for head in heads]
    log.add_leaves(heads, leaves, before.size)
    size = before.size + len(heads)
    _add_tiles(0, before.size, size)
    root = Tree(size).root()
    sealed_line = f"sealed {at.isoformat()}"
    note = signer.sign(Checkpoint(LOG_NAME, size, root, (sealed_line,)).text())
    made = Sealed(added=len(heads), size=size, root=root, note=note)
    log.add_checkpoint(made, str(signer.verifier), at)
    return made


def _last() -> Sealed:
    """The log as last signed; nothing was added since."""
    latest = checkpoints(1)
    if not latest:
        return Sealed(0, 0, EMPTY_ROOT, "")
    last, _ = latest[0]
    return Sealed(0, last.size, last.root, last.note)


def _add_tiles(level: int, before: int, after: int) -> None:
    """Write the tiles of this level, and of those above, that became whole."""
    first, last = before // TILE_WIDTH, after // TILE_WIDTH
    for tile in range(first, last):
        hashes = edge_hashes(level, tile)
        root = root_of(0, TILE_WIDTH, tree_over(hashes))
        log.add_tile(level, tile, root, b"".join(hashes))
    if last > first:
        _add_tiles(level + 1, first, last)


def stamp_log(
    ask: Callable[[bytes], bytes], *, authority: str, roots: Sequence[bytes], at: datetime
) -> Stamp | None:
    """Have an authority stamp the last checkpoint, once; None where there is none to stamp.

    `ask` sends a request (DER) and returns the answer: the door's business, outside any
    transaction. `roots` are the certificates (PEM) under which the authority must have signed.

    :raises StampsNotInstalled: without the extra
    :raises StampNotTaken: where the answer is no timestamp over this checkpoint
    """
    if not timestamps.is_installed():
        raise StampsNotInstalled
    last = _last()
    if not last.note:
        return None
    known = [stamp for stamp in stamps_of(last.size) if stamp.authority == authority]
    if known:
        return known[0]
    content = last.note.encode()
    answer = ask(timestamps.request_for(content))
    try:
        moment = timestamps.stamped_at(answer, content, roots)
    except timestamps.StampRefused as trouble:
        raise StampNotTaken(authority=authority, reason=str(trouble)) from trouble
    log.add_stamp(last.size, authority, answer, stamped_at=moment, at=at)
    return next(s for s in stamps_of(last.size) if s.authority == authority)


def sign_statement(text: str) -> str:
    """A statement as a signed note, by the log's key; its first line says what it is.

    That line keeps it apart from checkpoints and dossiers, which the same key signs.
    """
    assert not text.startswith(LOG_NAME), "this would read as a checkpoint of the log"
    return log_signer().sign(text)


def seal_dossier(
    about: Mapping[str, Any], files: Sequence[tuple[str, bytes | Content]],
    *, kind: str = FORMAT,
) -> Content:  # fmt: skip
    """The archive of these files, signed with the log's own key; kept nowhere."""
    return sealed(about, files, log_signer(), kind=kind)


def signing_key() -> str:
    """The public half of the key that signs, as notes spell it; made by whoever asks first."""
    return str(log_signer().verifier)
