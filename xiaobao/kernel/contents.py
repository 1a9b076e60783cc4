"""Bytes that may be very many: read from any place, a portion at a time, held nowhere whole."""

from __future__ import annotations

import io
import os
from bisect import bisect_right
from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

# What is held at a time of whatever is hashed, looked through, stored or sent.
PORTION_BYTES = 256 * 1024


class ContentCutOff(OSError):  # noqa: N818
    """There is less of it than there was when it was looked at."""


@dataclass(frozen=True)
class Content:
    """So many bytes, and how to read some of them: from a place, so many at most.

    May be read by many at once, and over and over: no place in it is kept.
    """

    size: int
    read_at: Callable[[int, int], bytes]

    def portions(self) -> Iterator[bytes]:
        """All of it, in order.

        :raises ContentCutOff: where it ends before its end
        """
        at = 0
        while at < self.size:
            portion = self.read_at(at, min(PORTION_BYTES, self.size - at))
            if not portion:
                raise ContentCutOff(f"{at} bytes are there of {self.size}")
            yield portion
            at += len(portion)

    def whole(self) -> bytes:
        """All of it at once: for what is known to be small."""
        return b"".join(self.portions())

    def digest(self) -> bytes:
        """Its SHA-256."""
        made = sha256()
        for portion in self.portions():
            made.update(portion)
        return made.digest()

    def opened(self) -> io.BufferedReader:
        """As a file that can be sought in, for libraries that want one."""
        return io.BufferedReader(_Reader(self), PORTION_BYTES)

    def part(self, first: int, size: int) -> Content:
        """The bytes from a place on, so many; fewer where it ends before."""
        size = max(0, min(size, self.size - first))
        return Content(size, lambda at, most: self.read_at(first + at, min(most, size - at)))


class _Reader(io.RawIOBase):
    def __init__(self, content: Content) -> None:
        self._content, self._at = content, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        begins = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._content.size}
        self._at = max(0, begins[whence] + offset)
        return self._at

    def readinto(self, target: Any) -> int:
        most = min(len(target), max(0, self._content.size - self._at))
        portion = self._content.read_at(self._at, most) if most else b""
        target[: len(portion)] = portion
        self._at += len(portion)
        return len(portion)


def content_of(given: bytes | Content) -> Content:
    """Bytes that are held already, as what may be many."""
    if isinstance(given, Content):
        return given
    return Content(len(given), lambda at, most: given[at : at + most])


def in_file(path: Path) -> Content:
    """What lies in a file, opened for each portion: nothing is held that would have to be closed.

    :raises OSError: where there is none
    """

    def read_at(at: int, most: int) -> bytes:
        with path.open("rb", buffering=0) as file:
            return os.pread(file.fileno(), most, at)

    return Content(path.stat().st_size, read_at)


def joined(parts: Sequence[Content]) -> Content:
    """One after another, as one."""
    ends = list(accumulate(part.size for part in parts))

    def read_at(at: int, most: int) -> bytes:
        place = bisect_right(ends, at)
        if place == len(parts):
            return b""
        within = at - (ends[place] - parts[place].size)
        # What is left of one part may be little: whoever reads goes on with the next.
        return parts[place].read_at(within, min(most, parts[place].size - within))

    return Content(ends[-1] if ends else 0, read_at)
