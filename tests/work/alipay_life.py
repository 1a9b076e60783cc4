"""Payouts and lodgements paid through a local Alipay, and their numbers there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from tests.advances.making import owed_by
from tests.orders.conftest import open_market
from xiaobao.advances.acts import compensate
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits.acts import request_lodgements
from xiaobao.deposits.queries import frozen_minor
from xiaobao.exits.acts import apply_for_exit, approve_exit
from xiaobao.exits.facts import Reason, Scope
from xiaobao.exits.queries import check_of
from xiaobao.gateways.alipay.names import number_of
from xiaobao.gateways.payments import Direction
from xiaobao.kernel.clocks import us_of
from xiaobao.promises.queries import market
from xiaobao.sellers.acts import enrol_sellers, update_profile
from xiaobao.sellers.queries import sellers, sellers_of

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


def owe_and_freeze(shops: int, *, at: datetime) -> None:
    """So many shops more, each with a debt for one payout, and a sum that is to be frozen."""
    market_id = market("cn").market_id
    names = [f"frozen {n}" for n in range(shops)]
    ids = enrol_sellers(names, market_id=market_id, signed_by="them", at=at)
    for name, seller_id in zip(names, ids.tolist(), strict=True):
        bound = {"payout_account": f"{name}@pay.example", "legal_name": name}
        update_profile(seller_id, bound, at=at)
    sums = [300 + 7 * n for n in range(shops)]
    compensate(owed_by(ids.tolist(), sums, [0] * shops, at_us=us_of(at), market_id=market_id))
    request_lodgements(ids, 40_000 + 13 * np.arange(shops), keys=0, at=at, is_frozen=True)


def take_back(*, at: datetime) -> int:
    """Whoever has something frozen and free asks half of it back, and it is approved; how many."""
    asked = 0
    for one in sellers(limit=10**6):
        if not frozen_minor(one.seller_id):
            continue
        free = check_of(one.seller_id, Scope.PART, at=at).free_minor
        if free > 1:
            apply_for_exit(
                one.seller_id, scope=Scope.PART, reason=Reason.OWN_WISH, amount_minor=free // 2,
                key="k", by=one.name, at=at,
            )  # fmt: skip
            approve_exit(one.seller_id, by="staff", at=at)
            asked += 1
    return asked


def frozen_numbers() -> list[tuple[str, int]]:
    """Of every sum that was frozen, and what stands so."""
    return _numbers(
        "SELECT seller_id, lodgement, amount_minor - taken_minor - let_go_minor - lost_minor "
        "FROM deposits_authorisation", Direction.IN,
    )  # fmt: skip


def out_numbers() -> list[tuple[str, int]]:
    """Of every payout, and of what went back to sellers by a transfer, and its sum."""
    return _numbers(
        "SELECT seller_id, payout, amount FROM advances_payout UNION ALL "
        "SELECT seller_id, payment, amount_minor FROM exits_payment "
        "WHERE lodgement = '00000000-0000-0000-0000-000000000000'", Direction.OUT,
    )  # fmt: skip


def in_numbers() -> list[tuple[str, int]]:
    """Of every lodgement that is paid, and of what was taken of frozen ones, and its sum."""
    return _numbers(
        "SELECT seller_id, lodgement, amount_minor FROM deposits_lodgement WHERE NOT is_frozen "
        "UNION ALL SELECT seller_id, taking, amount_minor FROM deposits_taking WHERE state = 2",
        Direction.IN,
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
