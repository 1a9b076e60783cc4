"""Width and height of a picture from its header alone: asked before anything is decoded."""

from __future__ import annotations

from typing import TYPE_CHECKING

from xiaobao.evidence.facts import Media
from xiaobao.kernel.contents import content_of

if TYPE_CHECKING:
    import io

    from xiaobao.kernel.contents import Content

# JPEG's start-of-frame markers: all of C0-CF but tables (C4), extension (C8), arithmetic (CC).
_FRAMES = frozenset(range(0xC0, 0xD0)) - {0xC4, 0xC8, 0xCC}
_ALONE = frozenset({0x01, *range(0xD0, 0xD9)})  # markers without a length
_START_OF_SCAN, _END = 0xDA, 0xD9
# All but JPEG say it at once.
_HEAD_BYTES = 64


def size_of(given: bytes | Content, media: Media) -> tuple[int, int] | None:
    """Width and height; None where the header ends before it says them."""
    content = content_of(given)
    try:
        if media is Media.JPEG:
            with content.opened() as file:
                return _jpeg(file)
        return _READERS[media](content.part(0, _HEAD_BYTES).whole())
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


def _jpeg(file: io.BufferedReader) -> tuple[int, int] | None:
    """From one marker to the next, over whatever lies between: thumbnails, colours, the camera."""
    file.seek(2)
    while True:
        if file.read(1)[0] != 0xFF:  # noqa: PLR2004
            return None
        marker = file.read(1)[0]
        while marker == 0xFF:  # noqa: PLR2004  fill bytes
            marker = file.read(1)[0]
        if marker in (_START_OF_SCAN, _END):
            return None
        if marker in _FRAMES:
            frame = file.read(7)
            high, wide = frame[3:5], frame[5:7]
            return int.from_bytes(wide, "big"), int.from_bytes(high, "big")
        if marker not in _ALONE:
            # Two bytes at least, its own: from here it goes on, never back.
            length = int.from_bytes(file.read(2), "big")
            file.seek(max(length, 2) - 2, 1)


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


_READERS = {Media.PNG: _png, Media.GIF: _gif, Media.WEBP: _webp}
