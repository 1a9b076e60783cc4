"""Long lists, a page at a time: where a page begins stands in its address, beside the filters."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Generic, TypeVar

from xiaobao.kernel.cursors import CursorWrong
from xiaobao.web.telling import tell_wrong

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from django.http import HttpRequest

    from xiaobao.database.lists import Order, Place

Row = TypeVar("Row")
ON_A_PAGE = 50
# A cursor of the longest name there may be; what is longer is none.
LONGEST = 2000


@dataclass(frozen=True)
class Listed(Generic[Row]):
    """One page of a list; each address is empty where there is nothing on that side."""

    rows: list[Row]
    first: str = ""
    earlier: str = ""
    later: str = ""
    most: int = 0

    @property
    def is_whole(self) -> bool:
        return not (self.first or self.earlier or self.later)


def listed(
    request: HttpRequest,
    order: Order[Row],
    read: Callable[[Place | None, int], Sequence[Row]],
    *,
    name: str = "from",
) -> Listed[Row]:
    """The page that the address asks for: `read` is given a place and how many rows at most.

    A cursor that is none of this list's is told, and the list begins at its beginning; so it does
    where nothing is left at a place.
    """
    most, place = ON_A_PAGE, _asked(request, order, name)
    rows = list(read(place, most + 1))
    # Going back, so few rows lie before the place that they are the first page: it is shown whole.
    if place is not None and len(rows) <= (most if place.is_back else 0):
        place, rows = None, list(read(None, most + 1))
    is_more = len(rows) > most
    if place is not None and place.is_back:
        rows, is_earlier, is_later = rows[-most:], is_more, True
    else:
        rows, is_earlier, is_later = rows[:most], place is not None, is_more
    if not rows:
        return Listed([], most=most)
    return Listed(
        rows,
        first=_address(request, name) if place is not None else "",
        earlier=(
            _address(request, name, order.cursor(rows[0], is_back=True)) if is_earlier else ""
        ),
        later=_address(request, name, order.cursor(rows[-1])) if is_later else "",
        most=most,
    )


def _asked(request: HttpRequest, order: Order[Row], name: str) -> Place | None:
    try:
        return order.place(request.GET.get(name, "")[:LONGEST])
    except CursorWrong:
        tell_wrong(
            request, zh="这个翻页链接不是本列表给出的，已从头显示",
            en="this link to a page of the list is none that was given here: it begins anew",
        )  # fmt: skip
        return None


def _address(request: HttpRequest, name: str, cursor: str = "") -> str:
    """The same page with its filters, the list at another place."""
    kept = request.GET.copy()
    kept.pop(name, None)
    if cursor:
        kept[name] = cursor
    return f"?{kept.urlencode()}"
