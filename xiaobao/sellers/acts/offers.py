"""What a seller offers: promises chosen, items covered, the shop's profile."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import causes_of
from xiaobao.outbox import acts as outbox
from xiaobao.outbox.facts import EventKind
from xiaobao.promises import queries as promises
from xiaobao.promises.facts import Promise
from xiaobao.sellers import queries, rules, store
from xiaobao.sellers.acts.standing import CauseKind, held
from xiaobao.sellers.facts import PROFILE_PARTS, Standing

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
    before = offering(seller_id)
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
def update_profile(
    seller_id: int, changes: Mapping[str, str], *, at: datetime, by: str = ""
) -> Completeness:
    """Set parts of the shop's profile, an empty text to take one away; say how complete it is.

    That money back goes elsewhere from now on is told, and kept with who did it.

    :raises SellerUnknown: for an id nobody has
    :raises ProfileFieldUnknown: for a part a profile does not have
    """
    held(np.array([seller_id], np.int64))
    fields = [part.field for part in PROFILE_PARTS]
    for field in changes:
        if field not in fields:
            raise ProfileFieldUnknown(field=field, fields=", ".join(fields))
    at_us = us_of(at)
    is_led_elsewhere = queries.changes_payee(seller_id, changes)
    # Whoever takes a shop over changes its telephone first: the one before is kept then, too.
    if is_led_elsewhere or queries.changes_telephone(seller_id, changes):
        before = queries.profile_of(seller_id)
        number = store.add_payee_change(
            seller_id, before, {**before, **changes}, by=by, at_us=at_us
        )
    if is_led_elsewhere:
        one = np.array([seller_id], np.int64)
        cause = causes_of(CauseKind.PAYEE_CHANGED, np.array([at_us]), one, np.array([number]))
        outbox.tell(EventKind.SELLER_PAYEE_CHANGED, one, *cause, at_us=at_us)
    store.write_profile(seller_id, changes, at_us)
    return rules.completeness(store.profile(seller_id))


def offering(seller_id: int) -> Standings:
    before = held(np.array([seller_id], np.int64))
    if int(before.state[0]) not in OFFERING:
        raise SellerNotActive(seller_id=seller_id)
    return before
