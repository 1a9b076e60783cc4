"""What may come in: honest files by their bytes, hostile ones refused with field and fix."""

from __future__ import annotations

import struct
import zlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.evidence import making
from tests.evidence.making import AT, LIMITS, film, handed_in, later, paper, photo, picture
from xiaobao.evidence.facts import KINDS, Group, Kind, Media, Party, Refusal, Refused, Sniffed
from xiaobao.evidence.rules.admission import examine, limits_at, too_many
from xiaobao.evidence.rules.sizes import size_of
from xiaobao.evidence.rules.sniffing import sniff
from xiaobao.evidence.rules.words import refusal_words
from xiaobao.kernel.contents import PORTION_BYTES

TERMS = limits_at(LIMITS, AT)
RECORD = Kind.CHAT_RECORD


def reason(body: bytes, kind: Kind = Kind.OTHER, **more: Any) -> Refusal | None:
    found = examine(handed_in(body, kind, **more), TERMS, at=AT)
    return found.reason if isinstance(found, Refused) else None


def png_head(width: int, height: int) -> bytes:
    """A PNG that says it is so large, and has a few bytes to show for it."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        check = zlib.crc32(kind + content)
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", check)

    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"\0" * 1000)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("kind", "media"),
    [("JPEG", Media.JPEG), ("PNG", Media.PNG), ("WEBP", Media.WEBP), ("GIF", Media.GIF)],
)
def test_pictures_are_known_by_their_bytes(kind: str, media: Media) -> None:
    body = making.encoded(picture(), kind)
    assert examine(handed_in(body), TERMS, at=AT) == Sniffed(media, 320, 240)
    assert size_of(body, media) == (320, 240)


def test_webp_of_every_sort_says_its_size() -> None:
    lossless = making.encoded(picture(), "WEBP", lossless=True)
    extended = making.encoded(picture().convert("RGBA"), "WEBP", exif=b"Exif\0\0", quality=50)
    for body in (lossless, extended):
        assert size_of(body, Media.WEBP) == (320, 240)


@pytest.mark.parametrize(
    ("body", "media"),
    [
        (film(), Media.MP4),
        (paper(), Media.PDF),
        ("聊天：发错货了".encode(), Media.TEXT),
        (b'{"a": 1}', Media.JSON),
        (b"{not json", Media.TEXT),
        (b"1 < 2 and <b>bold</b>", Media.TEXT),
    ],
)
def test_other_files_are_known_too(body: bytes, media: Media) -> None:
    assert sniff(body) is media


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"", Refusal.EMPTY),
        (b" \n\t ", Refusal.EMPTY),
        (b"<!DOCTYPE html><p>photo", Refusal.WEB_PAGE),
        (b"\xef\xbb\xbf  <HTML>", Refusal.WEB_PAGE),
        (b"<!-- x --><html>", Refusal.WEB_PAGE),
        (b'<?xml version="1.0"?><svg xmlns="x"><script>alert(1)</script></svg>',
         Refusal.WEB_PAGE),
        (b"hello <script src=//evil>", Refusal.WEB_PAGE),
        (b"PK\x03\x04\x14\0\0\0", Refusal.ARCHIVE),
        (b"\x1f\x8b\x08\0", Refusal.ARCHIVE),
        (b"\0\0\0\x18ftypheic\0\0\0\0mif1", Refusal.HEIC),
        (b"MZ\x90\0\x03", Refusal.UNKNOWN_TYPE),
        (b"\x7fELF\x02", Refusal.UNKNOWN_TYPE),
        ("中文".encode("gb18030"), Refusal.UNKNOWN_TYPE),
        (b"%PDF-1.4\nhalf a file", Refusal.CUT_OFF),
        (paper(b"<</Encrypt 5 0 R>>"), Refusal.LOCKED),
        (paper(b"<</S /JavaScript /JS (x)>>"), Refusal.ACTIVE_CONTENT),
        (paper(b"<</Type /EmbeddedFile>>"), Refusal.ACTIVE_CONTENT),
        (film()[:-3], Refusal.CUT_OFF),
        (making.box(b"ftyp", b"isom"), Refusal.CUT_OFF),
        (photo()[: len(photo()) // 2], Refusal.CUT_OFF),
        (photo()[:30], Refusal.CUT_OFF),
        (b"\xff\xd8\xff", Refusal.CUT_OFF),
        (b"\x89PNG\r\n\x1a\n", Refusal.CUT_OFF),
        (b"\xff\xd8\xff\xe0<html><script>alert(1)</script>", Refusal.CUT_OFF),
        (b"GIF89a<script>alert(1)</script>", Refusal.TOO_MANY_PIXELS),
        (png_head(20_000, 10_000), Refusal.TOO_MANY_PIXELS),
        (png_head(2**31 - 1, 2**31 - 1), Refusal.TOO_MANY_PIXELS),
        (png_head(1000, 1000), Refusal.CUT_OFF),
        (png_head(0, 10), Refusal.CUT_OFF),
    ],
)  # fmt: skip
def test_hostile_and_broken_files_are_refused(body: bytes, expected: Refusal) -> None:
    assert reason(body) is expected


def test_a_page_called_a_photo_is_refused_whatever_its_name() -> None:
    assert reason(b"<html>", Kind.PHOTO, name="photo.jpg") is Refusal.WEB_PAGE


def test_a_picture_inside_another_frame_is_refused() -> None:
    """A GIF whose first frame is larger than its screen would be decoded at the frame's size."""
    body = bytearray(making.encoded(picture(1, 20, 20), "GIF"))
    frame = 13 + 3 * 2 ** ((body[10] & 7) + 1)
    assert body[frame] == 0x2C, "the first frame stands after the colours"
    body[frame + 5 : frame + 9] = struct.pack("<HH", 60_000, 60_000)
    assert reason(bytes(body)) is Refusal.CUT_OFF


def test_limits_are_exact() -> None:
    body = photo()
    exact = limits_at(making.limits(largest_bytes=len(body), most_pixels=320 * 240), AT)
    short = limits_at(making.limits(largest_bytes=len(body) - 1), AT)
    small = limits_at(making.limits(most_pixels=320 * 240 - 1), AT)
    assert isinstance(examine(handed_in(body), exact, at=AT), Sniffed)
    too_large = examine(handed_in(body), short, at=AT)
    too_wide = examine(handed_in(body), small, at=AT)
    assert isinstance(too_large, Refused)
    assert too_large.parts == {"size": len(body), "most": len(body) - 1}
    assert isinstance(too_wide, Refused)
    assert too_wide.parts == {"width": 320, "height": 240, "most": 76_799}


def test_a_kind_comes_in_its_own_types() -> None:
    assert reason(photo(), Kind.UNBOXING_VIDEO) is Refusal.OTHER_TYPE
    assert reason(film(), Kind.UNBOXING_VIDEO) is None
    assert reason(b"words", Kind.PHOTO) is Refusal.OTHER_TYPE
    assert reason(b"words", Kind.STATEMENT) is None


def test_what_the_platform_records_is_not_handed_in() -> None:
    assert reason(b"{}", Kind.SNAPSHOT) is Refusal.RECORDED_BY_PLATFORM
    assert reason(b"{}", Kind.SNAPSHOT, party=Party.PLATFORM) is None


def test_words_and_times_are_checked() -> None:
    assert reason(photo(), words="长" * 5001) is Refusal.WORDS_TOO_LONG
    assert reason(photo(), name="n" * 201) is Refusal.WORDS_TOO_LONG
    assert reason(photo(), submitted_at=later(minutes=1)) is Refusal.FROM_THE_FUTURE


def test_a_party_hands_in_so_many_and_no_more() -> None:
    terms = limits_at(making.limits(most_pieces=2), AT)
    assert too_many(Party.BUYER, Group.IMAGE, 1, terms) is None
    refused = too_many(Party.BUYER, Group.IMAGE, 2, terms)
    assert refused is not None
    assert refused.reason is Refusal.TOO_MANY
    assert too_many(Party.PLATFORM, Group.TEXT, 2, terms) is None


@pytest.mark.parametrize("refusal", list(Refusal))
def test_every_refusal_says_its_fix_in_both_languages(refusal: Refusal) -> None:
    parts: dict[str, object] = {
        "size": 2, "most": 1, "width": 3, "height": 4, "group": Group.IMAGE, "kind": Kind.PHOTO,
    }  # fmt: skip
    zh, en = refusal_words(Refused(refusal, "body", parts))
    assert "{" not in zh + en
    assert "：" in zh
    assert ":" in en


def test_every_kind_has_words_and_types() -> None:
    assert set(KINDS) == set(Kind)
    assert all(words.zh and words.en and words.groups for words in KINDS.values())


@given(st.binary(max_size=400))
def test_any_bytes_are_judged_without_a_crash(body: bytes) -> None:
    for head in (b"", b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"RIFF\0\0\0\0WEBP",
                 b"%PDF-", b"\0\0\0\x10ftypisom", b"{"):  # fmt: skip
        assert isinstance(
            examine(handed_in(head + body, Kind.OTHER), TERMS, at=AT), Sniffed | Refused
        )


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=4))
def test_damaged_pictures_are_judged_without_a_crash(place: int, damage: bytes) -> None:
    for kind in ("JPEG", "PNG", "WEBP", "GIF"):
        body = bytearray(making.encoded(picture(1, 40, 30), kind))
        at = place % len(body)
        body[at : at + len(damage)] = damage
        found = examine(handed_in(bytes(body), Kind.OTHER), TERMS, at=AT)
        assert isinstance(found, Sniffed | Refused)


@pytest.mark.parametrize("back", range(0, 20, 3))
def test_what_is_refused_is_found_at_the_edge_of_two_portions(back: int) -> None:
    """A word may begin in one and end in the next."""
    ahead = b"%PDF-1.4\n" + b" " * (PORTION_BYTES - back)
    assert sniff(ahead + b"<</S /JavaScript /JS (x)>>%%EOF") == Refused(
        Refusal.ACTIVE_CONTENT, "body"
    )
    # Another word that begins like one.
    assert sniff(ahead + b"/JSON /Launched /Encrypted %%EOF") is Media.PDF
    text = b"a" * (PORTION_BYTES - back)
    assert sniff(text + b"<" + b" " * PORTION_BYTES + b"script>") == Refused(
        Refusal.WEB_PAGE, "body"
    )
    assert sniff(text + "中文中文中文中文".encode()) is Media.TEXT
    assert sniff(text + "中文中文中文中文".encode()[:-1]) == Refused(Refusal.UNKNOWN_TYPE, "body")


def test_boxes_without_end_are_not_looked_through() -> None:
    """Each of eight bytes: a small film could hold millions, in the index or beside it."""
    many = making.box(b"free", b"") * 100_001
    assert sniff(film() + many) == Refused(Refusal.CUT_OFF, "body")
    head = making.box(b"ftyp", b"isom\0\0\0\0isommp41")
    inside = making.box(b"moov", many)
    assert sniff(head + inside + making.box(b"mdat", b"x")) == Refused(Refusal.CUT_OFF, "body")
    nested = b""
    for _ in range(5000):
        nested = making.box(b"moov", nested)
    assert sniff(head + nested + making.box(b"mdat", b"x")) is Media.MP4
