"""Videos: where they were taken is blanked in the copy for the other side; frames stay as is."""

from __future__ import annotations

from bisect import bisect_right
from typing import TYPE_CHECKING

from xiaobao.evidence.rules.sniffing import boxes
from xiaobao.kernel.contents import Content

if TYPE_CHECKING:
    from collections.abc import Iterator

# Boxes that tell of place, owner and device.
_TELLING = {b"udta", b"meta", b"uuid"}
_FREE = b"free"


def without_place(content: Content) -> Content:
    """The same video with every box of metadata made free space: no offset moves."""
    told = list(_told(content))
    begins = [first for first, _ in told]

    def read_at(at: int, most: int) -> bytes:
        portion = content.read_at(at, most)
        end = at + len(portion)
        out = bytearray(portion)
        for first, blank in told[max(0, bisect_right(begins, at) - 1) : bisect_right(begins, end)]:
            here, there = max(at, first), min(end, first + blank.size)
            if here < there:
                out[here - at : there - at] = blank.read_at(here - first, there - here)
        return bytes(out)

    return Content(content.size, read_at)


def _told(content: Content) -> Iterator[tuple[int, Content]]:
    """What is written over, from where on, in order; no two of them meet."""
    for _, kind, begins, ends in boxes(content):
        if kind in _TELLING:
            # The kind stands before the content, and before a long size where there is one.
            head = content.read_at(begins - 4, 4) == kind
            yield begins - (4 if head else 12), _kind()
            yield begins, _blank(ends - begins)


def _kind() -> Content:
    return Content(len(_FREE), lambda at, most: _FREE[at : at + most])


def _blank(size: int) -> Content:
    return Content(size, lambda at, most: bytes(min(most, size - at)))
