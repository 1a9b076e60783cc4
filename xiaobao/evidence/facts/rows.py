"""Rows of a case: pieces, custody, holds, and the entries of its chain."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.facts.kinds import CustodyKind, EntryKind, Kind, Media, Party, Viewer


@dataclass(frozen=True)
class Piece:
    """One piece of evidence as recorded."""

    seller_id: int
    case_id: int
    seq: int
    kind: Kind
    party: Party
    party_id: int
    media: Media
    size: int
    sha256: bytes
    name: str
    words: str
    submitted_at: datetime
    recorded_at: datetime
    # Hashed with the rest, and told to nobody who is shown a masked copy; older pieces have none.
    salt: bytes = b""


@dataclass(frozen=True)
class Receipt:
    """What the one who handed it in gets: the piece's number and the head of the chain."""

    seller_id: int
    case_id: int
    seq: int
    sha256: bytes
    entry_hash: bytes
    is_new: bool


@dataclass(frozen=True)
class Custody:
    """Who saw or took out a piece, when, and why."""

    seller_id: int
    case_id: int
    seq: int
    piece_seq: int
    kind: CustodyKind
    viewer: Viewer
    viewer_id: int
    is_personal: bool  # it showed personal data unmasked
    why: str
    happened_at: datetime


@dataclass(frozen=True)
class Hold:
    """A legal hold; `lifted_at` is None while it stands."""

    seller_id: int
    case_id: int
    seq: int
    is_whole_seller: bool  # placed in the seller's own file, it holds every case of the seller
    authority: str
    why: str
    placed_at: datetime
    lifted_at: datetime | None


@dataclass(frozen=True)
class Entry:
    """One entry of a case's chain."""

    seller_id: int
    case_id: int
    seq: int
    kind: EntryKind
    at: datetime
    content: bytes  # canonical, as hashed
    previous: bytes
    hash: bytes
