"""Pages of lists: a cursor names the last row that was told, and the next page begins after it."""

from __future__ import annotations

import base64
import binascii
import json
from typing import TYPE_CHECKING, Annotated, ClassVar

from ninja import Query

from xiaobao.kernel.clocks import moment_of
from xiaobao.kernel.problems import Problem

if TYPE_CHECKING:
    from datetime import datetime

MOST = 500
Limit = Annotated[int, Query(ge=1, le=MOST, description="rows on a page")]
Cursor = Annotated[
    str, Query(max_length=1000, description="`next` of the page before; none: the first")
]


class CursorWrong(Problem):
    code = "cursor_wrong"
    status: ClassVar[int] = 422
    zh = "cursor 字段：不是上一页给出的 next；请原样传回，或不写以从头开始"
    en = "cursor: this is no `next` of a page before; send it back as it came, or leave it out"


def cursor_of(*place: str | int) -> str:
    """A cursor that stands for a place in a list; opaque to whoever is told it."""
    return base64.urlsafe_b64encode(json.dumps(place).encode()).decode().rstrip("=")


def moment_at(cursor: str) -> tuple[datetime, int] | None:
    """A place that is a moment and, among what happened then, an id; None at the beginning."""
    place = place_at(cursor, int, int)
    return None if place is None else (moment_of(int(place[0])), int(place[1]))


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
        and not any("\0" in one for one in place if isinstance(one, str))
    )
    if not is_ours:
        raise CursorWrong
    return list(place)
