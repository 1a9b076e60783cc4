"""Covered items: marked, unmarked, and the whole of one act undone while the grace time runs."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import cause_of, halves_of, ids_of, uuid_of
from xiaobao.sellers import store
from xiaobao.sellers.acts.offers import offering
from xiaobao.sellers.acts.standing import CauseKind, held
from xiaobao.sellers.facts import MarkReport
from xiaobao.sellers.queries.marking import batch_of, undo_until

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from uuid import UUID


class ItemNotNameable(Problem):
    code: ClassVar[str] = "item_not_nameable"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "item 字段的名称 {name!r} 不可用：请给出非空、首尾无空格的商品名称"
    en: ClassVar[str] = "item: {name!r} cannot be a name; give one that is not blank or padded"


class ItemNameCollides(Problem):
    code: ClassVar[str] = "item_name_collides"
    zh: ClassVar[str] = "item 字段的名称 {name!r} 与商品 {known!r} 得出同一编号：请换一个名称"
    en: ClassVar[str] = "item: {name!r} has the same id as the item {known!r}; use another name"


class MarkTooEarly(Problem):
    code: ClassVar[str] = "mark_too_early"
    zh: ClassVar[str] = "商品 {name!r} 在该时刻或之后已有标记：请给出更晚的时间"
    en: ClassVar[str] = "item {name!r} was marked or unmarked then or later; give a later time"


class BatchUnknown(Problem):
    code: ClassVar[str] = "item_batch_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "batch 字段：卖家 {seller_id} 没有这一批；见 xiaobao items batches"
    en: ClassVar[str] = (
        "batch: seller {seller_id} made no such batch of marks; see xiaobao items batches"
    )
    page_zh: ClassVar[str] = "没有这一批；请在“最近的变更”里选择要撤销的一批"
    page_en: ClassVar[str] = "there is no such batch; choose the one to undo in 'Recent changes'"


class UndoTooLate(Problem):
    """The grace time is over; marks are set one way or the other as usual."""

    code: ClassVar[str] = "item_undo_too_late"
    zh: ClassVar[str] = "这一批的撤销期到 {until} 为止；请用 xiaobao items mark 或 unmark 另行设置"
    en: ClassVar[str] = (
        "this batch could be undone until {until}; set it with xiaobao items mark or unmark"
    )
    page_zh: ClassVar[str] = (
        "这一批的撤销期到 {until} 为止；请选出这些商品，再按“加入消保…”或“取消标记…”"
    )
    page_en: ClassVar[str] = (
        "this batch could be undone until {until}; choose the items, then press 'Cover…' or "
        "'Unmark…'"
    )


class UndoTooEarly(Problem):
    """An item has one mark at one moment: what undoes it comes after it."""

    code: ClassVar[str] = "item_undo_too_early"
    zh: ClassVar[str] = "at 字段：这一批作于 {at}；请给出更晚的时间"
    en: ClassVar[str] = "at: this batch was made at {at}; give a later time"


@transaction.atomic
def mark_items(seller_id: int, names: Sequence[str], *, at: datetime) -> MarkReport:
    """Cover these items from `at` on; what is covered already stays as it is.

    :raises SellerNotActive: for a seller outside the guarantee
    :raises ItemNotNameable: for a blank name
    :raises ItemNameCollides: for a name whose id another item of the seller has
    :raises MarkTooEarly: where an item's latest mark is not before `at`
    """
    offering(seller_id)
    return _set_marks(seller_id, names, is_marked=True, at=at)


@transaction.atomic
def unmark_items(seller_id: int, names: Sequence[str], *, at: datetime) -> MarkReport:
    """Cover these items no longer from `at` on; what was bought before stays covered.

    :raises SellerUnknown: for an id nobody has
    :raises Problem: as `mark_items`
    """
    held(np.array([seller_id], np.int64))
    return _set_marks(seller_id, names, is_marked=False, at=at)


def _set_marks(
    seller_id: int, names: Sequence[str], *, is_marked: bool, at: datetime
) -> MarkReport:
    different = sorted(set(names))
    _check_items(different)
    ids = ids_of(different)
    name_of = dict(zip(ids.tolist(), different, strict=True))
    marked_ids, now_marked, since_us = store.last_marks(seller_id, ids)
    stands = np.isin(ids, marked_ids[now_marked == is_marked])
    if not is_marked:
        # An item never marked is not covered: there is nothing to take back.
        stands |= ~np.isin(ids, marked_ids)
    changed = ids[~stands]
    late = np.isin(marked_ids, changed) & (since_us >= us_of(at))
    if late.any():
        raise MarkTooEarly(name=name_of[int(marked_ids[late][0])])
    changed_names = [name_of[i] for i in changed.tolist()]
    kept = store.add_items(seller_id, changed, changed_names)
    for item_id, name in zip(changed.tolist(), changed_names, strict=True):
        if kept[item_id] != name:
            raise ItemNameCollides(name=name, known=kept[item_id])
    at_us = us_of(at)
    batch = cause_of(CauseKind.ITEMS_MARKED, at_us, seller_id, int(is_marked))
    store.add_marks(seller_id, changed, is_marked=is_marked, at_us=at_us, batch=batch)
    named = uuid_of(*batch) if len(changed) else None
    return MarkReport(len(changed), len(ids) - len(changed), named)


def _check_items(names: Sequence[str]) -> None:
    for name in names:
        if not name or name != name.strip() or "\0" in name:
            raise ItemNotNameable(name=name)


@transaction.atomic
def undo_marks(seller_id: int, batch: UUID | None, *, at: datetime) -> MarkReport:
    """Undo what one act of marking or unmarking did, the latest where none is named.

    Items that were marked or unmarked again since stay as they are. Nothing is undone for who
    bought meanwhile: orders keep the marks of their time. Undone before, nothing changes.

    :raises SellerUnknown: for an id nobody has
    :raises SellerNotActive: where it would cover items again, for a seller outside the guarantee
    :raises BatchUnknown: if there is no such batch
    :raises UndoTooLate: once the pack's grace time is over
    :raises UndoTooEarly: at the very moment of the batch, or before it
    """
    held(np.array([seller_id], np.int64))
    found = batch_of(seller_id, batch)
    if found is None:
        raise BatchUnknown(seller_id=seller_id)
    until = undo_until(seller_id, found)
    if at > until:
        raise UndoTooLate(until=until.isoformat())
    if at <= found.marked_at:
        raise UndoTooEarly(at=found.marked_at.isoformat())
    if not found.is_marked:
        offering(seller_id)
    items = store.standing_of_batch(seller_id, *halves_of(found.batch))
    at_us = us_of(at)
    undoing = cause_of(CauseKind.ITEMS_MARKED, at_us, seller_id, int(not found.is_marked), 1)
    store.add_marks(seller_id, items, is_marked=not found.is_marked, at_us=at_us, batch=undoing)
    named = uuid_of(*undoing) if len(items) else None
    return MarkReport(len(items), found.items - len(items), named)
