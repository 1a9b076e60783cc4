"""What a seller puts up in place of cash: instalments, and a share of settlements withheld."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, ClassVar

import numpy as np
from django.db import transaction

from xiaobao.deposits import queries, rules, store
from xiaobao.deposits.acts.causes import check_sellers
from xiaobao.deposits.acts.ladder import check_shortfalls
from xiaobao.kernel.clocks import add_months, us_of, zone_of
from xiaobao.kernel.columns import FAR_US
from xiaobao.kernel.problems import Problem
from xiaobao.promises import queries as promises
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.deposits.facts import Mixes
    from xiaobao.kernel.clocks import Zone

LEAST_INSTALMENTS, MOST_INSTALMENTS = 2, 12


class MixOutOfRange(Problem):
    code: ClassVar[str] = "deposit_mix_out_of_range"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "{field} 字段：{given} 不在 {least} 至 {most} 之间"
    en: ClassVar[str] = "{field}: {given} is not between {least} and {most}"


class NothingToSpread(Problem):
    """There is no shortfall that could be paid in instalments."""

    code: ClassVar[str] = "deposit_nothing_to_spread"
    zh: ClassVar[str] = "instalments 字段：卖家 {seller_id} 没有缺口，无须分期"
    en: ClassVar[str] = "instalments: seller {seller_id} is short of nothing to pay in instalments"


class InstalmentsRun(Problem):
    """One plan at a time."""

    code: ClassVar[str] = "deposit_instalments_run"
    zh: ClassVar[str] = "instalments 字段：卖家 {seller_id} 的分期尚未结束；先缴清再另行分期"
    en: ClassVar[str] = "instalments: seller {seller_id} has a plan that runs; finish it first"


@transaction.atomic
def withhold_share(seller_id: int, reserve_bps: int, *, at: datetime) -> Mixes:
    """From now on this share of each settlement goes into the reserve, and counts as lodged.

    What is withheld already stays until its clock releases it: a change leaves no gap in cover.

    :raises SellerUnknown: for an id nobody has
    :raises MixOutOfRange: for a share below nothing or above the whole
    """
    check_sellers(np.array([seller_id], np.int64))
    _check_range("reserve", reserve_bps, 0, 10_000)
    mix = store.hold_mix(seller_id, at)
    mix = replace(mix, reserve_bps=np.array([reserve_bps], np.int64))
    store.put_mixes(mix, np.array([us_of(at)]))
    return mix


@transaction.atomic
def pay_in_instalments(seller_id: int, count: int, *, at: datetime) -> Mixes:
    """Spread what is missing now over so many months; the last one is not larger than the rest.

    What is not due yet is no shortfall; an instalment that is not lodged by its day is.

    :raises SellerUnknown: for an id nobody has
    :raises MixOutOfRange: for fewer than two or more than twelve
    :raises InstalmentsRun: while another plan runs
    :raises NothingToSpread: where nothing is missing
    """
    one = np.array([seller_id], np.int64)
    check_sellers(one)
    _check_range("instalments", count, LEAST_INSTALMENTS, MOST_INSTALMENTS)
    before = store.hold_mix(seller_id, at)
    store.hold(one)
    if int(before.deferred_minor[0]):
        raise InstalmentsRun(seller_id=seller_id)
    missing = int(queries.shortfalls(one, at=at)[0])
    if missing == 0:
        raise NothingToSpread(seller_id=seller_id)
    at_us = np.array([us_of(at)])
    mix = replace(
        before,
        deferred_minor=np.array([missing], np.int64),
        instalment_minor=rules.instalment(np.array([missing]), count),
        unpaid_minor=np.array([missing], np.int64),
        due_us=add_months(at_us, np.ones(1, np.int64), _zone(seller_id)),
    )
    store.put_mixes(mix, at_us)
    check_shortfalls(one, at_us=int(at_us[0]))
    return mix


@transaction.atomic
def move_due_instalments(until_us: int, limit: int = 1024) -> int:
    """Instalments whose day came are asked for now; return how many there were."""
    due = store.hold_due_mixes(until_us, limit)
    if len(due) == 0:
        return 0
    left = np.maximum(due.deferred_minor - due.instalment_minor, 0)
    next_us = np.array(
        [
            int(add_months(due.due_us[row : row + 1], np.ones(1, np.int64), _zone(seller))[0])
            for row, seller in enumerate(due.seller_id.tolist())
        ],
        np.int64,
    )
    after = replace(
        due, deferred_minor=left, due_us=np.where(left > 0, next_us, FAR_US),
        unpaid_minor=np.where(left > 0, due.unpaid_minor, 0),
    )  # fmt: skip
    store.put_mixes(after, due.due_us)
    check_shortfalls(due.seller_id, at_us=due.due_us)
    return len(due)


def _check_range(field: str, given: int, least: int, most: int) -> None:
    if not least <= given <= most:
        raise MixOutOfRange(field=field, given=given, least=least, most=most)


def _zone(seller_id: int) -> Zone:
    market_id = int(sellers.markets_of(np.array([seller_id]))[0])
    return zone_of(promises.market_of(market_id).zone)
