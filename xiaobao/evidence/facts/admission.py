"""Shapes of handing in: what is given, what it was found to be, why it is refused, the receipt."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.evidence.facts.kinds import Kind, Media, Party
    from xiaobao.kernel.contents import Content


class Refusal(StrEnum):
    """Why a file cannot be taken as evidence; the words are in `rules.words`."""

    EMPTY = "empty"
    TOO_LARGE = "too_large"
    TOO_MANY = "too_many"
    TOO_MANY_PIXELS = "too_many_pixels"
    UNKNOWN_TYPE = "unknown_type"
    WEB_PAGE = "web_page"
    ARCHIVE = "archive"
    HEIC = "heic"
    OTHER_TYPE = "other_type"
    CUT_OFF = "cut_off"
    ACTIVE_CONTENT = "active_content"
    LOCKED = "locked"
    RECORDED_BY_PLATFORM = "recorded_by_platform"
    WORDS_TOO_LONG = "words_too_long"
    FROM_THE_FUTURE = "from_the_future"


@dataclass(frozen=True)
class Refused:
    """One refusal: the field it is about, and what its words need to be exact."""

    reason: Refusal
    about: str
    parts: dict[str, object] = field(default_factory=dict)


@dataclass(frozen=True)
class Submission:
    """What somebody hands in. For the seller's own file `case_id` is the seller's own id."""

    seller_id: int
    case_id: int
    kind: Kind
    party: Party
    body: bytes | Content  # a film is read where it lies, a portion at a time
    submitted_at: datetime
    party_id: int = 0
    words: str = ""
    name: str = ""  # of the file, as it was called


@dataclass(frozen=True)
class Fingerprint:
    """Two perceptual hashes of a picture, 64 bits each (signed, as PostgreSQL holds them)."""

    phash: int
    dhash: int
    is_flat: bool  # nothing in it to compare: all one colour


@dataclass(frozen=True)
class Sniffed:
    """What a file's bytes say it is; width and height of pictures."""

    media: Media
    width: int = 0
    height: int = 0
