"""The archive around a dossier: a ZIP with one spelling alone, so that every byte of it counts.

Entries are stored, not compressed, with fixed times and rights: equal files make equal bytes on
every machine, and whatever opens a ZIP opens a dossier.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from hashlib import sha256
from typing import TYPE_CHECKING
from zlib import crc32

from xiaobao.kernel.contents import content_of, joined

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from xiaobao.kernel.contents import Content

LARGEST_BYTES = 2**31 - 1
_LOCAL, _CENTRAL, _END = b"PK\x03\x04", b"PK\x01\x02", b"PK\x05\x06"
_HEAD = struct.Struct("<4s5H3I2H")
_RECORD = struct.Struct("<4s6H3I5H2I")
_TAIL = struct.Struct("<4s4H2IH")
_VERSION, _UTF8, _STORED = 20, 0x0800, 0
_MADE_BY = 3 << 8 | _VERSION
_TIME, _DATE = 0, 1 << 5 | 1  # 1 January 1980, the first that a ZIP can tell
_RIGHTS = 0o100644 << 16
# Parts of an archive that are no entry of it.
DIRECTORY, END = "the directory of the archive", "the end of the archive"


class DossierRefused(ValueError):  # noqa: N818
    """A dossier is not what was sealed; names the first piece that is wrong, and how."""

    def __init__(self, piece: str, zh: str, en: str) -> None:
        super().__init__(f"{piece}: {en}")
        self.piece, self.zh, self.en = piece, zh, en


@dataclass(frozen=True)
class Part:
    """A stretch of an archive, and the entry it belongs to."""

    name: str
    content: Content


@dataclass(frozen=True)
class Measured:
    """A file on its way into an archive: read once, to be told of before it is sent."""

    name: str
    content: Content
    crc: int
    sha256: bytes


def measured(name: str, given: bytes | Content) -> Measured:
    content = content_of(given)
    crc, digest = 0, sha256()
    for portion in content.portions():
        crc = crc32(portion, crc)
        digest.update(portion)
    return Measured(name, content, crc, digest.digest())


def packed(files: Sequence[tuple[str, bytes | Content]]) -> Content:
    """The archive of these files, in this order."""
    return packed_as_measured([measured(*file) for file in files])


def packed_as_measured(files: Sequence[Measured]) -> Content:
    return joined([part.content for part in _parts(files)])


def _parts(files: Sequence[Measured]) -> Iterator[Part]:
    at, records = 0, []
    for file in files:
        head = _head(file)
        yield Part(file.name, joined([content_of(head), file.content]))
        records.append(Part(file.name, content_of(_record(file, at))))
        at += len(head) + file.content.size
    yield from records
    length = sum(record.content.size for record in records)
    end = _TAIL.pack(_END, 0, 0, len(records), len(records), length, at, 0)
    yield Part(END, content_of(end))


def _head(file: Measured) -> bytes:
    called, size = file.name.encode(), file.content.size
    head = _HEAD.pack(
        _LOCAL, _VERSION, _UTF8, _STORED, _TIME, _DATE, file.crc, size, size, len(called), 0
    )
    return head + called


def _record(file: Measured, at: int) -> bytes:
    called, size = file.name.encode(), file.content.size
    record = _RECORD.pack(
        _CENTRAL, _MADE_BY, _VERSION, _UTF8, _STORED, _TIME, _DATE, file.crc, size, size,
        len(called), 0, 0, 0, 0, _RIGHTS, at,
    )  # fmt: skip
    return record + called


def unpacked(body: Content, most: int = LARGEST_BYTES) -> list[Measured]:
    """The first entries as their own headers tell them; see `check_spelling` for the rest.

    :raises DossierRefused: at the first entry that cannot be read
    """
    if body.read_at(0, len(_LOCAL)) != _LOCAL:
        first = next(iter(_directory(body)), "manifest.json")
        raise DossierRefused(
            first, "这不是卷宗，或开头已损坏", "this is no dossier, or its beginning is damaged"
        )
    files: list[Measured] = []
    at = 0
    while len(files) < most and body.read_at(at, 4) != _CENTRAL:
        held, at = _entry(body, at, len(files))
        files.append(held)
    return files


def _entry(body: Content, at: int, index: int) -> tuple[Measured, int]:
    """The entry that begins here, and where the next one begins."""
    head = body.read_at(at, _HEAD.size)
    if len(head) == _HEAD.size and head[:4] == _LOCAL:
        *_, crc, size, _, called, more = _HEAD.unpack(head)
        begins = at + _HEAD.size + called + more
        name = body.part(at + _HEAD.size, called).whole().decode("utf-8", "replace")
        held = measured(name, body.part(begins, size))
        if held.content.size == size and held.crc == crc:
            return held, begins + size
    raise DossierRefused(
        _nth(_directory(body), index),
        "已损坏、被截断或被改动：其字节与校验和不符",
        "damaged, cut off or changed: its bytes do not fit their checksum",
    )


def _nth(names: Sequence[str], index: int) -> str:
    return names[index] if index < len(names) else DIRECTORY


def _directory(body: Content) -> list[str]:
    """The names the directory gives, for telling what is damaged; what of it can be read."""
    names: list[str] = []
    tail = body.part(max(0, body.size - _TAIL.size), _TAIL.size).whole()
    if len(tail) < _TAIL.size or tail[:4] != _END:
        return names
    at = _TAIL.unpack(tail)[6]
    while len(record := body.read_at(at, _RECORD.size)) == _RECORD.size:
        if record[:4] != _CENTRAL:
            break
        called = _RECORD.unpack(record)[10]
        at += _RECORD.size
        names.append(body.part(at, called).whole().decode("utf-8", "replace"))
        at += called
    return names


def check_spelling(body: Content, files: Sequence[Measured]) -> None:
    """Headers, directory and end are what these files make, to the last byte.

    :raises DossierRefused: at the first that differs
    """
    at = 0
    for part in _parts(files):
        here = body.part(at, part.content.size)
        if here.size < part.content.size or here.digest() != part.content.digest():
            raise DossierRefused(
                part.name,
                "档案中有关它的记录被改动或被截断",
                "what the archive says of it was changed or cut off",
            )
        at += part.content.size
    if at != body.size:
        raise DossierRefused(
            END, f"其后多出 {body.size - at} 字节", f"{body.size - at} bytes follow it"
        )
