"""What a file is, by its own bytes; names and declared types are never believed."""

from __future__ import annotations

import json
import re
from codecs import getincrementaldecoder
from itertools import chain
from typing import TYPE_CHECKING

from xiaobao.evidence.facts import Media, Refusal, Refused
from xiaobao.kernel.contents import content_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from xiaobao.kernel.contents import Content

# Enough to know any of our types; a page may begin with blanks, comments and a declaration.
HEAD_BYTES = 4096
PDF_TAIL_BYTES = 2048
# A text is read whole to tell facts from prose: beyond this it is prose, and no pack takes it.
MOST_JSON_BYTES = 8_000_000
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
_BLANKS = re.compile(rb"\s+")
# No word that is looked for, with what stands about it, is longer.
_LONGEST_WORD_BYTES = 64
# Films have some dozens, streamed ones thousands: more are made to keep whoever reads them busy.
_MOST_BOXES = 100_000
# Boxes that hold others on the way to those that tell; a track lies in the index, and no deeper.
_AROUND = {b"moov", b"trak"}
_DEEPEST = 8
_BOX_HEAD = 8
_LONG_BOX_HEAD = 16
# Text may hold these control characters and no others.
_CONTROLS = {"\t", "\n", "\r", "\f"}


def sniff(given: bytes | Content) -> Media | Refused:
    """The type of a file, or why it is none we take."""
    content = content_of(given)
    head = content.part(0, HEAD_BYTES).whole()
    picture = _picture(head)
    if picture is not None:
        return picture
    if head.startswith(b"%PDF-"):
        return _pdf(content)
    if head[4:8] == b"ftyp":
        return _film(content, head)
    return _words(head, content)


def _words(head: bytes, content: Content) -> Media | Refused:
    if head.startswith(_ARCHIVES):
        return Refused(Refusal.ARCHIVE, "body")
    if _PAGE.match(head):
        return Refused(Refusal.WEB_PAGE, "body")
    return _text(content)


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


def _pdf(content: Content) -> Media | Refused:
    tail = content.part(max(0, content.size - PDF_TAIL_BYTES), PDF_TAIL_BYTES).whole()
    if b"%%EOF" not in tail:
        return Refused(Refusal.CUT_OFF, "body")
    if _is_in(_PDF_LOCKED, content):
        return Refused(Refusal.LOCKED, "body")
    if _is_in(_PDF_ACTIVE, content):
        return Refused(Refusal.ACTIVE_CONTENT, "body")
    return Media.PDF


def _is_in(pattern: re.Pattern[bytes], content: Content, *, joins_blanks: bool = False) -> bool:
    """Whether it is anywhere in it: a word at the edge of two portions is looked at whole.

    Where blanks are joined any number of them is one, so that no word is longer than what is kept.
    """
    before = b""
    for portion in content.portions():
        seen = before + portion
        seen = _BLANKS.sub(b" ", seen) if joins_blanks else seen
        # What ends with the portion may go on in the next, and be another word.
        if any(found.end() < len(seen) for found in pattern.finditer(seen)):
            return True
        before = seen[-_LONGEST_WORD_BYTES:]
    return pattern.search(before) is not None


def _film(content: Content, head: bytes) -> Media | Refused:
    """MP4 and its kin, whole: boxes that fill the file, an index and the pictures among them."""
    if head[8:12] in _HEIC:
        return Refused(Refusal.HEIC, "body")
    kinds: set[bytes] = set()
    for number, (depth, kind, _, _) in enumerate(boxes(content), 1):
        if number > _MOST_BOXES:
            return Refused(Refusal.CUT_OFF, "body")
        if depth == 0:
            kinds.add(kind)
    if b"moov" not in kinds or b"mdat" not in kinds:
        return Refused(Refusal.CUT_OFF, "body")
    return Media.MP4


def boxes(content: Content) -> Iterator[tuple[int, bytes, int, int]]:
    """The boxes of an MP4 and, after each, those on the way to what is told of place and owner.

    How deep it lies, its kind, where its content begins and where it ends. A box that reaches past
    the end is not given: the file is cut off there.
    """
    return _boxes(content, 0, content.size, 0)


def _boxes(
    content: Content, first: int, last: int, depth: int
) -> Iterator[tuple[int, bytes, int, int]]:
    at = first
    while at + _BOX_HEAD <= last:
        told = content.read_at(at, _LONG_BOX_HEAD)
        size, head = int.from_bytes(told[:4], "big"), _BOX_HEAD
        if size == 1:
            size, head = int.from_bytes(told[8:16], "big"), _LONG_BOX_HEAD
        if size == 0:  # to the end of the file
            size = last - at
        if size < head or at + size > last:
            return
        yield depth, told[4:8], at + head, at + size
        if told[4:8] in _AROUND and depth < _DEEPEST:
            yield from _boxes(content, at + head, at + size, depth + 1)
        at += size


def _text(content: Content) -> Media | Refused:
    decoder, is_blank = getincrementaldecoder("utf-8-sig")(), True
    try:
        for portion in chain(content.portions(), [None]):
            words = decoder.decode(portion or b"", final=portion is None)
            if any(c < " " and c not in _CONTROLS for c in words):
                return Refused(Refusal.UNKNOWN_TYPE, "body")
            is_blank = is_blank and not words.strip()
    except UnicodeDecodeError:
        return Refused(Refusal.UNKNOWN_TYPE, "body")
    if is_blank:
        return Refused(Refusal.EMPTY, "body")
    # A chat may speak of "<b>"; nobody needs a script to say what happened.
    if _is_in(_SCRIPT, content, joins_blanks=True):
        return Refused(Refusal.WEB_PAGE, "body")
    return Media.JSON if _is_json(content) else Media.TEXT


def _is_json(content: Content) -> bool:
    if content.size > MOST_JSON_BYTES:
        return False
    words = content.whole().decode("utf-8-sig")
    if not words.lstrip().startswith(("{", "[")):
        return False
    try:
        json.loads(words)
    except (ValueError, RecursionError):
        return False
    return True
