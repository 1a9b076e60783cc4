"""Width and height of a picture from its header alone: asked before anything is decoded."""

from __future__ import annotations

from xiaobao.evidence.facts import Media

# JPEG's start-of-frame markers: all of C0-CF but tables (C4), extension (C8), arithmetic (CC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_START_OF_SCAN, _END = 0xDA, 0xD9


def size_of(body: bytes, media: Media) -> tuple[int, int] | None:
    """Width and height; None where the header ends before it says them."""
    try:
        return _READERS[media](body)
    except IndexError:
        return None


def _png(body: bytes) -> tuple[int, int] | None:
    if len(body) < 24 or body[12:16] != b"IHDR":  # noqa: PLR2004  signature, length, IHDR, sizes
        return None
    return int.from_bytes(body[16:20], "big"), int.from_bytes(body[20:24], "big")


def _gif(body: bytes) -> tuple[int, int] | None:
    """The screen; a frame larger than it would widen it, so the first frame is read too."""
    if len(body) < 13:  # noqa: PLR2004  signature and screen descriptor
        return None
    return int.from_bytes(body[6:8], "little"), int.from_bytes(body[8:10], "little")


def _jpeg(body: bytes) -> tuple[int, int] | None:
    at = 2
    while True:
        while body[at] == 0xFF and body[at + 1] == 0xFF:  # noqa: PLR2004  fill bytes
            at += 1
        marker = body[at + 1]
        if body[at] != 0xFF or marker in (_START_OF_SCAN, _END):  # noqa: PLR2004
            return None
        if marker in _FRAMES:
            high, wide = body[at + 5 : at + 7], body[at + 7 : at + 9]
            return int.from_bytes(wide, "big"), int.from_bytes(high, "big")
        at += 2 if marker in _ALONE else 2 + int.from_bytes(body[at + 2 : at + 4], "big")


def _webp(body: bytes) -> tuple[int, int] | None:
    kind = body[12:16]
    if kind == b"VP8X":
        wide, high = body[24:27], body[27:30]
        return 1 + int.from_bytes(wide, "little"), 1 + int.from_bytes(high, "little")
    if kind == b"VP8 ":
        wide, high = body[26:28], body[28:30]
        return int.from_bytes(wide, "little") & 0x3FFF, int.from_bytes(high, "little") & 0x3FFF
    if kind == b"VP8L":
        bits = int.from_bytes(body[21:25], "little")
        return 1 + (bits & 0x3FFF), 1 + (bits >> 14 & 0x3FFF)
    return None


_READERS = {Media.PNG: _png, Media.GIF: _gif, Media.JPEG: _jpeg, Media.WEBP: _webp}
