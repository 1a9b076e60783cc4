"""Files as people hand them in, and limits as a pack sets them."""

from __future__ import annotations

import io
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
from PIL import Image

from xiaobao.evidence.facts import Group, Kind, Party, Submission
from xiaobao.evidence.terms import EvidenceTerms
from xiaobao.kernel.books import Book, book
from xiaobao.kernel.columns import FAR_US

if TYPE_CHECKING:
    from xiaobao.kernel.contents import Content

AT = datetime(2026, 3, 1, 8, tzinfo=UTC)
SELLER, CASE = 4711, 9001


def later(days: float = 0, minutes: float = 0) -> datetime:
    return AT + timedelta(days=days, minutes=minutes)


def limits(**columns: int) -> Book[EvidenceTerms]:
    """The same for every group: generous, but for what a test names."""
    given = {"largest_bytes": 1_000_000, "most_pixels": 4_000_000, "most_pieces": 20} | columns
    count = len(Group)
    terms = EvidenceTerms(
        np.arange(count) + 1, *(np.full(count, given[n]) for n in EvidenceTerms.names()[1:])
    )
    return book(
        terms, key=[int(g) for g in Group], begins_us=[0] * count, ends_us=[FAR_US] * count
    )


LIMITS = limits()


def picture(seed: int = 1, width: int = 320, height: int = 240) -> Image.Image:
    """A picture with something in it: smooth shapes, as photographs have."""
    rng = np.random.default_rng(seed)
    coarse = Image.fromarray(rng.integers(0, 256, (6, 8, 3), dtype=np.uint8))
    return coarse.resize((width, height), Image.Resampling.BICUBIC)


def encoded(image: Image.Image, kind: str = "JPEG", **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(seed: int = 1, **options: Any) -> bytes:
    return encoded(picture(seed), **({"quality": 92} | options))


def photo_with_place(seed: int = 1) -> bytes:
    """A photograph whose camera wrote down where it was taken, by whom, and its orientation."""
    exif = Image.Exif()
    exif[0x010F] = "Testphone"
    exif[0x0110] = "T-1000"
    exif[0x0112] = 6  # turned by a quarter
    exif.get_ifd(0x8825).update({1: "N", 2: (30.0, 16.0, 26.4), 3: "E", 4: (120.0, 9.0, 18.0)})
    return encoded(picture(seed), quality=92, exif=exif)


def box(kind: bytes, content: bytes) -> bytes:
    return (8 + len(content)).to_bytes(4, "big") + kind + content


def film(place: bytes = b"+30.2740+120.1551/", frames: bytes = b"frames") -> bytes:
    """The boxes of an MP4 with the place where it was taken, as phones write them."""
    told = box(b"udta", box(b"\xa9xyz", place))
    track = box(b"trak", box(b"tkhd", b"\0" * 20) + box(b"udta", place))
    return (
        box(b"ftyp", b"isom\0\0\0\0isommp41")
        + box(b"moov", box(b"mvhd", b"\0" * 32) + track + told + box(b"meta", place))
        + box(b"mdat", frames)
    )


def paper(extra: bytes = b"") -> bytes:
    return b"%PDF-1.4\n1 0 obj <</Type /Catalog>> endobj\n" + extra + b"\ntrailer\n%%EOF\n"


def handed_in(
    body: bytes | Content, kind: Kind = Kind.PHOTO, party: Party = Party.BUYER, **more: Any
) -> Submission:
    given: dict[str, Any] = {"seller_id": SELLER, "case_id": CASE, "submitted_at": AT}
    given |= more
    return Submission(kind=kind, party=party, body=body, **given)
