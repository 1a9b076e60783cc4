"""Files that are not what they say, or are more than they look: tried at each door for files."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib


def png(width: int, height: int) -> bytes:
    """A picture that says how large it is, and is a few bytes: a bomb for whoever opens it."""

    def chunk(kind: bytes, body: bytes) -> bytes:
        crc = struct.pack(">I", zlib.crc32(kind + body))
        return struct.pack(">I", len(body)) + kind + body + crc

    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    data = zlib.compress(b"\0" * 100_000, 9)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", data) + chunk(b"IEND", b"")


def zipped() -> bytes:
    """Ten megabytes of nothing in ten kilobytes, called a picture."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_DEFLATED) as bomb:
        bomb.writestr("a.png", b"\0" * 10_000_000)
    return body.getvalue()


PAGE = b"<!doctype html><script>alert(1)</script>"
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
HOSTILE = {
    "html": ("page.png", PAGE),
    "svg": ("drawing.svg", DRAWING),
    "zip": ("bomb.png", zipped()),
    "200 megapixels": ("large.png", png(20_000, 10_000)),
    "path": ("../../etc/passwd", b"root"),
    "empty": ("empty.png", b""),
}
