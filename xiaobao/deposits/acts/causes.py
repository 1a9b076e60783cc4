"""Causes by key, and the problems that acts of this room share."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

import numpy as np

from xiaobao.kernel.problems import Problem
from xiaobao.kernel.references import causes_of
from xiaobao.sellers import queries as sellers

if TYPE_CHECKING:
    from xiaobao.deposits.facts import CauseKind
    from xiaobao.kernel.columns import Int


class SellerUnknown(Problem):
    code: ClassVar[str] = "deposit_seller_unknown"
    status: ClassVar[int] = 404
    zh: ClassVar[str] = "seller 字段：没有编号为 {seller_id} 的卖家；请先加入消保"
    en: ClassVar[str] = "seller: nobody has the id {seller_id}; enrol the seller first"


class AmountNotPositive(Problem):
    code: ClassVar[str] = "deposit_amount_not_positive"
    status: ClassVar[int] = 422
    zh: ClassVar[str] = (
        "amount 字段：卖家 {seller_id} 的金额 {amount_minor} 须为正的最小货币单位整数"
    )
    en: ClassVar[str] = (
        "amount: {amount_minor} for seller {seller_id}; give a positive number of minor units"
    )
    page_zh: ClassVar[str] = "请填写大于零的金额"
    page_en: ClassVar[str] = "give an amount above zero"


def check_sellers(seller_ids: Int) -> None:
    """:raises SellerUnknown: for an id nobody has"""
    unknown = np.flatnonzero(~sellers.known(seller_ids))
    if len(unknown):
        raise SellerUnknown(seller_id=int(seller_ids[unknown[0]]))


def check_amounts(seller_ids: Int, amounts_minor: Int) -> None:
    """:raises AmountNotPositive: for an amount of nothing or less"""
    wrong = np.flatnonzero(amounts_minor <= 0)
    if len(wrong):
        first = int(wrong[0])
        raise AmountNotPositive(
            seller_id=int(seller_ids[first]), amount_minor=int(amounts_minor[first])
        )


def keyed_causes(kind: CauseKind, seller_ids: Int, keys: Int | int) -> tuple[Int, Int]:
    """Keys without a moment: a request repeated later is the same request."""
    parts = np.broadcast_to(np.asarray(keys, np.int64), len(seller_ids))
    return causes_of(kind, np.zeros(len(seller_ids), np.int64), seller_ids, parts)
