"""Insurance cover: limits taken out, and drawn when the waterfall reaches them."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np
import psycopg
from django.db import transaction

from xiaobao.deposits import queries, rules, store
from xiaobao.deposits.acts.causes import check_amounts, check_sellers, keyed_causes
from xiaobao.deposits.acts.ladder import check_shortfalls
from xiaobao.deposits.facts import CauseKind
from xiaobao.kernel.clocks import us_of
from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import id_of
from xiaobao.ledger import acts as ledger

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.kernel.columns import Int


class CoverDiffers(Problem):
    code: ClassVar[str] = "cover_differs"
    zh: ClassVar[str] = "name 字段：保单 {name!r} 已登记，内容不同；请核对或改用新的保单号"
    en: ClassVar[str] = "name: policy {name!r} is registered with other terms; check or rename it"


class CoverOverlaps(Problem):
    code: ClassVar[str] = "cover_overlaps"
    zh: ClassVar[str] = "begins、ends 字段：卖家 {seller_id} 在该期间已有保单；请错开期间"
    en: ClassVar[str] = "begins, ends: seller {seller_id} has a policy then; choose another span"


class CoverSpanEmpty(Problem):
    code: ClassVar[str] = "cover_span_empty"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = "ends 字段：须晚于 begins"
    en: ClassVar[str] = "ends: has to be later than begins"


class PremiumNotThere(Problem):
    """The premium is taken from the free deposit, or paid to the insurer beforehand."""

    code: ClassVar[str] = "cover_premium_not_there"
    zh: ClassVar[str] = (
        "limit 字段：保费 {premium_minor}，可用保证金只有 {free_minor}（最小货币单位）；"
        "先缴存，或注明保费已直接付给保险人（--premium-paid）"
    )
    en: ClassVar[str] = (
        "limit: the premium is {premium_minor} and only {free_minor} of the deposit is free "
        "(minor units); lodge more, or say that it was paid to the insurer (--premium-paid)"
    )


@transaction.atomic
def add_cover(
    seller_id: int,
    name: str,
    *,
    insurer: str,
    limit_minor: int,
    begins_at: datetime,
    ends_at: datetime,
    is_premium_paid: bool,
    at: datetime,
) -> bool:
    """Register an insured limit over a span; say whether it was new.

    The pack's premium for the span is taken from the free deposit and paid on to the insurer,
    once, unless the seller paid it there already.

    :raises SellerUnknown: for an id nobody has
    :raises AmountNotPositive: for a limit of nothing or less
    :raises CoverSpanEmpty: where it ends before it begins
    :raises CoverDiffers: for a name registered with other terms
    :raises CoverOverlaps: where the seller has a cover in that span
    :raises PremiumNotThere: where the deposit cannot pay the premium
    """
    one = np.array([seller_id], np.int64)
    check_sellers(one)
    check_amounts(one, np.array([limit_minor], np.int64))
    if ends_at <= begins_at:
        raise CoverSpanEmpty
    cover_id = id_of(name)
    premium = 0 if is_premium_paid else queries.premium_of(
        seller_id, limit_minor, begins_at=begins_at, ends_at=ends_at, at=at
    )  # fmt: skip
    try:
        with transaction.atomic():
            is_new = store.add_cover(
                seller_id, cover_id, name, insurer, limit_minor, premium, begins_at, ends_at
            )
    except psycopg.errors.ExclusionViolation as problem:
        raise CoverOverlaps(seller_id=seller_id) from problem
    if store.cover_row(seller_id, cover_id) != (name, insurer, limit_minor, begins_at, ends_at):
        raise CoverDiffers(name=name)
    if is_new and premium:
        _charge(seller_id, cover_id, premium, us_of(at))
    check_shortfalls(one, at_us=us_of(at))
    return is_new


def _charge(seller_id: int, cover_id: int, premium_minor: int, at_us: int) -> None:
    """:raises PremiumNotThere: where the deposit cannot pay it"""
    one = np.array([seller_id], np.int64)
    free = int(ledger.hold_books(one).deposit[0])
    if free < premium_minor:
        raise PremiumNotThere(premium_minor=premium_minor, free_minor=free)
    hi, lo = keyed_causes(CauseKind.PREMIUM, one, cover_id)
    ledger.post_all(rules.premium_postings(one, hi, lo, np.array([premium_minor]), at_us))


@transaction.atomic
def draw_cover(
    seller_ids: Int, wanted_minor: Int, cause_hi: Int, cause_lo: Int, *, at_us: Int
) -> Int:
    """Draw up to `wanted_minor` from the cover in force, row for row; return what each got.

    Rows of one seller come first, come first served. A cause that drew before gets what it got
    then, and nothing is drawn again. The money is the insurer's: the caller posts it.
    """
    asked = store.hold_cover(seller_ids, cause_hi, cause_lo, at_us)
    got = rules.cover_drawn(seller_ids, wanted_minor, asked)
    new = (got > 0) & ~asked.is_drawn
    store.draw_cover(
        seller_ids[new], cause_hi[new], cause_lo[new], asked.cover_id[new], got[new], at_us[new]
    )
    return got


@transaction.atomic
def return_cover(seller_ids: Int, cause_hi: Int, cause_lo: Int, *, at_us: Int) -> int:
    """Undo what these causes drew, because they were reversed; return how many covers grew.

    Each cause once. The insurer's money is settled with the insurer; only the limit grows here.
    """
    store.hold_cover(seller_ids, cause_hi, cause_lo, at_us)
    return store.return_cover(seller_ids, cause_hi, cause_lo, at_us)
