"""Covered items: marked, unmarked, and the whole of one act undone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

from django.http import HttpRequest
from ninja import Router
from pydantic import Field

from xiaobao.api.asking import needs, shop_in
from xiaobao.api.pages import Cursor, Limit, cursor_of, place_at
from xiaobao.api.shapes import Asked, Moment, Money, Name, Page, Shop, Told, money
from xiaobao.orders import queries as orders
from xiaobao.sellers import acts, queries
from xiaobao.work.clock import now

if TYPE_CHECKING:
    from collections.abc import Callable

    from xiaobao.sellers.facts import MarkReport

router = Router(tags=["items"])
MOST_ITEMS = 10_000


class ItemTold(Told):
    item: str
    is_covered: bool
    since: Moment


class ItemsTold(Page):
    covered: int
    items: list[ItemTold]


class ItemsAsked(Asked):
    items: Annotated[list[Name], Field(min_length=1, max_length=MOST_ITEMS)]


class MarksTold(Told):
    """What an act of marking changed; `batch` names it, to be undone as a whole."""

    changed: int
    unchanged: int
    covered: int
    batch: UUID | None
    undo_until: Moment | None


class PlanTold(Told):
    """What marking would change, before it is done."""

    would_change: int
    unchanged: int
    covered: int
    is_unusual: bool
    sold: Money
    expected: Money = Field(description="expected to pay in 30 days, by this shop's share over 90")


class UndoAsked(Asked):
    batch: UUID | None = Field(None, description="none: the latest")


@router.get(
    "/sellers/{name:seller}/items", **needs("items:read"), response=ItemsTold,
    summary="Covered items by name",
)  # fmt: skip
def listed(
    request: HttpRequest, seller: Shop, only_covered: bool = False, cursor: Cursor = "",
    limit: Limit = 100,
) -> ItemsTold:  # fmt: skip
    row = shop_in(request, seller)
    place = place_at(cursor, str)
    rows = queries.items_of(
        row.seller_id, only_marked=only_covered, after=str(place[0]) if place else "",
        limit=limit + 1,
    )  # fmt: skip
    return ItemsTold(
        covered=queries.items_covered(row.seller_id),
        items=[
            ItemTold(item=one.name, is_covered=one.is_marked, since=one.since)
            for one in rows[:limit]
        ],
        next=cursor_of(rows[limit - 1].name) if len(rows) > limit else None,
    )


@router.post(
    "/sellers/{name:seller}/items/plan", **needs("items:read"), response=PlanTold,
    summary="What covering items would change and cost",
)  # fmt: skip
def plan(request: HttpRequest, seller: Shop, asked: ItemsAsked) -> PlanTold:
    """Changes nothing."""
    row, at = shop_in(request, seller), now()
    found = queries.mark_plan(row.seller_id, asked.items, is_marked=True, at=at)
    sold = orders.items_sold(row.seller_id, found.names, at=at)
    return PlanTold(
        would_change=len(found.names), unchanged=found.unchanged, covered=found.covered_before,
        is_unusual=found.is_unusual, sold=money(sold.sold_minor, row.currency),
        expected=money(sold.expected_minor, row.currency),
    )  # fmt: skip


@router.post(
    "/sellers/{name:seller}/items/mark", **needs("items:write"), response=MarksTold,
    summary="Cover items",
)  # fmt: skip
def mark(request: HttpRequest, seller: Shop, asked: ItemsAsked) -> MarksTold:
    """Orders from now on are guaranteed."""
    return _done(request, seller, acts.mark_items, asked.items)


@router.post(
    "/sellers/{name:seller}/items/unmark", **needs("items:write"), response=MarksTold,
    summary="Uncover items",
)  # fmt: skip
def unmark(request: HttpRequest, seller: Shop, asked: ItemsAsked) -> MarksTold:
    """What was ordered before stays guaranteed."""
    return _done(request, seller, acts.unmark_items, asked.items)


@router.post(
    "/sellers/{name:seller}/items/undo", **needs("items:write"), response=MarksTold,
    summary="Undo one act of marking",
)  # fmt: skip
def undo(request: HttpRequest, seller: Shop, asked: UndoAsked) -> MarksTold:
    """While the pack's grace time runs."""
    return _done(request, seller, acts.undo_marks, asked.batch)


def _done(
    request: HttpRequest, seller: str, act: Callable[..., MarkReport], about: object
) -> MarksTold:
    """One act of marking, and what it changed."""
    row = shop_in(request, seller)
    report = act(row.seller_id, about, at=now())
    batch = queries.batch_of(row.seller_id, report.batch) if report.batch else None
    return MarksTold(
        changed=report.changed, unchanged=report.unchanged,
        covered=queries.items_covered(row.seller_id), batch=report.batch,
        undo_until=None if batch is None else queries.undo_until(row.seller_id, batch),
    )  # fmt: skip
