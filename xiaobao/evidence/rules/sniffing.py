"""What a file is, by its own bytes; names and declared types are never believed."""

from __future__ import annotations

import json
import re

from xiaobao.evidence.facts import Media, Refusal, Refused

# Enough to know any of our types; a page may begin with blanks, comments and a declaration.
HEAD_BYTES = 4096
PDF_TAIL_BYTES = 2048
_PAGE = re.compile(
    rb"^(?:\xef\xbb\xbf)?(?:\s|<\?xml[^>]*\?>|<!--.*?-->)*"
    rb"<(?:!doctype|html|head|body|script|svg|iframe|meta|title|style|\?php|\w+:svg)",
    re.IGNORECASE | re.DOTALL,
)
_SCRIPT = re.compile(rb"<\s*(?:script|svg|iframe|object|embed)\b", re.IGNORECASE)
_ARCHIVES = (
    b"PK\x03\x04", b"PK\x05\x06", b"Rar!\x1a\x07", b"7z\xbc\xaf\x27\x1c", b"\x1f\x8b", b"BZh",
    b"\xfd7zXZ\x00", b"\x28\xb5\x2f\xfd",
)  # fmt: skip
_HEIC = {b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1", b"avif", b"avis"}
# Scripts, programs and other files inside a PDF; encryption hides it from the other side.
_PDF_ACTIVE = re.compile(rb"/(?:JavaScript|JS|Launch|EmbeddedFile|RichMedia|XFA)\b")
_PDF_LOCKED = re.compile(rb"/Encrypt\b")
_BOX_HEAD = 8
_LONG_BOX_HEAD = 16
# Text may hold these control characters and no others.
_CONTROLS = {"\t", "\n", "\r", "\f"}


def sniff(body: bytes) -> Media | Refused:
    """The type of a file, or why it is none we take."""
    head = body[:HEAD_BYTES]
    picture = _picture(head)
    if picture is not None:
        return picture
    if head.startswith(b"%PDF-"):
        return _pdf(body)
    if head[4:8] == b"ftyp":
        return _film(body)
    return _words(head, body)


def _words(head: bytes, body: bytes) -> Media | Refused:
    if head.startswith(_ARCHIVES):
        return Refused(Refusal.ARCHIVE, "body")
    if _PAGE.match(head):
        return Refused(Refusal.WEB_PAGE, "body")
    return _text(body)


def _picture(head: bytes) -> Media | None:
    if head.startswith(b"\xff\xd8\xff"):
        return Media.JPEG
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Media.PNG
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Media.WEBP
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Media.GIF
    return None


def _pdf(body: bytes) -> Media | Refused:
    if b"%%EOF" not in body[-PDF_TAIL_BYTES:]:
        return Refused(Refusal.CUT_OFF, "body")
    if _PDF_LOCKED.search(body):
        return Refused(Refusal.LOCKED, "body")
    if _PDF_ACTIVE.search(body):
        return Refused(Refusal.ACTIVE_CONTENT, "body")
    return Media.PDF


def _film(body: bytes) -> Media | Refused:
    """MP4 and its kin, whole: boxes that fill the file, an index and the pictures among them."""
    if body[8:12] in _HEIC:
        return Refused(Refusal.HEIC, "body")
    kinds = [kind for kind, _, _ in boxes(body, 0, len(body))]
    if b"moov" not in kinds or b"mdat" not in kinds:
        return Refused(Refusal.CUT_OFF, "body")
    return Media.MP4


def boxes(body: bytes, first: int, last: int) -> list[tuple[bytes, int, int]]:
    """The boxes of an MP4 between two places: kind, where its content begins, where it ends.

    A box that reaches past the end is not given: the file is cut off there.
    """
    found: list[tuple[bytes, int, int]] = []
    at = first
    while at + _BOX_HEAD <= last:
        size, head = int.from_bytes(body[at : at + 4], "big"), _BOX_HEAD
        if size == 1:
            size, head = int.from_bytes(body[at + 8 : at + 16], "big"), _LONG_BOX_HEAD
        if size == 0:  # to the end of the file
            size = last - at
        if size < head or at + size > last:
            return found
        found.append((body[at + 4 : at + 8], at + head, at + size))
        at += size
    return found


def _text(body: bytes) -> Media | Refused:
    try:
        words = body.decode("utf-8-sig")
    except UnicodeDecodeError:
        return Refused(Refusal.UNKNOWN_TYPE, "body")
    if any(c < " " and c not in _CONTROLS for c in words):
        return Refused(Refusal.UNKNOWN_TYPE, "body")
    if not words.strip():
        return Refused(Refusal.EMPTY, "body")
    # A chat may speak of "<b>"; nobody needs a script to say what happened.
    if _SCRIPT.search(body):
        return Refused(Refusal.WEB_PAGE, "body")
    return Media.JSON if _is_json(words) else Media.TEXT


def _is_json(words: str) -> bool:
    if not words.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(words)
    except (ValueError, RecursionError):
        return False
    return True
