"""Cursors: a place in a list, as a word that doors give out and take back without trusting it."""

from __future__ import annotations

import base64
import binascii
import json
from typing import ClassVar

from xiaobao.kernel.problems import Problem


class CursorWrong(Problem):
    code = "cursor_wrong"
    status: ClassVar[int] = 422
    zh = "cursor 字段：不是上一页给出的 next；请原样传回，或不写以从头开始"
    en = "cursor: this is no `next` of a page before; send it back as it came, or leave it out"


def cursor_of(*place: str | int) -> str:
    """A cursor that stands for a place in a list; opaque to whoever is told it."""
    told = json.dumps(place, ensure_ascii=False).encode()
    return base64.urlsafe_b64encode(told).decode().rstrip("=")


def place_at(cursor: str, *kinds: type[str | int]) -> list[str | int] | None:
    """The place that a cursor stands for; None at the beginning.

    :raises CursorWrong: where it is none of ours
    """
    if not cursor:
        return None
    try:
        padded = cursor.encode("ascii") + b"=" * (-len(cursor) % 4)
        place = json.loads(base64.b64decode(padded, altchars=b"-_", validate=True))
    except (UnicodeError, binascii.Error, ValueError, RecursionError) as trouble:
        raise CursorWrong from trouble
    is_ours = (
        isinstance(place, list)
        and len(place) == len(kinds)
        and all(type(one) is kind for one, kind in zip(place, kinds, strict=True))
        # Both an id and a moment in microseconds: in no list is there one past the year 2200.
        and all(0 <= one < 2**63 for one in place if isinstance(one, int))
        and all(_is_text(one) for one in place if isinstance(one, str))
    )
    if not is_ours:
        raise CursorWrong
    return list(place)


def _is_text(one: str) -> bool:
    """PostgreSQL takes no NUL, and no half of a pair of UTF-16."""
    return "\0" not in one and not any("\ud800" <= char <= "\udfff" for char in one)
