"""Payouts and lodgements paid through a local Alipay, and their numbers there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.advances.making import owed_by
from tests.orders.conftest import open_market
from xiaobao.advances.acts import compensate
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits.acts import request_lodgements
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.clocks import us_of
from xiaobao.promises.queries import market
from xiaobao.sellers.queries import sellers_of

if TYPE_CHECKING:
    from datetime import datetime
    from uuid import UUID

    from xiaobao.gateways.alipay import Config
    from xiaobao.kernel.columns import Int

SHOPS = ("shop 0", "shop 1", "shop 2")


def owe(payouts: int, deposits: int, *, at: datetime) -> Int:
    """So many payouts to buyers and lodgements of sellers, all due, none sent; the sellers."""
    open_market("cn", SHOPS)
    market_id = market("cn").market_id
    ids = np.sort(sellers_of(market_id))
    numbers = range(payouts)
    compensate(
        owed_by(
            [int(ids[n % len(ids)]) for n in numbers], [100 + 7 * n for n in numbers],
            [0] * payouts, at_us=us_of(at), market_id=market_id,
        )
    )  # fmt: skip
    for key in range(deposits):
        seller = ids[key % len(ids)]
        request_lodgements(np.array([seller]), np.array([50_000 + 11 * key]), keys=key, at=at)
    return ids


def out_numbers() -> list[tuple[str, int]]:
    """Of every payout, and its sum."""
    return _numbers("SELECT seller_id, payout, amount FROM advances_payout", Direction.OUT)


def in_numbers() -> list[tuple[str, int]]:
    return _numbers(
        "SELECT seller_id, lodgement, amount_minor FROM deposits_lodgement", Direction.IN
    )


def notify_of(
    config: Config, number: str, minor: int, notify_id: str, **more: str
) -> dict[str, str]:
    """What Alipay tells of a deposit that came in, not signed yet."""
    return {
        "app_id": config.app_id, "seller_id": config.seller_id, "notify_id": notify_id,
        "notify_time": "2026-11-26 10:00:00", "trade_status": "TRADE_SUCCESS",
        "out_trade_no": number, "trade_no": "T1", **more,
        "total_amount": f"{minor // 100}.{minor % 100:02d}",
    }  # fmt: skip


def _numbers(query: str, direction: Direction) -> list[tuple[str, int]]:
    rows: list[tuple[int, UUID, int]] = fetch_rows(f"{query} ORDER BY 1, 2")
    return [(number_of(direction, seller, one), minor) for seller, one, minor in rows]
