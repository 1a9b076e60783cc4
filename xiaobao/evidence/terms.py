"""The numbers of evidence: how large, how many pixels, how many pieces of each group of files."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from xiaobao.evidence.facts import Group
from xiaobao.kernel.columns import Columns, Int


@dataclass(frozen=True, slots=True)
class EvidenceTerms(Columns):
    """What one file may be, and how many of its group one party may hand in for one case.

    This room stands beside `promises`: whoever hands something in reads these for the case's
    market and moment, and gives them along.
    """

    TABLE: ClassVar[str] = "evidence"
    KEY: ClassVar[type[Group] | None] = Group

    version: Int
    largest_bytes: Int
    most_pixels: Int  # width times height; 0 where a file has none
    most_pieces: Int
