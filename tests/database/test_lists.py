"""Long lists, a page at a time: every row once, in order, forwards and back, whatever comes in."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xiaobao.database.lists import Order, Part, Place, straight
from xiaobao.database.sets import fetch_rows
from xiaobao.kernel.cursors import CursorWrong, cursor_of

BEGIN = datetime(2025, 10, 15, 2, tzinfo=UTC)
KEY = str(UUID(int=1))
Row = tuple[datetime | None, int, str, UUID]
ORDER: Order[Row] = Order(
    (
        Part("due_at", "ts", is_descending=True), Part("seller_id"),
        Part("name", "text", is_descending=True), Part("key", "uuid"),
    ),
    lambda row: row,
)  # fmt: skip
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(0, 2).map(lambda hours: BEGIN + timedelta(hours=hours)),
        st.integers(0, 2), st.sampled_from(["", "a", "店", '"%s\\']),
        st.integers(0, 3).map(lambda n: UUID(int=n)),
    ),
    max_size=12, unique=True,
)  # fmt: skip


def read(rows: list[Row], place: Place | None, limit: int) -> list[Row]:
    params: dict[str, Any] = {
        "due": [row[0] for row in rows], "seller": [row[1] for row in rows],
        "name": [row[2] for row in rows], "key": [row[3] for row in rows], "limit": limit,
    }  # fmt: skip
    found = fetch_rows(
        "SELECT nullif(due_at, 'infinity'), seller_id, name, key FROM ("
        "SELECT coalesce(d, 'infinity') AS due_at, s AS seller_id, n AS name, k AS key FROM "
        "unnest(%(due)s::timestamptz[], %(seller)s::bigint[], %(name)s::text[], %(key)s::uuid[]) "
        f"AS u(d, s, n, k)) AS t WHERE TRUE{ORDER.after(place)}{ORDER.by(place)} LIMIT %(limit)s",
        params | ORDER.params(place),
    )
    return straight(found, place)


@pytest.mark.django_db
@settings(max_examples=30)
@given(rows=ROWS, more=ROWS, size=st.integers(1, 4))
def test_every_row_is_read_once_forwards_and_back(
    rows: list[Row], more: list[Row], size: int
) -> None:
    whole = read(rows, None, 100)
    assert sorted(map(repr, whole)) == sorted(map(repr, rows))
    walked: list[Row] = []
    while page := read(rows, ORDER.place(ORDER.cursor(walked[-1]) if walked else ""), size):
        walked += page
    assert walked == whole
    back: list[Row] = []
    while back_page := (
        read(rows, ORDER.place(ORDER.cursor((back or whole[-1:])[0], is_back=True)), size)
        if whole
        else []
    ):
        back = back_page + back
    assert back == whole[:-1]
    # What comes in meanwhile moves no page: what was there and not read yet still comes, once.
    grown = list({*rows, *more})
    for at, row in enumerate(whole):
        rest = read(grown, ORDER.place(ORDER.cursor(row)), 100)
        assert [one for one in rest if one in rows] == whole[at + 1 :]


@pytest.mark.parametrize("cursor", [
    "x", "=", "é", cursor_of(0), cursor_of(0, 1, 2, "n"), cursor_of(0, -1, 2, "n", KEY),
    cursor_of(0, 2**62, 2, "n", KEY), cursor_of(0, 1, 2, "n", "no key"),
    cursor_of(0, "1", 2, "n", KEY), cursor_of(0, 1, 2**63, "n", KEY),
    cursor_of(0, 1, 2, "\0", KEY), "WzAsMSwyLCJcdWQ4MDAiLCJ4Il0",
    "W1tbW1tb" * 500,
])  # fmt: skip
def test_what_is_no_place_of_this_list_is_refused(cursor: str) -> None:
    with pytest.raises(CursorWrong):
        ORDER.place(cursor)


def test_no_cursor_is_the_beginning() -> None:
    assert ORDER.place("") is None
    assert (ORDER.after(None), ORDER.params(None)) == ("", {})
