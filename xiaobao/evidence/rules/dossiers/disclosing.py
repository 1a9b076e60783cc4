"""What of a case's chain a dossier shows to its reader; the rest is bound by its hashes alone.

The content of an entry holds digests of words. Where words are masked for the reader, so is the
digest: a telephone number of which four digits are hidden would be found from it in no time. So
is the digest of a text of which a masked copy is shown.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from xiaobao.evidence.facts import GROUP_OF, EntryKind, Group, Viewer
from xiaobao.evidence.rules.views import as_listed

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.evidence.facts import Custody, Entry, Exported, Piece

_ALL_SEEING = (Viewer.STAFF, Viewer.REGULATOR)


def chain_for(
    entries: Sequence[Entry],
    pieces: Sequence[Piece],
    exported: Sequence[Exported],
    custody: Sequence[Custody],
    viewer: Viewer,
) -> list[dict[str, Any]]:
    """The chain from its first entry; `content` is None where it is not for this reader."""
    told = {one.piece.seq for one in exported if is_digest_told(one)}
    shown = _seqs_for([piece for piece in pieces if piece.seq in told], custody, viewer)
    return [
        {
            "seq": entry.seq, "kind": int(entry.kind), "previous": entry.previous.hex(),
            "hash": entry.hash.hex(),
            "content": entry.content.decode() if _is_shown(entry, shown, viewer) else None,
        }
        for entry in entries
    ]  # fmt: skip


def is_digest_told(one: Exported) -> bool:
    """Whether the reader may know the digest of the original: nothing hidden is found from it."""
    is_text = GROUP_OF[one.piece.media] is Group.TEXT
    return one.is_original or not is_text or one.content.digest() == one.piece.sha256


def custody_for(custody: Sequence[Custody], viewer: Viewer) -> list[Custody]:
    """The looks a reader is told of: all, or its own."""
    return [one for one in custody if viewer in _ALL_SEEING or one.viewer is viewer]


def _seqs_for(
    pieces: Sequence[Piece], custody: Sequence[Custody], viewer: Viewer
) -> frozenset[int]:
    listed = [piece.seq for piece in pieces if as_listed(piece, viewer) == piece]
    return frozenset(listed + [one.seq for one in custody_for(custody, viewer)])


def _is_shown(entry: Entry, seqs: frozenset[int], viewer: Viewer) -> bool:
    """Legal holds, and who else looked and why, are for staff and the regulator."""
    if viewer in _ALL_SEEING or entry.kind in (EntryKind.END, EntryKind.REOPEN):
        return True
    return entry.kind in (EntryKind.PIECE, EntryKind.CUSTODY) and entry.seq in seqs
