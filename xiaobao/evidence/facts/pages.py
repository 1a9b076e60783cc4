"""What people and checks are shown: copies, look-alikes, cases that are due, what is broken."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.facts.kinds import Party
    from xiaobao.evidence.facts.rows import Piece
    from xiaobao.kernel.contents import Content


@dataclass(frozen=True)
class NearDuplicate:
    """A picture in another place that looks like this one."""

    seller_id: int
    case_id: int
    seq: int
    party: Party
    party_id: int
    distance: int  # bits of 64 in which the hashes differ; 0 for equal hashes
    is_same_bytes: bool
    submitted_at: datetime


@dataclass(frozen=True)
class DisplayCopy:
    """What one viewer is shown of a piece; made for this look, kept nowhere.

    Where `withheld` is not empty the content is, and those words say why and what to do.
    """

    piece: Piece  # its words and name masked for the viewer
    media_type: str
    content: Content
    width: int
    height: int
    is_masked: bool
    withheld_zh: str = ""
    withheld_en: str = ""
    camera: dict[str, str] = field(default_factory=dict)  # what the file says of itself: staff


@dataclass(frozen=True)
class Exported:
    """A piece as it leaves the house in a dossier: the original for its own side and for staff.

    For the others `content` is the copy they may see, and `is_original` is false; where
    `withheld_zh` is not empty the content is. `picture` is a copy of a picture to look at.
    """

    piece: Piece  # its words and name masked for the viewer
    content: Content
    suffix: str
    is_original: bool
    picture: bytes = b""
    withheld_zh: str = ""
    withheld_en: str = ""


@dataclass(frozen=True)
class DueCase:
    """A case that nothing asks to keep any longer."""

    seller_id: int
    case_id: int
    pieces: int
    kept_until: datetime


@dataclass(frozen=True)
class Broken:
    """One thing wrong in evidence: which law, where, and what."""

    law: str
    seller_id: int
    case_id: int
    seq: int
    zh: str
    en: str

    def says(self, language: str = "zh") -> str:
        where = f"{self.seller_id}/{self.case_id}/{self.seq}"
        return f"{where}: {self.en}" if language.startswith("en") else f"{where}：{self.zh}"
