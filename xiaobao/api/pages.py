"""Pages of lists: a cursor names the last row that was told, and the next page begins after it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, TypeVar

from ninja import Query

from xiaobao.kernel.cursors import cursor_of, place_at

if TYPE_CHECKING:
    from collections.abc import Sequence

    from xiaobao.database.lists import Order

__all__ = ["MOST", "Cursor", "Limit", "cursor_of", "page_of", "place_at"]

Row = TypeVar("Row")

MOST = 500
Limit = Annotated[int, Query(ge=1, le=MOST, description="rows on a page")]
Cursor = Annotated[
    str, Query(max_length=1000, description="`next` of the page before; none: the first")
]


def page_of(
    rows: Sequence[Row], order: Order[Row], limit: int
) -> tuple[Sequence[Row], str | None]:
    """The rows of a page, of which one more was asked for; and the cursor of the one after it."""
    return rows[:limit], order.cursor(rows[limit - 1]) if len(rows) > limit else None
