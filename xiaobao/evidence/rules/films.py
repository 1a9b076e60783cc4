"""Videos: where they were taken is blanked in the copy for the other side; frames stay as is."""

from __future__ import annotations

from xiaobao.evidence.rules.sniffing import boxes

# Boxes that hold others on the way to those that tell of place, owner and device.
_AROUND = {b"moov", b"trak"}
_TELLING = {b"udta", b"meta", b"uuid"}
_FREE = b"free"


def without_place(body: bytes) -> bytes:
    """The same video with every box of metadata made free space: no offset moves."""
    out = bytearray(body)
    _blank(body, out, 0, len(body))
    return bytes(out)


def _blank(body: bytes, out: bytearray, first: int, last: int) -> None:
    for kind, begins, ends in boxes(body, first, last):
        if kind in _AROUND:
            _blank(body, out, begins, ends)
        if kind in _TELLING:
            # The kind stands before the content, and before a long size where there is one.
            head = begins - 4 if out[begins - 4 : begins] == kind else begins - 12
            out[head : head + 4] = _FREE
            out[begins:ends] = bytes(ends - begins)
