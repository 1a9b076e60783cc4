"""The archive around a dossier: a ZIP with one spelling alone, so that every byte of it counts.

Entries are stored, not compressed, with fixed times and rights: equal files make equal bytes on
every machine, and whatever opens a ZIP opens a dossier.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

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
    body: bytes


def packed(files: Sequence[tuple[str, bytes]]) -> bytes:
    """The archive of these files, in this order."""
    return b"".join(part.body for part in _parts(files))


def _parts(files: Sequence[tuple[str, bytes]]) -> Iterator[Part]:
    at, records = 0, []
    for name, body in files:
        head = _head(name, body)
        yield Part(name, head + body)
        records.append(Part(name, _record(name, body, at)))
        at += len(head) + len(body)
    yield from records
    length = sum(len(record.body) for record in records)
    yield Part(END, _TAIL.pack(_END, 0, 0, len(records), len(records), length, at, 0))


def _head(name: str, body: bytes) -> bytes:
    called = name.encode()
    head = _HEAD.pack(
        _LOCAL, _VERSION, _UTF8, _STORED, _TIME, _DATE, crc32(body), len(body), len(body),
        len(called), 0,
    )  # fmt: skip
    return head + called


def _record(name: str, body: bytes, at: int) -> bytes:
    called = name.encode()
    record = _RECORD.pack(
        _CENTRAL, _MADE_BY, _VERSION, _UTF8, _STORED, _TIME, _DATE, crc32(body), len(body),
        len(body), len(called), 0, 0, 0, 0, _RIGHTS, at,
    )  # fmt: skip
    return record + called


def unpacked(body: bytes) -> list[tuple[str, bytes]]:
    """The entries as their own headers tell them; see `check_spelling` for the rest.

    :raises DossierRefused: at the first entry that cannot be read
    """
    if body[: len(_LOCAL)] != _LOCAL:
        first = next(iter(_directory(body)), "manifest.json")
        raise DossierRefused(
            first, "这不是卷宗，或开头已损坏", "this is no dossier, or its beginning is damaged"
        )
    files: list[tuple[str, bytes]] = []
    at = 0
    while body[at : at + 4] != _CENTRAL:
        name, held, at = _entry(body, at, len(files))
        files.append((name, held))
    return files


def _entry(body: bytes, at: int, index: int) -> tuple[str, bytes, int]:
    """The entry that begins here: its name, its bytes, and where the next one begins."""
    head = body[at : at + _HEAD.size]
    if len(head) == _HEAD.size and head[:4] == _LOCAL:
        *_, crc, size, _, called, more = _HEAD.unpack(head)
        begins = at + _HEAD.size + called + more
        name = body[at + _HEAD.size : at + _HEAD.size + called].decode("utf-8", "replace")
        held = body[begins : begins + size]
        if len(held) == size and crc32(held) == crc:
            return name, held, begins + size
    raise DossierRefused(
        _nth(_directory(body), index),
        "已损坏、被截断或被改动：其字节与校验和不符",
        "damaged, cut off or changed: its bytes do not fit their checksum",
    )


def _nth(names: Sequence[str], index: int) -> str:
    return names[index] if index < len(names) else DIRECTORY


def _directory(body: bytes) -> list[str]:
    """The names the directory gives, for telling what is damaged; what of it can be read."""
    names: list[str] = []
    if len(body) < _TAIL.size or body[-_TAIL.size : -_TAIL.size + 4] != _END:
        return names
    at = _TAIL.unpack(body[-_TAIL.size :])[6]
    while body[at : at + 4] == _CENTRAL and at + _RECORD.size <= len(body):
        called = _RECORD.unpack(body[at : at + _RECORD.size])[10]
        at += _RECORD.size
        names.append(body[at : at + called].decode("utf-8", "replace"))
        at += called
    return names


def check_spelling(body: bytes, files: Sequence[tuple[str, bytes]]) -> None:
    """Headers, directory and end are what these files make, to the last byte.

    :raises DossierRefused: at the first that differs
    """
    at = 0
    for part in _parts(files):
        if body[at : at + len(part.body)] != part.body:
            raise DossierRefused(
                part.name,
                "档案中有关它的记录被改动或被截断",
                "what the archive says of it was changed or cut off",
            )
        at += len(part.body)
    if at != len(body):
        raise DossierRefused(
            END, f"其后多出 {len(body) - at} 字节", f"{len(body) - at} bytes follow it"
        )
