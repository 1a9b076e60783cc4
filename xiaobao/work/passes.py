"""A buyer's way in: a link from their order, opened once; we keep its fingerprint alone."""

from __future__ import annotations

import hashlib
import secrets
from typing import TYPE_CHECKING, ClassVar
from uuid import UUID

from xiaobao.database.sets import execute, fetch_rows
from xiaobao.kernel.problems import Problem
from xiaobao.orders import queries as orders

if TYPE_CHECKING:
    from datetime import datetime


class OrderNotKnown(Problem):
    """A link is asked for to an order that nobody told of."""

    code = "order_not_known"
    status: ClassVar[int] = 404
    zh = "order 字段：店铺“{seller}”没有订单“{order}”，或还不知道它的买家；请核对名称"
    en = "order: shop '{seller}' has no order '{order}' of a known buyer; check the names"


class PassSpent(Problem):
    """The link was opened before, ran out, or never was."""

    code = "pass_spent"
    status: ClassVar[int] = 404
    zh = "这个链接已被打开过或已失效；请在订单页重新获取"
    en = "this link was opened before, or has run out; ask for a new one on your order's page"


def make_pass(seller: str, order: str, *, at: datetime, until: datetime) -> str:
    """The secret of a link to one order, for its buyer.

    :raises OrderNotKnown: where there is no such order, or its buyer is not known
    """
    found = orders.order_of(seller, order)
    if found is None or found.buyer is None:
        raise OrderNotKnown(seller=seller, order=order)
    secret = secrets.token_urlsafe(24)
    execute(
        "INSERT INTO work_pass (seller_id, pass_id, order_id, made_at, until_at) "
        "VALUES (%s, %s, %s, %s, %s)",
        [found.seller_id, _fingerprint(secret), found.order_id, at, until],
    )
    return secret


def open_pass(seller_id: int, secret: str, *, at: datetime) -> int:
    """The order that a link leads to; it leads there once.

    :raises PassSpent: where it was opened before, ran out, or never was
    """
    rows = fetch_rows(
        "UPDATE work_pass SET opened_at = %s WHERE seller_id = %s AND pass_id = %s "
        "AND opened_at IS NULL AND until_at > %s RETURNING order_id",
        [at, seller_id, _fingerprint(secret), at],
    )
    if not rows:
        raise PassSpent
    return int(rows[0][0])


def _fingerprint(secret: str) -> UUID:
    return UUID(bytes=hashlib.sha256(secret.encode()).digest()[:16])
