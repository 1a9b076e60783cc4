"""What a seller offers: promises chosen, items covered, the shop's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import cause_of, ids_of
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Promise
from xiaobao.sellers import rules, store
from xiaobao.sellers.acts.standing import CauseKind, held
from xiaobao.sellers.facts import PROFILE_PARTS, MarkReport, Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import datetime

    from xiaobao.sellers.facts import Completeness, Standings

OFFERING = (Standing.ACTIVE, Standing.RESTRICTED)


class SellerNotActive(Problem):
    code: ClassVar[str] = "seller_not_active"
    zh: ClassVar[str] = "卖家 {seller_id} 尚未加入消保或正在退出：请先签署协议并激活"
    en: ClassVar[str] = "seller {seller_id} is not in the guarantee; sign and activate first"


class PromiseIsBasic(Problem):
    code: ClassVar[str] = "promise_is_basic"
    zh: ClassVar[str] = "promises 字段缺少基础承诺 {promise}：基础承诺必须保留"
    en: ClassVar[str] = "promises: {promise} is basic and has to be kept; add it to the list"


class PromiseNotOffered(Problem):
    code: ClassVar[str] = "promise_not_offered"
    zh: ClassVar[str] = "promises 字段：该市场现行规则包不提供承诺 {promise}；请删去"
    en: ClassVar[str] = "promises: this market's pack has no {promise} now; leave it out"


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


class ProfileFieldUnknown(Problem):
    code: ClassVar[str] = "profile_field_unknown"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "店铺资料没有字段 {field!r}；可用字段：{fields}"
    en: ClassVar[str] = "a profile has no field {field!r}; there are {fields}"


@transaction.atomic
def choose_promises(seller_id: int, chosen: Iterable[Promise], *, at: datetime) -> list[Promise]:
    """Give exactly these promises from now on; return them in the order of their numbers.

    Orders placed before keep what was promised then.

    :raises SellerNotActive: for a seller outside the guarantee
    :raises PromiseIsBasic: where a basic promise is left out
    :raises PromiseNotOffered: for a promise the pack in force does not have
    """
    before = _offering(seller_id)
    at_us = us_of(at)
    market_id = int(before.market_id[0])
    wanted = sorted({Promise(p) for p in chosen})
    _check_promises(wanted, market_id, at_us)
    _, running = store.running_promises(before.seller_id)
    dropped = np.setdiff1d(running, np.array(wanted, np.int64))
    begun = np.setdiff1d(np.array(wanted, np.int64), running)
    store.end_promises(np.full(len(dropped), seller_id, np.int64), dropped, at_us)
    store.begin_promises(np.full(len(begun), seller_id, np.int64), begun, at_us)
    return wanted


def _check_promises(wanted: Sequence[Promise], market_id: int, at_us: int) -> None:
    known = {row.promise: row for row in promises.promises_of(market_id, at_us)}
    for promise, row in known.items():
        if row.is_basic and promise not in wanted:
            raise PromiseIsBasic(promise=promise.name.lower())
    for promise in wanted:
        if promise not in known:
            raise PromiseNotOffered(promise=promise.name.lower())


@transaction.atomic
def mark_items(seller_id: int, names: Sequence[str], *, at: datetime) -> MarkReport:
    """Cover these items from `at` on; what is covered already stays as it is.

    :raises SellerNotActive: for a seller outside the guarantee
    :raises ItemNotNameable: for a blank name
    :raises ItemNameCollides: for a name whose id another item of the seller has
    :raises MarkTooEarly: where an item's latest mark is not before `at`
    """
    _offering(seller_id)
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
    return MarkReport(len(changed), len(ids) - len(changed))


def _check_items(names: Sequence[str]) -> None:
    for name in names:
        if not name or name != name.strip() or "\0" in name:
            raise ItemNotNameable(name=name)


@transaction.atomic
def update_profile(seller_id: int, changes: Mapping[str, str], *, at: datetime) -> Completeness:
    """Set parts of the shop's profile, an empty text to take one away; say how complete it is.

    :raises SellerUnknown: for an id nobody has
    :raises ProfileFieldUnknown: for a part a profile does not have
    """
    held(np.array([seller_id], np.int64))
    fields = [part.field for part in PROFILE_PARTS]
    for field in changes:
        if field not in fields:
            raise ProfileFieldUnknown(field=field, fields=", ".join(fields))
    store.write_profile(seller_id, changes, us_of(at))
    return rules.completeness(store.profile(seller_id))


def _offering(seller_id: int) -> Standings:
    before = held(np.array([seller_id], np.int64))
    if int(before.state[0]) not in OFFERING:
        raise SellerNotActive(seller_id=seller_id)
    return before
