"""Pages of lists: a cursor names the last row that was told, and the next page begins after it."""

from __future__ import annotations

from typing import Annotated

from ninja import Query

from xiaobao.kernel.cursors import cursor_of, place_at

__all__ = ["MOST", "Cursor", "Limit", "cursor_of", "place_at"]

MOST = 500
Limit = Annotated[int, Query(ge=1, le=MOST, description="rows on a page")]
Cursor = Annotated[
    str, Query(max_length=1000, description="`next` of the page before; none: the first")
]
