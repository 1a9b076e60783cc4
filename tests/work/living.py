"""A small marketplace to let time pass over, and everything that stands in the database after."""

from __future__ import annotations

import random
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from tests.orders.conftest import open_market
from tests.orders.making import START, batch, hours
from xiaobao.database.sets import fetch_rows
from xiaobao.deposits.acts import quote_deposits, request_lodgements
from xiaobao.exits.acts import apply_for_exit, approve_exit
from xiaobao.exits.facts import Reason, Scope
from xiaobao.exits.queries import check_of
from xiaobao.gateways.test_gateway import Settings
from xiaobao.orders.acts import record_facts
from xiaobao.promises.queries import market
from xiaobao.sellers.acts import update_profile
from xiaobao.sellers.queries import seller_named, sellers_of
from xiaobao.work.lodging import lodge_deposit

if TYPE_CHECKING:
    from datetime import datetime

    from xiaobao.gateways.test_gateway import TestGateway

UNTIL = START + timedelta(days=50)
# A third of all attempts go wrong in one way or another.
UNRELIABLE = Settings(11, 120_000, 80_000, 60_000, 100_000, known_after_minutes=30)
TABLES = (
    "ledger_book", "ledger_posting", "ledger_hold", "advances_split", "advances_payout",
    "advances_payout_event", "advances_recovery", "advances_reversal", "outbox_event",
    "orders_breach", "orders_watch", "deposits_lodgement", "deposits_requirement",
    "deposits_quote", "deposits_event", "deposits_authorisation", "deposits_taking",
    "exits_exit", "exits_event", "exits_payment", "exits_payment_event", "sellers_seller",
    "work_window",
)  # fmt: skip


def placed(order: str, at: float, *, shop: str, buyer: str, goods: int) -> dict[str, Any]:
    return {
        "seller": shop, "order": order, "fact": "placed", "at": hours(at), "buyer": buyer,
        "goods": goods, "freight": 0, "currency": "CNY",
    }  # fmt: skip


def told(kind: str, order: str, at: float, shop: str) -> dict[str, Any]:
    return {"seller": shop, "order": order, "fact": kind, "at": hours(at)}


def order_facts(chance: random.Random, number: int, days: int, shops: int) -> list[dict[str, Any]]:
    """One order: in time, late, or never sent."""
    shop, order = f"shop {number % shops}", f"O{number}"
    at = chance.uniform(0, days * 24)
    goods = chance.choice([990, 12_000, 45_050, 300_000])
    facts = [placed(order, at, shop=shop, buyer=f"buyer {number % 37}", goods=goods)]
    facts.append(told("paid", order, at + 0.1, shop))
    wait = chance.choice([20, 40, 60, 90, None])
    if wait is not None:
        scans = [told("scanned", order, at + wait + step, shop) for step in (0, 20, 40)]
        facts += [*scans, told("delivered", order, at + wait + 45, shop)]
    return facts


def open_marketplace(*, orders: int, days: int = 20, shops: int = 6) -> None:
    """Shops with and without deposits, and orders of all kinds, none of them judged yet."""
    open_market("cn", tuple(f"shop {n}" for n in range(shops)))
    market_id = market("cn").market_id
    ids = np.sort(sellers_of(market_id))
    quote_deposits(ids, at=START)
    lodging = ids[::2]
    amounts = 40_000 + 1_000 * np.arange(len(lodging))
    for key, day in enumerate((0, 9)):
        request_lodgements(lodging, amounts, keys=key, at=START + timedelta(days=day))
    chance = random.Random(5)
    rows = [row for n in range(orders) for row in order_facts(chance, n, days, shops)]
    record_facts(batch(rows), market_id=market_id, at=START + timedelta(days=days))


def freeze_some(through: TestGateway, *, at: datetime) -> None:
    """Two shops lodge by freezing: one owes soon, the other has what it need not have back."""
    for shop, amount in (("shop 1", 60_000), ("shop 3", 900_000)):
        lodge_deposit(seller_named(shop), amount, key=9, at=at, gateway=through, is_frozen=True)
    leaver = seller_named("shop 3").seller_id
    bound = {"payout_account": "shop-3@pay.example", "legal_name": "Shop Three"}
    update_profile(leaver, bound, at=at)
    free = check_of(leaver, Scope.PART, at=at).free_minor
    apply_for_exit(
        leaver, scope=Scope.PART, reason=Reason.OWN_WISH, amount_minor=free, key="k",
        by="shop 3", at=at,
    )  # fmt: skip
    approve_exit(leaver, by="staff", at=at)


def standing() -> dict[str, list[str]]:
    """Every row of every table that living changes, as text, in one order."""
    return {
        table: [
            row[0]
            for row in fetch_rows(f'SELECT t::text FROM {table} AS t ORDER BY t::text COLLATE "C"')
        ]
        for table in TABLES
    }
