"""Shapes of evidence: kinds, parties, what a case's chain holds, rows and proofs; all frozen."""

from xiaobao.evidence.facts.admission import Fingerprint, Refusal, Refused, Sniffed, Submission
from xiaobao.evidence.facts.kinds import (
    GROUP_OF,
    KINDS,
    MEDIA_TYPES,
    RECORDED_KINDS,
    SUFFIXES,
    CustodyKind,
    EntryKind,
    Group,
    Kind,
    KindWords,
    Media,
    Party,
    Viewer,
)
from xiaobao.evidence.facts.log import PieceProof, Sealed, Stamp
from xiaobao.evidence.facts.pages import Broken, DisplayCopy, DueCase, Exported, NearDuplicate
from xiaobao.evidence.facts.rows import Custody, Entry, Hold, Piece, Receipt

__all__ = [
    "GROUP_OF",
    "KINDS",
    "MEDIA_TYPES",
    "RECORDED_KINDS",
    "SUFFIXES",
    "Broken",
    "Custody",
    "CustodyKind",
    "DisplayCopy",
    "DueCase",
    "Entry",
    "EntryKind",
    "Exported",
    "Fingerprint",
    "Group",
    "Hold",
    "Kind",
    "KindWords",
    "Media",
    "NearDuplicate",
    "Party",
    "Piece",
    "PieceProof",
    "Receipt",
    "Refusal",
    "Refused",
    "Sealed",
    "Sniffed",
    "Stamp",
    "Submission",
    "Viewer",
]
