"""Long lists: how one is sorted, and where a page of it begins: at a row's own key.

What is inserted or taken away elsewhere moves no page, and an index is entered at the place.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, TypeVar
from uuid import UUID

from xiaobao.kernel.clocks import moment_of, us_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.cursors import CursorWrong, cursor_of, place_at

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Row = TypeVar("Row")
# Kinds as in `sets`; a moment is kept as microseconds, FAR_US for 'infinity'.
SQL = {"i8": "bigint", "ts": "timestamptz", "text": "text", "uuid": "uuid"}
LAST_US = us_of(datetime.fromisoformat("9999-01-01T00:00:00+00:00"))


class Part(NamedTuple):
    """One part of an order: an expression, its kind, and which way it runs."""

    what: str
    kind: str = "i8"
    is_descending: bool = False


@dataclass(frozen=True)
class Place:
    """A row's key, as parameters; the page lies after it, or before it where one goes back."""

    key: tuple[Any, ...]
    is_back: bool = False


@dataclass(frozen=True)
class Order(Generic[Row]):
    """How a list is sorted; together its parts name one row. `key` reads them off a row."""

    parts: tuple[Part, ...]
    key: Callable[[Row], Sequence[Any]]

    def cursor(self, row: Row, *, is_back: bool = False) -> str:
        """Where the page after this row begins, or the one before it ends."""
        return cursor_of(
            int(is_back),
            *(_kept(value, part) for value, part in zip(self.key(row), self.parts, strict=True)),
        )

    def place(self, cursor: str) -> Place | None:
        """The place that a cursor stands for; None at the beginning.

        :raises CursorWrong: where it is none of this list
        """
        kinds = [int if part.kind in ("i8", "ts") else str for part in self.parts]
        found = place_at(cursor, int, *kinds)
        if found is None:
            return None
        key = (_given(value, part) for value, part in zip(found[1:], self.parts, strict=True))
        return Place(tuple(key), bool(found[0]))

    def after(self, place: Place | None) -> str:
        """What a WHERE clause goes on with; its parameters are those of `params`."""
        if place is None:
            return ""
        first = self.parts[0]
        bound = f"{first.what} {_sign(first, place)}= {_param(0, first)}"
        return f" AND {bound} AND {self._beyond(place, 0)}"

    def _beyond(self, place: Place, n: int) -> str:
        part, param = self.parts[n], _param(n, self.parts[n])
        here = f"{part.what} {_sign(part, place)} {param}"
        if n + 1 == len(self.parts):
            return here
        return f"({here} OR ({part.what} = {param} AND {self._beyond(place, n + 1)}))"

    def by(self, place: Place | None) -> str:
        """The ORDER BY clause; one who goes back reads the nearest rows first."""
        is_back = place is not None and place.is_back
        return " ORDER BY " + ", ".join(
            part.what + (" DESC" if part.is_descending != is_back else "") for part in self.parts
        )

    @staticmethod
    def params(place: Place | None) -> dict[str, Any]:
        return {f"place{n}": value for n, value in enumerate(place.key if place else ())}


def straight(rows: list[Row], place: Place | None) -> list[Row]:
    """Rows as the list is sorted, whichever way they were read."""
    return rows[::-1] if place is not None and place.is_back else rows


def _sign(part: Part, place: Place) -> str:
    return "<" if part.is_descending != place.is_back else ">"


def _param(n: int, part: Part) -> str:
    return f"%(place{n})s::{SQL[part.kind]}"


def _kept(value: Any, part: Part) -> str | int:
    if part.kind == "ts":
        return FAR_US if value is None else us_of(value)
    return int(value) if part.kind == "i8" else str(value)


def _given(value: str | int, part: Part) -> Any:
    """A part of a cursor as the database takes it.

    :raises CursorWrong: where it is no moment or key
    """
    if part.kind == "ts":
        if value == FAR_US:
            return "infinity"
        if int(value) > LAST_US:
            raise CursorWrong
        return moment_of(int(value)).isoformat()
    if part.kind == "uuid":
        try:
            return UUID(str(value))
        except ValueError as trouble:
            raise CursorWrong from trouble
    return value
