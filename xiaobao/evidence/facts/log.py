"""Shapes of the log: what a sealing added, timestamps, and the proof of a piece."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.facts.rows import Entry


@dataclass(frozen=True)
class Stamp:
    """A trusted timestamp over a checkpoint."""

    size: int
    token: bytes
    authority: str
    stamped_at: datetime


@dataclass(frozen=True)
class Sealed:
    """What one sealing added to the log."""

    added: int
    size: int
    root: bytes
    note: str


@dataclass(frozen=True)
class PieceProof:
    """That a piece stands in a log whose checkpoint is signed: all that a stranger needs.

    The piece's own bytes hash to `sha256` in its entry; `entries` lead, hash by hash, from the
    piece's entry to the one that was sealed; its leaf stands at `leaf_index` under the root.
    """

    entries: tuple[Entry, ...]
    leaf: bytes
    leaf_index: int
    size: int
    path: tuple[bytes, ...]
    root: bytes
    note: str
    verifier: str
    stamps: tuple[Stamp, ...]
